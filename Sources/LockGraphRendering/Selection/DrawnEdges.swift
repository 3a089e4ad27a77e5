import LockGraphEngine

/// The dependencies between drawn classes: those of drawn findings, and the most used others.
struct DrawnEdges {
  struct Edge {
    var pair: DrawnPair
    var kinds: DependencyKinds
    var count: UInt64?
    var emphasis = Emphasis.context
    var numbers = FindingNumbers()
    /// What a finding says of it.
    var evidence: FindingEdge?
    /// Its position in the graph.
    var source: Int?
    /// Another graph does not have it.
    var isNew = false
  }

  /// What has to be drawn.
  private(set) var fixed: [Edge]
  /// What can be left out, most used first.
  private(set) var context: [Edge] = []
  /// Dependencies between drawn classes that were passed over.
  private(set) var omitted = 0

  private var fixedPositions: [DrawnPair: Int] = [:]

  init(_ selected: [FindingSelection.Edge]) {
    fixed = selected.map {
      Edge(
        pair: $0.pair, kinds: $0.evidence?.kinds ?? [], count: $0.evidence?.count,
        emphasis: $0.emphasis, numbers: $0.numbers, evidence: $0.evidence)
    }
    for (position, edge) in fixed.enumerated() { fixedPositions[edge.pair] = position }
  }

  /// Adds the dependencies between classes, and the graph's numbers to those that findings have.
  ///
  /// - Complexity: O(classes + dependencies).
  mutating func add(
    _ dependencies: [OrderGraphSnapshot.Dependency], between classes: [Int],
    reported: Set<DrawnPair>, classCount: Int, new: Set<Int>, newLimit: Int
  ) {
    var isDrawn = Array(repeating: false, count: classCount)
    for index in classes where index < classCount { isDrawn[index] = true }
    var mostUsed = GreatestElements<(count: UInt64, position: Int)>(
      DrawingLimits.reducibleDependencies
    ) { ($1.count, $0.position) < ($0.count, $1.position) }
    var candidates = 0
    var newCount = 0
    for (position, dependency) in dependencies.enumerated()
    where isDrawn[dependency.from] && isDrawn[dependency.to] {
      let pair = DrawnPair(from: .lockClass(dependency.from), to: .lockClass(dependency.to))
      if let known = fixedPositions[pair] {
        fixed[known].kinds = dependency.kinds
        fixed[known].count = dependency.count
        fixed[known].source = position
        fixed[known].isNew = new.contains(position)
      } else if reported.contains(pair) {
        omitted += 1
      } else if new.contains(position), newCount < newLimit {
        newCount += 1
        fixedPositions[pair] = fixed.count
        fixed.append(
          Edge(
            pair: pair, kinds: dependency.kinds, count: dependency.count, source: position,
            isNew: true))
      } else {
        candidates += 1
        mostUsed.insert((dependency.count, position))
      }
    }
    var seen: Set<DrawnPair> = []
    for (_, position) in mostUsed.sorted {
      let dependency = dependencies[position]
      let pair = DrawnPair(from: .lockClass(dependency.from), to: .lockClass(dependency.to))
      guard seen.insert(pair).inserted else { continue }
      context.append(
        Edge(
          pair: pair, kinds: dependency.kinds, count: dependency.count, source: position,
          isNew: new.contains(position)))
    }
    omitted += candidates - context.count
  }
}

/// The order in which dependencies on no cycle get their place.
enum ContextPriority {
  /// First the most used one of each class, so that no class is cut off, then the others; both most
  /// used first.
  static func sorted(
    _ edges: [DrawnEdges.Edge], nodeCount: Int,
    ends: (DrawnEdges.Edge) -> (from: Int, to: Int)
  ) -> [DrawnEdges.Edge] {
    var isAttached = Array(repeating: false, count: nodeCount)
    var first: [DrawnEdges.Edge] = []
    var others: [DrawnEdges.Edge] = []
    for edge in edges {
      let (from, to) = ends(edge)
      if isAttached[from], isAttached[to] {
        others.append(edge)
      } else {
        isAttached[from] = true
        isAttached[to] = true
        first.append(edge)
      }
    }
    return first + others
  }
}
