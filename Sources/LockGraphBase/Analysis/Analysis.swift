/// What came out of analysing a number of inputs.
public struct Analysis: Sendable {
  /// How much there was.
  public struct Summary: Sendable, Equatable {
    /// Events of all inputs.
    public var events: UInt64
    /// Threads that did something or were mentioned.
    public var threads: Int
    /// Lock instances that were used.
    public var locks: Int
    /// Lock classes, nesting levels counted apart.
    public var classes: Int
    /// Edges of the order graph.
    public var dependencies: Int
    /// Cycles that were found and are not listed, because their number is bounded.
    public var omittedFindings: Int
    /// Dependencies on strong cycles that no listed finding shows.
    public var uncoveredDependencies: Int
    /// Cycles and nestings of derived classes that no locks have: no findings, and counted.
    public var derivedCycles = 0
    /// What makes locks classes, the stated ones first; empty if no class is derived.
    public var classOrigins: [ClassOriginCount] = []

    package init(
      events: UInt64, threads: Int, locks: Int, classes: Int, dependencies: Int,
      omittedFindings: Int, uncoveredDependencies: Int, derivedCycles: Int = 0,
      classOrigins: [ClassOriginCount] = []
    ) {
      self.events = events
      self.threads = threads
      self.locks = locks
      self.classes = classes
      self.dependencies = dependencies
      self.omittedFindings = omittedFindings
      self.uncoveredDependencies = uncoveredDependencies
      self.derivedCycles = derivedCycles
      self.classOrigins = classOrigins
    }
  }

  /// In the order in which they were given.
  public var inputs: [TraceInput]
  /// How much there was, and what was left out of the findings.
  public var summary: Summary
  /// Sorted: what is worse and surer first, then by rule and classes.
  public var findings: [Finding]
  /// What still waits where the inputs end, by what it goes back to; the worst first. Inputs that
  /// are graph files and running programs do not tell.
  public var waiting: [WaitGroup] = []
  /// The order graph, for drawing.
  public var graph: OrderGraphSnapshot

  package init(
    inputs: [TraceInput], summary: Summary, findings: [Finding], waiting: [WaitGroup] = [],
    graph: OrderGraphSnapshot
  ) {
    self.inputs = inputs
    self.summary = summary
    self.findings = findings
    self.waiting = waiting
    self.graph = graph
  }
}
