/// Two locks of one class, or one lock twice [semantics 7].

extension Validator {
  enum SameClassVerdict {
    case allowed, excusedByNest, violated
  }

  /// The rule, with a violation recorded as an edge of the class to itself.
  ///
  /// - Complexity: O(locks held).
  @inline(never)
  mutating func checkSameClass(_ acquisition: Acquisition) -> SameClassVerdict {
    let (verdict, index) = judgeSameClass(acquisition)
    guard verdict == .violated, let index else { return verdict }
    let held = threads[acquisition.thread.index].held.locks[index]
    let kind = DependencyKinds(held: held.mode, wanted: acquisition.mode)
    // Two nesting levels of one class are two nodes; the same instance in both is an edge between them, and
    // a deadlock all by itself.
    guard
      let (edge, isNewKind) = graph.add(
        from: acquisition.lockClass, to: acquisition.lockClass, kind: kind)
    else { return verdict }
    graph.count(edge, times: 1)
    var offer = EvidenceOffer(gates: gateKey(of: acquisition.thread))
    addWitness(
      of: acquisition, heldIndex: index, kind: kind, to: edge, isNewKind: isNewKind, offer: &offer)
    return verdict
  }

  mutating func sameClassVerdict(_ acquisition: Acquisition) -> SameClassVerdict {
    judgeSameClass(acquisition).verdict
  }

  /// The verdict, and where the lock is held that it is about.
  private func judgeSameClass(
    _ acquisition: Acquisition
  ) -> (verdict: SameClassVerdict, heldIndex: Int?) {
    let held = threads[acquisition.thread.index].held
    let contexts = held.contexts
    // A lock that may have been taken in a gap may serialise.
    var isNestBelow =
      acquisition.nest.map {
        held.lastIndex(of: $0) == nil && isHiddenByGap($0, of: acquisition.thread)
      } ?? false
    var isExcusedByNest = false
    var violatedBy: Int?
    for (index, other) in held.locks.enumerated() {
      if let nest = acquisition.nest, other.lock == nest { isNestBelow = true }
      guard held.isSource(other, contexts: contexts) else { continue }
      let areReaders = !other.mode.isExclusive && acquisition.mode == .recursiveRead
      if other.lock == acquisition.lock {
        guard !areReaders else { continue }
        return (.violated, index)
      }
      guard other.lockClass == acquisition.lockClass, !areReaders,
        !traits.classesAreMerelyNames, !ranksRise(from: other.lock, to: acquisition.lock)
      else { continue }
      if isNestBelow {
        isExcusedByNest = true
      } else {
        violatedBy = index
      }
    }
    if let violatedBy { return (.violated, violatedBy) }
    return (isExcusedByNest ? .excusedByNest : .allowed, nil)
  }

  func ranksRise(from held: LockID, to wanted: LockID) -> Bool {
    guard let low = table.locks[held.index].rank, let high = table.locks[wanted.index].rank else {
      return false
    }
    return low < high
  }
}
