// An inversion of locks without a stated class is known by its places, so what different places
// show of the same locks is told apart [semantics 26].

extension InversionSearch {
  /// More combinations of places than that stay one inversion.
  private static let placeLimit = 64

  /// The inversions that one is, place by place, each with a grade of its own.
  ///
  /// - Parameter place: equal for witnesses at places that are not told apart.
  /// - Complexity: O(witnesses), and a grade for each combination of places.
  func parts(
    of inversion: Inversion, by place: (CycleGrading.Candidate) -> Int
  ) -> [Inversion] {
    let sides = inversion.sides.map { side in
      Dictionary(grouping: side.candidates, by: place).sorted { $0.key < $1.key }.map(\.value)
    }
    let count = sides.reduce(1) { min($0 * $1.count, Self.placeLimit + 1) }
    guard count > 1, count <= Self.placeLimit else { return [inversion] }
    if inversion.shape == .nesting {
      // Those that close a circle together are one.
      guard inversion.sides[0].chosen.count == 1 else { return [inversion] }
      return sides[0].map { nesting(inversion.sides[0].dependency, $0) }
    }
    var combinations: [[[CycleGrading.Candidate]]] = [[]]
    for side in sides {
      combinations = combinations.flatMap { start in side.map { start + [$0] } }
    }
    return combinations.compactMap { part(of: inversion, $0) }
  }

  /// `nil` where these witnesses alone make no strong cycle, or one that cannot block.
  private func part(
    of inversion: Inversion, _ candidates: [[CycleGrading.Candidate]]
  ) -> Inversion? {
    let seen = candidates.map { side in
      side.reduce(into: DependencyKinds()) { $0.formUnion($1.entry.kind) }
    }
    guard Self.isStrong(seen) else { return nil }
    let grade = self.grade(candidates, of: inversion.sides.map(\.dependency))
    guard !grade.isVoid else { return nil }
    var part = inversion
    part.confidence = grade.confidence
    part.reason = grade.reason
    let kinds =
      inversion.shape == .locks
      ? inversion.sides.map(\.decidingKind) : Self.decidingKinds(seen)
    for number in part.sides.indices {
      part.sides[number].candidates = candidates[number]
      part.sides[number].chosen = [grade.chosen[number]]
      part.sides[number].decidingKind = kinds[number]
    }
    return part
  }

  private static func isStrong(_ kinds: [DependencyKinds]) -> Bool {
    let chosen = decidingKinds(kinds)
    return chosen.indices.allSatisfy { number in
      chosen[number].mayPrecede(chosen[(number + 1) % chosen.count])
    }
  }
}
