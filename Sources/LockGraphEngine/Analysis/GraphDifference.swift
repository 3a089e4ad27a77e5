/// What one analysis has and another has not: classes and dependencies by names, findings by
/// fingerprints.
public struct GraphDifference: Sendable {
  /// A dependency that only one of the two has.
  public struct Dependency: Sendable, Equatable {
    /// The class that was held.
    public var from: String
    /// The class that was asked for.
    public var to: String
    /// Every kind it was seen with; empty if the inputs state it without.
    public var kinds: DependencyKinds
    /// How many acquisitions established it.
    public var count: UInt64
    /// Its position in its graph.
    public var position: Int
  }

  /// What is there on one side alone, in the order of names, and of findings in that of reports.
  public struct Side: Sendable {
    /// Positions in the side's graph, beside what they stand for.
    public var classes: [(position: Int, lockClass: OrderGraphSnapshot.LockClass)] = []
    /// Dependencies.
    public var dependencies: [Dependency] = []
    /// Findings.
    public var findings: [Finding] = []
    fileprivate let graph: OrderGraphSnapshot

    fileprivate init(_ graph: OrderGraphSnapshot) { self.graph = graph }

    /// The first acquisition that established a dependency of this side.
    ///
    /// - Complexity: that of `OrderGraphSnapshot.firstWitness(of:)`.
    public func witness(of dependency: Dependency) -> Witness? {
      graph.firstWitness(of: graph.dependencies[dependency.position])
    }

    /// There is nothing.
    public var isEmpty: Bool { classes.isEmpty && dependencies.isEmpty && findings.isEmpty }
  }

  /// What the old one has and the new one has not.
  public private(set) var gone: Side
  /// What the new one has and the old one has not.
  public private(set) var new: Side
  /// What both have, and the new one is surer or less sure of, in the order of the new report.
  public private(set) var regraded: [Regraded]

  /// A finding of both sides that differs in its grade.
  public struct Regraded: Sendable {
    /// As it was.
    public var old: Finding
    /// As it is now.
    public var new: Finding
  }

  /// Compares two analyses.
  ///
  /// - Complexity: O(classes + dependencies + findings) of both.
  public init(from old: Analysis, to new: Analysis) {
    gone = Self.side(of: old, without: new)
    self.new = Self.side(of: new, without: old)
    let known = Dictionary(
      old.findings.map { ($0.fingerprint, $0) }, uniquingKeysWith: { one, _ in one })
    regraded = new.findings.compactMap { finding in
      guard let before = known[finding.fingerprint], before.confidence != finding.confidence else {
        return nil
      }
      return Regraded(old: before, new: finding)
    }
  }

  /// Nothing differs.
  public var isEmpty: Bool { gone.isEmpty && new.isEmpty && regraded.isEmpty }

  private static func side(of one: Analysis, without other: Analysis) -> Side {
    var side = Side(one.graph)
    var numbers: [String: Int] = [:]
    for (number, lockClass) in other.graph.classes.enumerated() { numbers[lockClass.name] = number }
    for (position, lockClass) in one.graph.classes.enumerated() where numbers[lockClass.name] == nil
    {
      side.classes.append((position, lockClass))
    }
    var known: Set<UInt64> = []
    for dependency in other.graph.dependencies { known.insert(key(dependency.from, dependency.to)) }
    for (position, dependency) in one.graph.dependencies.enumerated() {
      let from = one.graph.classes[dependency.from].name
      let to = one.graph.classes[dependency.to].name
      if let from = numbers[from], let to = numbers[to], known.contains(key(from, to)) { continue }
      side.dependencies.append(
        Dependency(
          from: from, to: to, kinds: dependency.kinds, count: dependency.count, position: position))
    }
    let fingerprints = Set(other.findings.map(\.fingerprint))
    side.findings = one.findings.filter { !fingerprints.contains($0.fingerprint) }
    return side
  }

  private static func key(_ from: Int, _ to: Int) -> UInt64 { UInt64(from) << 32 | UInt64(to) }
}
