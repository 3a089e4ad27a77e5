/// A cycle of the order graph that can deadlock.
package struct StrongCycle: Sendable, Equatable {
  /// The edges, in the search's numbering, from the one that leaves the least class on.
  package var edges: [Int]
}

/// What a search found, and what it left.
package struct StrongCycleCover: Sendable {
  /// Every cycle of two classes, then longer ones, shortest first.
  package var cycles: [StrongCycle]
  /// Cycles that are known and beyond the limit.
  package var omittedCycles: Int
  /// Edges on strong closed walks that no listed cycle shows, because a limit was reached.
  package var uncoveredEdges: Int
}
