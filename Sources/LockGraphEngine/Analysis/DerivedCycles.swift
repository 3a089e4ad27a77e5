/// The cycles and nestings that derived classes have and their locks do not [semantics 27].
struct DerivedCycles {
  /// More than that are not told apart.
  private static let limit = Limits.inversions

  /// The circles that locks have, by the classes they are put together as.
  private var circles: Set<[String]> = []
  private var dependencies: Set<[String]> = []

  /// Notes a cycle of the order of locks.
  mutating func note(_ inversion: Inversion, _ record: OrderRecord) {
    var names: [String] = []
    for side in inversion.sides {
      let dependency = record.graph[side.dependency]
      names.append(record.table.name(of: dependency.from))
      dependencies.insert([names[names.count - 1], record.table.name(of: dependency.to)])
    }
    circles.insert(Self.key(names))
  }

  /// - Parameters:
  ///   - record: with derived classes.
  ///   - order: its.
  /// - Complexity: O(classes + dependencies), plus a bounded amount of work for the cycles.
  func count(in record: OrderRecord, _ order: CanonicalOrder) -> Int {
    func isDerived(_ lockClass: LockClassID) -> Bool {
      record.table.origin(of: lockClass).isDerived
    }
    let nestings = order.loops.count { loop in
      let lockClass = record.graph[loop].from
      let name = record.table.name(of: lockClass)
      return isDerived(lockClass) && !record.table.nestsByInstance(lockClass)
        && !dependencies.contains([name, name])
    }
    var search = StrongCycleSearch(
      classCount: order.classes.count, edges: order.dependencies.map(\.edge), limit: Self.limit)
    let cover = search.cover()
    let cycles = cover.cycles.count { cycle in
      let classes = cycle.edges.map { Int(order.dependencies[$0].edge.from) }
      return classes.contains { isDerived(order.classes[$0]) }
        && !isKnown(classes.map { order.names[$0] })
    }
    return nestings + cycles + cover.omittedCycles
  }

  /// Of longer cycles not all are listed, so one is known too if each of its dependencies is on
  /// one.
  private func isKnown(_ names: [String]) -> Bool {
    if circles.contains(Self.key(names)) { return true }
    return names.count > 2
      && names.indices.allSatisfy {
        dependencies.contains([names[$0], names[($0 + 1) % names.count]])
      }
  }

  /// The circle from its least name, once where it goes round several times.
  private static func key(_ names: [String]) -> [String] {
    let count = names.count
    let period =
      (1...count).first { period in
        count % period == 0
          && names.indices.allSatisfy { names[$0] == names[($0 + period) % count] }
      } ?? count
    let once = Array(names.prefix(period))
    let start = leastRotation(of: once.count, { once[$0] }) {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    return Array(once[start...] + once[..<start])
  }
}
