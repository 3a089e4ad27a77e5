/// A wait on a condition or at a barrier that is not over: the thread has done nothing since.
struct ConditionWait {
  /// A number of `Signals`; `nil` where the trace does not name it.
  var condition: UInt32?
  /// Whether that is a barrier.
  var isBarrier: Bool
  /// What it gave up for the time of the wait.
  var lock: LockID?
  var options: AcquisitionOptions
  var at: [UInt8]
  var stack: [UInt8]
  var line: UInt64
  var time: Int64?
  /// How deep in interrupts it was made.
  var depth: Int
}

extension HeldState {
  mutating func beginConditionWait(_ event: LockEvent, givingUp lock: LockID?) {
    let thread = event.thread.index
    let condition = event.operandName.map { signals.condition(named: $0) }
    if event.verb != .barrier, let condition {
      signals.beginWait(event.thread, on: condition)
    }
    threads[thread].conditionWait = ConditionWait(
      condition: condition,
      isBarrier: event.verb == .barrier, lock: lock,
      options: event.options, at: event.at.map(Array.init) ?? [],
      stack: event.stack.map(Array.init) ?? [], line: event.line, time: event.time,
      depth: threads[thread].held.depth)
  }

  /// The thread does something else. What interrupts it does not end its wait.
  mutating func endConditionWait(_ event: LockEvent) {
    let thread = event.thread.index
    guard let wait = threads[thread].conditionWait, event.verb != .enter,
      threads[thread].held.depth <= wait.depth
    else { return }
    dropConditionWait(of: event.thread)
  }

  /// The thread does not wait on a condition or at a barrier any more.
  mutating func dropConditionWait(of thread: ThreadID) {
    guard let wait = threads[thread.index].conditionWait else { return }
    if let condition = wait.condition, !wait.isBarrier {
      signals.endWait(thread, on: condition)
    }
    threads[thread.index].conditionWait = nil
  }
}
