/// Finds the strong cycles of an order graph: [semantics 4 and 20].
///
/// A path is strong if no edge that ends in a recursive read (R) is followed by one that starts
/// with a shared hold (S); the theory is that of the kernel's lockdep-design document. The search
/// therefore runs over states (class, arrived only by recursive read):
///
/// 1. From (u, N) an edge may be used in any of its kinds, from (u, R) only in those that start
///    exclusive. It leads to (v, N) if a usable kind ends non-recursive, else to (v, R). N allows
///    all that R does, so there is at most one successor an edge and state.
/// 2. The strong closed walks are the closed walks of this state graph, so an edge lies on one only
///    if it runs inside a strongly connected component of states (Tarjan, linear time).
/// 3. Every pair of edges u -> v -> u that is strong is a cycle of two classes.
/// 4. The other edges inside components are taken by the length of the shortest cycle through them,
///    found by breadth-first search from their end; a cycle that is taken covers all its edges. The
///    states from which one edge leads back to the beginning are marked before, so that the last
///    step, which would be most of the work, is a look at the marks.
///    Edges that meet at a class with one way in and one way out are on the same cycles and are
///    searched once.
///
/// Edges come in sorted by class names, and everything follows their order, so the order of events
/// decides nothing. Work and number of cycles are bounded and what that leaves is counted.
package struct StrongCycleSearch {
  package struct Edge: Sendable {
    package var from: Int32
    package var to: Int32
    package var kinds: DependencyKinds

    package init(from: Int, to: Int, kinds: DependencyKinds) {
      self.from = Int32(from)
      self.to = Int32(to)
      self.kinds = kinds
    }

    /// What edges are sorted by.
    var ends: UInt64 {
      UInt64(UInt32(bitPattern: from)) << 32 | UInt64(UInt32(bitPattern: to))
    }
  }

  package let edges: [Edge]
  /// Where the edges that leave a class begin.
  private let starts: [Int32]
  private let classCount: Int
  private let limit: Int
  private var remainingWork: Int

  /// - Parameters:
  ///   - edges: sorted by (from, to), without duplicates and without loops.
  ///   - limit: how many cycles are listed.
  ///   - work: how many edges the searches of step 4 may look at.
  package init(classCount: Int, edges: [Edge], limit: Int, work: Int = 400_000_000) {
    self.edges = edges
    self.classCount = classCount
    self.limit = limit
    remainingWork = work
    var starts = [Int32](repeating: 0, count: classCount + 1)
    for edge in edges { starts[Int(edge.from) + 1] += 1 }
    for index in 1..<(classCount + 1) where classCount > 0 { starts[index] += starts[index - 1] }
    self.starts = starts
    visited = [Int32](repeating: 0, count: classCount * 2)
    arrival = [Int32](repeating: -1, count: classCount * 2)
    parent = [Int32](repeating: -1, count: classCount * 2)
    closing = [Int32](repeating: -1, count: classCount * 2)
  }

  // States: 2 × class, plus 1 if the class was reached only by recursive reads.
  private var visited: [Int32]
  private var visit: Int32 = 0
  /// The edge by which a state was reached in the running search.
  private var arrival: [Int32]
  /// The state before it, or -1.
  private var parent: [Int32]
  private var frontier: [Int32] = []
  private var nextFrontier: [Int32] = []
  /// The edge that leads from a state back to where a search began, or -1.
  private var closing: [Int32]
  /// The states that have one, and what they are for.
  private var closingStates: [Int32] = []
  private var closingTarget = -1
  private var closingIsRecursiveOnly = false
  /// The edges by the class that they lead to, and where those of each begin.
  private var incoming: [Int32] = []
  private var incomingStarts: [Int32] = []

  /// The state that an edge leads to from a state, if it may be used there.
  @inline(__always)
  static func successor(_ edge: Edge, isRecursiveOnly: Bool) -> Int? {
    let usable = isRecursiveOnly ? edge.kinds.intersection(.startingExclusive) : edge.kinds
    guard !usable.isEmpty else { return nil }
    return Int(edge.to) * 2 + (usable.isDisjoint(with: .endingNonRecursive) ? 1 : 0)
  }

  /// - Complexity: O(classes + edges) plus the bounded work.
  package mutating func cover() -> StrongCycleCover {
    var cover = StrongCycleCover(cycles: [], omittedCycles: 0, uncoveredEdges: 0)
    let component = StateComponents(classCount: classCount, edges: edges, starts: starts).component
    // Bit 0: the edge is on a closed walk when its class was reached non-recursively; bit 1: when
    // not.
    var isCyclic = [UInt8](repeating: 0, count: edges.count)
    var cyclicEdges: [Int] = []
    for (number, edge) in edges.enumerated() {
      for recursive in 0...1 {
        guard let next = Self.successor(edge, isRecursiveOnly: recursive == 1),
          component[Int(edge.from) * 2 + recursive] == component[next]
        else { continue }
        isCyclic[number] |= 1 << UInt8(recursive)
      }
      if isCyclic[number] != 0 { cyclicEdges.append(number) }
    }
    var isCovered = [Bool](repeating: false, count: edges.count)
    for number in cyclicEdges where edges[number].from < edges[number].to {
      let edge = edges[number]
      guard let back = self.edge(from: Int(edge.to), to: Int(edge.from)),
        Self.isStrongPair(edge.kinds, edges[back].kinds)
      else { continue }
      isCovered[number] = true
      isCovered[back] = true
      if cover.cycles.count < limit {
        cover.cycles.append(StrongCycle(edges: [number, back]))
      } else {
        cover.omittedCycles += 1
      }
    }
    coverLonger(cyclicEdges, isCyclic, &isCovered, &cover)
    return cover
  }

  private func edge(from: Int, to: Int) -> Int? {
    var low = Int(starts[from])
    var high = Int(starts[from + 1])
    while low < high {
      let middle = (low + high) / 2
      if edges[middle].to < to { low = middle + 1 } else { high = middle }
    }
    return low < Int(starts[from + 1]) && edges[low].to == to ? low : nil
  }

  /// Whether two opposite edges close a strong cycle in some of their kinds.
  static func isStrongPair(_ there: DependencyKinds, _ back: DependencyKinds) -> Bool {
    DependencyKinds.all.contains { one in
      there.contains(one)
        && DependencyKinds.all.contains { other in
          back.contains(other) && one.mayPrecede(other) && other.mayPrecede(one)
        }
    }
  }

  /// Step 4.
  private mutating func coverLonger(
    _ cyclicEdges: [Int], _ isCyclic: [UInt8], _ isCovered: inout [Bool],
    _ cover: inout StrongCycleCover
  ) {
    var leaders = leadersOfUnaryChains(cyclicEdges).filter { !isCovered[$0] }
    if !leaders.isEmpty { listIncoming(cyclicEdges) }
    var longest = 3
    // Those that are longer than their shortest walk, which passes a class twice.
    var deferred: [(cycle: [Int], leader: Int)] = []
    while !leaders.isEmpty || !deferred.isEmpty, cover.cycles.count < limit, remainingWork > 0 {
      // Up to eight every length has a pass of its own, so that its cycles are taken as they are
      // found; beyond, a pass spans a range and its cycles are taken in order of length.
      var found = deferred.filter { $0.cycle.count <= longest }
      deferred.removeAll { $0.cycle.count <= longest }
      if longest <= 8 {
        takeUncovered(found, &isCovered, &cover)
        found = []
      }
      var rest: [Int] = []
      for leader in leaders where !isCovered[leader] {
        guard cover.cycles.count < limit, remainingWork > 0 else {
          rest.append(leader)
          continue
        }
        switch shortestCycle(through: leader, isCyclic, atMost: longest) {
        case .none: rest.append(leader)
        case .onlyNonSimple: break
        case .cycle(let cycle):
          if cycle.count > longest {
            deferred.append((cycle, leader))
          } else if longest <= 8 {
            take(cycle, &isCovered, &cover)
          } else {
            found.append((cycle, leader))
          }
        }
      }
      found.sort { ($0.cycle.count, $0.leader) < ($1.cycle.count, $1.leader) }
      takeUncovered(found, &isCovered, &cover)
      leaders = rest.filter { !isCovered[$0] }
      if longest > 2 * classCount { break }
      longest = longest < 8 ? longest + 1 : longest * 2
    }
    cover.uncoveredEdges =
      leaders.isEmpty && deferred.isEmpty
      ? 0 : cyclicEdges.reduce(0) { $0 + (isCovered[$1] ? 0 : 1) }
  }

  private func takeUncovered(
    _ found: [(cycle: [Int], leader: Int)], _ isCovered: inout [Bool],
    _ cover: inout StrongCycleCover
  ) {
    for (cycle, leader) in found where !isCovered[leader] && cover.cycles.count < limit {
      take(cycle, &isCovered, &cover)
    }
  }

  private mutating func listIncoming(_ cyclicEdges: [Int]) {
    incomingStarts = [Int32](repeating: 0, count: classCount + 1)
    for number in cyclicEdges { incomingStarts[Int(edges[number].to) + 1] += 1 }
    for index in 1...classCount { incomingStarts[index] += incomingStarts[index - 1] }
    var ends = incomingStarts
    incoming = [Int32](repeating: 0, count: cyclicEdges.count)
    for number in cyclicEdges {
      let to = Int(edges[number].to)
      incoming[Int(ends[to])] = Int32(number)
      ends[to] += 1
    }
  }

  /// Marks the states from which one edge closes a walk. Edges that leave one class come in a row,
  /// so that most find the marks as they are wanted.
  private mutating func markClosing(
    _ target: Int, _ isRecursiveOnly: Bool, _ isCyclic: [UInt8]
  ) {
    guard target != closingTarget || isRecursiveOnly != closingIsRecursiveOnly else { return }
    for state in closingStates { closing[Int(state)] = -1 }
    closingStates.removeAll(keepingCapacity: true)
    (closingTarget, closingIsRecursiveOnly) = (target, isRecursiveOnly)
    for index in Int(incomingStarts[target])..<Int(incomingStarts[target + 1]) {
      let number = Int(incoming[index])
      remainingWork -= 1
      for recursive in 0...1 where isCyclic[number] & (1 << UInt8(recursive)) != 0 {
        guard let reached = Self.successor(edges[number], isRecursiveOnly: recursive == 1),
          isRecursiveOnly || reached & 1 == 0
        else { continue }
        let state = Int(edges[number].from) * 2 + recursive
        closing[state] = Int32(number)
        closingStates.append(Int32(state))
      }
    }
  }

  private func take(_ cycle: [Int], _ isCovered: inout [Bool], _ cover: inout StrongCycleCover) {
    for edge in cycle { isCovered[edge] = true }
    let least = cycle.indices.min { edges[cycle[$0]].from < edges[cycle[$1]].from }!
    cover.cycles.append(StrongCycle(edges: Array(cycle[least...] + cycle[..<least])))
  }

  /// One edge, the first, of each chain of edges that are linked by classes with one way in and one
  /// out.
  private func leadersOfUnaryChains(_ cyclicEdges: [Int]) -> [Int] {
    var ways = [(into: Int32, outOf: Int32, last: Int32)](
      repeating: (0, 0, -1), count: classCount)
    for number in cyclicEdges {
      ways[Int(edges[number].from)].outOf += 1
      ways[Int(edges[number].to)].into += 1
      ways[Int(edges[number].from)].last = Int32(number)
    }
    var isSeen = [Bool](repeating: false, count: edges.count)
    // Mark all edges that continue another; chains that close on themselves keep their first edge.
    var continues = [Bool](repeating: false, count: edges.count)
    for number in cyclicEdges {
      let way = ways[Int(edges[number].to)]
      if way.into == 1, way.outOf == 1 { continues[Int(way.last)] = true }
    }
    func follow(_ start: Int) {
      var number = start
      while !isSeen[number] {
        isSeen[number] = true
        let way = ways[Int(edges[number].to)]
        guard way.into == 1, way.outOf == 1 else { return }
        number = Int(way.last)
      }
    }
    var leaders: [Int] = []
    for number in cyclicEdges where !continues[number] {
      leaders.append(number)
      follow(number)
    }
    for number in cyclicEdges where !isSeen[number] {
      leaders.append(number)
      follow(number)
    }
    return leaders.sorted()
  }

  private enum SearchResult {
    case none, onlyNonSimple
    case cycle([Int])
  }

  /// The shortest cycle through an edge, if it is at most so long.
  private mutating func shortestCycle(
    through edge: Int, _ isCyclic: [UInt8], atMost longest: Int
  ) -> SearchResult {
    var best: [Int]?
    for recursive in (0...1).reversed() where isCyclic[edge] & (1 << UInt8(recursive)) != 0 {
      let bound = best.map { $0.count - 1 } ?? longest
      if let walk = shortestWalk(through: edge, recursive == 1, isCyclic, atMost: bound) {
        best = walk
      }
    }
    guard let best else { return .none }
    var seen: Set<Int32> = []
    guard !best.allSatisfy({ seen.insert(edges[$0].from).inserted }) else { return .cycle(best) }
    // The shortest walk passes a class twice; look for one that does not, within reason.
    if let simple = simpleCycle(through: edge, isCyclic) { return .cycle(simple) }
    return .onlyNonSimple
  }

  /// Breadth-first from the end of the edge to its beginning. An edge that is used in kinds that
  /// start shared must be arrived at non-recursively.
  private mutating func shortestWalk(
    through edge: Int, _ isRecursiveOnly: Bool, _ isCyclic: [UInt8], atMost longest: Int
  ) -> [Int]? {
    guard let first = Self.successor(edges[edge], isRecursiveOnly: isRecursiveOnly) else {
      return nil
    }
    markClosing(Int(edges[edge].from), isRecursiveOnly, isCyclic)
    visit += 1
    visited[first] = visit
    arrival[first] = Int32(edge)
    parent[first] = -1
    frontier.removeAll(keepingCapacity: true)
    frontier.append(Int32(first))
    var length = 1
    while !frontier.isEmpty, length < longest, remainingWork > 0 {
      length += 1
      remainingWork -= frontier.count
      for state in frontier where closing[Int(state)] >= 0 { return walk(closedFrom: state) }
      // What would be reached now is too far away to close.
      guard length < longest else { return nil }
      expandFrontier(isCyclic)
    }
    return nil
  }

  /// The edges to a state, and the one that closes the walk.
  private func walk(closedFrom state: Int32) -> [Int] {
    var walk = [Int(closing[Int(state)])]
    var back = state
    while back >= 0 {
      walk.append(Int(arrival[Int(back)]))
      back = parent[Int(back)]
    }
    return walk.reversed()
  }

  /// One step on from all states that were reached by the last.
  private mutating func expandFrontier(_ isCyclic: [UInt8]) {
    nextFrontier.removeAll(keepingCapacity: true)
    for state in frontier {
      let lockClass = Int(state) / 2
      let recursive = Int(state) & 1
      for number in Int(starts[lockClass])..<Int(starts[lockClass + 1]) {
        remainingWork -= 1
        guard isCyclic[number] & (1 << UInt8(recursive)) != 0,
          let reached = Self.successor(edges[number], isRecursiveOnly: recursive == 1),
          visited[reached] != visit
        else { continue }
        visited[reached] = visit
        arrival[reached] = Int32(number)
        parent[reached] = state
        nextFrontier.append(Int32(reached))
      }
    }
    swap(&frontier, &nextFrontier)
  }

  /// Depth-first, each class at most once, with a bound on the steps.
  private mutating func simpleCycle(through edge: Int, _ isCyclic: [UInt8]) -> [Int]? {
    let target = Int(edges[edge].from)
    var onPath: Set<Int> = [target]
    var steps = min(20_000, remainingWork)
    defer { remainingWork -= 20_000 - max(0, steps) }
    var path = [edge]

    func extend(_ state: Int, _ isRecursiveStart: Bool) -> Bool {
      let lockClass = state / 2
      onPath.insert(lockClass)
      defer { onPath.remove(lockClass) }
      for number in Int(starts[lockClass])..<Int(starts[lockClass + 1]) {
        steps -= 1
        guard steps > 0, path.count < 64 else { return false }
        guard isCyclic[number] & (1 << UInt8(state & 1)) != 0,
          let reached = Self.successor(edges[number], isRecursiveOnly: state & 1 == 1)
        else { continue }
        path.append(number)
        if reached / 2 == target, isRecursiveStart || reached & 1 == 0 { return true }
        if !onPath.contains(reached / 2), extend(reached, isRecursiveStart) { return true }
        path.removeLast()
      }
      return false
    }
    for recursive in [true, false] {
      path = [edge]
      if let first = Self.successor(edges[edge], isRecursiveOnly: recursive),
        extend(first, recursive)
      {
        return path
      }
    }
    return nil
  }
}
