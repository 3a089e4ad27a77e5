/// A cycle of the order of which is asked whether the run, in another order, ends in it.
struct CycleQuestion {
  /// One dependency of two locks, as a thread showed it.
  struct Pair: Hashable {
    var held: LockID
    var wanted: LockID
    /// Where it took the one and asked for the other, as numbers of the evidence; zeros where
    /// places are not told apart.
    var heldPlace: Place
    var place: Place
  }

  struct Place: Hashable {
    var at: UInt32 = 0
    var stack: UInt32 = 0
  }

  /// For each side, the pairs of each input that make it.
  var sides: [[UInt32: Set<Pair>]]
  /// All that was seen of the sides is among them.
  var isComplete: Bool
  var tellsPlaces: Bool
  /// Locks that a side asks for as one who waits behind writers.
  var queues: Set<LockID>
  /// Those of the finding which the answer makes surer.
  var fingerprints = CycleFingerprints()

  /// The inputs that have all sides.
  var inputs: [UInt32] {
    guard let first = sides.first else { return [] }
    return first.keys.filter { input in sides.allSatisfy { $0[input] != nil } }.sorted()
  }

  /// `nil` where the grade leaves nothing to ask.
  ///
  /// - Parameter tellsPlaces: whether the inversion is of its places alone.
  init?(_ inversion: Inversion, _ graph: LockOrderGraph, tellsPlaces: Bool) {
    guard Self.isOpen(inversion) else { return nil }
    var sides = inversion.sides.map { Self.pairs($0.candidates, tellsPlaces: tellsPlaces) }
    if inversion.shape == .nesting {
      // The locks of the class, as many as are in the circle.
      guard inversion.sides[0].chosen.count > 1 else { return nil }
      sides = Array(repeating: sides[0], count: inversion.sides[0].chosen.count)
    }
    self.sides = sides
    self.tellsPlaces = tellsPlaces
    queues = Set(
      inversion.sides.flatMap(\.candidates).filter { $0.record.wantedMode.waitsBehindWriters }
        .map(\.record.wanted))
    isComplete = !inversion.sides.contains { graph[$0.dependency].isEvidenceBounded }
    if inputs.isEmpty { return nil }
  }

  private static func isOpen(_ inversion: Inversion) -> Bool {
    switch inversion.confidence {
    case .feasible: return true
    case .ordering:
      if case .moreCombinations? = inversion.reason { return true }
      return false
    default: return false
    }
  }

  private static func pairs(
    _ candidates: [CycleGrading.Candidate], tellsPlaces: Bool
  ) -> [UInt32: Set<Pair>] {
    var pairs: [UInt32: Set<Pair>] = [:]
    for candidate in candidates where !candidate.isStated {
      let (record, held) = (candidate.record, candidate.held)
      let none = Place()
      pairs[record.input, default: []].insert(
        Pair(
          held: held.lock, wanted: record.wanted,
          heldPlace: tellsPlaces ? Place(at: held.place, stack: held.stack) : none,
          place: tellsPlaces ? Place(at: record.place, stack: record.stack) : none))
    }
    return pairs
  }
}

/// What became of the question.
enum CycleAnswer: Sendable {
  case decided(CycleVerdict)
  /// - Parameter reason: why it is not decided, where there is one to tell.
  case undecided(String?)
}
