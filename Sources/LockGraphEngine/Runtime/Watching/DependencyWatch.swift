/// Watches the order of classes as it grows, to tell when there is something to report.
///
/// It is asked about new dependencies alone, and looks at the rest of the graph only where one of
/// them closes a circle.
struct DependencyWatch {
  /// Something is there to report that was not there when this was last taken back.
  var hasNews = false
  private var order = TopologicalOrder()
  /// The dependencies that are in the order.
  private var known = PairSet()
  private var outgoing = OutgoingDependencies()
  private var instances = InstanceNews()
  /// Dependencies on strong circles; a new witness may make them surer.
  private var cyclic: Set<UInt32> = []
  /// The ends of dependencies that closed circles.
  private var circleEnds: [(from: LockClassID, to: LockClassID)] = []
  private var violationCount = 0
  private var deadlockCount = 0

  /// There are circles of classes, strong or not.
  var hasCircles: Bool { order.asideCount > 0 }

  /// Puts a dependency into the order before the graph has it.
  ///
  /// - Returns: false if it is new and closes a circle.
  mutating func closesNoCircle(from: LockClassID, to: LockClassID) -> Bool {
    !known.insert(from.rawValue, to.rawValue) || !order.add(from: from.index, to: to.index)
  }

  /// Notices violations and deadlocks that are new.
  mutating func count(violations: Int, deadlocks: Int) {
    if violations != violationCount || deadlocks != deadlockCount { hasNews = true }
    (violationCount, deadlockCount) = (violations, deadlocks)
  }

  /// Says once that nestings of instances are left out.
  mutating func sayBound() { instances.sayBound() }

  /// Notices whether what the last events changed is a reason to report.
  ///
  /// - Complexity: amortised that of adding to a topological order; where a circle closes, that of
  ///   a search for a strong one.
  mutating func look(
    at journal: borrowing DependencyJournal, in graph: borrowing LockOrderGraph,
    _ table: borrowing LockTable
  ) {
    for nesting in journal.nested {
      // Asked in any case: it puts the nesting into the order of locks. A circle of classes may be
      // one of locks with it.
      let closesCircle = instances.closesCircle(nesting)
      hasNews = hasNews || closesCircle || isOnCircle(nesting.lockClass)
    }
    for id in journal.grown { grow(id, in: graph) }
    // What lies on a circle with an edge that closed one is not all known; any witness may matter
    // then.
    if !cyclic.isEmpty {
      for id in journal.witnessed where !hasNews { hasNews = mayBeCyclic(id, in: graph) }
    }
    // Two locks that levels of one class tell apart may be taken in both orders: only an analysis
    // tells.
    for id in journal.witnessed where !hasNews { hasNews = Self.isWithinClass(graph[id], table) }
  }

  private mutating func grow(_ id: DependencyID, in graph: borrowing LockOrderGraph) {
    let edge = graph[id]
    let isNew =
      outgoing.add(id, from: edge.from) && known.insert(edge.from.rawValue, edge.to.rawValue)
    let isOnCircle =
      isNew
      ? order.add(from: edge.from.index, to: edge.to.index)
      : order.asideCount > 0 && order.leads(from: edge.to.index, to: edge.from.index)
    if isNew, isOnCircle { circleEnds.append((edge.from, edge.to)) }
    guard isOnCircle || edge.from == edge.to else { return }
    if graph.closesStrongCycle(id, successors: { outgoing.of($0) }) {
      cyclic.insert(id.rawValue)
      hasNews = true
    }
  }

  private static func isWithinClass(
    _ edge: LockOrderGraph.Dependency, _ table: borrowing LockTable
  ) -> Bool {
    let from = table.classes[edge.from.index].base ?? edge.from
    return from == table.classes[edge.to.index].base ?? edge.to
  }

  private mutating func isOnCircle(_ lockClass: LockClassID) -> Bool {
    circleEnds.contains {
      order.leads(from: $0.to.index, to: lockClass.index)
        && order.leads(from: lockClass.index, to: $0.from.index)
    }
  }

  private mutating func mayBeCyclic(
    _ id: DependencyID, in graph: borrowing LockOrderGraph
  ) -> Bool {
    let edge = graph[id]
    return cyclic.contains(id.rawValue) || edge.from == edge.to
      || order.leads(from: edge.to.index, to: edge.from.index)
  }
}

/// The dependencies that leave each class, linked.
private struct OutgoingDependencies {
  private static let end: Int32 = -1
  private static let absent: Int32 = -2
  private var first: [Int32] = []
  private var next: [Int32] = []

  /// True if the dependency is new.
  mutating func add(_ id: DependencyID, from lockClass: LockClassID) -> Bool {
    while next.count <= id.index { next.append(Self.absent) }
    guard next[id.index] == Self.absent else { return false }
    while first.count <= lockClass.index { first.append(Self.end) }
    next[id.index] = first[lockClass.index]
    first[lockClass.index] = Int32(id.index)
    return true
  }

  func of(_ lockClass: LockClassID) -> [DependencyID] {
    var result: [DependencyID] = []
    guard lockClass.index < first.count else { return result }
    var number = first[lockClass.index]
    while number >= 0 {
      result.append(DependencyID(UInt32(number)))
      number = next[Int(number)]
    }
    return result
  }
}
