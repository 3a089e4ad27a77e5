/// Cycles of lock instances that the classes hide [semantics 7, 20]: nesting levels are classes of
/// their own, so two locks that are taken in both orders, each time the second at level 1, make no
/// cycle of classes; and where a class is judged by instance, one of its locks inside another is
/// none.
///
/// The instances' edges are the witnesses of the classes' ones. A cycle counts here if two edges of
/// it meet at one lock in different nesting levels, or one of them nests two locks of a class that
/// is judged by instance; all others are cycles of classes too.
struct InstanceInversions {
  private struct Step {
    var dependency: DependencyID
    /// The classes' names, which the order of events does not touch.
    var names: [String]
    var candidate: CycleGrading.Candidate
    /// It nests two locks of a class.
    var isOfOneClass: Bool

    static func precedes(_ one: Step, _ other: Step) -> Bool {
      one.names != other.names
        ? one.names.lexicographicallyPrecedes(other.names)
        : one.candidate.entry.kind.rawValue < other.candidate.entry.kind.rawValue
    }
  }

  /// A cycle that is hidden, as the class-level edges it passes, and where it was seen.
  struct Hidden {
    var dependencies: [DependencyID]
    /// By which kinds it is strong.
    var kinds: [DependencyKinds]
    /// For each cycle of instances, the first ones of many, the witnesses of each edge that fit it.
    var occurrences: [[[CycleGrading.Candidate]]]
  }

  private(set) var cycles: [Hidden] = []
  /// How many there are beyond the limit.
  private(set) var omitted = 0
  /// There were more cycles of instances than are looked at.
  private(set) var isBounded = false

  /// - Parameter searched: how many cycles of instances of an input are looked at.
  /// - Complexity: O(witnesses) where nesting levels or classes that are judged by instance are
  ///   used, nothing where they are not; plus a bounded search for cycles in each input.
  init(
    graph: LockOrderGraph, table: LockTable, grading: CycleGrading, limit: Int,
    searched: Int = 20_000
  ) {
    guard table.hasNestingLevels || table.hasClassesByInstance else { return }
    var steps: [UInt64: [Step]] = [:]
    for (number, dependency) in graph.dependencies.enumerated()
    where dependency.from != dependency.to || table.nestsByInstance(dependency.from) {
      let names = [table.uniqueName(of: dependency.from), table.uniqueName(of: dependency.to)]
      for candidate in grading.candidates(of: dependency)
      where candidate.held.lock != candidate.record.wanted && !candidate.isStated {
        let key =
          UInt64(candidate.held.lock.rawValue) << 32 | UInt64(candidate.record.wanted.rawValue)
        steps[key, default: []].append(
          Step(
            dependency: DependencyID(UInt32(number)), names: names, candidate: candidate,
            isOfOneClass: dependency.from == dependency.to))
      }
    }
    // One for all that pass the same classes, with the strongest kinds.
    var known: [[String]: [[Step]]] = [:]
    // Inputs share no instances, and what is found in one must not depend on the others.
    let inputs = Dictionary(grouping: steps) {
      table.locks[Int($0.key >> 32)].input
    }
    for (_, steps) in inputs.sorted(by: { $0.key < $1.key }) {
      search(steps, table: table, limit: searched) { hidden in
        let names = hidden.flatMap(\.names)
        guard let others = known[names], !Self.isStronger(hidden, than: others[0]) else {
          known[names] = [hidden]
          return
        }
        guard !Self.isStronger(others[0], than: hidden), others.count < Self.occurrenceLimit else {
          return
        }
        known[names]!.append(hidden)
      }
    }
    let found = known.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    omitted = max(0, found.count - limit)
    cycles = found.prefix(limit).map { _, occurrences in
      Hidden(
        dependencies: occurrences[0].map(\.dependency),
        kinds: occurrences[0].map(\.candidate.entry.kind),
        occurrences: occurrences.map { chosen in
          chosen.map { next in
            (steps[Self.key(next)] ?? [])
              .filter { $0.dependency == next.dependency }.map(\.candidate)
          }
        })
    }
  }

