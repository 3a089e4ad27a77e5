/// What a line of a trace says; the verbs of the trace format.
package enum EventVerb: UInt8, Sendable, CaseIterable {
  case `init`, destroy, request, acquire, abandon, release, downgrade, wait, wake
  case signal, broadcast, barrier, post
  case spawn, join, exit, enter, leave, disable, enable, assert, pin, unpin, sleep, read, write
  case lost, dropped

  package var name: String { "\(self)" }
}

/// Why an open request ended without the lock.
package enum AbandonReason: UInt8, Sendable, CaseIterable {
  case interrupted, killed, timeout, cancelled, deadlock, failed
}

/// One event, in the model that every trace format is read into.
///
/// Names are dense numbers that the reader gave out for its input; texts that most events lack or
/// that matter to few of them (class, condition, places) are slices of the reader's buffer, valid
/// during the call that hands over the event.
package struct LockEvent {
  /// No operand, no class, no nest lock, no subclass stated.
  package static let none = UInt32.max

  package var verb: EventVerb
  package var thread: ThreadID
  /// The lock's number in its input; on `wait` and `wake` the lock given up, or `none`.
  package var lock: UInt32 = LockEvent.none
  /// The other thread of `spawn` and `join`.
  package var otherThread: ThreadID = ThreadID(LockEvent.none)
  package var context: InterruptContext = .hardirq
  package var isUnthreaded = false
  /// On `enable` and `disable`: states how it is, and not a change; formats that show the state
  /// with each event.
  package var isAbsolute = false
  package var assertion: LockAssertion = .held
  package var reason: AbandonReason?
  /// `nil` where the event names no mode: an `acquire` after its `request` inherits the request's.
  package var mode: LockMode?
  package var options: AcquisitionOptions = []
  package var kind: LockKind?
  package var rank: Int64?
  /// On `init`: how many can have the semaphore at once.
  package var permits: UInt32?
  /// States of the lock's class that nestings of its locks are judged by instance.
  package var nestsByInstance = false
  package var subclass: UInt8 = 0
  package var nest: UInt32 = LockEvent.none
  /// Tells nestings of the same locks apart that are different evidence.
  package var origin: UInt32 = 0
  /// On `request`: an `acquire` of the same thread turns out to have been a request that waits. Its
  /// order is established already, and it says how the lock was asked for.
  package var isOrderKnown = false
  package var lockClass: UnsafeRawBufferPointer?
  /// The condition of `wait`, `wake`, `signal` and `broadcast`, the barrier, the variable of `read`
  /// and `write`.
  package var operandName: UnsafeRawBufferPointer?
  package var at: UnsafeRawBufferPointer?
  package var stack: UnsafeRawBufferPointer?
  /// `lost` of all threads, or of the one.
  package var isOfAllThreads = false
  /// How many events a `lost` or `dropped` stands for.
  package var omittedCount: UInt64 = 0
  /// Nanoseconds, where the trace has times.
  package var time: Int64?
  /// The line of the input, from one.
  package var line: UInt64

  package init(verb: EventVerb, thread: ThreadID, line: UInt64) {
    self.verb = verb
    self.thread = thread
    self.line = line
  }
}
