// What still waits where an input ends [semantics 25].
//
// Each open request, join and condition wait of a thread is a node. An edge leads to each wait that
// must be over before a holder of the lock, or the joined thread, can give way: the same edges as
// those of `WaitsFor`, with those that no circle can have, to holders that wait for nothing. What
// is at the end of them is for the analysis.

/// What one thread waits at.
private enum WaitPoint {
  case request(Int)
  case join
  case condition
}

struct WaitsAtEnd {
  /// Of many that hold a lock so many are looked at for each wait.
  private static let holderLimit = 4 * StillWaiting.obstacleLimit

  private var numbers: [ThreadID: [(number: Int, line: UInt64)]] = [:]
  private var holders: [LockID: [(thread: ThreadID, index: Int)]] = [:]
  private var waitingWriters: [LockID: [(thread: ThreadID, number: Int)]] = [:]

  /// - Complexity: O(threads + locks held + waits × those in their way).
  static func note(_ state: borrowing HeldState, _ record: inout OrderRecord) {
    let nodes = nodes(of: state, record.table)
    guard !nodes.isEmpty else { return }
    var search = WaitsAtEnd()
    let first = record.stillWaiting.count
    for (offset, node) in nodes.enumerated() {
      let wait = wait(node.thread, node.wait, state, &record)
      search.numbers[node.thread, default: []].append((first + offset, wait.line))
      if let (lock, mode) = wait.neededLock {
        search.holders[lock] = []
        if mode == .write, !wait.isSignalled {
          search.waitingWriters[lock, default: []].append((node.thread, first + offset))
        }
      }
      record.stillWaiting.append(wait)
    }
    search.findHolders(state)
    for number in first..<record.stillWaiting.count {
      search.addObstacles(to: number, state, &record)
    }
  }

  private static func nodes(
    of state: borrowing HeldState, _ table: borrowing LockTable
  ) -> [(thread: ThreadID, wait: WaitPoint)] {
    var nodes: [(thread: ThreadID, wait: WaitPoint)] = []
    for index in state.firstThread..<state.threads.count {
      let thread = ThreadID(UInt32(index))
      for (number, request) in state.threads[index].pending.enumerated()
      where isWait(request, of: index, state, table) {
        nodes.append((thread, .request(number)))
      }
      if let join = state.threads[index].joining, isWait(join, of: thread, state) {
        nodes.append((thread, .join))
      }
      if state.threads[index].conditionWait != nil { nodes.append((thread, .condition)) }
    }
    return nodes
  }

  private static func isWait(
    _ request: PendingRequest, of thread: Int, _ state: borrowing HeldState,
    _ table: borrowing LockTable
  ) -> Bool {
    guard !request.options.contains(.try), !request.isPassedBy else { return false }
    switch table.locks[request.lock.index].kind {
    case .local, .rcu, .rcuSched: return false
    case .recursive, .reentrantRwlock:
      return state.threads[thread].held.reentry(of: request.lock, request.mode) == nil
    default: return true
    }
  }

  /// Recorders that write a join when it is over end in one: the joined thread must show that it
  /// was not.
  private static func isWait(
    _ join: JoinWait, of thread: ThreadID, _ state: borrowing HeldState
  ) -> Bool {
    let joined = state.threads[join.thread.index]
    return join.thread == thread || !joined.pending.isEmpty || joined.joining != nil
      || joined.conditionWait != nil || !joined.held.isEmpty
  }

  private static func wait(
    _ thread: ThreadID, _ wait: WaitPoint, _ state: borrowing HeldState,
    _ record: inout OrderRecord
  ) -> StillWaiting {
    var result: StillWaiting
    switch wait {
    case .request(let number):
      let request = state.threads[thread.index].pending[number]
      let lockClass = record.table.subclass(
        request.subclass, of: record.table.locks[request.lock.index].lockClass)
      result = StillWaiting(
        thread: thread, input: state.inputNumber,
        target: .lock(request.lock, lockClass, request.mode), options: request.options,
        place: record.evidence.intern(request.at[...]),
        stack: record.evidence.intern(request.stack[...]), line: request.line, time: request.time,
        held: [])
      if isAnybodys(request.lock, record.table) {
        let isTakenSince = record.table.locks[request.lock.index].lastTaken > request.event
        result.lastSignal =
          state.signals.lastPost(of: request.lock) ?? (isTakenSince ? nil : 0)
      }
    case .join:
      let join = state.threads[thread.index].joining!
      result = StillWaiting(
        thread: thread, input: state.inputNumber, target: .end(of: join.thread),
        options: join.options, place: join.place, stack: join.stack, line: join.line,
        time: join.time, held: [])
    case .condition:
      let wait = state.threads[thread.index].conditionWait!
      result = StillWaiting(
        thread: thread, input: state.inputNumber,
        target: target(of: wait, state), options: wait.options,
        place: record.evidence.intern(wait.at[...]),
        stack: record.evidence.intern(wait.stack[...]), line: wait.line, time: wait.time, held: [])
      if !wait.isBarrier {
        result.lastSignal = wait.condition.map { state.signals.lastSignal(of: $0) ?? 0 }
        result.isSignalled =
          wait.condition.map { state.signals.isSignalled(thread, on: $0) } ?? false
      }
    }
    // What it took since, in the slow path of the wait, is not what anybody waits for.
    result.held = state.threads[thread.index].held.locks.indices.filter {
      state.threads[thread.index].held.locks[$0].line < result.line
    }.suffix(EvidenceStore.heldLimit).map { state.heldRecord($0, of: thread.index, &record) }
    return result
  }

