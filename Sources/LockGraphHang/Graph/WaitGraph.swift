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

  /// - Complexity: O(*n*) in the number of threads, but for the longest chain, which costs its
  ///   length for each.
  package init(_ threads: [HungThread]) {
    next = threads.map { thread in
      thread.blockers.count == 1 && thread.blockers[0].certainty < .possible
        ? thread.blockers[0].thread : nil
    }
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
    findLongestChain()
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
    for (_, members) in lines.sorted(by: { $0.key < $1.key }) {
      var waiters: [Int] = []
      let all = members.allSatisfy { member in
        var index = member
        for _ in 0...members.count {
          guard threads[index].isSteady, let wait = threads[index].wait, !wait.isTimed else {
            return false
          }
          if let following = next[index] {
            index = following
            continue
          }
          let isOfNobody =
            wait.kind.isHeld && wait.owner == .unknown && !wait.isProcessShared
          if index == member, isOfNobody { waiters.append(index) }
          return isOfNobody
        }
        // A circle, which is told as such.
        return true
      }
      if all { stuck += waiters }
    }
    stuck.sort()
  }

  /// How many waits lead from each thread to where its line ends.
  private func distances() -> [Int] {
    next.indices.map { start in
      var (index, steps) = (start, 0)
      while let following = next[index], steps <= next.count {
        index = following
        steps += 1
      }
      return steps
    }
  }

  private mutating func findLongestChain() {
    let inCircle = Set(circles.joined())
    for start in next.indices {
      var chain = [start]
      var seen: Set<Int> = [start]
      while !inCircle.contains(chain.last!), let following = next[chain.last!],
        seen.insert(following).inserted
      {
        chain.append(following)
      }
      if chain.count > max(2, longestChain.count) { longestChain = chain }
    }
  }
}
