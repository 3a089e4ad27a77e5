/// What is new in an order graph, by positions in its tables.
public struct GraphNovelties: Sendable, Equatable {
  /// Positions among the graph's classes.
  public var classes: Set<Int>
  /// Positions among the graph's dependencies.
  public var dependencies: Set<Int>

  /// What is given is new.
  public init(classes: Set<Int>, dependencies: Set<Int>) {
    self.classes = classes
    self.dependencies = dependencies
  }
}

/// What of an order graph is drawn.
public struct PictureOptions: Sendable {
  /// The part of the graph to draw; a bound on classes and dependencies applies to each.
  public enum Scope: Sendable, Equatable {
    /// The classes of findings and their direct neighbours, most used first; without findings the
    /// whole graph if it is small, else its most used part.
    case findings
    /// Every class, as far as they can be drawn: findings first, then the most used ones.
    case all
    /// A class and those at most `depth` dependencies away from it, in either direction.
    case around(lockClass: String, depth: Int)
    /// One finding by its number in the report, from one: its classes and what joins them.
    case finding(Int)
  }

  /// The part of the graph to draw.
  public var scope: Scope = .findings

  /// What makes classes prominent beside findings; with it, `findings` has the heaviest classes
  /// too.
  public var weights: ClassWeights?

  /// What another graph does not have, to be marked; with it, `findings` has the new dependencies
  /// too.
  public var novelties: GraphNovelties?

  /// How many classes are drawn at most, at least 4; `nil` is as many as a reader can take in.
  public var maxClasses: Int?

  /// Whether orders say how locks were held and asked for, as `EN`, and classes how interrupts use
  /// them, in lockdep's characters.
  public var saysKinds = false

  /// What a PDF says of when it was made, in seconds since the beginning of 1970; `nil` is when it
  /// is made. Other formats do not say it.
  public var creationTime: Int64?

  /// Options that differ from the defaults in what is given.
  public init(
    scope: Scope = .findings, weights: ClassWeights? = nil, novelties: GraphNovelties? = nil,
    maxClasses: Int? = nil, saysKinds: Bool = false
  ) {
    self.scope = scope
    self.weights = weights
    self.novelties = novelties
    self.maxClasses = maxClasses
    self.saysKinds = saysKinds
  }
}
