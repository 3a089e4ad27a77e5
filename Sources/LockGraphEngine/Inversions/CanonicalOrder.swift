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
    let used = isUsed.indices.filter { isUsed[$0] }.map { LockClassID(UInt32($0)) }
    var byName = ByteOrder()
    byName.reserve(used.count)
    for id in used { byName.add(table.uniqueName(of: id)) }
    classes = byName.sorted().map { used[$0] }
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
    dependencies.sort { $0.edge.ends < $1.edge.ends }
    loops.sort {
      rank[graph[$0].from.index] < rank[graph[$1].from.index]
    }
    self.rank = rank
  }

  /// Where each class stands, by its number.
  private(set) var rank: [Int] = []
}
