/// Who waits for whom at a point of the trace: deadlocks that happened [semantics 21, `observed`].
///
/// An open request waits for a lock until those let go of it that keep it out: a writer waits for every
/// holder, a plain reader for a writer that holds the lock or waits for it too, a recursive reader for a
/// writer that holds it. A holder that took the lock before a request of its own that is still open cannot let
/// go before that is granted. What it took later, in the slow path of that wait or in an interrupt, it can. So
/// the nodes of the graph are open requests (and joins, which wait for everything that keeps a thread from its
/// end), and a circle of them, or a request for a lock whose holder has ended, waits for ever. Whenever a node
/// comes, the circles through it are looked for.

/// A `join` that is not over: the thread has done nothing since.
struct JoinWait {
  var thread: ThreadID
  var line: UInt64
  var time: Int64?
  var place: UInt32
  var stack: UInt32
  /// How deep in interrupts it was made.
  var depth: Int
  /// The deadlock that it is part of, if it is.
  var deadlock: DeadlockStore.Occurrence?
}

/// What a thread waits at.
struct WaitNode: Hashable {
  var thread: ThreadID
  /// The index of the open request, or -1 for the join.
  var request: Int
}

/// Why one node waits for another.
enum WaitReason {
  /// The other holds the lock, at that index of its held stack.
  case holder(heldIndex: Int)
  /// The other is a writer that waits for the same lock.
  case waitingWriter
  /// The other is what keeps a joined thread from its end.
  case joined
}

extension Validator {
  /// Keeps the list of threads that may wait for something.
  @inline(__always)
  mutating func updateWaiting(_ thread: Int) {
    let isWaiting = !threads[thread].pending.isEmpty || threads[thread].joining != nil
    if isWaiting != (threads[thread].waitingIndex >= 0) { changeWaiting(thread, isWaiting) }
  }

  @inline(never)
  private mutating func changeWaiting(_ thread: Int, _ isWaiting: Bool) {
    if isWaiting {
      threads[thread].waitingIndex = waiting.count
      waiting.append(ThreadID(UInt32(thread)))
    } else {
      let index = threads[thread].waitingIndex
      threads[thread].waitingIndex = -1
      let last = waiting.removeLast()
      if last.index != thread {
        waiting[index] = last
        threads[last.index].waitingIndex = index
      }
    }
  }

  /// Called after a request was opened that waits.
  mutating func checkWaitsFor(_ thread: ThreadID) {
    let request = threads[thread.index].pending.count - 1
    let pending = threads[thread.index].pending[request]
    guard !pending.options.contains(.try), isWaitedFor(pending.lock) else { return }
    let node = WaitNode(thread: thread, request: request)
    if let owner = table.endedOwner(of: pending.lock) {
      recordOwnerEnded(node, owner)
    } else if mayWait(pending) {
      findCircle(through: node)
    }
  }

  /// A quick no where nobody can keep the request out: several hold the lock, so they are readers, and no
  /// writer waits.
  private func mayWait(_ request: PendingRequest) -> Bool {
    let lock = table.locks[request.lock.index]
    guard lock.holds > 0 else { return false }
    return request.mode == .write || lock.holds == 1 || lock.openWriters > 0
  }

  /// What is signalled rather than owned, or never waits, is nobody's to let go of. A semaphore that one thread
  /// has, and that only those who took it ever gave back, is used as a lock.
  private func isWaitedFor(_ lock: LockID) -> Bool {
    let record = table.locks[lock.index]
    switch record.kind {
    case .semaphore: return !record.isSignalled && record.holds == 1
    case .completion, .local, .rcu, .rcuSched: return false
    default: return true
    }
  }

  /// The thread waits for the end of another one.
  mutating func beginJoin(_ event: LockEvent) {
    let thread = event.thread.index
    guard !threads[event.otherThread.index].hasEnded else { return }
    threads[thread].joining = JoinWait(
      thread: event.otherThread, line: event.line, time: event.time, place: intern(event.at),
      stack: intern(event.stack), depth: threads[thread].held.depth)
    updateWaiting(thread)
    findCircle(through: WaitNode(thread: event.thread, request: -1))
  }

  /// The thread went on, so its join is over: many a recorder says so then only.
  @inline(never)
  mutating func endJoin(_ event: LockEvent) {
    let thread = event.thread.index
    guard let join = threads[thread].joining, event.verb != .enter,
      threads[thread].held.depth <= join.depth
    else { return }
    threads[thread].joining = nil
    updateWaiting(thread)
    if let occurrence = join.deadlock { deadlocks.refute(occurrence) }
  }

  /// A thread ended that holds a lock: who waits for it does so for ever, and so will who asks.
  mutating func noteOwnerEnded(_ lock: LockID, heldIndex: Int, _ event: LockEvent) {
    guard isWaitedFor(lock), table.locks[lock.index].kind != .semaphore else { return }
    let locks = threads[event.thread.index].held
    let held = locks.locks[heldIndex]
    let owner = EndedOwner(
      thread: event.thread, mode: held.mode, place: intern(locks.at(held)),
      stack: intern(locks.stack(held)), line: held.line, endLine: event.line)
    table.setEndedOwner(owner, of: lock)
    for waiter in waiting where waiter != event.thread {
      guard let request = threads[waiter.index].pending.lastIndex(where: { $0.lock == lock })
      else { continue }
      recordOwnerEnded(WaitNode(thread: waiter, request: request), owner)
    }
  }

