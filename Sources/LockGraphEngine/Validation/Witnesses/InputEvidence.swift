/// What one of several inputs adds to the evidence [semantics 20].
///
/// A dependency keeps so many witnesses, and those of the inputs that come first take the room. A
/// deadlock that the instances of one input show must be found whichever inputs came before: so
/// each input has room of its own, and of what is beyond the common one, what decides on a deadlock
/// of its input stays when that ends.
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

extension DependencyWriter {
  /// Whether an input that is not the first one may add a witness to a dependency that is full.
  func hasOwnRoom(
    _ dependency: DependencyID, input: UInt32, _ graph: borrowing LockOrderGraph
  ) -> Bool {
    input > 0 && Int(graph[dependency].witnessCount) < InputEvidence.limit
      && inputEvidence.shares[dependency]?.count ?? 0 < EvidenceStore.witnessLimit
  }

  /// Called before an entry becomes the last one of its dependency.
  mutating func note(
    _ entry: UInt32, of dependency: DependencyID, isExtra: Bool, input: UInt32,
    _ graph: borrowing LockOrderGraph
  ) {
    guard input > 0 else { return }
    inputEvidence.additions.append(
      InputEvidence.Addition(entry: entry, dependency: dependency, isExtra: isExtra))
    let before = graph[dependency].lastWitness
    inputEvidence.shares[dependency, default: InputEvidence.Share(before: before)].count += 1
  }

  /// The next input begins, or none does: chains take evidence of each, and of this one stays what
  /// decides.
  mutating func endInput(_ record: inout OrderRecord) {
    defer {
      inputEvidence = InputEvidence()
      if semaphoreOrders.count > 0 { semaphoreOrders = PairSet() }
      forgetLikes()
      inputEvidence.start = record.evidence.length
    }
    // Where facts were stated too, all stays.
    guard inputEvidence.additions.contains(where: \.isExtra),
      record.evidence.entryCount - inputEvidence.start.entries == inputEvidence.additions.count
    else { return }
    let isKept = selectAdditions(record)
    let numbers = record.evidence.keep(from: inputEvidence.start, where: isKept)
    for (dependency, share) in inputEvidence.shares {
      record.graph[dependency].witnessCount -= UInt32(share.count)
      record.evidence.cut(after: share.before, of: &record.graph[dependency])
    }
    for (index, addition) in inputEvidence.additions.enumerated() where isKept[index] {
      record.evidence.append(numbers[index], to: &record.graph[addition.dependency])
    }
  }

  /// - Complexity: that of a search for deadlocks in what the input added.
  private func selectAdditions(_ record: borrowing OrderRecord) -> [Bool] {
    // The input by itself.
    var own = copy record
    own.graph = LockOrderGraph()
    own.evidence = record.evidence.withoutEntries
    let ids = inputEvidence.additions.map { addition -> DependencyID? in
      let dependency = record.graph[addition.dependency]
      var entry = record.evidence[entry: addition.entry]
      if record.isVoid(entry) { return nil }
      guard let (id, _) = own.graph.add(from: dependency.from, to: dependency.to, kind: entry.kind)
      else { return nil }
      entry.next = EvidenceStore.none
      let number = own.evidence.addEntry(entry, after: EvidenceStore.none)
      own.evidence.append(number, to: &own.graph[id])
      return id
    }
    let deciding = InversionSearch.decidingWitnesses(
      of: own, limit: InputEvidence.inversionLimit)
    return zip(inputEvidence.additions, ids).map { addition, id in
      guard addition.isExtra else { return true }
      let entry = record.evidence[entry: addition.entry]
      return id.flatMap { deciding[$0] }?.contains {
        $0.record == entry.record && $0.source.position == entry.source.position
      } ?? false
    }
  }
}
