import LockGraphEngine

/// Which classes are drawn beside those that findings bring in, most used first.
///
/// All indices are those of the graph's classes.
struct ClassSelection {
  private let graph: OrderGraphSnapshot
  private(set) var chosen: [Int] = []
  private var isChosen: [Bool]

  init(graph: OrderGraphSnapshot, chosen: [Int]) {
    self.graph = graph
    isChosen = Array(repeating: false, count: graph.classes.count)
    for index in chosen where index < graph.classes.count { choose(index) }
  }

  private mutating func choose(_ index: Int) {
    guard !isChosen[index] else { return }
    isChosen[index] = true
    chosen.append(index)
  }

  /// Adds the heaviest classes, by name where equal; none that weighs nothing.
  ///
  /// - Complexity: O(classes).
  mutating func addHeaviest(_ weights: ClassWeights, atMost limit: Int) {
    var heaviest = GreatestElements<(amount: UInt64, index: Int)>(limit) {
      ($1.amount, $0.index) < ($0.amount, $1.index)
    }
    for (index, lockClass) in graph.classes.enumerated() {
      guard let weight = weights[lockClass.name], weight.amount > 0 else { continue }
      heaviest.insert((weight.amount, index))
    }
    for (_, index) in heaviest.sorted { choose(index) }
  }

  /// Adds the ends of new dependencies, the most used ones first, and then new classes.
  ///
  /// - Complexity: O(new dependencies and classes).
  mutating func addNew(_ novelties: GraphNovelties, atMost limit: Int) {
    let bound = chosen.count + limit
    let dependencies = novelties.dependencies.sorted {
      (graph.dependencies[$1].count, $0) < (graph.dependencies[$0].count, $1)
    }
    for position in dependencies {
      let ends = [graph.dependencies[position].from, graph.dependencies[position].to]
      if chosen.count + 2 <= bound { ends.forEach { choose($0) } }
    }
    for index in novelties.classes.sorted() where chosen.count < bound { choose(index) }
  }

  /// Adds direct neighbours of what is chosen: of each class its most used dependency first, then
  /// of each the second, so that no class takes all the room.
  ///
  /// What is reported comes in by its finding or not at all.
  ///
  /// - Complexity: O(dependencies).
  mutating func addNeighbours(atMost limit: Int, besides reported: Set<DrawnPair>) {
    typealias Candidate = (count: UInt64, neighbour: Int)
    var candidates: [Int: GreatestElements<Candidate>] = [:]
    func consider(_ neighbour: Int, of index: Int, count: UInt64) {
      candidates[
        index,
        default: GreatestElements(limit) {
          ($1.count, $0.neighbour) < ($0.count, $1.neighbour)
        }
      ].insert((count, neighbour))
    }
    for dependency in graph.dependencies
    where isChosen[dependency.from] != isChosen[dependency.to] {
      let pair = DrawnPair(from: .lockClass(dependency.from), to: .lockClass(dependency.to))
      guard !reported.contains(pair) else { continue }
      if isChosen[dependency.from] {
        consider(dependency.to, of: dependency.from, count: dependency.count)
      } else {
        consider(dependency.from, of: dependency.to, count: dependency.count)
      }
    }
    let queues = chosen.compactMap { candidates[$0]?.sorted }
    let bound = chosen.count + limit
    for round in 0..<limit {
      for queue in queues where round < queue.count && chosen.count < bound {
        choose(queue[round].neighbour)
      }
    }
  }

  /// Adds what is at most `depth` dependencies away from what is chosen, nearest first.
  ///
  /// - Complexity: O(classes + dependencies).
  mutating func addSurroundings(depth: Int, atMost limit: Int) {
    guard depth > 0 else { return }
    let adjacency = Adjacency(graph)
    var frontier = chosen
    let bound = chosen.count + limit
    var distance = 0
    while distance < depth, !frontier.isEmpty, chosen.count < bound {
      var next = GreatestElements<(count: UInt64, index: Int)>(bound - chosen.count) {
        ($1.count, $0.index) < ($0.count, $1.index)
      }
      var seen: Set<Int> = []
      for index in frontier {
        for position in adjacency.dependencies(of: index) {
          let dependency = graph.dependencies[position]
          let other = dependency.from == index ? dependency.to : dependency.from
          guard !isChosen[other], seen.insert(other).inserted else { continue }
          next.insert((graph.classes[other].acquisitions, other))
        }
      }
      frontier = next.sorted.map(\.index)
      for index in frontier { choose(index) }
      distance += 1
    }
  }

  /// Adds the most used part: the ends of the most used dependencies, then the most used classes.
  ///
  /// - Complexity: O(classes + dependencies).
  mutating func addMostUsed(upTo limit: Int) {
    guard chosen.count < limit else { return }
    guard graph.classes.count > limit else {
      for index in graph.classes.indices { choose(index) }
      return
    }
    var used = GreatestElements<(count: UInt64, position: Int)>(2 * limit) {
      ($1.count, $0.position) < ($0.count, $1.position)
    }
    for (position, dependency) in graph.dependencies.enumerated() {
      used.insert((dependency.count, position))
    }
    for (_, position) in used.sorted {
      let ends = [graph.dependencies[position].from, graph.dependencies[position].to]
      let new = Set(ends.filter { !isChosen[$0] }).count
      if chosen.count + new <= limit { ends.forEach { choose($0) } }
    }
    var classes = GreatestElements<(count: UInt64, index: Int)>(limit) {
      ($1.count, $0.index) < ($0.count, $1.index)
    }
    for (index, lockClass) in graph.classes.enumerated() where !isChosen[index] {
      classes.insert((lockClass.acquisitions, index))
    }
    for (_, index) in classes.sorted where chosen.count < limit { choose(index) }
  }
}

/// The dependencies at each class, in one array.
private struct Adjacency {
  private var offsets: [Int]
  private var positions: [Int]

  init(_ graph: OrderGraphSnapshot) {
    offsets = Array(repeating: 0, count: graph.classes.count + 1)
    for dependency in graph.dependencies {
      offsets[dependency.from + 1] += 1
      offsets[dependency.to + 1] += 1
    }
    for index in graph.classes.indices { offsets[index + 1] += offsets[index] }
    positions = Array(repeating: 0, count: 2 * graph.dependencies.count)
    var next = offsets
    for (position, dependency) in graph.dependencies.enumerated() {
      for end in [dependency.from, dependency.to] {
        positions[next[end]] = position
        next[end] += 1
      }
    }
  }

  func dependencies(of index: Int) -> ArraySlice<Int> {
    positions[offsets[index]..<offsets[index + 1]]
  }
}
