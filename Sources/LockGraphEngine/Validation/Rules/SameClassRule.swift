/// Two locks of one class, or one lock twice [semantics 7].
enum SameClassRule {
  enum Verdict {
    case allowed, excusedByNest, violated
  }

  struct Judgement {
    var verdict: Verdict
    /// Where the locks are held that it is about, the last taken first.
    var violatedBy: [Int] = []
    /// Where other locks of the class are held that are read like this one.
    var readers: [Int] = []
  }

  /// How many locks of the class that are held are looked at as evidence, the last ones.
  private static var evidenceDepth: Int { 16 }
  /// The same where each of them is another order.
  private static var instanceDepth: Int { EvidenceStore.heldLimit }

  /// - Complexity: O(locks held).
  static func judge(
    _ acquisition: Acquisition, _ state: borrowing HeldState, _ table: borrowing LockTable
  ) -> Judgement {
    let held = state.threads[acquisition.thread.index].held
    let contexts = held.contexts
    // A lock that may have been taken in a gap may serialise.
    var isNestBelow = false
    if let nest = acquisition.nest, held.lastIndex(of: nest) == nil {
      isNestBelow = state.isHiddenByGap(nest, of: acquisition.thread, table)
    }
    let request = held.ownRequest(
      for: acquisition.lock, acquisition.mode, table.locks[acquisition.lock.index].kind)
    var isExcusedByNest = false
    var violatedBy: [Int] = []
    var readers: [Int] = []
    for (index, other) in held.locks.enumerated() {
      if let nest = acquisition.nest, other.lock == nest { isNestBelow = true }
      guard held.isSource(other, contexts: contexts) else { continue }
      let areReaders = !other.mode.isExclusive && acquisition.mode == .recursiveRead
      if other.lock == acquisition.lock {
        let isUpgraded = request.isUpgrade && !request.waits(acquisition.mode, for: other.mode)
        guard !areReaders, !isUpgraded else { continue }
        return Judgement(verdict: .violated, violatedBy: [index])
      }
      guard other.lockClass == acquisition.lockClass,
        !state.traits.classesAreMerelyNames,
        !table.ranksRise(from: other.lock, to: acquisition.lock)
      else { continue }
      if areReaders {
        readers.append(index)
      } else if isNestBelow {
        isExcusedByNest = true
      } else {
        violatedBy.append(index)
      }
    }
    let verdict: Verdict =
      violatedBy.isEmpty ? (isExcusedByNest ? .excusedByNest : .allowed) : .violated
    let depth =
      table.nestsByInstance(acquisition.lockClass) ? instanceDepth : evidenceDepth
    return Judgement(
      verdict: verdict, violatedBy: violatedBy.suffix(depth).reversed(),
      readers: isNestBelow ? [] : readers.suffix(depth))
  }
}
