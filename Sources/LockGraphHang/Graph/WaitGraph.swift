/// Who waits for whom, and where it ends.
package struct WaitGraph: Sendable {
  /// Threads that wait for each other, each for the next one and the last for the first; one alone
  /// waits for itself.
  package private(set) var circles: [[Int]] = []
  /// Threads that wait for one that has ended.
  package private(set) var orphans: [Int] = []
  /// Threads that wait for locks without owner, when every thread of their process does so or waits
  /// for one that does: whoever has such a lock is among them, or has ended.
  package private(set) var stuck: [Int] = []
  /// Threads that wait for others without being in a circle, the nearest to what they go back to
  /// first.
  package private(set) var behind: [Int] = []
  /// Threads that others wait for, and that wait for no thread themselves.
  package private(set) var roots: [Int] = []
  /// The longest line of waiting threads, from its end to whom all wait for.
  package private(set) var longestChain: [Int] = []

  /// Whether something waits that nothing can end.
  package var isDeadlocked: Bool { !circles.isEmpty || !orphans.isEmpty || !stuck.isEmpty }

  /// The thread that one waits for, if it is known well enough.
  private let next: [Int?]
  /// All circles, whoever moved, and which one a thread is in.
  private var rings: [[Int]] = []
  private var ringOf: [Int?]

  /// - Complexity: O(*n* log *n*) in the number of threads.
  package init(_ threads: [HungThread]) {
    next = threads.map { thread in
      thread.blockers.count == 1 && thread.blockers[0].certainty < .possible
        ? thread.blockers[0].thread : nil
    }
    ringOf = [Int?](repeating: nil, count: threads.count)
    findCircles(threads)
    for (index, thread) in threads.enumerated() {
      guard thread.isSteady, thread.blockers.count == 1, case .gone = thread.blockers[0].who else {
        continue
      }
      orphans.append(index)
    }
    findStuck(threads)
    let inVerdict = Set(circles.joined()).union(orphans).union(stuck)
    var waitedFor = Set<Int>()
    for (index, target) in next.enumerated() where target != nil {
      waitedFor.insert(target!)
      if !inVerdict.contains(index) { behind.append(index) }
    }
    let distances = distances()
    behind.sort { (distances[$0], $0) < (distances[$1], $1) }
    roots = waitedFor.filter { next[$0] == nil && !inVerdict.contains($0) }.sorted()
    findLongestChain(distances)
  }

  private mutating func findCircles(_ threads: [HungThread]) {
    var visited = [Int](repeating: 0, count: next.count)
    for start in next.indices where visited[start] == 0 {
      var path: [Int] = []
      var current: Int? = start
      while let index = current, visited[index] == 0 {
        visited[index] = start + 1
        path.append(index)
        current = next[index]
      }
      guard let meeting = current, visited[meeting] == start + 1,
        let begin = path.firstIndex(of: meeting)
      else { continue }
      let circle = Array(path[begin...])
      for index in circle { ringOf[index] = rings.count }
      rings.append(circle)
      // What moved between the looks is no deadlock.
      guard circle.allSatisfy({ threads[$0].isSteady }) else { continue }
      let first = circle.firstIndex(of: circle.min()!)!
      circles.append(Array(circle[first...] + circle[..<first]))
    }
    circles.sort { $0[0] < $1[0] }
  }

  private mutating func findStuck(_ threads: [HungThread]) {
    var lines: [Int: [Int]] = [:]
    for (index, thread) in threads.enumerated() where thread.isAlive {
      lines[thread.process, default: []].append(index)
    }
    /// Whether a thread waits without end, and whether for a lock that has no owner.
    let waits = threads.map { thread -> (isEndless: Bool, isOfNobody: Bool) in
      guard thread.isSteady, let wait = thread.wait, !wait.isTimed else { return (false, false) }
      return (true, wait.kind.isHeld && wait.owner == .unknown && !wait.isProcessShared)
    }
    // A circle is told as such; else what counts is where the line of waits ends.
    let isEndless = rings.map { ring in ring.allSatisfy { waits[$0].isEndless } }
    var endsWell = ringOf.map { $0.map { isEndless[$0] } }
    for start in next.indices where endsWell[start] == nil {
      var path = [start]
      while waits[path.last!].isEndless, let following = next[path.last!],
        endsWell[following] == nil
      {
        path.append(following)
      }
      let last = path.last!
      let result =
        waits[last].isEndless
        && (next[last].map { endsWell[$0]! } ?? waits[last].isOfNobody)
      for index in path { endsWell[index] = result }
    }
    for (_, members) in lines.sorted(by: { $0.key < $1.key })
    where members.allSatisfy({ endsWell[$0]! }) {
      stuck += members.filter { next[$0] == nil && waits[$0].isOfNobody }
    }
    stuck.sort()
  }

  /// How many waits lead from each thread to where its line ends, or to a circle.
  private func distances() -> [Int] {
    var distances = next.indices.map { ringOf[$0] != nil || next[$0] == nil ? 0 : -1 }
    for start in next.indices where distances[start] < 0 {
      var path: [Int] = []
      var index = start
      while distances[index] < 0 {
        path.append(index)
        // Only the ends have none.
        index = next[index]!
      }
      for (steps, waiting) in path.reversed().enumerated() {
        distances[waiting] = distances[index] + steps + 1
      }
    }
    return distances
  }

  private mutating func findLongestChain(_ distances: [Int]) {
    guard let longest = distances.max(), longest >= 2,
      var index = distances.firstIndex(of: longest)
    else { return }
    longestChain = [index]
    while ringOf[index] == nil, let following = next[index] {
      longestChain.append(following)
      index = following
    }
  }
}
