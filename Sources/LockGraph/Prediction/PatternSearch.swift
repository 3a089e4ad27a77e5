/// Finds the circles of requests of an execution, the shortest first.
struct PatternSearch {
  private let execution: Execution
  private var holders: [UInt32: [Int]] = [:]
  private var writers: [UInt32: [Int]] = [:]
  private var byThread: [UInt32: [Int]] = [:]
  /// How many extensions may be tried.
  private(set) var work: Int

  init(_ execution: Execution, work: Int) {
    self.execution = execution
    self.work = work
    for (number, group) in execution.requests.enumerated() {
      for lock in Set(group.holds.map(\.lock)) { holders[lock, default: []].append(number) }
      if case .lock(let lock, .write) = group.wish { writers[lock, default: []].append(number) }
      byThread[group.thread, default: []].append(number)
    }
  }

  /// - Parameters:
  ///   - length: of the circle.
  ///   - isSide: whether a group may be the side of a number; if that is not asked for, the side
  ///     with the lowest number comes first.
  ///   - found: takes each circle once; false if it has enough.
  /// - Returns: false if there was too much to try.
  mutating func run(
    length: Int, isSide: ((Int, Int) -> Bool)? = nil, _ found: (DeadlockPattern) -> Bool
  ) -> Bool {
    var path: [Int] = []
    func extend(_ search: inout PatternSearch) -> Bool {
      let last = search.execution.requests[path[path.count - 1]]
      if path.count == length {
        guard search.execution.waits(last, for: search.execution.requests[path[0]]) else {
          return true
        }
        return found(DeadlockPattern(groups: path))
      }
      for next in search.successors(of: last) where isSide != nil || next > path[0] {
        search.work -= 1
        guard search.work > 0 else { return false }
        let group = search.execution.requests[next]
        guard isSide?(next, path.count) ?? true,
          path.allSatisfy({ search.execution.fit(search.execution.requests[$0], group) })
        else { continue }
        path.append(next)
        let goesOn = extend(&search)
        path.removeLast()
        guard goesOn else { return false }
      }
      return true
    }
    for start in execution.requests.indices where isSide?(start, 0) ?? true {
      path = [start]
      guard extend(&self) else { return false }
    }
    return true
  }

  /// The groups that one may wait for.
  private func successors(of group: Execution.RequestGroup) -> [Int] {
    switch group.wish {
    case .end(let thread): return byThread[thread] ?? []
    case .lock(let lock, let mode):
      var result = (holders[lock] ?? []).filter { number in
        execution.requests[number].holds.contains {
          $0.lock == lock && mode.waits(for: $0.mode)
        }
      }
      if mode.waitsBehindWriters {
        result += (writers[lock] ?? []).filter { !result.contains($0) }
      }
      return result
    }
  }
}
