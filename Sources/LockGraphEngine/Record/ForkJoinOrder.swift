/// What spawning and joining threads puts in order: a graph of epochs.
///
/// A thread's life is cut into epochs by its spawns and joins. Everything of one epoch comes after
/// everything of the epochs it can be reached from: a spawned thread after its parent's past, what
/// follows a join after all of the joined thread. Grows with spawns and joins, not with events;
/// asked only when a finding is graded.
package struct ForkJoinOrder: Sendable {
  package static let none = UInt32.max
  private var predecessors: [(UInt32, UInt32)] = []
  /// Whether any epoch comes after another at all.
  package private(set) var hasOrder = false

  package init() {}

  /// A new epoch after up to two others. Numbers rise along the order.
  package mutating func add(after first: UInt32 = none, and second: UInt32 = none) -> UInt32 {
    predecessors.append((first, second))
    if first != Self.none || second != Self.none { hasOrder = true }
    return UInt32(predecessors.count - 1)
  }

  /// Calls with every epoch that comes after others, and with those, `none` for the second where it
  /// is one.
  func forEachWithPredecessors(
    _ body: (_ number: UInt32, _ first: UInt32, _ second: UInt32) -> Void
  ) {
    for (number, (first, second)) in predecessors.enumerated() {
      if first != Self.none {
        body(UInt32(number), first, second)
      } else if second != Self.none {
        body(UInt32(number), second, Self.none)
      }
    }
  }

  /// Whether the one epoch has ended before the other begins; `steps` is what the search may still
  /// cost, and where it is used up the answer is no.
  ///
  /// - Complexity: O(epochs between the two).
  package func isBefore(_ early: UInt32, _ late: UInt32, steps: inout Int) -> Bool {
    guard early < late else { return false }
    var visited: Set<UInt32> = [late]
    var pending = [late]
    while steps > 0, let epoch = pending.popLast() {
      steps -= 1
      let (first, second) = predecessors[Int(epoch)]
      for before in [first, second] where before != Self.none && before >= early {
        if before == early { return true }
        if visited.insert(before).inserted { pending.append(before) }
      }
    }
    return false
  }
}
