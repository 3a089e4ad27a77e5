/// What one of several inputs adds to the evidence [semantics 20].
///
/// A dependency keeps so many witnesses, and those of the inputs that come first take the room. A deadlock that the
/// instances of one input show must be found whichever inputs came before: so each input has room of its own, and of
/// what is beyond the common one, what decides on a deadlock of its input stays when that ends.
struct InputEvidence {
  /// An entry that the current input added.
  struct Addition {
    var entry: UInt32
    var dependency: DependencyID
    /// It is beyond the common room.
    var isExtra: Bool
  }

  /// What the current input added to one dependency.
  struct Share {
    /// The last entry before.
    var before: UInt32
    var count = 0
  }

  /// How long the evidence was when the input began.
  fileprivate(set) var start = EvidenceStore.Length()
  fileprivate(set) var additions: [Addition] = []
  fileprivate(set) var shares: [DependencyID: Share] = [:]

  /// So many witnesses a dependency may have with those that decided on deadlocks.
  static let limit = 1 << 12
  /// How many potential deadlocks of one input are looked at.
  static let inversionLimit = Limits.inversions
}

extension Validator {
  /// Whether an input that is not the first one may add a witness to a dependency that is full.
  func hasOwnRoom(_ dependency: DependencyID) -> Bool {
    inputNumber > 0 && Int(graph[dependency].witnessCount) < InputEvidence.limit
      && inputEvidence.shares[dependency]?.count ?? 0 < EvidenceStore.witnessLimit
  }

  /// Called before an entry becomes the last one of its dependency.
  mutating func note(_ entry: UInt32, of dependency: DependencyID, isExtra: Bool) {
    guard inputNumber > 0 else { return }
    inputEvidence.additions.append(
      InputEvidence.Addition(entry: entry, dependency: dependency, isExtra: isExtra))
    let before = graph[dependency].lastWitness
    inputEvidence.shares[dependency, default: InputEvidence.Share(before: before)].count += 1
  }

  /// The next input begins, or none does: chains take evidence of each, and of this one stays what decides.
  mutating func endInput() {
    defer {
      inputEvidence = InputEvidence()
      inputEvidence.start = evidence.length
    }
    // Where facts were stated too, all stays.
    guard inputEvidence.additions.contains(where: \.isExtra),
      evidence.entries.count - inputEvidence.start.entries == inputEvidence.additions.count
    else { return }
    let isKept = selectAdditions()
    let numbers = evidence.keep(from: inputEvidence.start, where: isKept)
    for (dependency, share) in inputEvidence.shares {
      graph[dependency].witnessCount -= UInt32(share.count)
      evidence.cut(after: share.before, of: &graph[dependency])
    }
    for (index, addition) in inputEvidence.additions.enumerated() where isKept[index] {
      evidence.append(numbers[index], to: &graph[addition.dependency])
    }
  }

  /// - Complexity: that of a search for deadlocks in what the input added.
  private func selectAdditions() -> [Bool] {
    // The input by itself.
    var own = LockOrderGraph()
    var ownEvidence = evidence.withoutEntries
    let ids = inputEvidence.additions.map { addition -> DependencyID? in
      let dependency = graph[addition.dependency]
      var entry = evidence.entries[Int(addition.entry)]
      guard let (id, _) = own.add(from: dependency.from, to: dependency.to, kind: entry.kind)
      else { return nil }
      entry.next = EvidenceStore.none
      let number = ownEvidence.addEntry(entry, after: EvidenceStore.none)
      ownEvidence.append(number, to: &own[id])
      return id
    }
    let deciding = InversionReport.decidingWitnesses(
      of: own, evidence: ownEvidence, table: table, forkJoin: forkJoin, lifeGuards: lifeGuards,
      ambiguous: imports.ambiguousClasses, limit: InputEvidence.inversionLimit)
    return zip(inputEvidence.additions, ids).map { addition, id in
      guard addition.isExtra else { return true }
      let entry = evidence.entries[Int(addition.entry)]
      return id.flatMap { deciding[$0] }?.contains {
        $0.record == entry.record && $0.source.position == entry.source.position
      } ?? false
    }
  }
}

extension EvidenceStore {
  /// How much there is of each.
  struct Length {
    var entries = 0
    var records = 0
    var held = 0
  }

  var length: Length { Length(entries: entries.count, records: records.count, held: held.count) }
}
