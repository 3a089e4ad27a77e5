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

  enum Sides {
    /// For each side, the pairs of each input that make it.
    case dependencies([[UInt32: Set<Pair>]])
    /// The waits of a circle that the end of a thread closes, all in one input.
    case waits([Wait], input: UInt32)
  }

  /// A wait in a circle that the end of a thread closes, by whatever thread.
  struct Wait {
    /// The locks of which the thread has one that the wait before it is for; `nil` where that is
    /// for the thread's end.
    var held: Set<LockID>?
    /// The locks of which it asks for one; `nil` where it waits for the end of a thread.
    var wanted: Set<LockID>?
    var mode = LockMode.write
  }

  var sides: Sides
  /// All that was seen of the sides is among them.
  var isComplete: Bool
  var tellsPlaces: Bool
  /// Locks that a side asks for as one who waits behind writers.
  var queues: Set<LockID>
  /// Those of the finding which the answer makes surer.
  var fingerprints = CycleFingerprints()

  /// The inputs that have all sides.
  var inputs: [UInt32] {
    switch sides {
    case .waits(_, let input): return [input]
    case .dependencies(let sides):
      guard let first = sides.first else { return [] }
      return first.keys.filter { input in sides.allSatisfy { $0[input] != nil } }.sorted()
    }
  }

  /// Whatever locks are held or asked for there.
  func locks(ofInput input: UInt32) -> Set<LockID> {
    switch sides {
    case .waits(let waits, _):
      return waits.reduce(into: []) { $0.formUnion(($1.held ?? []).union($1.wanted ?? [])) }
    case .dependencies(let sides):
      return sides.reduce(into: []) { locks, side in
        for pair in side[input] ?? [] { locks.formUnion([pair.held, pair.wanted]) }
      }
    }
  }

  /// `nil` where the grade leaves nothing to ask.
  ///
  /// - Parameter tellsPlaces: whether the inversion is of its places alone.
  init?(_ inversion: Inversion, _ graph: LockOrderGraph, tellsPlaces: Bool) {
    guard Self.isOpen(inversion.confidence, inversion.reason) else { return nil }
    var sides = inversion.sides.map { Self.pairs($0.candidates, tellsPlaces: tellsPlaces) }
    if inversion.shape == .nesting {
      // The locks of the class, as many as are in the circle.
      guard inversion.sides[0].chosen.count > 1 else { return nil }
      sides = Array(repeating: sides[0], count: inversion.sides[0].chosen.count)
    }
    self.sides = .dependencies(sides)
    self.tellsPlaces = tellsPlaces
    queues = Set(
      inversion.sides.flatMap(\.candidates).filter { $0.record.wantedMode.waitsBehindWriters }
        .map(\.record.wanted))
    isComplete = !inversion.sides.contains { graph[$0.dependency].isEvidenceBounded }
    if inputs.isEmpty { return nil }
  }

  /// `nil` where the grade leaves nothing to ask.
  init?(_ inversion: JoinInversionStore.Inversion, _ locks: ClassLocks) {
    guard Self.isOpen(inversion.confidence, inversion.reason) else { return nil }
    let waits = inversion.sides.map { side in
      Wait(
        held: side.via.map { locks.of(side.held[$0].lockClass, with: side.held[$0].lock) },
        wanted: side.wanted.map { locks.of($0.lockClass, with: $0.lock) },
        mode: side.wanted?.mode ?? .write)
    }
    sides = .waits(waits, input: inversion.input)
    // Any threads of the input are looked at, and all their locks of these classes.
    isComplete = true
    tellsPlaces = false
    queues = waits.reduce(into: []) { queues, wait in
      if wait.mode.waitsBehindWriters { queues.formUnion(wait.wanted ?? []) }
    }
  }

  private static func isOpen(_ confidence: Confidence, _ reason: GradeReason?) -> Bool {
    switch confidence {
    case .feasible: return true
    case .ordering:
      if case .moreCombinations? = reason { return true }
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

/// The locks of each class in one input.
struct ClassLocks {
  private var locks: [LockClassID: Set<LockID>] = [:]
  private let table: LockTable

  /// - Complexity: O(locks).
  init(_ table: LockTable, input: UInt32) {
    self.table = table
    for (number, lock) in table.locks.enumerated() where lock.input == input {
      locks[lock.lockClass, default: []].insert(LockID(UInt32(number)))
    }
  }

  /// The locks of a class, or of that of which it is a nesting level.
  func of(_ lockClass: LockClassID, with lock: LockID) -> Set<LockID> {
    (locks[table.classes[lockClass.index].base ?? lockClass] ?? []).union([lock])
  }
}

/// What became of the question.
enum CycleAnswer: Sendable {
  case decided(CycleVerdict)
  /// - Parameter reason: why it is not decided, where there is one to tell.
  case undecided(String?)
}
