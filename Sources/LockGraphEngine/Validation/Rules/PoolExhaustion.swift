// Deadlocks around a pool, a semaphore with several permits [semantics 28]: who asks for a permit
// waits until any of those who have one gives it back, not until a certain one does. So it waits
// for ever if all of them do, and a circle alone tells nothing: of all threads that wait those are
// taken away, again and again, for which somebody can still make way. Who is left waits for ever.

enum PoolExhaustion {
  /// With more waits than that nothing is judged.
  private static let limit = 1 << 12

  private typealias Reason = (node: WaitNode, reason: WaitReason)

  /// Called when a wait began of which nobody in a circle keeps the other waiting.
  ///
  /// - Complexity: O(waits² × threads), bounded; nothing where nobody waits for a pool.
  @inline(never)
  static func judge(
    _ start: WaitNode, _ state: inout HeldState, _ record: inout OrderRecord
  ) {
    if let obstacles = obstacles(state, record.table), obstacles.stuck.contains(start) {
      tell(start, obstacles, &state, &record)
    }
  }

  /// The input ends: judges the waits that are open once more, if there are pools of which only
  /// what came after a wait began told that they are.
  ///
  /// - Complexity: that of `judge`, once.
  static func judgeLate(_ state: inout HeldState, _ record: inout OrderRecord) {
    guard record.table.unsettled.contains(where: record.table.isPool),
      let obstacles = obstacles(state, record.table)
    else { return }
    for node in obstacles.nodes where obstacles.stuck.contains(node) {
      if let known = WaitsFor.deadlock(of: node, state), record.deadlocks.isTold(known) { continue }
      tell(node, obstacles, &state, &record)
    }
  }

  /// `nil` if nobody waits for a pool, or there are too many waits.
  private static func obstacles(
    _ state: borrowing HeldState, _ table: borrowing LockTable
  ) -> Obstacles? {
    let nodes = state.waiting.flatMap { WaitsFor.nodes(of: $0, after: 0, state) }
    guard nodes.count <= limit, nodes.contains(where: { pool(of: $0, state, table) != nil })
    else { return nil }
    return Obstacles(nodes, state, table)
  }

  /// Who keeps a node waiting for ever, and who those, as far as it takes: that is a deadlock if
  /// there is a pool among it.
  private static func tell(
    _ start: WaitNode, _ obstacles: Obstacles, _ state: inout HeldState,
    _ record: inout OrderRecord
  ) {
    var kept = [start]
    var reasons: [WaitNode: WaitReason] = [:]
    var blockers: [WaitNode: ThreadID] = [:]
    var seen: Set<WaitNode> = [start]
    var position = 0
    var exhausted: LockID?
    while position < kept.count {
      let node = kept[position]
      position += 1
      exhausted = exhausted ?? pool(of: node, state, record.table)
      for next in obstacles.kept(of: node) {
        if blockers[node] ?? node.thread == node.thread { blockers[node] = next.node.thread }
        reasons[next.node] = reasons[next.node] ?? next.reason
        if seen.insert(next.node).inserted { kept.append(next.node) }
      }
    }
    // One that waits for a deadlock of others is none of it.
    guard let exhausted, reasons[start] != nil else { return }
    let waiters = kept.map { node -> (node: WaitNode, waiter: DeadlockStore.Waiter) in
      var waiter = WaitsFor.waiter(node, state, &record)
      waiter.blockedBy = blockers[node] ?? node.thread
      if case .holder(let index)? = reasons[node] {
        waiter.via = waiter.held.firstIndex { $0.position == UInt32(index) }
      }
      return (node, waiter)
    }.sorted { precedes($0.waiter, $1.waiter) }
    WaitsFor.add(
      DeadlockStore.Deadlock(
        waiters: waiters.map(\.waiter), pool: exhausted, input: state.inputNumber),
      of: waiters.map(\.node), &state, &record)
  }

