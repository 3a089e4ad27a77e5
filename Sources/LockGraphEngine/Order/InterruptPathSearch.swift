/// Finds the paths of the order graph that an interrupt closes to a strong cycle [semantics 13].
///
/// A class A is used in a context, a class B is held where that context can interrupt: the
/// interrupt is an edge B -> A that no thread took. With a path A -> … -> B it is a cycle, which is
/// strong by the rule of all cycles: no step that ends in a recursive read is followed by one that
/// starts with a shared hold.
///
/// 1. From every A, in the order of names, breadth-first over the states (class, arrived only by
///    recursive read) of `StrongCycleSearch`. A itself is arrived at by recursive read only if it
///    is used so only.
/// 2. A class B that is reached and closes the cycle ends its branch: what lies behind is the same
///    problem, and shows when this one is gone.
/// 3. For the same reason a path is left out if a shorter one that is reported begins at a later
///    class of it and ends at the same B.
package struct InterruptPathSearch {
  /// How a class is used in the context, and held where the context can interrupt.
  package struct Use: Sendable {
    package var usedNonRecursively = false
    package var usedRecursively = false
    package var enabledExclusive = false
    package var enabledShared = false
    /// Neither it nor a path through it counts.
    package var isSkipped = false

    package init() {}

    var isUsed: Bool { usedNonRecursively || usedRecursively }
  }

  /// Edges from a class that is used in the context to one that is held where it can interrupt.
  package struct Path: Sendable, Equatable {
    package var edges: [Int]
  }

  private let edges: [StrongCycleSearch.Edge]
  private let starts: [Int32]
  private let uses: [Use]
  /// How many edges all searches together may look at.
  private var remainingWork: Int
  private var visited: [Int32]
  private var arrival: [Int32]
  private var parent: [Int32]
  private var visit: Int32 = 0
  /// Classes were left unsearched because the work was used up.
  package private(set) var isBounded = false

  /// - Parameter edges: sorted by (from, to), without duplicates and without loops.
  package init(edges: [StrongCycleSearch.Edge], uses: [Use], work: Int = 400_000_000) {
    self.edges = edges
    self.uses = uses
    remainingWork = work
    var starts = [Int32](repeating: 0, count: uses.count + 1)
    for edge in edges { starts[Int(edge.from) + 1] += 1 }
    for index in uses.indices { starts[index + 1] += starts[index] }
    self.starts = starts
    visited = [Int32](repeating: 0, count: uses.count * 2)
    arrival = [Int32](repeating: -1, count: uses.count * 2)
    parent = [Int32](repeating: -1, count: uses.count * 2)
  }

  /// - Complexity: O(classes used in the context × dependencies), bounded by the work.
  package mutating func paths() -> [Path] {
    var found: [Path] = []
    for lockClass in uses.indices where uses[lockClass].isUsed && !uses[lockClass].isSkipped {
      guard remainingWork > 0, found.count < Self.pathLimit else {
        isBounded = true
        break
      }
      found += paths(from: lockClass)
    }
    // The shorter ones first, so that what is left out is a longer way to what is there.
    let shortestFirst = found.indices.sorted {
      (found[$0].edges.count, $0) < (found[$1].edges.count, $1)
    }
    var isKept = [Bool](repeating: false, count: found.count)
    var pairs: Set<UInt64> = []
    for number in shortestFirst {
      let path = found[number]
      let last = end(of: path)
      guard
        !path.edges.dropFirst().contains(where: {
          pairs.contains(pair(Int(edges[$0].from), last))
        })
      else { continue }
      isKept[number] = true
      pairs.insert(pair(start(of: path), last))
    }
    return found.indices.filter { isKept[$0] }.map { found[$0] }
  }

  /// More paths than that are a trace in which everything interrupts everything.
  private static let pathLimit = 100_000

  private func start(of path: Path) -> Int { Int(edges[path.edges[0]].from) }
  private func end(of path: Path) -> Int { Int(edges[path.edges[path.edges.count - 1]].to) }
  private func pair(_ one: Int, _ other: Int) -> UInt64 { UInt64(one) << 32 | UInt64(other) }

  private mutating func paths(from first: Int) -> [Path] {
    var found: [Path] = []
    var isFound: Set<Int> = []
    visit += 1
    let root = first * 2 + (uses[first].usedNonRecursively ? 0 : 1)
    // Back at its own class a path says nothing new.
    visited[first * 2] = visit
    visited[first * 2 + 1] = visit
    parent[root] = -1
    var frontier = [Int32(root)]
    while !frontier.isEmpty, remainingWork > 0 {
      var next: [Int32] = []
      for state in frontier {
        let lockClass = Int(state) / 2
        for number in Int(starts[lockClass])..<Int(starts[lockClass + 1]) {
          remainingWork -= 1
          guard
            let reached = StrongCycleSearch.successor(
              edges[number], isRecursiveOnly: Int(state) & 1 == 1),
            visited[reached] != visit, !uses[reached / 2].isSkipped
          else { continue }
          visited[reached] = visit
          arrival[reached] = Int32(number)
          parent[reached] = state
          let use = uses[reached / 2]
          if use.enabledExclusive || use.enabledShared && reached & 1 == 0 {
            if isFound.insert(reached / 2).inserted { found.append(path(to: reached)) }
          } else {
            next.append(Int32(reached))
          }
        }
      }
      frontier = next
    }
    if remainingWork <= 0 { isBounded = true }
    return found
  }

  private func path(to state: Int) -> Path {
    var path: [Int] = []
    var state = Int32(state)
    while parent[Int(state)] >= 0 {
      path.append(Int(arrival[Int(state)]))
      state = parent[Int(state)]
    }
    return Path(edges: path.reversed())
  }
}
