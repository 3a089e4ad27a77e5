/// What the events of an input say of a cycle of the order.
enum CycleVerdict: Sendable, Equatable {
  case predicted(Finding.Schedule)
  /// No order of the events gets there, and spawns, joins and locks see to it.
  case excluded(String)
  /// No order of the events gets there, and that rests on more.
  case ordered(String)
}

/// What a cycle is known by.
struct CycleFingerprints: Sendable {
  /// By its classes.
  var ofClasses = ""
  /// By its places too, where another input could tell more of them; else the same.
  var ofPlaces = ""
}

/// Verdicts that outlive the events they rest on: what graph files keep.
struct CycleVerdicts: Sendable {
  /// A cycle by the fingerprint of its finding, in one input.
  struct Key: Hashable, Sendable {
    var fingerprint: String
    var input: UInt32
  }

  private(set) var all: [Key: CycleVerdict] = [:]
  /// Of parts of such a cycle it is not known.
  private var open: Set<Key> = []

  var isEmpty: Bool { all.isEmpty }

  /// - Parameter tellsPlaces: whether only a part of the cycle is asked about, that of its places.
  func verdict(
    of cycle: CycleFingerprints, input: UInt32, tellsPlaces: Bool
  ) -> CycleVerdict? {
    let known = all[Key(fingerprint: cycle.ofPlaces, input: input)]
    return known == nil && !tellsPlaces
      ? all[Key(fingerprint: cycle.ofClasses, input: input)] : known
  }

  /// Keeps what is said of a cycle, or of a part of one.
  mutating func add(_ verdict: CycleVerdict?, of cycle: CycleFingerprints, input: UInt32) {
    add(verdict, of: cycle.ofPlaces, input: input)
    if cycle.ofClasses != cycle.ofPlaces { add(verdict, of: cycle.ofClasses, input: input) }
  }

  /// A schedule says all, and a part of which nothing is known leaves the rest open.
  mutating func add(_ verdict: CycleVerdict?, of fingerprint: String, input: UInt32) {
    let key = Key(fingerprint: fingerprint, input: input)
    switch (all[key], verdict) {
    case (.predicted, _): break
    case (_, .predicted): all[key] = verdict
    case (_, nil):
      open.insert(key)
      all[key] = nil
    case (.ordered, .excluded): break
    default: if !open.contains(key) { all[key] = verdict }
    }
  }
}
