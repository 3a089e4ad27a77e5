// Who waits for whom at a point of the trace: deadlocks that happened [semantics 21, `observed`].
//
// An open request waits for a lock until those let go of it that keep it out: a writer waits for
// every holder, a plain reader for a writer that holds the lock or waits for it too, a recursive
// reader for a writer that holds it. A holder that took the lock before a request of its own that
// is still open cannot let go before that is granted. What it took later, in the slow path of that
// wait or in an interrupt, it can. So the nodes of the graph are open requests (and joins, which
// wait for everything that keeps a thread from its end), and a circle of them, or a request for a
// lock whose holder has ended, waits for ever. Whenever a node comes, the circles through it are
// looked for.

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

enum WaitsFor {
  /// Called after a request was opened that waits.
  static func judge(
    _ thread: ThreadID, _ state: inout HeldState, _ record: inout OrderRecord
  ) {
    let request = state.threads[thread.index].pending.count - 1
    let pending = state.threads[thread.index].pending[request]
    let node = WaitNode(thread: thread, request: request)
    guard !pending.options.contains(.try) else { return }
    guard isWaitedFor(pending.lock, record.table) else {
      if record.table.hasPools { PoolExhaustion.judge(node, &state, &record) }
      return
    }
    if let owner = record.table.endedOwner(of: pending.lock) {
      reportOwnerEnded(node, owner, &state, &record)
    } else if mayWait(pending, record.table), !findCircle(through: node, &state, &record),
      record.table.hasPools
    {
      PoolExhaustion.judge(node, &state, &record)
    }
  }

  /// A quick no where nobody can keep the request out: several hold the lock, so they are readers,
  /// and no writer waits. One who has upgraded it holds it twice.
  private static func mayWait(_ request: PendingRequest, _ table: borrowing LockTable) -> Bool {
    let lock = table.locks[request.lock.index]
    guard lock.holds > 0 else { return false }
    return request.mode == .write || request.mode == .upgradable || lock.holds <= 2
      || lock.openWriters > 0
  }

  /// What is signalled rather than owned, or never waits, is nobody's to let go of. A semaphore
  /// that one thread has, and that only those who took it ever gave back, is used as a lock.
  static func isWaitedFor(_ lock: LockID, _ table: borrowing LockTable) -> Bool {
    let record = table.locks[lock.index]
    switch record.kind {
    case .semaphore: return table.isOwned(lock) && record.holds == 1
    case .completion, .local, .rcu, .rcuSched: return false
    default: return true
    }
  }

  /// The thread waits for the end of another one.
  static func beginJoin(
    _ event: LockEvent, _ state: inout HeldState, _ record: inout OrderRecord
  ) {
    let thread = event.thread.index
    guard !state.threads[event.otherThread.index].hasEnded else { return }
    state.threads[thread].joining = JoinWait(
      thread: event.otherThread, options: event.options, line: event.line, time: event.time,
      place: record.evidence.intern(event.at),
      stack: record.evidence.intern(event.stack), depth: state.threads[thread].held.depth)
    state.updateWaiting(thread)
    let node = WaitNode(thread: event.thread, request: -1)
    if !findCircle(through: node, &state, &record), record.table.hasPools {
      PoolExhaustion.judge(node, &state, &record)
    }
  }

  /// The thread went on, so its join is over: many a recorder says so then only.
  @inline(never)
  static func endJoin(
    _ event: LockEvent, _ state: inout HeldState, _ record: inout OrderRecord
  ) {
    let thread = event.thread.index
    guard let join = state.threads[thread].joining, event.verb != .enter,
      state.threads[thread].held.depth <= join.depth
    else { return }
    state.threads[thread].joining = nil
    state.updateWaiting(thread)
    if let occurrence = join.deadlock { record.deadlocks.refute(occurrence) }
  }

  /// A thread ended that holds a lock: who waits for it does so for ever, and so will who asks.
  static func noteOwnerEnded(
    _ lock: LockID, heldIndex: Int, _ event: LockEvent, _ state: inout HeldState,
    _ record: inout OrderRecord
  ) {
    guard isWaitedFor(lock, record.table), record.table.locks[lock.index].kind != .semaphore else {
      return
    }
    let locks = state.threads[event.thread.index].held
    let held = locks.locks[heldIndex]
    let owner = EndedOwner(
      thread: event.thread, mode: held.mode, place: record.evidence.intern(locks.at(held)),
      stack: record.evidence.intern(locks.stack(held)), line: held.line,
      endPlace: record.evidence.intern(event.at), endStack: record.evidence.intern(event.stack),
      endLine: event.line)
    record.table.setEndedOwner(owner, of: lock)
    for waiter in state.waiting where waiter != event.thread {
      guard let request = state.threads[waiter.index].pending.lastIndex(where: { $0.lock == lock })
      else { continue }
      reportOwnerEnded(WaitNode(thread: waiter, request: request), owner, &state, &record)
    }
  }

