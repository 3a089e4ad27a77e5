// What still waits where the inputs end, by what it goes back to [semantics 25].

/// Puts open waits into groups.
///
/// 1. The circles: in each strongly connected part of the waits the shortest one through its first
///    wait, then the same of what is left without it.
/// 2. The other roots: those in whose way something is that waits for nothing.
/// 3. From the roots back, the worst kind first, each wait joins the group that it comes to first.
struct WaitGroups {
  private let waits: [StillWaiting]
  private let resolver: EvidenceResolver
  /// The waits by input, thread and line, whatever the order of inputs and threads.
  private let order: [Int]
  private let successors: [[Int]]
  private let predecessors: [[Int]]
  private var group: [Int]
  private var groups: [(root: WaitGroup.Root, members: [Int])] = []

  /// - Complexity: O(waits × log waits + waits × those in their way).
  static func groups(of record: OrderRecord, _ resolver: EvidenceResolver) -> [WaitGroup] {
    guard !record.stillWaiting.isEmpty else { return [] }
    var search = WaitGroups(record.stillWaiting, resolver)
    search.findCircles()
    search.collect(from: Array(search.groups.indices))
    for kind in WaitGroup.Root.Kind.allCases.dropFirst() {
      search.collect(from: search.addRoots(of: kind))
    }
    return search.groups.map { root, members in
      WaitGroup(
        root: root,
        waits: members.enumerated().map { position, number in
          var wait = resolver.wait(record.stillWaiting[number])
          wait.isInCircle = root.kind == .circle && position < root.threads.count
          return wait
        })
    }.sorted(by: WaitGroup.precedes)
  }

  private init(_ waits: [StillWaiting], _ resolver: EvidenceResolver) {
    self.waits = waits
    self.resolver = resolver
    let keys = waits.map { wait in
      (
        resolver.inputNames[Int(wait.input)], resolver.threadName(wait.thread), wait.line,
        resolver.targetName(wait)
      )
    }
    order = waits.indices.sorted { keys[$0] < keys[$1] }
    var rank = Array(repeating: 0, count: waits.count)
    for (position, number) in order.enumerated() { rank[number] = position }
    let successors = waits.map { wait in
      Set(wait.obstacles.flatMap(\.waits)).sorted { rank[$0] < rank[$1] }
    }
    var predecessors = Array(repeating: [Int](), count: waits.count)
    for number in order {
      for next in successors[number] { predecessors[next].append(number) }
    }
    self.successors = successors
    self.predecessors = predecessors
    group = Array(repeating: -1, count: waits.count)
  }

  // MARK: Circles

  private mutating func findCircles() {
    var isFound = true
    while isFound {
      isFound = false
      // Waits that are on a circle already are taken out with their edges.
      let rest = successors.indices.map { number in
        group[number] >= 0 ? [] : successors[number].filter { group[$0] < 0 }
      }
      let parts = StrongComponents(nodeCount: rest.count, successors: rest)
      var isTried = Array(repeating: false, count: parts.count)
      for number in order where group[number] < 0 && !isTried[parts.component[number]] {
        isTried[parts.component[number]] = true
        guard
          let circle = shortestCircle(
            through: number, rest, within: parts.component)
        else { continue }
        isFound = true
        let threads = circle.map { resolver.threadName(waits[$0].thread) }
        for member in circle { group[member] = groups.count }
        groups.append((WaitGroup.Root(kind: .circle, threads: threads), circle))
      }
    }
  }

  private func shortestCircle(
    through start: Int, _ successors: [[Int]], within component: [Int]
  ) -> [Int]? {
    var parents: [Int: Int] = [:]
    var frontier = [start]
    var position = 0
    while position < frontier.count {
      let node = frontier[position]
      position += 1
      for next in successors[node] where component[next] == component[start] {
        if next == start {
          var circle = [node]
          while circle[circle.count - 1] != start {
            circle.append(parents[circle[circle.count - 1]]!)
          }
          return circle.reversed()
        }
        guard parents[next] == nil else { continue }
        parents[next] = node
        frontier.append(next)
      }
    }
    return nil
  }

