/// What takes the events and facts that a reader finds, in their order.
package protocol EventConsumer: ~Copyable {
  /// Whether it looks at the events' times; a reader for which they cost something leaves them out
  /// otherwise.
  static var usesTimes: Bool { get }
  /// False once nothing more can be done with events; reading then ends.
  var wantsMore: Bool { get }
  /// An input begins; threads and locks of one before are not of this one.
  mutating func beginInput(_ number: UInt32, traits: TraceTraits)
  /// The dense number of a thread of the current input; called when its name first appears.
  mutating func newThread(named name: UnsafeRawBufferPointer) -> ThreadID
  /// The name of a thread became known later than the thread.
  mutating func rename(_ thread: ThreadID, to name: UnsafeRawBufferPointer)
  /// A lock name of the current input appeared; its numbers count up from zero.
  mutating func newLock(number: UInt32, named name: UnsafeRawBufferPointer)
  mutating func consume(_ event: LockEvent)
  /// What an input states that has no events.
  mutating func consume(_ fact: GraphFact)
}

extension EventConsumer where Self: ~Copyable {
  package mutating func consume(_ fact: GraphFact) {}
}

extension EventConsumer where Self: ~Copyable {
  package static var usesTimes: Bool { false }
  package var wantsMore: Bool { true }
}