  private static func precedes(
    _ one: DeadlockStore.Waiter, _ other: DeadlockStore.Waiter
  ) -> Bool {
    func key(_ waiter: DeadlockStore.Waiter) -> [UInt32] {
      [
        waiter.via.map { waiter.held[$0].lockClass.rawValue } ?? .max,
        waiter.wanted?.lockClass.rawValue ?? .max, waiter.thread.rawValue,
      ]
    }
    return key(one).lexicographicallyPrecedes(key(other))
  }

  /// The pool that a node waits for a permit of.
  private static func pool(
    of node: WaitNode, _ state: borrowing HeldState, _ table: borrowing LockTable
  ) -> LockID? {
    guard node.request >= 0 else { return nil }
    let request = state.threads[node.thread.index].pending[node.request]
    return !request.options.contains(.try) && table.isPool(request.lock) ? request.lock : nil
  }

  /// Who is in whose way.
  private struct Obstacles {
    /// Who waits at all.
    let nodes: [WaitNode]
    /// Those that wait for ever.
    private(set) var stuck: Set<WaitNode>
    /// For each node the nodes of others that must be over before it: of a pool all of them, of
    /// what else it waits for one.
    private var reasons: [WaitNode: [Reason]] = [:]
    private var pools: Set<WaitNode> = []

    init(_ nodes: [WaitNode], _ state: borrowing HeldState, _ table: borrowing LockTable) {
      self.nodes = nodes
      stuck = Set(nodes)
      var holders: [LockID: [ThreadID]] = [:]
      var work = 1_000_000
      for node in nodes {
        guard let pool = PoolExhaustion.pool(of: node, state, table) else {
          let found = WaitsFor.blockers(of: node, &holders, &work, state, table)
          reasons[node] = found.map { Reason(node: $0.0, reason: $0.1) }
          continue
        }
        pools.insert(node)
        reasons[node] = Self.holders(of: pool, state, table)
        if reasons[node]?.isEmpty != false { stuck.remove(node) }
      }
      guard work > 0 else {
        stuck = []
        return
      }
      var isChanged = true
      while isChanged {
        isChanged = false
        for node in nodes where stuck.contains(node) && !isStuck(node) {
          stuck.remove(node)
          isChanged = true
        }
      }
    }

    private func isStuck(_ node: WaitNode) -> Bool {
      let reasons = reasons[node] ?? []
      guard pools.contains(node) else { return reasons.contains { stuck.contains($0.node) } }
      let free = Set(reasons.map(\.node.thread)).subtracting(
        reasons.filter { stuck.contains($0.node) }.map(\.node.thread))
      return free.isEmpty
    }

    /// Of those that wait for ever the ones that a node waits for.
    func kept(of node: WaitNode) -> [Reason] {
      let all = (reasons[node] ?? []).filter { stuck.contains($0.node) }
      return pools.contains(node) ? all : Array(all.prefix(1))
    }

    /// What those wait at who have the permits; nothing if one of them does not wait, or there are
    /// free permits.
    private static func holders(
      of pool: LockID, _ state: borrowing HeldState, _ table: borrowing LockTable
    ) -> [Reason] {
      var result: [Reason] = []
      var held = 0
      let holders = state.holders(of: pool)
      for (thread, _) in holders {
        let locks = state.threads[thread.index].held.locks
        guard let first = locks.firstIndex(where: { $0.lock == pool }) else { return [] }
        let waits = WaitsFor.nodes(of: thread, after: locks[first].line, state)
        if waits.isEmpty { return [] }
        for lock in locks where lock.lock == pool { held += 1 + Int(lock.reentries) }
        result += waits.map { Reason(node: $0, reason: .holder(heldIndex: first)) }
      }
      if let permits = table.permits(of: pool) { return held < Int(permits) ? [] : result }
      // One that has all there were so far may be waiting for somebody who posts.
      return holders.count > 1 ? result : []
    }
  }
}