  private static func reportOwnerEnded(
    _ node: WaitNode, _ owner: EndedOwner, _ state: inout HeldState, _ record: inout OrderRecord
  ) {
    let pending = state.threads[node.thread.index].pending[node.request]
    guard pending.mode.waits(for: owner.mode), !pending.options.contains(.try) else { return }
    addDeadlock([node], reasons: [nil], endedOwner: owner, &state, &record)
  }

  /// The shortest circle of waits through a node that is new.
  ///
  /// - Complexity: O(waiting threads² × locks held), bounded; in most cases nobody who holds the
  ///   lock waits.
  private static func findCircle(
    through start: WaitNode, _ state: inout HeldState, _ record: inout OrderRecord
  ) -> Bool {
    var parents: [WaitNode: (WaitNode, WaitReason)] = [:]
    var frontier = [start]
    var work = 1_000_000
    var holders: [LockID: [ThreadID]] = [:]
    while !frontier.isEmpty, work > 0 {
      var next: [WaitNode] = []
      for node in frontier {
        for (reached, reason) in blockers(of: node, &holders, &work, state, record.table) {
          if reached == start {
            var circle = [node]
            var reasons = [reason]
            while let (before, why) = parents[circle[circle.count - 1]] {
              circle.append(before)
              reasons.append(why)
            }
            addDeadlock(
              circle.reversed(), reasons: reasons.reversed(), endedOwner: nil, &state, &record)
            return true
          }
          guard parents[reached] == nil else { continue }
          parents[reached] = (node, reason)
          next.append(reached)
        }
      }
      frontier = next
    }
    return false
  }

  /// The nodes that must be over before a node can be.
  static func blockers(
    of node: WaitNode, _ known: inout [LockID: [ThreadID]], _ work: inout Int,
    _ state: borrowing HeldState, _ table: borrowing LockTable
  ) -> [(WaitNode, WaitReason)] {
    var result: [(WaitNode, WaitReason)] = []
    let thread = node.thread.index
    guard node.request >= 0 else {
      guard let join = state.threads[thread].joining else { return [] }
      for other in nodes(of: join.thread, after: 0, state) { result.append((other, .joined)) }
      return result
    }
    let request = state.threads[thread].pending[node.request]
    guard !request.options.contains(.try), isWaitedFor(request.lock, table) else { return [] }
    let kind = table.locks[request.lock.index].kind
    let own = state.threads[thread].held.ownRequest(for: request.lock, request.mode, kind)
    // It is let in past everybody, writers that wait among them.
    if case .reentry = own { return [] }
    for other in waitingHolders(of: request.lock, &known, &work, state, table) {
      let locks = state.threads[other.index].held
      for index in locks.locks.indices where locks.locks[index].lock == request.lock {
        work -= 1
        let held = locks.locks[index]
        guard request.mode.waits(for: held.mode),
          other != node.thread
            || kind != .semaphore && held.line < request.line
              && own.waits(request.mode, for: held.mode)
        else { continue }
        for reached in nodes(of: other, after: held.line, state) {
          result.append((reached, .holder(heldIndex: index)))
        }
      }
    }
    // Who waits for a writer that has the lock does not wait for those that come after it.
    guard request.mode.waitsBehindWriters, table.locks[request.lock.index].openWriters > 0,
      !isHeldExclusively(request.lock, state, table)
    else { return result }
    for other in state.waiting where other != node.thread {
      work -= 1
      for (index, writer) in state.threads[other.index].pending.enumerated()
      where writer.lock == request.lock && writer.mode == .write {
        result.append((WaitNode(thread: other, request: index), .waitingWriter))
      }
    }
    return result
  }

  private static func isHeldExclusively(
    _ lock: LockID, _ state: borrowing HeldState, _ table: borrowing LockTable
  ) -> Bool {
    guard let holder = onlyHolder(of: lock, state, table),
      let index = state.threads[holder.index].held.lastIndex(of: lock)
    else { return false }
    return state.threads[holder.index].held.locks[index].mode.isExclusive
  }

  /// The one thread that holds a lock, where it is one; for most locks one look tells.
  private static func onlyHolder(
    of lock: LockID, _ state: borrowing HeldState, _ table: borrowing LockTable
  ) -> ThreadID? {
    let record = table.locks[lock.index]
    guard record.holds == 1, record.lastTaker.index < state.threads.count,
      state.threads[record.lastTaker.index].held.lastIndex(of: lock) != nil
    else { return nil }
    return record.lastTaker
  }