  private mutating func recordOwnerEnded(_ node: WaitNode, _ owner: EndedOwner) {
    let pending = threads[node.thread.index].pending[node.request]
    guard pending.mode == .write || owner.mode == .write, !pending.options.contains(.try) else {
      return
    }
    addDeadlock([node], reasons: [nil], endedOwner: owner)
  }

  /// The shortest circle of waits through a node that is new.
  ///
  /// - Complexity: O(waiting threads² × locks held), bounded; in most cases nobody who holds the lock waits.
  private mutating func findCircle(through start: WaitNode) {
    var parents: [WaitNode: (WaitNode, WaitReason)] = [:]
    var frontier = [start]
    var work = 1_000_000
    var holders: [LockID: [ThreadID]] = [:]
    while !frontier.isEmpty, work > 0 {
      var next: [WaitNode] = []
      for node in frontier {
        for (reached, reason) in blockers(of: node, &holders, &work) {
          if reached == start {
            var circle = [node]
            var reasons = [reason]
            while let (before, why) = parents[circle[circle.count - 1]] {
              circle.append(before)
              reasons.append(why)
            }
            addDeadlock(circle.reversed(), reasons: reasons.reversed(), endedOwner: nil)
            return
          }
          guard parents[reached] == nil else { continue }
          parents[reached] = (node, reason)
          next.append(reached)
        }
      }
      frontier = next
    }
  }

  /// The nodes that must be over before a node can be.
  private func blockers(
    of node: WaitNode, _ known: inout [LockID: [ThreadID]], _ work: inout Int
  ) -> [(WaitNode, WaitReason)] {
    var result: [(WaitNode, WaitReason)] = []
    let thread = node.thread.index
    guard node.request >= 0 else {
      guard let join = threads[thread].joining else { return [] }
      for other in nodes(of: join.thread, after: 0) { result.append((other, .joined)) }
      return result
    }
    let request = threads[thread].pending[node.request]
    guard !request.options.contains(.try), isWaitedFor(request.lock) else { return [] }
    let kind = table.locks[request.lock.index].kind
    let canTakeAgain = kind == .recursive || kind == .semaphore
    for other in waitingHolders(of: request.lock, &known, &work) {
      let locks = threads[other.index].held
      for index in locks.locks.indices where locks.locks[index].lock == request.lock {
        work -= 1
        let held = locks.locks[index]
        guard held.mode.isExclusive || request.mode == .write,
          other != node.thread || !canTakeAgain && held.line < request.line
        else { continue }
        for reached in nodes(of: other, after: held.line) {
          result.append((reached, .holder(heldIndex: index)))
        }
      }
    }
    // Who waits for a writer that has the lock does not wait for those that come after it.
    guard request.mode == .read, table.locks[request.lock.index].openWriters > 0,
      !isHeldExclusively(request.lock)
    else { return result }
    for other in waiting where other != node.thread {
      work -= 1
      for (index, writer) in threads[other.index].pending.enumerated()
      where writer.lock == request.lock && writer.mode == .write {
        result.append((WaitNode(thread: other, request: index), .waitingWriter))
      }
    }
    return result
  }

  private func isHeldExclusively(_ lock: LockID) -> Bool {
    guard let holder = onlyHolder(of: lock),
      let index = threads[holder.index].held.lastIndex(of: lock)
    else { return false }
    return threads[holder.index].held.locks[index].mode.isExclusive
  }

  /// The one thread that holds a lock, where it is one; for most locks one look tells.
  private func onlyHolder(of lock: LockID) -> ThreadID? {
    let record = table.locks[lock.index]
    guard record.holds == 1, record.lastTaker.index < threads.count,
      threads[record.lastTaker.index].held.lastIndex(of: lock) != nil
    else { return nil }
    return record.lastTaker
  }

  /// The threads that hold a lock and wait for something.
  private func waitingHolders(
    of lock: LockID, _ known: inout [LockID: [ThreadID]], _ work: inout Int
  ) -> [ThreadID] {
    if table.locks[lock.index].holds == 0 { return [] }
    if let holder = onlyHolder(of: lock) {
      return threads[holder.index].waitingIndex >= 0 ? [holder] : []
    }
    if let found = known[lock] { return found }
    work -= waiting.count
    let found = waiting.filter { threads[$0.index].held.lastIndex(of: lock) != nil }
    known[lock] = found
    return found
  }

  /// What a thread waits at since after a line of its input.
  private func nodes(of thread: ThreadID, after line: UInt64) -> [WaitNode] {
    let record = threads[thread.index]
    var nodes = record.pending.indices.filter { record.pending[$0].line > line }
      .map { WaitNode(thread: thread, request: $0) }
    if let join = record.joining, join.line > line {
      nodes.append(WaitNode(thread: thread, request: -1))
    }
    return nodes
  }
}
