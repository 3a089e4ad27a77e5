// Whether a dependency lies on a strong circle, asked when it is new [semantics 4].
//
// The same search as for the report, over (class, arrived only by a recursive read), from one edge.

extension LockOrderGraph {
  /// - Parameter successors: the dependencies that leave a class.
  /// - Complexity: O(classes + dependencies).
  package func closesStrongCycle(
    _ id: DependencyID, successors: (LockClassID) -> [DependencyID]
  ) -> Bool {
    let edge = self[id]
    let target = edge.from
    if edge.to == target { return edge.kinds != .sr }
    return DependencyKinds.all.contains { kind in
      guard edge.kinds.contains(kind) else { return false }
      let startsShared = kind.isDisjoint(with: .startingExclusive)
      let first = State(
        lockClass: edge.to, isRecursiveOnly: kind.isDisjoint(with: .endingNonRecursive))
      var seen: Set<State> = [first]
      var rest = [first]
      while let state = rest.popLast() {
        for number in successors(state.lockClass) {
          let next = self[number]
          let usable =
            state.isRecursiveOnly ? next.kinds.intersection(.startingExclusive) : next.kinds
          guard !usable.isEmpty else { continue }
          let reached = State(
            lockClass: next.to, isRecursiveOnly: usable.isDisjoint(with: .endingNonRecursive))
          if reached.lockClass == target, !(reached.isRecursiveOnly && startsShared) { return true }
          if seen.insert(reached).inserted { rest.append(reached) }
        }
      }
      return false
    }
  }

  private struct State: Hashable {
    var lockClass: LockClassID
    var isRecursiveOnly: Bool
  }
}