  // MARK: Other roots

  /// The groups of a kind, each with the waits that its root itself keeps waiting.
  private mutating func addRoots(of kind: WaitGroup.Root.Kind) -> [Int] {
    var known: [[String]: Int] = [:]
    let first = groups.count
    for number in order where group[number] < 0 {
      guard let root = root(of: waits[number], kind) else { continue }
      let input = resolver.inputNames[Int(waits[number].input)]
      let key = [input, root.threads.first ?? "", root.name ?? "", root.lockClass ?? ""]
      let found = known[key] ?? groups.count
      if found == groups.count {
        known[key] = found
        groups.append((root, []))
      } else if let line = groups[found].root.line {
        groups[found].root.line = root.line.map { min($0, line) }
      }
      group[number] = found
      groups[found].members.append(number)
    }
    return Array(first..<groups.count)
  }

  private func root(of wait: StillWaiting, _ kind: WaitGroup.Root.Kind) -> WaitGroup.Root? {
    var root = WaitGroup.Root(kind: kind, threads: [])
    var isAnybodys = false
    switch wait.target {
    case .lock(let lock, let lockClass, _):
      root.name = resolver.describe(lock)
      root.lockClass = resolver.name(of: lockClass)
      root.lockKind = resolver.table.locks[lock.index].kind
      isAnybodys = root.lockKind?.isReleasedByAnyThread == true
    case .condition(_, let givenUp?) where wait.isSignalled:
      root.name = resolver.describe(givenUp)
      root.lockClass = resolver.name(of: resolver.table.locks[givenUp.index].lockClass)
      root.lockKind = resolver.table.locks[givenUp.index].kind
    case .condition(let name, _):
      root.name = name
      isAnybodys = true
    case .barrier(let name): root.name = name
    case .end: break
    }
    switch kind {
    case .circle: return nil
    case .ended, .running:
      guard
        let other = wait.obstacles.first(where: {
          $0.waits.isEmpty && ($0.reason == .ended) == (kind == .ended)
        })
      else { return nil }
      root.threads = [resolver.threadName(other.thread)]
    case .signal:
      guard wait.obstacles.isEmpty, isAnybodys else { return nil }
      root.line = wait.lastSignal.map { max($0, wait.line) }
    case .barrier:
      guard case .barrier = wait.target else { return nil }
    case .free:
      guard wait.obstacles.isEmpty else { return nil }
    }
    return root
  }

  // MARK: Who waits for those that wait

  /// Adds to the groups who waits for their waits, step by step.
  private mutating func collect(from numbers: [Int]) {
    var frontier = numbers.flatMap { groups[$0].members }
    while !frontier.isEmpty {
      var next: [Int] = []
      for number in frontier {
        for waiter in predecessors[number] where group[waiter] < 0 {
          group[waiter] = group[number]
          groups[group[number]].members.append(waiter)
          next.append(waiter)
        }
      }
      frontier = next
    }
  }
}

extension EvidenceResolver {
  /// What a wait is for, to sort by.
  fileprivate func targetName(_ wait: StillWaiting) -> String {
    switch wait.target {
    case .lock(_, let lockClass, _): name(of: lockClass)
    case .end(let thread): threadName(thread)
    case .condition(let name, _): name ?? ""
    case .barrier(let name): name
    }
  }
}

extension WaitGroup {
  /// Worse first, then by input and what is at the root.
  fileprivate static func precedes(_ one: WaitGroup, _ other: WaitGroup) -> Bool {
    let kinds = Root.Kind.allCases
    let (first, second) = (
      kinds.firstIndex(of: one.root.kind)!, kinds.firstIndex(of: other.root.kind)!
    )
    if first != second { return first < second }
    let (wait, otherWait) = (one.waits[0], other.waits[0])
    if wait.input != otherWait.input { return wait.input < otherWait.input }
    if one.root.threads != other.root.threads {
      return one.root.threads.lexicographicallyPrecedes(other.root.threads)
    }
    return (one.root.name ?? "", wait.line) < (other.root.name ?? "", otherWait.line)
  }
}
