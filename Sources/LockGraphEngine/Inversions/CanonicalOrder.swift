/// Classes and dependencies in the order of the classes' names, which the order of events does not
/// touch.
struct CanonicalOrder {
  /// The classes that are in use, by name.
  private(set) var classes: [LockClassID] = []
  private(set) var names: [String] = []
  /// Dependencies between different classes, sorted by (from, to) in that order.
  private(set) var dependencies: [(edge: StrongCycleSearch.Edge, id: DependencyID)] = []
  /// Dependencies of a class on itself, in the same order.
  private(set) var loops: [DependencyID] = []
  /// Dependencies that are stated and prove no order; they are drawn and not searched.
  private(set) var nestings: [DependencyID] = []

  /// - Parameter ofDependenciesAlone: without classes that have no dependencies.
  init(table: LockTable, graph: LockOrderGraph, ofDependenciesAlone: Bool = false) {
    var isUsed = table.classes.map {
      !ofDependenciesAlone && ($0.instances > 0 || $0.acquisitions > 0 || $0.isListed)
    }
    for dependency in graph.dependencies {
      isUsed[dependency.from.index] = true
      isUsed[dependency.to.index] = true
    }
    let named = isUsed.indices.filter { isUsed[$0] }.map {
      (name: table.uniqueName(of: LockClassID(UInt32($0))), id: LockClassID(UInt32($0)))
    }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    classes = named.map(\.id)
    names = classes.map { table.name(of: $0) }
    var rank = [Int](repeating: 0, count: table.classes.count)
    for (position, id) in classes.enumerated() { rank[id.index] = position }
    for (number, dependency) in graph.dependencies.enumerated() {
      let id = DependencyID(UInt32(number))
      if dependency.basis == .statedNesting {
        nestings.append(id)
      } else if dependency.from == dependency.to {
        // Readers that nest in readers are evidence at most.
        if dependency.kinds != .sr { loops.append(id) }
      } else {
        dependencies.append(
          (
            StrongCycleSearch.Edge(
              from: rank[dependency.from.index], to: rank[dependency.to.index],
              kinds: dependency.kinds), id
          ))
      }
    }
    dependencies.sort { ($0.edge.from, $0.edge.to) < ($1.edge.from, $1.edge.to) }
    loops.sort {
      rank[graph[$0].from.index] < rank[graph[$1].from.index]
    }
    self.rank = rank
  }

  /// Where each class stands, by its number.
  private(set) var rank: [Int] = []
}
