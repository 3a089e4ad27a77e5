/// Which locks of the classes that are judged by instance were nested in which, in one input
/// [semantics 7].
///
/// The classes' own dependencies keep a few witnesses, which is enough where one nesting is as good
/// as another. Here each pair of locks is an order of its own.
struct InstanceOrders {
  /// How many of one pair.
  static let pairLimit = 16

  /// Pairs (held, wanted), and where the numbers of their entries are.
  private var pairs = PairTable()
  private var entries: [[UInt32]] = []
  private var count = 0

  mutating func beginInput() {
    self = InstanceOrders()
  }

  var isFull: Bool { count >= OrderRecord.Bounds.instanceOrderLimit }

  /// The entries of the evidence that show the one lock held and the other asked for.
  func entries(held: LockID, wanted: LockID) -> [UInt32] {
    pairs.value(held.rawValue, wanted.rawValue).map { entries[Int($0)] } ?? []
  }

  mutating func add(_ entry: UInt32, held: LockID, wanted: LockID) {
    count += 1
    if let known = pairs.value(held.rawValue, wanted.rawValue) {
      entries[Int(known)].append(entry)
    } else {
      pairs.insert(held.rawValue, wanted.rawValue, value: UInt32(entries.count))
      entries.append([entry])
    }
  }
}

extension DependencyWriter {
  /// Adds a nesting of two locks of one class as a witness of the class's dependency on itself.
  ///
  /// - Complexity: expected O(1).
  mutating func addInstanceOrder(
    of acquisition: Acquisition, heldIndex: Int, kind: DependencyKinds, to edge: DependencyID,
    isNewKind: Bool, offer: inout EvidenceOffer, _ state: borrowing HeldState,
    _ record: inout OrderRecord
  ) {
    let thread = acquisition.thread.index
    let held = state.threads[thread].held.locks[heldIndex].lock
    let alike = instanceOrders.entries(held: held, wanted: acquisition.lock)
    for number in alike {
      let entry = record.evidence[entry: number]
      let known = record.evidence.records[Int(entry.record)]
      if entry.kind == kind, known.gates == offer.gates, known.origin == acquisition.origin,
        known.options.intersection(.evidence) == acquisition.options.intersection(.evidence),
        known.thread == acquisition.thread, known.epoch == state.threads[thread].epoch
      {
        return
      }
    }
    if !isNewKind {
      guard alike.count < InstanceOrders.pairLimit else {
        record.graph[edge].isEvidenceBounded = true
        return
      }
      guard !instanceOrders.isFull else {
        record.graph[edge].isEvidenceBounded = true
        record.bounds.instanceOrders = true
        return
      }
    }
    // What is beyond the common room stays until the input ends, and then only if it decides.
    let isExtra = Int(record.graph[edge].witnessCount) >= EvidenceStore.witnessLimit
    let entry = addEntry(
      of: acquisition, heldIndex: heldIndex, kind: kind, to: edge, isExtra: isExtra,
      offer: &offer, state, &record)
    instanceOrders.add(entry, held: held, wanted: acquisition.lock)
    journal?.nested.append(
      DependencyJournal.Nesting(
        lockClass: acquisition.lockClass, held: held, wanted: acquisition.lock))
  }
}
