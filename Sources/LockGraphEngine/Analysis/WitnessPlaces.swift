/// Numbers for the places at which witnesses stand, equal where places are not told apart.
final class WitnessPlaces {
  private struct Place: Hashable {
    var heldPlace: UInt32
    var heldStack: UInt32
    var place: UInt32
    var stack: UInt32
  }

  private let resolver: EvidenceResolver
  private var known: [Place: Int] = [:]
  private var numbers: [[[String]]: Int] = [:]

  init(_ resolver: EvidenceResolver) { self.resolver = resolver }

  /// - Complexity: expected O(1) once the place is known.
  func number(of candidate: CycleGrading.Candidate) -> Int {
    let place = Place(
      heldPlace: candidate.held.place, heldStack: candidate.held.stack,
      place: candidate.record.place, stack: candidate.record.stack)
    if let number = known[place] { return number }
    let frames = [
      PlaceFrames.texts(
        at: resolver.place(place.heldPlace), stack: resolver.stack(place.heldStack)),
      PlaceFrames.texts(at: resolver.place(place.place), stack: resolver.stack(place.stack)),
    ]
    let number = numbers[frames] ?? numbers.count
    numbers[frames] = number
    known[place] = number
    return number
  }
}
