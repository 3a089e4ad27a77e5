/// Finds circles of requests of an execution.
struct PatternSearch {
  /// What the circles are made of.
  enum Sides {
    /// So many requests, of any sort, the first of which has the lowest number.
    case any(Int)
    /// Those that go round a cycle. Between a reader and the lock that it wants there may be one
    /// who waits to write.
    case of(cycle: [Side])
  }

  /// What a side of a cycle is seen by.
  enum Side {
    case nestings(Set<Nesting>)
    /// A wait for one of some locks, in a mode, or where there are none for the end of a thread, by
    /// a thread that has one of others, if there are any.
    case wait(having: Set<UInt32>?, for: Set<UInt32>?, LockMode)
  }

  /// A lock that is asked for while another one is held. Places are zeros where they are not told
  /// apart.
  struct Nesting: Hashable {
    var held: UInt32
    var wanted: UInt32
    var heldPlace: UInt32 = 0
    var place: UInt32 = 0
  }

  private let execution: Execution
  /// Groups by their nestings, without places.
  private var nestings: [Nesting: [Int]] = [:]
  private var holders: [UInt32: [Int]] = [:]
  private var writers: [UInt32: [Int]] = [:]
  private var byThread: [UInt32: [Int]] = [:]
  /// How many extensions may be tried.
  var work: Int
  private var path: [Int] = []
  /// What the path's threads are, and what they have: circles can have thousands of sides.
  private var threadsOnPath: Set<UInt32> = []
  private var holdsOnPath: [UInt32: [LockMode]] = [:]

  init(_ execution: Execution, work: Int) {
    self.execution = execution
    self.work = work
    for (number, group) in execution.requests.enumerated() {
      for lock in Set(group.holds.map(\.lock)) { holders[lock, default: []].append(number) }
      if case .lock(let lock, .write) = group.wish { writers[lock, default: []].append(number) }
      byThread[group.thread, default: []].append(number)
      guard case .lock(let wanted, _) = group.wish else { continue }
      for held in Set(group.holds.map(\.lock)) {
        nestings[Nesting(held: held, wanted: wanted), default: []].append(number)
      }
    }
  }

  /// - Parameter found: takes each circle once; false if it has enough.
  /// - Returns: false if there was too much to try, or enough.
  mutating func run(_ sides: Sides, _ found: (DeadlockPattern) -> Bool) -> Bool {
    for start in starts(sides) {
      work -= 1
      guard work > 0 else { return false }
      push(start)
      defer { pop() }
      guard extend(sides, count: 1, found) else { return false }
    }
    return true
  }

  private func starts(_ sides: Sides) -> [Int] {
    guard case .of(let cycle) = sides else { return Array(execution.requests.indices) }
    guard case .nestings(let side) = cycle[0] else {
      return execution.requests.indices.filter { isSide($0, cycle[0]) }
    }
    var starts: Set<Int> = []
    for nesting in side {
      starts.formUnion(nestings[Nesting(held: nesting.held, wanted: nesting.wanted)] ?? [])
    }
    return starts.filter { isSide($0, cycle[0]) }.sorted()
  }

  private func isSide(_ number: Int, _ side: Side) -> Bool {
    switch side {
    case .nestings(let nestings): isSide(execution.requests[number], nestings)
    case .wait(let held, let wanted, let mode):
      isWait(execution.requests[number], having: held, for: wanted, mode)
    }
  }

  private func isWait(
    _ group: Execution.RequestGroup, having held: Set<UInt32>?, for wanted: Set<UInt32>?,
    _ mode: LockMode
  ) -> Bool {
    if let held, !group.holds.contains(where: { held.contains($0.lock) }) { return false }
    switch group.wish {
    case .end: return wanted == nil
    case .lock(let lock, let wish): return wish == mode && wanted?.contains(lock) == true
    }
  }

  private func isSide(_ group: Execution.RequestGroup, _ side: Set<Nesting>) -> Bool {
    guard case .lock(let wanted, _) = group.wish else { return false }
    return zip(group.holds, group.holdPlaces).contains { hold, place in
      side.contains(Nesting(held: hold.lock, wanted: wanted))
        || side.contains(
          Nesting(held: hold.lock, wanted: wanted, heldPlace: place, place: group.place))
    }
  }

  /// - Parameter count: of the sides on the path.
  private mutating func extend(
    _ sides: Sides, count: Int, _ found: (DeadlockPattern) -> Bool
  ) -> Bool {
    let last = execution.requests[path[path.count - 1]]
    switch sides {
    case .any(let length):
      if count == length { return close(last, found) }
      for next in successors(of: last) where next > path[0] {
        guard follow(next, sides, count: count + 1, found) else { return false }
      }
    case .of(let cycle):
      if count == cycle.count {
        if execution.isKeptOut(last, by: execution.requests[path[0]]) {
          guard close(last, found) else { return false }
        }
      } else {
        for next in holders(against: last) where isSide(next, cycle[count]) {
          guard follow(next, sides, count: count + 1, found) else { return false }
        }
      }
      // Two in a row would wait for the same.
      guard case .lock(let lock, let mode) = last.wish, mode.waitsBehindWriters else { return true }
      for next in writers[lock] ?? []
      where execution.isQueued(last, behind: execution.requests[next]) {
        guard follow(next, sides, count: count, found) else { return false }
      }
    }
    return true
  }

  private func close(_ last: Execution.RequestGroup, _ found: (DeadlockPattern) -> Bool) -> Bool {
    guard execution.waits(last, for: execution.requests[path[0]]) else { return true }
    return found(DeadlockPattern(groups: path))
  }

  private mutating func follow(
    _ next: Int, _ sides: Sides, count: Int, _ found: (DeadlockPattern) -> Bool
  ) -> Bool {
    work -= 1
    guard work > 0 else { return false }
    guard fits(next) else { return true }
    push(next)
    defer { pop() }
    return extend(sides, count: count, found)
  }

  /// Whether a thread can be at its request while those of the path are at theirs, as far as their
  /// locks say.
  private func fits(_ number: Int) -> Bool {
    let group = execution.requests[number]
    guard !threadsOnPath.contains(group.thread) else { return false }
    return group.holds.allSatisfy { hold in
      holdsOnPath[hold.lock]?.contains { $0.waits(for: hold.mode) } != true
    }
  }

  private mutating func push(_ number: Int) {
    path.append(number)
    let group = execution.requests[number]
    threadsOnPath.insert(group.thread)
    for hold in group.holds { holdsOnPath[hold.lock, default: []].append(hold.mode) }
  }

  private mutating func pop() {
    let group = execution.requests[path.removeLast()]
    threadsOnPath.remove(group.thread)
    for hold in group.holds { holdsOnPath[hold.lock]?.removeLast() }
  }

  /// The groups whose threads have what one wants.
  private func holders(against group: Execution.RequestGroup) -> [Int] {
    switch group.wish {
    case .end(let thread): byThread[thread] ?? []
    case .lock(let lock, _):
      (holders[lock] ?? []).filter { execution.isKeptOut(group, by: execution.requests[$0]) }
    }
  }

  /// The groups that one may wait for.
  private func successors(of group: Execution.RequestGroup) -> [Int] {
    let holders = holders(against: group)
    guard case .lock(let lock, let mode) = group.wish, mode.waitsBehindWriters else {
      return holders
    }
    return holders
      + (writers[lock] ?? []).filter { number in
        execution.isQueued(group, behind: execution.requests[number]) && !holders.contains(number)
      }
  }
}
