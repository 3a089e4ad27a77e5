import LockGraphEngine

/// What a team decided about its locks: `.lockgraph.yml`, version 1. `docs/policy.md` describes the
/// file.
public struct Policy: Sendable {
  /// The orders that are declared.
  public var order: DeclaredOrder
  /// For how long locks may be held and waited for.
  public var limits: DeclaredLimits
  /// What is let through, in the order of the file.
  public var ignores: [GateIgnore]
  /// From where on findings of a rule fail a gate.
  public var grades: [Rule: FailureGrade]

  /// Reads a policy's file; `-` is standard input.
  ///
  /// - Throws: what is wrong with it, with line and column.
  public init(contentsOf path: String) throws(TraceError) {
    try self.init(TextDocument(contentsOf: path, limit: Self.sizeLimit))
  }

  /// Reads a policy.
  ///
  /// - Parameter name: what it is called in messages.
  /// - Throws: what is wrong with it, with line and column.
  public init(bytes: [UInt8], name: String) throws(TraceError) {
    try self.init(TextDocument(name: name, bytes: bytes))
  }

  private static var sizeLimit: Int { 1 << 26 }

  private init(_ document: TextDocument) throws(TraceError) {
    self = try YAMLFile(document).read { (file) throws(TraceError) in
      try PolicyReader(file).read()
    }
    // Whatever classes there will be, the declarations themselves must not contradict each other.
    _ = try OrderCheck(order, classes: [])
  }

  init(
    order: DeclaredOrder, limits: DeclaredLimits, ignores: [GateIgnore],
    grades: [Rule: FailureGrade]
  ) {
    self.order = order
    self.limits = limits
    self.ignores = ignores
    self.grades = grades
  }

  /// The patterns of declared orders and limits that match no class of a graph, one line each: they
  /// are misspelled, or of what was not run.
  ///
  /// - Complexity: expected O(patterns + classes), and O(classes) for each with wildcards.
  public func unusedDeclarations(in graph: OrderGraphSnapshot) -> [String] {
    unusedDeclarations(in: graph, ofOrders: true, ofLimits: true)
  }

  /// The same of what is looked for.
  package func unusedDeclarations(
    in graph: OrderGraphSnapshot, ofOrders: Bool, ofLimits: Bool
  ) -> [String] {
    let patterns =
      (ofOrders ? order.declarations : []) + (ofLimits ? limits.entries.map(\.declared) : [])
    return order.unused(patterns, among: graph.classes.map(\.name))
  }

  /// Adds a finding to an analysis for each dependency that violates a declared order.
  ///
  /// - Parameter limit: how many are added at most.
  /// - Returns: how many more there are.
  /// - Throws: what is wrong with the policy, if a class of the analysis is declared both before
  ///   and after another.
  /// - Complexity: O(classes × wildcards + dependencies), and where a class is in several orders,
  ///   O(patterns) for each class.
  public func addViolations(
    to analysis: inout Analysis, limit: Int = .max
  ) throws(TraceError) -> Int {
    guard !order.isEmpty else { return 0 }
    let graph = analysis.graph
    var check = try OrderCheck(order, classes: graph.classes.map(\.name))
    return analysis.addDeclaredOrderFindings(limit: limit) { check.violation(by: $0) }
  }
}