  private static func target(
    of wait: ConditionWait, _ state: borrowing HeldState
  ) -> StillWaiting.Target {
    let name = wait.condition.map { state.signals.name(of: $0) }
    return wait.isBarrier ? .barrier(name ?? "") : .condition(name, givenUp: wait.lock)
  }

  /// Signalled rather than owned.
  private static func isAnybodys(_ lock: LockID, _ table: borrowing LockTable) -> Bool {
    table.locks[lock.index].kind?.isReleasedByAnyThread == true
  }

  private mutating func findHolders(_ state: borrowing HeldState) {
    guard !holders.isEmpty else { return }
    for index in state.firstThread..<state.threads.count {
      for (number, held) in state.threads[index].held.locks.enumerated()
      where holders[held.lock] != nil {
        holders[held.lock]!.append((ThreadID(UInt32(index)), number))
      }
    }
    // Those that wait lead on, and many are cut off.
    for (lock, all) in holders where all.count > StillWaiting.obstacleLimit {
      holders[lock] =
        all.filter { numbers[$0.thread] != nil } + all.filter { numbers[$0.thread] == nil }
    }
  }

  private func addObstacles(
    to number: Int, _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    let wait = record.stillWaiting[number]
    var obstacles: [StillWaiting.Obstacle] = []
    var omitted = 0
    if case .end(let thread) = wait.target {
      obstacles = [.init(reason: .lives, thread: thread, waits: waits(of: thread, after: 0))]
    } else {
      guard let (lock, mode) = wait.neededLock else { return }
      if let owner = record.table.endedOwner(of: lock), mode.waits(for: owner.mode) {
        obstacles.append(.init(reason: .ended, thread: owner.thread, end: owner))
      }
      obstacles += keepers(of: lock, from: wait, mode, state, &record)
      omitted = max(0, (holders[lock]?.count ?? 0) - Self.holderLimit)
    }
    let (waiting, others) = (
      obstacles.filter { !$0.waits.isEmpty }, obstacles.filter(\.waits.isEmpty)
    )
    let kept = (waiting + others).prefix(StillWaiting.obstacleLimit)
    record.stillWaiting[number].obstacles = Array(kept)
    record.stillWaiting[number].omittedObstacles = omitted + obstacles.count - kept.count
  }

  /// Who holds a lock so that a request for it has to wait, or is before it in the queue.
  private func keepers(
    of lock: LockID, from wait: StillWaiting, _ mode: LockMode, _ state: borrowing HeldState,
    _ record: inout OrderRecord
  ) -> [StillWaiting.Obstacle] {
    let row = record.table.locks[lock.index]
    // What was signalled has no holders, only some that it let through.
    guard row.kind != .completion, row.kind != .semaphore || !row.isSignalled else { return [] }
    var result: [StillWaiting.Obstacle] = []
    let own = state.threads[wait.thread.index].held.ownRequest(for: lock, mode, row.kind)
    var isHeld = false
    var isHeldToWrite = false
    for (thread, index) in (holders[lock] ?? []).prefix(Self.holderLimit) {
      let held = state.threads[thread.index].held.locks[index]
      guard mode.waits(for: held.mode),
        thread != wait.thread
          || row.kind != .semaphore && held.line < wait.line
            && own.waits(mode, for: held.mode)
      else {
        isHeld = true
        continue
      }
      isHeldToWrite = isHeldToWrite || held.mode.isExclusive
      result.append(
        .init(
          reason: .holds, thread: thread,
          held: state.heldRecord(index, of: thread.index, &record),
          waits: waits(of: thread, after: held.line)))
    }
    if row.kind == .semaphore, result.contains(where: \.waits.isEmpty) {
      // One that gives its permit back is enough.
      result.removeAll { !$0.waits.isEmpty }
    }
    guard mode.waitsBehindWriters, isHeld || !result.isEmpty, !isHeldToWrite else { return result }
    for writer in (waitingWriters[lock] ?? []).prefix(StillWaiting.obstacleLimit)
    where writer.thread != wait.thread {
      result.append(.init(reason: .waitsToWrite, thread: writer.thread, waits: [writer.number]))
    }
    return result
  }

  private func waits(of thread: ThreadID, after line: UInt64) -> [Int] {
    (numbers[thread] ?? []).filter { $0.line > line }.map(\.number)
  }
}
