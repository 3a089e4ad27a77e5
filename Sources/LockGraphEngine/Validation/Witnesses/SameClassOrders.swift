// What two locks of one class, or one lock twice, add to the order [semantics 7].

extension DependencyWriter {
  /// Adds what a judgement is about as edges of the class to itself.
  mutating func add(
    _ judgement: SameClassRule.Judgement, of acquisition: Acquisition,
    _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    guard judgement.verdict == .violated || !judgement.readers.isEmpty else { return }
    var offer = EvidenceOffer(gates: state.gateKey(of: acquisition.thread, record.table))
    for (number, index) in judgement.violatedBy.enumerated() {
      addLoop(acquisition, heldIndex: index, isCounted: number == 0, &offer, state, &record)
    }
    // Two readers are no violation, and yet a side of a deadlock with writers that nest the other
    // way.
    for index in judgement.readers {
      addLoop(acquisition, heldIndex: index, isCounted: false, &offer, state, &record)
    }
  }

  private mutating func addLoop(
    _ acquisition: Acquisition, heldIndex index: Int, isCounted: Bool,
    _ offer: inout EvidenceOffer, _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    let held = state.threads[acquisition.thread.index].held.locks[index]
    let kind = DependencyKinds(held: held.mode, wanted: acquisition.mode)
    // Two nesting levels of one class are two nodes; the same instance in both is an edge between
    // them, and a deadlock all by itself.
    guard
      let (edge, isNewKind) = record.graph.add(
        from: acquisition.lockClass, to: acquisition.lockClass, kind: kind)
    else { return }
    if isCounted, journal == nil { record.graph.count(edge, times: 1) }
    if held.lock != acquisition.lock, record.table.nestsByInstance(acquisition.lockClass) {
      addInstanceOrder(
        of: acquisition, heldIndex: index, kind: kind, to: edge, isNewKind: isNewKind,
        offer: &offer, state, &record)
      return
    }
    if isNewKind { journal?.grown.append(edge) }
    addWitness(
      of: acquisition, heldIndex: index, kind: kind, to: edge, isNewKind: isNewKind, offer: &offer,
      state, &record)
  }
}
