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
    let (verdict, indices) = judgeSameClass(acquisition)
    guard verdict == .violated else { return verdict }
    var offer = EvidenceOffer(gates: gateKey(of: acquisition.thread))
    for (number, index) in indices.enumerated() {
      addLoop(acquisition, heldIndex: index, isFirst: number == 0, &offer)
    }
    return verdict
  }

  private mutating func addLoop(
    _ acquisition: Acquisition, heldIndex index: Int, isFirst: Bool, _ offer: inout EvidenceOffer
  ) {
    let held = threads[acquisition.thread.index].held.locks[index]
    let kind = DependencyKinds(held: held.mode, wanted: acquisition.mode)
    // Two nesting levels of one class are two nodes; the same instance in both is an edge between them, and
    // a deadlock all by itself.
    guard
      let (edge, isNewKind) = graph.add(
        from: acquisition.lockClass, to: acquisition.lockClass, kind: kind)
    else { return }
    if isFirst { graph.count(edge, times: 1) }
    addWitness(
      of: acquisition, heldIndex: index, kind: kind, to: edge, isNewKind: isNewKind, offer: &offer)
  }

  mutating func sameClassVerdict(_ acquisition: Acquisition) -> SameClassVerdict {
    judgeSameClass(acquisition).verdict
  }

  /// How many locks of the class that are held are looked at as evidence, the last ones.
  private static var evidenceDepth: Int { 16 }

  /// The verdict, and where the locks are held that it is about, the last taken first.
  private func judgeSameClass(
    _ acquisition: Acquisition
  ) -> (verdict: SameClassVerdict, heldIndices: [Int]) {
    let held = threads[acquisition.thread.index].held
    let contexts = held.contexts
    // A lock that may have been taken in a gap may serialise.
    var isNestBelow =
      acquisition.nest.map {
        held.lastIndex(of: $0) == nil && isHiddenByGap($0, of: acquisition.thread)
      } ?? false
    var isExcusedByNest = false
    var violatedBy: [Int] = []
    for (index, other) in held.locks.enumerated() {
      if let nest = acquisition.nest, other.lock == nest { isNestBelow = true }
      guard held.isSource(other, contexts: contexts) else { continue }
      let areReaders = !other.mode.isExclusive && acquisition.mode == .recursiveRead
      if other.lock == acquisition.lock {
        guard !areReaders else { continue }
        return (.violated, [index])
      }
      guard other.lockClass == acquisition.lockClass, !areReaders,
        !traits.classesAreMerelyNames, !ranksRise(from: other.lock, to: acquisition.lock)
      else { continue }
      if isNestBelow {
        isExcusedByNest = true
      } else {
        violatedBy.append(index)
      }
    }
    guard violatedBy.isEmpty else {
      return (.violated, violatedBy.reversed().prefix(Self.evidenceDepth).map { $0 })
    }
    return (isExcusedByNest ? .excusedByNest : .allowed, [])
  }

  func ranksRise(from held: LockID, to wanted: LockID) -> Bool {
    guard let low = table.locks[held.index].rank, let high = table.locks[wanted.index].rank else {
      return false
    }
    return low < high
  }
}
