import LockGraphEngine

/// What a picture shows, before anything is known of its form: classes, dependencies, sentences.
struct Drawing: Sendable {
  /// A node.
  struct LockClass: Sendable {
    var identifier: String
    /// The name as the graph has it, unbounded; empty for the remainder of a cycle.
    var name: String
    var kind: LockKind?
    /// Nil for classes that findings name and the graph does not have.
    var counts: (instances: Int, acquisitions: UInt64)?
    /// Lockdep's characters for its use in interrupts.
    var usage: String?
    /// How many classes of a cycle this node stands for, if it is no class itself.
    var standsFor: Int?
    /// The strongest finding about it, or with a drawn dependency from or to it.
    var emphasis: Emphasis = .context
    /// Findings about this class that have no dependency from or to it.
    var markers: [Marker] = []
    /// How many more of those there are.
    var furtherMarkers = 0
    /// The cycles through it.
    var findings = FindingNumbers()
    /// Another graph does not have it.
    var isNew = false
    /// What statistics say of it, if that is drawn.
    var weight: Weight?
    /// Set if it is no class but takes part in what still waits.
    var wait: Wait?
    var tooltip = ""

    /// From 0 for what weighs nothing to `ClassWeights.levels`.
    var weightLevel: Int { weight?.level ?? 0 }
  }

  /// How prominent a class is by its weight, and why.
  struct Weight: Sendable {
    var level: Int
    var words: String
    var details: [String]
  }

  /// What a node is that takes part in what still waits.
  enum WaitRole: String, Sendable {
    case thread
    case condition
  }

  /// What a line says of what still waits.
  enum WaitLine: String, Sendable {
    /// From who waits to what is waited for.
    case waits = "wait"
    /// From a lock to who has it.
    case held = "held-by"
  }

  /// A node that takes part in what still waits.
  struct Wait: Sendable {
    var role: WaitRole
    var words: String
    /// It is a thread of a circle.
    var isInCircle: Bool
  }

  /// A finding at a class that none of its dependencies joins.
  struct Marker: Sendable {
    var number: Int
    var rule: Rule
    var severity: Severity
  }

  /// An edge; `from` and `to` index `classes`.
  struct Dependency: Sendable {
    var identifier: String
    var from: Int
    var to: Int
    var kinds: DependencyKinds
    /// Nil for edges that lead to the remainder of a cycle or from it, and for those of interrupts.
    var count: UInt64?
    /// Set if no thread took it: what may come while `from` is held, and asks for `to`.
    var interrupt: InterruptContext?
    /// Set if it is no order but part of what still waits.
    var wait: WaitLine?
    /// It is part of a circle of threads that wait for each other.
    var isInCircle = false
    var emphasis: Emphasis
    var findings = FindingNumbers()
    /// Another graph does not have it.
    var isNew = false
    var tooltip = ""

    /// Only a writer that has the lock blocks it, so it looks different.
    var isRecursiveReadOnly: Bool { !kinds.isEmpty && kinds.isSubset(of: [.er, .sr]) }
    var isDashed: Bool { isRecursiveReadOnly || interrupt != nil }
  }

  /// How classes are arranged.
  enum Arrangement: Sendable {
    /// In layers, so that dependencies lead down.
    case layers
    /// In layers, so that dependencies lead to the right: for few broad layers.
    case sidewaysLayers
    /// By forces: for what is too much for layers.
    case forces
  }

  var classes: [LockClass] = []
  var dependencies: [Dependency] = []
  var arrangement = Arrangement.layers
  /// What the weights of classes mean, if they have some; for the legend.
  var weightExplanation: String?
  /// What was left out or reduced, one sentence each.
  var notes: [String] = []

  /// Whether dependencies off the cycles say their kinds and counts.
  var labelsContext: Bool { arrangement != .forces && dependencies.count <= 150 }
}
