// Orders of semaphores [semantics 28]. Whether one is a lock is known where the input ends, of each
// by itself: so each has a witness of its own for each class that was asked for while it was held,
// whatever room the witnesses of other semaphores of its class took.

extension DependencyWriter {
  /// - Complexity: O(locks held); O(witnesses) for each semaphore and class that are new together.
  @inline(never)
  mutating func addSemaphoreOrders(
    _ acquisition: Acquisition, _ symbol: ChainCache.Symbol, _ state: borrowing HeldState,
    _ record: inout OrderRecord
  ) {
    guard symbol.hasIncomingDependencies else { return }
    let thread = acquisition.thread.index
    let contexts = state.threads[thread].held.contexts
    var offer: EvidenceOffer?
    for index in state.threads[thread].held.locks.indices.suffix(OrderRecord.Bounds.deepestStack) {
      let held = state.threads[thread].held.locks[index]
      guard held.isSemaphore, state.threads[thread].held.isSource(held, contexts: contexts),
        held.lockClass != acquisition.lockClass,
        semaphoreOrders.insert(held.lock.rawValue, acquisition.lockClass.rawValue),
        let edge = record.graph.dependency(from: held.lockClass, to: acquisition.lockClass),
        !record.evidence.contains(witnessOf: held.lock, for: record.graph[edge])
      else { continue }
      if offer == nil {
        offer = EvidenceOffer(gates: state.gateKey(of: acquisition.thread, record.table))
      }
      addEntry(
        of: acquisition, heldIndex: index,
        kind: DependencyKinds(held: held.mode, wanted: acquisition.mode), to: edge, isExtra: false,
        offer: &offer!, state, &record)
    }
  }
}

extension EvidenceStore {
  /// Whether a dependency has a witness that held a lock.
  fileprivate func contains(
    witnessOf lock: LockID, for dependency: LockOrderGraph.Dependency
  ) -> Bool {
    var number = dependency.firstWitness
    while number != Self.none {
      if self[entry: number].source.lock == lock { return true }
      number = self[entry: number].next
    }
    return false
  }
}
