/// What the loops around a failing expectation are at.
public enum TestContext {
  @TaskLocal static var labels: [String] = []

  /// Give it to `#expect` as its comment.
  public static var description: String { labels.joined(separator: ", ") }
}

/// Runs a body for each value and keeps a note of it for failures inside.
public func withEvery<Values: Sequence>(
  _ label: String, in values: Values, _ body: (Values.Element) throws -> Void
) rethrows {
  for value in values {
    try TestContext.$labels.withValue(TestContext.labels + ["\(label): \(value)"]) {
      try body(value)
    }
  }
}

/// Runs a body with a generator for each of a number of seeds, and keeps a note of the seed. Where
/// all tests are run there are more of them.
public func withSeeds(
  _ seeds: Range<UInt64>, _ body: (inout SeededGenerator) throws -> Void
) rethrows {
  try withEvery("seed", in: TestTier.seeds(seeds)) { seed in
    var generator = SeededGenerator(seed: seed)
    try body(&generator)
  }
}

/// All sequences of a length over some values.
public func sequences<Value>(of values: [Value], length: Int) -> [[Value]] {
  (0..<length).reduce([[]]) { sequences, _ in
    sequences.flatMap { sequence in values.map { sequence + [$0] } }
  }
}

/// All orders of some values.
public func permutations<Value>(of values: [Value]) -> [[Value]] {
  guard !values.isEmpty else { return [[]] }
  return values.indices.flatMap { index -> [[Value]] in
    var rest = values
    let first = rest.remove(at: index)
    return permutations(of: rest).map { [first] + $0 }
  }
}
