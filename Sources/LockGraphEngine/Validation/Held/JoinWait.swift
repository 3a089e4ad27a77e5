/// A `join` that is not over: the thread has done nothing since.
struct JoinWait {
  var thread: ThreadID
  var options: AcquisitionOptions
  var line: UInt64
  var time: Int64?
  var place: UInt32
  var stack: UInt32
  /// How deep in interrupts it was made.
  var depth: Int
  /// The deadlock that it is part of, if it is.
  var deadlock: DeadlockStore.Occurrence?
}
