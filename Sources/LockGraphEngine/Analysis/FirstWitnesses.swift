extension EvidenceResolver {
  /// One that knows the first witness of each dependency and no other, for graphs that wait to be
  /// compared.
  ///
  /// - Parameter graph: its dependencies lead to the first ones afterwards.
  /// - Complexity: O(dependencies × locks held).
  func keepingFirstWitnesses(of graph: inout LockOrderGraph) -> EvidenceResolver {
    var kept = EvidenceStore(places: evidence.places)
    var locks = LockSelection(table)
    var records: [UInt32: UInt32] = [:]
    for number in graph.dependencies.indices {
      let id = DependencyID(UInt32(number))
      guard var entry = evidence.entries(of: graph[id], limit: 1).first else { continue }
      if let known = records[entry.record] {
        entry.record = known
      } else {
        var record = evidence.records[Int(entry.record)]
        let holding = evidence.heldRecords(record).map { locks.renumbered($0) }
        record.wanted = locks.number(of: record.wanted)
        let new = kept.add(record, holding: holding)
        records[entry.record] = new
        entry.record = new
      }
      entry.source = locks.renumbered(entry.source)
      entry.next = EvidenceStore.none
      graph[id].firstWitness = kept.addEntry(entry, after: EvidenceStore.none)
      graph[id].lastWitness = graph[id].firstWitness
    }
    return keeping(table.keeping(locks.kept), kept)
  }
}

/// The locks that are kept of a table, and what their numbers are then.
private struct LockSelection {
  private(set) var kept: [LockID] = []
  private var numbers: [LockID?]

  init(_ table: LockTable) { numbers = Array(repeating: nil, count: table.locks.count) }

  mutating func number(of lock: LockID) -> LockID {
    if let known = numbers[lock.index] { return known }
    let new = LockID(UInt32(kept.count))
    kept.append(lock)
    numbers[lock.index] = new
    return new
  }

  mutating func renumbered(_ held: EvidenceStore.HeldRecord) -> EvidenceStore.HeldRecord {
    var held = held
    held.lock = number(of: held.lock)
    return held
  }
}