  /// Looks for the hidden cycles of one input.
  private mutating func search(
    _ steps: [(key: UInt64, value: [Step])], table: LockTable, limit: Int,
    _ found: ([Step]) -> Void
  ) {
    // Instances and edges between them in an order of names that the events' order does not touch.
    let locks = Set(
      steps.flatMap {
        [UInt32(truncatingIfNeeded: $0.key >> 32), UInt32(truncatingIfNeeded: $0.key)]
      })
    let named = locks.map { (name: table.name(of: LockID($0)), number: $0) }
      .sorted {
        $0.name != $1.name
          ? $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) : $0.number < $1.number
      }
    var rank: [UInt32: Int] = [:]
    for (position, lock) in named.enumerated() { rank[lock.number] = position }
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
      classCount: named.count, edges: edges.map(\.edge), limit: limit, work: 20_000_000)
    let cover = search.cover()
    if cover.omittedCycles > 0 || cover.uncoveredEdges > 0 { isBounded = true }
    for cycle in cover.cycles {
      if let hidden = Self.hidden(cycle.edges.map { edges[$0].steps }) { found(hidden) }
    }
  }

  /// How long cycles of instances are for which the strongest kinds are looked for.
  private static var longest: Int { 64 }
  /// How many of those that pass the same classes are graded.
  private static var occurrenceLimit: Int { 64 }

  private static func key(_ step: Step) -> UInt64 {
    UInt64(step.candidate.held.lock.rawValue) << 32 | UInt64(step.candidate.record.wanted.rawValue)
  }

  /// One choice of steps that meets somewhere in different nesting levels and is strong, going
  /// round from where its classes are least and in its strongest kinds.
  private static func hidden(_ sides: [[Step]]) -> [Step]? {
    guard let chosen = walk(sides) else { return nil }
    guard sides.count <= longest else {
      let start = leastRotation(of: chosen.count, { chosen[$0].names }) {
        $0.lexicographicallyPrecedes($1)
      }
      return Array(chosen[start...] + chosen[..<start])
    }
    let rotated = { (start: Int) in Array(chosen[start...] + chosen[..<start]) }
    let least = chosen.indices.map { rotated($0).flatMap(\.names) }
      .min { $0.lexicographicallyPrecedes($1) }!
    var best: [Step]?
    for start in chosen.indices where rotated(start).flatMap(\.names) == least {
      let sides = chosen.indices.map { offset -> [Step] in
        let side = (start + offset) % chosen.count
        return sides[side].filter { $0.dependency == chosen[side].dependency }
      }
      if let found = walk(sides), best.map({ isStronger(found, than: $0) }) ?? true {
        best = found
      }
    }
    return best
  }

  /// One order of kinds is as good as another, as long as it is one.
  private static func isStronger(_ one: [Step], than other: [Step]) -> Bool {
    one.map(\.candidate.entry.kind.rawValue).lexicographicallyPrecedes(
      other.map(\.candidate.entry.kind.rawValue))
  }

  /// Chooses a step a side: a walk over (step, whether something hid the cycle before), side by
  /// side, from every first step.
  private static func walk(_ sides: [[Step]]) -> [Step]? {
    let choices = sides.map { side -> [Step] in
      var seen: Set<UInt64> = []
      return side.filter {
        seen.insert(UInt64($0.dependency.rawValue) << 8 | UInt64($0.candidate.entry.kind.rawValue))
          .inserted
      }
    }
    func differ(_ one: Step, _ next: Step) -> Bool {
      one.isOfOneClass || one.candidate.record.wantedClass != next.candidate.held.lockClass
    }
    for first in choices[0] {
      // For each side the states that are reached, with the state before.
      var layers: [[(step: Step, differs: Bool, before: Int)]] = [[(first, false, -1)]]
      for side in choices.dropFirst() {
        var layer: [(step: Step, differs: Bool, before: Int)] = []
        for step in side {
          for differs in [false, true] {
            guard
              let before = layers[layers.count - 1].firstIndex(where: {
                closes($0.step, step) && ($0.differs || differ($0.step, step)) == differs
              })
            else { continue }
            layer.append((step, differs, before))
          }
        }
        layers.append(layer)
      }
      guard
        var state = layers[layers.count - 1].firstIndex(where: {
          closes($0.step, first) && ($0.differs || differ($0.step, first))
        })
      else { continue }
      var chosen: [Step] = []
      for layer in layers.reversed() {
        chosen.append(layer[state].step)
        state = layer[state].before
      }
      return chosen.reversed()
    }
    return nil
  }

  private static func closes(_ one: Step, _ next: Step) -> Bool {
    one.candidate.entry.kind.mayPrecede(next.candidate.entry.kind)
  }
}
