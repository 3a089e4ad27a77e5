import Foundation
import Testing

/// How much a run of the tests takes on. `LOCKGRAPH_TESTS=all` in the environment, which
/// `make test-all` sets, asks for all of it; else it is a share that leaves time to run at each
/// change.
public enum TestTier {
  /// Whether everything is run, and nothing may be left out.
  public static let isAll = ProcessInfo.processInfo.environment["LOCKGRAPH_TESTS"] == "all"

  /// How many times as many random cases are run when all are.
  private static let factor = 10

  /// The seeds to run: a share, or as many again behind it until there are `factor` times as many.
  public static func seeds<Seed: FixedWidthInteger>(_ share: Range<Seed>) -> Range<Seed>
  where Seed.Stride: SignedInteger {
    guard isAll else { return share }
    return share.lowerBound..<share.lowerBound + (share.upperBound - share.lowerBound)
      * Seed(factor)
  }

  /// The positions to try of so many: some that are spread evenly, the first and the last among
  /// them, or all of them.
  public static func positions(_ all: ClosedRange<Int>, share: Int) -> [Int] {
    guard !isAll, all.count > share else { return Array(all) }
    return (0..<share).map { all.lowerBound + $0 * (all.count - 1) / (share - 1) }
  }

  /// Whether what a check needs is there. Where all tests are run it has to be.
  public static func has(
    _ isHere: Bool, _ need: String, sourceLocation: SourceLocation = #_sourceLocation
  ) -> Bool {
    if isAll && !isHere {
      Issue.record("\(MissingNeed(need: need))", sourceLocation: sourceLocation)
    }
    return isHere
  }
}

/// What the machine lacks in order to run a test.
struct MissingNeed: Error, CustomStringConvertible {
  var need: String
  var description: String { "\(need) is missing, and no test may be left out" }
}

extension Trait where Self == ConditionTrait {
  /// Leaves a test out where the machine lacks what it needs; where all tests are run that is a
  /// failure.
  public static func needs(
    _ need: String, _ isHere: @autoclosure @escaping @Sendable () throws -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> Self {
    .enabled("\(need) is missing", sourceLocation: sourceLocation) {
      let isHere = try isHere()
      if TestTier.isAll && !isHere { throw MissingNeed(need: need) }
      return isHere
    }
  }
}
