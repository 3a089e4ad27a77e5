// Of each input's fork and join order, what its evidence needs.
//
// A node that no record is at is left out where that tells nothing: it comes after nothing that is
// kept, or after one node, whose place it then gives to that one; and a node that another
// predecessor comes after anyway is no predecessor. What remains depends on the order and the kept
// records alone, and leaving out more later gives what leaving it out at once would have given. Of
// two contents that have one input, both know the order of all records that are kept in the end.
extension GraphContent {
  mutating func reduceEpochs() {
    guard !epochs.isEmpty else { return }
    var kept: Set<UInt64> = []
    for record in records {
      kept.insert(Self.key(threads[Int(record.thread)].input, record.epoch))
    }
    epochs.sort { ($0.input, $0.source, $0.number) < ($1.input, $1.source, $1.number) }
    var reduction = EpochReduction(kept: kept)
    var reduced: [Epoch] = []
    var start = 0
    while start < epochs.count {
      let input = epochs[start].input
      var best: [Epoch]?
      while start < epochs.count, epochs[start].input == input {
        let source = epochs[start].source
        var end = start + 1
        while end < epochs.count, epochs[end].input == input, epochs[end].source == source {
          end += 1
        }
        let rows = reduction.reduced(epochs[start..<end])
        if best.map({ Self.precedes(rows, $0) }) ?? true { best = rows }
        start = end
      }
      reduced += best ?? []
    }
    epochs = reduced
  }

  /// They differ only where other versions made different contents of one input.
  private static func precedes(_ one: [Epoch], _ other: [Epoch]) -> Bool {
    one.lexicographicallyPrecedes(other) {
      ($0.number, $0.first, $0.second) < ($1.number, $1.first, $1.second)
    }
  }

  static func key(_ input: Row<Input>, _ number: UInt32) -> UInt64 {
    UInt64(input.number) << 32 | UInt64(number)
  }
}

private struct EpochReduction {
  /// Where records are that are kept, by input and number.
  let kept: Set<UInt64>
  /// How many nodes all searches together may look at; beyond, predecessors stay that others make
  /// needless.
  private var steps = 50_000_000

  init(kept: Set<UInt64>) { self.kept = kept }

  /// - Parameter rows: one content's rows of one input, by number.
  mutating func reduced(_ rows: ArraySlice<GraphContent.Epoch>) -> [GraphContent.Epoch] {
    let none = GraphContent.none
    /// What stands for a node that is left out, and the predecessors of one that is not.
    var standing: [UInt32: UInt32] = [:]
    var remaining: [UInt32: (first: UInt32, second: UInt32)] = [:]
    for row in rows {
      let isKept = kept.contains(GraphContent.key(row.input, row.number))
      func resolve(_ number: UInt32) -> UInt32 {
        guard number != none else { return none }
        if kept.contains(GraphContent.key(row.input, number)) { return number }
        return standing[number] ?? none
      }
      var (first, second) = (resolve(row.first), resolve(row.second))
      if first == none || second != none && second > first { swap(&first, &second) }
      if first == second || second != none && isBefore(second, first, remaining) { second = none }
      if isKept || second != none {
        standing[row.number] = row.number
        if first != none { remaining[row.number] = (first, second) }
      } else {
        standing[row.number] = first
      }
    }
    var isNeeded: Set<UInt32> = []
    var result: [GraphContent.Epoch] = []
    for row in rows.reversed() {
      guard let (first, second) = remaining[row.number],
        isNeeded.contains(row.number) || kept.contains(GraphContent.key(row.input, row.number))
      else { continue }
      isNeeded.insert(first)
      if second != none { isNeeded.insert(second) }
      result.append(
        GraphContent.Epoch(
          source: 0, input: row.input, number: row.number, first: first, second: second))
    }
    return result.reversed()
  }

  private mutating func isBefore(
    _ early: UInt32, _ late: UInt32, _ nodes: [UInt32: (first: UInt32, second: UInt32)]
  ) -> Bool {
    var visited: Set<UInt32> = [late]
    var pending = [late]
    while steps > 0, let number = pending.popLast() {
      steps -= 1
      guard let (first, second) = nodes[number] else { continue }
      for before in [first, second] where before != GraphContent.none && before >= early {
        if before == early { return true }
        if visited.insert(before).inserted { pending.append(before) }
      }
    }
    return false
  }
}
