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
    let judgement = judgeSameClass(acquisition)
    guard judgement.verdict == .violated || !judgement.readers.isEmpty else {
      return judgement.verdict
    }
    var offer = EvidenceOffer(gates: gateKey(of: acquisition.thread))
    for (number, index) in judgement.violatedBy.enumerated() {
      addLoop(acquisition, heldIndex: index, isCounted: number == 0, &offer)
    }
    // Two readers are no violation, and yet a side of a deadlock with writers that nest the other way.
    for index in judgement.readers {
      addLoop(acquisition, heldIndex: index, isCounted: false, &offer)
    }
    return judgement.verdict
  }

  private mutating func addLoop(
    _ acquisition: Acquisition, heldIndex index: Int, isCounted: Bool, _ offer: inout EvidenceOffer
  ) {
    let held = threads[acquisition.thread.index].held.locks[index]
    let kind = DependencyKinds(held: held.mode, wanted: acquisition.mode)
    // Two nesting levels of one class are two nodes; the same instance in both is an edge between them, and
    // a deadlock all by itself.
    guard
      let (edge, isNewKind) = graph.add(
        from: acquisition.lockClass, to: acquisition.lockClass, kind: kind)
    else { return }
    if isCounted, journal == nil { graph.count(edge, times: 1) }
    if held.lock != acquisition.lock, table.nestsByInstance(acquisition.lockClass) {
      addInstanceOrder(
        of: acquisition, heldIndex: index, kind: kind, to: edge, isNewKind: isNewKind,
        offer: &offer)
      return
    }
    if isNewKind { journal?.grown.append(edge) }
    addWitness(
      of: acquisition, heldIndex: index, kind: kind, to: edge, isNewKind: isNewKind, offer: &offer)
  }

  mutating func sameClassVerdict(_ acquisition: Acquisition) -> SameClassVerdict {
    judgeSameClass(acquisition).verdict
  }

  /// How many locks of the class that are held are looked at as evidence, the last ones.
  private static var evidenceDepth: Int { 16 }
  /// The same where each of them is another order.
  private static var instanceDepth: Int { EvidenceStore.heldLimit }

  private struct Judgement {
    var verdict: SameClassVerdict
    /// Where the locks are held that it is about, the last taken first.
    var violatedBy: [Int] = []
    /// Where other locks of the class are held that are read like this one.
    var readers: [Int] = []
  }

  private func judgeSameClass(_ acquisition: Acquisition) -> Judgement {
    let held = threads[acquisition.thread.index].held
    let contexts = held.contexts
    // A lock that may have been taken in a gap may serialise.
    var isNestBelow =
      acquisition.nest.map {
        held.lastIndex(of: $0) == nil && isHiddenByGap($0, of: acquisition.thread)
      } ?? false
    var isExcusedByNest = false
    var violatedBy: [Int] = []
    var readers: [Int] = []
    for (index, other) in held.locks.enumerated() {
      if let nest = acquisition.nest, other.lock == nest { isNestBelow = true }
      guard held.isSource(other, contexts: contexts) else { continue }
      let areReaders = !other.mode.isExclusive && acquisition.mode == .recursiveRead
      if other.lock == acquisition.lock {
        guard !areReaders else { continue }
        return Judgement(verdict: .violated, violatedBy: [index])
      }
      guard other.lockClass == acquisition.lockClass,
        !traits.classesAreMerelyNames, !ranksRise(from: other.lock, to: acquisition.lock)
      else { continue }
      if areReaders {
        readers.append(index)
      } else if isNestBelow {
        isExcusedByNest = true
      } else {
        violatedBy.append(index)
      }
    }
    let verdict: SameClassVerdict =
      violatedBy.isEmpty ? (isExcusedByNest ? .excusedByNest : .allowed) : .violated
    let depth =
      table.nestsByInstance(acquisition.lockClass) ? Self.instanceDepth : Self.evidenceDepth
    return Judgement(
      verdict: verdict, violatedBy: violatedBy.suffix(depth).reversed(),
      readers: isNestBelow ? [] : readers.suffix(depth))
  }

  func ranksRise(from held: LockID, to wanted: LockID) -> Bool {
    guard let low = table.locks[held.index].rank, let high = table.locks[wanted.index].rank else {
      return false
    }
    return low < high
  }
}