  /// The threads that hold a lock and wait for something.
  private static func waitingHolders(
    of lock: LockID, _ known: inout [LockID: [ThreadID]], _ work: inout Int,
    _ state: borrowing HeldState, _ table: borrowing LockTable
  ) -> [ThreadID] {
    if table.locks[lock.index].holds == 0 { return [] }
    if let holder = onlyHolder(of: lock, state, table) {
      return state.threads[holder.index].waitingIndex >= 0 ? [holder] : []
    }
    if let found = known[lock] { return found }
    work -= state.waiting.count
    let found = state.waiting.filter { state.threads[$0.index].held.lastIndex(of: lock) != nil }
    known[lock] = found
    return found
  }

  /// What a thread waits at since after a line of its input.
  static func nodes(
    of thread: ThreadID, after line: UInt64, _ state: borrowing HeldState
  ) -> [WaitNode] {
    let record = state.threads[thread.index]
    var nodes = record.pending.indices.filter { record.pending[$0].line > line }
      .map { WaitNode(thread: thread, request: $0) }
    if let join = record.joining, join.line > line {
      nodes.append(WaitNode(thread: thread, request: -1))
    }
    return nodes
  }

  /// Keeps a circle of waits: each node waits for the next for the reason of the same place.
  private static func addDeadlock(
    _ circle: [WaitNode], reasons: [WaitReason?], endedOwner: EndedOwner?,
    _ state: inout HeldState, _ record: inout OrderRecord
  ) {
    let waiters = circle.indices.map { position -> DeadlockStore.Waiter in
      var waiter = self.waiter(circle[position], state, &record)
      waiter.blockedBy = endedOwner?.thread ?? circle[(position + 1) % circle.count].thread
      if case .holder(let heldIndex)? = reasons[(position + circle.count - 1) % circle.count] {
        waiter.via = waiter.held.firstIndex { $0.position == UInt32(heldIndex) }
      }
      return waiter
    }
    add(
      DeadlockStore.Deadlock(waiters: waiters, endedOwner: endedOwner, input: state.inputNumber),
      of: circle, &state, &record)
  }

  /// Keeps a deadlock, of which the nodes are to say when they turn out not to wait for ever.
  static func add(
    _ deadlock: DeadlockStore.Deadlock, of nodes: [WaitNode], _ state: inout HeldState,
    _ record: inout OrderRecord
  ) {
    guard let occurrence = record.deadlocks.add(deadlock) else { return }
    for node in nodes {
      if node.request >= 0 {
        state.threads[node.thread.index].pending[node.request].deadlock = occurrence
      } else {
        state.threads[node.thread.index].joining?.deadlock = occurrence
      }
    }
  }

  /// The deadlock that a node was last found to be part of.
  static func deadlock(
    of node: WaitNode, _ state: borrowing HeldState
  ) -> DeadlockStore.Occurrence? {
    let thread = state.threads[node.thread.index]
    return node.request >= 0 ? thread.pending[node.request].deadlock : thread.joining?.deadlock
  }

  static func waiter(
    _ node: WaitNode, _ state: borrowing HeldState, _ record: inout OrderRecord
  ) -> DeadlockStore.Waiter {
    let thread = node.thread.index
    let line =
      node.request >= 0
      ? state.threads[thread].pending[node.request].line : state.threads[thread].joining?.line ?? 0
    // What it took since, in the slow path of the wait, is not what anybody waits for.
    let held = state.threads[thread].held.locks.indices.filter {
      state.threads[thread].held.locks[$0].line < line
    }.suffix(EvidenceStore.heldLimit).map { state.heldRecord($0, of: thread, &record) }
    guard node.request >= 0 else {
      let join = state.threads[thread].joining!
      return DeadlockStore.Waiter(
        thread: node.thread, options: join.options, place: join.place, stack: join.stack,
        line: join.line,
        time: join.time, held: held, blockedBy: join.thread)
    }
    let request = state.threads[thread].pending[node.request]
    return DeadlockStore.Waiter(
      thread: node.thread,
      wanted: (
        request.lock,
        record.table.subclass(
          request.subclass, of: record.table.locks[request.lock.index].lockClass),
        request.mode
      ),
      options: request.options, place: record.evidence.intern(request.at[...]),
      stack: record.evidence.intern(request.stack[...]), line: request.line, time: request.time,
      held: held,
      blockedBy: node.thread)
  }
}
