import LockGraphEngine

/// Searches all interleavings of a few nested programs for one that ends in a deadlock.
///
/// The locks behave as real ones do: a writer excludes everybody; a recursive reader waits only for
/// a writer that has the lock; a reader waits for that and for writers that wait. An upgradable
/// holder is a reader that keeps out others of its sort; taking the lock for writing it waits for
/// the readers. A writer may be waiting at any time: other code of the program can ask for any
/// lock, or for any that one of the programs writes. So a reader that finds a lock held may get it,
/// and may as well have to wait for a writer that waits for the holders.
public struct DeadlockOracle {
  private let programs: [NestedProgram]
  /// `nil` where other code asks for any lock.
  private let written: Set<Int>?
  private var visited: Set<[Int]> = []

  /// Whether some interleaving leaves threads waiting for each other for ever.
  ///
  /// - Parameter hasWriters: other code of the program asks for any lock.
  public static func canDeadlock(_ programs: [NestedProgram], hasWriters: Bool = true) -> Bool {
    var oracle = DeadlockOracle(programs, hasWriters: hasWriters)
    return oracle.search([Int](repeating: 0, count: programs.count))
  }

  private init(_ programs: [NestedProgram], hasWriters: Bool) {
    self.programs = programs
    written =
      hasWriters
      ? nil : Set(programs.flatMap(\.steps).filter { $0.mode == .write }.map(\.lock))
  }

  /// - Parameter position: of each thread, how many of its acquisitions and releases are done.
  private mutating func search(_ position: [Int]) -> Bool {
    guard visited.insert(position).inserted else { return false }
    if isDeadlocked(position) { return true }
    for thread in programs.indices where position[thread] < 2 * programs[thread].steps.count {
      if let wanted = wanted(thread, position) {
        guard
          !holders(of: wanted.lock, besides: thread, position).contains(where: {
            wanted.mode.waits(for: $0.mode)
          })
        else { continue }
      }
      var next = position
      next[thread] += 1
      if search(next) { return true }
    }
    return false
  }

  private func wanted(_ thread: Int, _ position: [Int]) -> NestedProgram.Step? {
    let steps = programs[thread].steps
    return position[thread] < steps.count ? steps[position[thread]] : nil
  }

  private func held(_ thread: Int, _ position: [Int]) -> ArraySlice<NestedProgram.Step> {
    let steps = programs[thread].steps
    let done = position[thread]
    return steps.prefix(done <= steps.count ? done : 2 * steps.count - done)
  }

  private func holders(
    of lock: Int, besides thread: Int, _ position: [Int]
  ) -> [(thread: Int, mode: LockMode)] {
    programs.indices.filter { $0 != thread }.flatMap { other in
      held(other, position).filter { $0.lock == lock }.map { (other, $0.mode) }
    }
  }

  private func mayWait(_ wanted: NestedProgram.Step, for held: LockMode) -> Bool {
    wanted.mode.waits(for: held)
      || wanted.mode.waitsBehindWriters && written?.contains(wanted.lock) != false
  }

  /// Whether there are threads each of which may wait for a holder among them.
  private func isDeadlocked(_ position: [Int]) -> Bool {
    var waiting = programs.indices.filter { wanted($0, position) != nil }
    while true {
      let stuck = waiting.filter { thread in
        let wanted = wanted(thread, position)!
        return holders(of: wanted.lock, besides: thread, position).contains {
          waiting.contains($0.thread) && mayWait(wanted, for: $0.mode)
        }
      }
      if stuck.isEmpty { return false }
      if stuck.count == waiting.count { return true }
      waiting = stuck
    }
  }
}
