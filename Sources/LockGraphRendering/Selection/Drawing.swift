import LockGraphEngine

/// What a picture shows, before anything is known of its form: classes, dependencies, sentences.
struct Drawing: Sendable {
  /// A node.
  struct LockClass: Sendable {
    var identifier: String
    /// The name as the graph has it, unbounded; empty for the remainder of a cycle.
    var name: String
    /// The name as its node has it, which no other name in the drawing has.
    var label = ""
    var kind: LockKind?
    /// Nil for classes that findings name and the graph does not have.
    var counts: (instances: Int, acquisitions: UInt64)?
    /// Lockdep's characters for its use in interrupts, if they are to be shown.
    var usage: String?
    /// The same in words, as far as interrupts take it, and in all.
    var contexts: (shown: [String], all: [String]) = ([], [])
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
    /// Set if it is no class but takes part in what still waits or happened.
    var wait: Wait?
    var tooltip = ""

    /// It says of how many locks it is, and how often they were taken.
    var saysCount: Bool { counts.map { $0.instances > 0 || $0.acquisitions > 0 } ?? false }

    /// It is a thread that waits, or what it waits for.
    var isWaiting: Bool { wait?.isWaiting ?? false }

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

  /// A node that takes part in what still waits, or did something that a finding is about.
  struct Wait: Sendable {
    var role: WaitRole
    /// The input it is of.
    var input: String
    /// A line each.
    var words: [String]
    /// It is a thread of a circle.
    var isInCircle: Bool
    /// Otherwise it is a thread that did something in a finding that is no cycle.
    var isWaiting = true
  }

  /// A finding at a class that none of its dependencies joins.
  struct Marker: Sendable {
    var number: Int
    var rule: Rule
    var severity: Severity
  }

  /// Where a lock was held that another one was asked for under, and where that was.
  struct Place: Sendable, Equatable {
    var held: String?
    var wanted: String?

    /// Short places; nil if neither is known.
    init?(held: String?, wanted: String?) {
      guard held != nil || wanted != nil else { return nil }
      self.held = held.map(PlaceText.short)
      self.wanted = wanted.map(PlaceText.short)
    }

    var text: String { lines.joined(separator: " ") }

    /// The same in two lines, if there are two places.
    var lines: [String] {
      switch (held, wanted) {
      case (let held?, let wanted?): held == wanted ? [held] : ["\(held) →", wanted]
      case (let held?, nil): ["\(held) →"]
      case (nil, let wanted?): ["→ \(wanted)"]
      case (nil, nil): []
      }
    }
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
    /// It is no order but what a thread did to a lock, in a finding that is no cycle.
    var isEvent = false
    /// What it says of itself, if it is no order; a line each.
    var words: [String] = []
    /// Where the order was established, or the event was.
    var place: Place?
    var emphasis: Emphasis
    var findings = FindingNumbers()
    /// Another graph does not have it.
    var isNew = false
    var tooltip = ""

    /// Only a writer that has the lock blocks it, so it looks different.
    var isRecursiveReadOnly: Bool { !kinds.isEmpty && kinds.isSubset(of: [.er, .sr]) }
    var isDashed: Bool { isRecursiveReadOnly || interrupt != nil }
    /// Some thread held the one and asked for the other.
    var isOrder: Bool { interrupt == nil && wait == nil && !isEvent }
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
  /// How many findings are drawn and how another one can be, if one is not.
  var omittedFindings: String?

  /// Whether orders say their kinds, and classes lockdep's characters.
  var saysKinds = false

  /// Gives each class and thread a label that no other one has.
  mutating func label() {
    let labels = DistinctLabels.labels(of: classes.map(\.name), limit: DrawingStyle.labelLimit)
    for (position, label) in labels.enumerated() { classes[position].label = label }
    let threads = Dictionary(
      grouping: classes.indices.filter { classes[$0].wait != nil }, by: { classes[$0].name })
    for namesakes in threads.values where namesakes.count > 1 {
      let inputs = DistinctLabels.labels(
        of: namesakes.map { classes[$0].wait?.input ?? "" }, limit: DrawingStyle.labelLimit)
      for (position, input) in zip(namesakes, inputs) {
        classes[position].wait?.words.insert("in \(input)", at: 0)
      }
    }
  }

  /// What there is to see, in a sentence.
  var summary: String {
    let nodes = classes.filter { $0.wait == nil && $0.standsFor == nil }
    let numbers = Set(dependencies.flatMap(\.findings.kept) + classes.flatMap(\.findings.kept))
      .union(nodes.flatMap { $0.markers.map(\.number) })
    let parts = [
      Counted.grouped(nodes.count, "class", "classes"),
      Counted.grouped(dependencies.count(where: \.isOrder), "order", "orders"),
      Counted.grouped(numbers.count, "finding", "findings"),
    ]
    return parts.joined(separator: ", ") + "."
  }

  /// Whether orders off the cycles say how often they were taken.
  var labelsContext: Bool { arrangement != .forces && dependencies.count <= 150 }
  /// Whether they say their places too, which need more room.
  var labelsContextPlaces: Bool { arrangement != .forces && dependencies.count <= 16 }
}
