/// Cycles of lock instances that the classes hide [semantics 7, 20]: nesting levels are classes of their own, so
/// two locks that are taken in both orders, each time the second at level 1, make no cycle of classes.
///
/// The instances' edges are the witnesses of the classes' ones. A cycle counts here if two edges of it meet at
/// one lock in different nesting levels; all others are cycles of classes too.
struct InstanceInversions {
  private struct Step {
    var dependency: DependencyID
    /// The classes' names, which the order of events does not touch.
    var names: [String]
    var candidate: CycleGrading.Candidate

    static func precedes(_ one: Step, _ other: Step) -> Bool {
      one.names != other.names
        ? one.names.lexicographicallyPrecedes(other.names)
        : one.candidate.entry.kind.rawValue < other.candidate.entry.kind.rawValue
    }
  }

  /// A cycle that is hidden, as the class-level edges it passes and their witnesses that fit it.
  struct Hidden {
    var dependencies: [DependencyID]
    var candidates: [[CycleGrading.Candidate]]
  }

  private(set) var cycles: [Hidden] = []

  /// - Complexity: O(witnesses) where nesting levels are used, nothing where they are not; plus the bounded
  ///   search for cycles.
  init(graph: LockOrderGraph, table: LockTable, grading: CycleGrading, limit: Int) {
    guard table.hasNestingLevels else { return }
    // Instances and edges between them in an order of names that the events' order does not touch.
    var steps: [UInt64: [Step]] = [:]
    for (number, dependency) in graph.dependencies.enumerated()
    where dependency.from != dependency.to {
      let names = [table.name(of: dependency.from), table.name(of: dependency.to)]
      for candidate in grading.candidates(of: dependency)
      where candidate.held.lock != candidate.record.wanted && !candidate.isStated {
        let key =
          UInt64(candidate.held.lock.rawValue) << 32 | UInt64(candidate.record.wanted.rawValue)
        steps[key, default: []].append(
          Step(dependency: DependencyID(UInt32(number)), names: names, candidate: candidate))
      }
    }
    var locks: [LockID] = []
    var seen: Set<UInt32> = []
    for key in steps.keys {
      for lock in [UInt32(truncatingIfNeeded: key >> 32), UInt32(truncatingIfNeeded: key)]
      where seen.insert(lock).inserted {
        locks.append(LockID(lock))
      }
    }
    let named = locks.map { (name: table.name(of: $0), input: table.locks[$0.index].input, id: $0) }
      .sorted {
        $0.name != $1.name
          ? $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
          : ($0.input, $0.id.rawValue) < ($1.input, $1.id.rawValue)
      }
    var rank: [UInt32: Int] = [:]
    for (position, lock) in named.enumerated() { rank[lock.id.rawValue] = position }
    var edges: [(edge: StrongCycleSearch.Edge, steps: [Step])] = steps.map { key, steps in
      let from = rank[UInt32(truncatingIfNeeded: key >> 32)]!
      let to = rank[UInt32(truncatingIfNeeded: key)]!
      let kinds = steps.reduce(into: DependencyKinds()) { $0.formUnion($1.candidate.entry.kind) }
      return (
        StrongCycleSearch.Edge(from: from, to: to, kinds: kinds), steps.sorted(by: Step.precedes)
      )
    }
    edges.sort { ($0.edge.from, $0.edge.to) < ($1.edge.from, $1.edge.to) }
    var search = StrongCycleSearch(
      classCount: named.count, edges: edges.map(\.edge), limit: Self.searched, work: 20_000_000)
    var known: Set<[UInt32]> = []
    for cycle in search.cover().cycles {
      guard cycles.count < limit, let hidden = Self.hidden(cycle.edges.map { edges[$0].steps }),
        known.insert(hidden.dependencies.map(\.rawValue)).inserted
      else { continue }
      cycles.append(hidden)
    }
  }

  /// How many cycles of instances are looked at.
  private static var searched: Int { 20_000 }

  /// One choice of steps that meets somewhere in different nesting levels and is strong, with all witnesses of
  /// the same classes; the cycle begins where its classes are least.
  private static func hidden(_ sides: [[Step]]) -> Hidden? {
    var chosen: [Step] = []

    func extend() -> Bool {
      if chosen.count == sides.count {
        return closes(chosen[chosen.count - 1], chosen[0])
          && chosen.indices.contains { number in
            let next = chosen[(number + 1) % chosen.count]
            return chosen[number].candidate.record.wantedClass != next.candidate.held.lockClass
          }
      }
      var tried: Set<UInt64> = []
      for step in sides[chosen.count] {
        let sort =
          UInt64(step.dependency.rawValue) << 8 | UInt64(step.candidate.entry.kind.rawValue)
        guard tried.insert(sort).inserted,
          chosen.last.map({ closes($0, step) }) ?? true
        else { continue }
        chosen.append(step)
        if extend() { return true }
        chosen.removeLast()
      }
      return false
    }
    guard sides.count <= 16, extend() else { return nil }
    let least = chosen.indices.min { one, other in
      rotation(chosen, one).lexicographicallyPrecedes(rotation(chosen, other))
    }!
    let order = (0..<chosen.count).map { (least + $0) % chosen.count }
    return Hidden(
      dependencies: order.map { chosen[$0].dependency },
      candidates: order.map { side in
        sides[side].filter { $0.dependency == chosen[side].dependency }.map(\.candidate)
      })
  }

  private static func rotation(_ steps: [Step], _ start: Int) -> [String] {
    (steps[start...] + steps[..<start]).flatMap(\.names)
  }

  private static func closes(_ one: Step, _ next: Step) -> Bool {
    one.candidate.entry.kind.mayPrecede(next.candidate.entry.kind)
  }
}
