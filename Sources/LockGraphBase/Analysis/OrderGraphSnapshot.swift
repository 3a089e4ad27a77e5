/// The order graph of an analysis, for those who draw or count it.
///
/// Classes and dependencies are sorted by name, so the same events give the same snapshot in
/// whatever order they came.
public struct OrderGraphSnapshot: Sendable {
  /// A node.
  public struct LockClass: Sendable, Equatable {
    /// `name`, or `name/N` for nesting level N.
    public var name: String
    /// What the class's locks are, if the trace says so.
    public var kind: LockKind?
    /// How many lock instances belong to it.
    public var instances: Int
    /// How often a lock of it was taken or asked for.
    public var acquisitions: UInt64
    /// How it is used in hardirqs and softirqs, in lockdep's four characters such as `-.+.`; `nil`
    /// where no class of the graph is used in either.
    public var usage: String?
    /// What makes locks this class.
    package var origin = ClassOrigin.stated

    package init(
      name: String, kind: LockKind? = nil, instances: Int, acquisitions: UInt64,
      usage: String? = nil, origin: ClassOrigin = ClassOrigin.stated
    ) {
      self.name = name
      self.kind = kind
      self.instances = instances
      self.acquisitions = acquisitions
      self.usage = usage
      self.origin = origin
    }
  }

  /// An edge. `from` and `to` index `classes`.
  public struct Dependency: Sendable, Equatable {
    /// The class that was held.
    public var from: Int
    /// The class that was asked for.
    public var to: Int
    /// Every kind it was seen with; empty if the inputs state it without.
    public var kinds: DependencyKinds
    /// How many acquisitions established it; zero if the inputs state it and no event was seen.
    public var count: UInt64
    /// False if the inputs state only that the one was taken while the other was held, perhaps by a
    /// try.
    public var isOrder = true
    /// Key for `witnesses(of:)`.
    package var id: UInt32

    package init(
      from: Int, to: Int, kinds: DependencyKinds, count: UInt64, isOrder: Bool = true, id: UInt32
    ) {
      self.from = from
      self.to = to
      self.kinds = kinds
      self.count = count
      self.isOrder = isOrder
      self.id = id
    }
  }

  /// The nodes, sorted by name.
  public var classes: [LockClass]
  /// The edges, sorted by the classes they join.
  public var dependencies: [Dependency]
  /// The witnesses of a dependency's `id`, the first ones up to a number.
  package var evidence: @Sendable (_ id: UInt32, _ limit: Int) -> [Witness]

  /// The input, by its number, and the line or event that established a dependency's `id` first,
  /// without what else a witness tells; `nil` where nothing tells it.
  package var firstEvent: (@Sendable (_ id: UInt32) -> (input: UInt32, line: UInt64)?)?

  /// Who established a dependency: the first occurrence of each kind, and further ones up to a
  /// bound.
  ///
  /// - Complexity: O(witnesses × locks held).
  public func witnesses(of dependency: Dependency) -> [Witness] { evidence(dependency.id, .max) }

  /// The first one of them.
  ///
  /// - Complexity: O(locks held), and of a dependency that inputs state too, O(statements before
  ///   it).
  public func firstWitness(of dependency: Dependency) -> Witness? {
    evidence(dependency.id, 1).first
  }

  /// Whether nothing states the class of one of its sides.
  package func isUnstated(_ dependency: Dependency) -> Bool {
    classes[dependency.from].origin != .stated || classes[dependency.to].origin != .stated
  }

  package init(
    classes: [LockClass], dependencies: [Dependency],
    evidence: @escaping @Sendable (_ id: UInt32, _ limit: Int) -> [Witness]
  ) {
    self.classes = classes
    self.dependencies = dependencies
    self.evidence = evidence
  }
}
