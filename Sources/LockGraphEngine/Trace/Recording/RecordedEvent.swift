/// One record of a thread, with those that belong to it.
package struct RecordedEvent {
  package var operation: RecordedOperation
  package var flags: RecordedFlags
  /// An address, or the number that stands in its place.
  package var address: UInt64
  /// Its site, or 0.
  package var site: UInt32
  /// What the thread's number was after it; behind everything else where it has none.
  package var order: UInt64
  /// Of `initialize`: permits, or threads of a barrier.
  package var value: UInt64?
  /// Nanoseconds after the start.
  package var time: UInt64?
  /// Of `conditionWait`: what it gives up.
  package var mutex: UInt64 = 0
}
