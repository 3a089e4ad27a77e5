/// A cycle of the order, and how sure it is that it can deadlock.
struct Inversion {
  enum Shape {
    /// Locks of one class inside each other, or one lock twice.
    case nesting
    /// A cycle of classes.
    case classes
    /// A cycle of locks that the order of classes hides.
    case locks
  }

  /// A dependency of the cycle.
  struct Side {
    var dependency: DependencyID
    /// By which the cycle is strong.
    var decidingKind: DependencyKinds
    var candidates: [CycleGrading.Candidate]
    /// Numbers of candidates: those of the best combination.
    var chosen: [Int]

    /// All of them, the chosen ones first.
    var witnesses: [EvidenceStore.Entry] {
      let rest = candidates.indices.filter { !chosen.contains($0) }
      return (chosen + rest).map { candidates[$0].entry }
    }
  }

  var shape: Shape
  var sides: [Side]
  var confidence: Confidence
  var reason: GradeReason?

  /// The witnesses by which the deadlock is feasible or the hidden cycle is there; others can stand
  /// in for all others.
  var decidingWitnesses: [(dependency: DependencyID, entry: EvidenceStore.Entry)] {
    guard shape == .locks || confidence == .feasible else { return [] }
    return sides.flatMap { side in
      side.chosen.map { (side.dependency, side.candidates[$0].entry) }
    }
  }
}
