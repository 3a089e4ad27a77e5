import LockGraphEngine

/// Runs random threads against real locks, one step at a time, until none of them can go on.
///
/// A thread that wants a lock asks for it, and has it when it is free for it; a reader waits behind
/// a writer that waits. A thread that is at its end exits, with what it holds.
public struct LockSimulation {
  private enum Step {
    case acquire(Int, LockMode, isTry: Bool)
    case release(Int)
    case join(Int)
  }

  private struct SimulatedThread {
    var steps: [Step]
    var position = 0
    /// Locks in the order in which they were taken; one that is taken again is here twice.
    var held: [(lock: Int, mode: LockMode)] = []
    var isWaiting = false
    var hasEnded = false
  }

  private var threads: [SimulatedThread]
  private let kinds: [LockKind?]
  /// The events in the text format.
  public private(set) var trace = ""

  /// A run of random threads to its end.
  public init(threads count: Int, locks: Int, using generator: inout SeededGenerator) {
    let reentrant: [LockKind?] = [.recursive, .reentrantRwlock, nil, nil, nil, nil, nil]
    kinds = (0..<locks).map { _ in reentrant.randomElement(using: &generator)! }
    threads = (0..<count).map { [kinds] number in
      SimulatedThread(
        steps: Self.randomSteps(of: number, threads: count, kinds: kinds, using: &generator))
    }
    for lock in 0..<locks {
      if let kind = kinds[lock] { trace += "main init l\(lock) kind=\(kind.name)\n" }
    }
    while let thread = threads.indices.filter({ canGoOn($0) }).randomElement(using: &generator) {
      // A lock that is free is taken at once or a while after it was asked for.
      goOn(thread, asks: Bool.random(using: &generator))
    }
  }

  private static func randomSteps(
    of number: Int, threads: Int, kinds: [LockKind?], using generator: inout SeededGenerator
  ) -> [Step] {
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
    var steps: [Step] = []
    var held: [(lock: Int, mode: LockMode)] = []
    for _ in 0..<Int.random(in: 2...8, using: &generator) {
      let lock = Int.random(in: kinds.indices, using: &generator)
      if chance(4) {
        // One thread alone may wait for its own end: of two that do, one would count as the other
        // again.
        let other = Int.random(in: 0..<threads, using: &generator)
        if other != number || number == 0 { steps.append(.join(other)) }
      } else if !held.isEmpty, chance(40) {
        let index = held.indices.randomElement(using: &generator)!
        steps.append(.release(held.remove(at: index).lock))
      } else if !held.contains(where: { $0.lock == lock }) || chance(25) {
        let mode =
          chance(60)
          ? .write : LockMode.allCases.randomElement(using: &generator)!
        steps.append(.acquire(lock, mode, isTry: chance(10)))
        held.append((lock, mode))
      }
    }
    // Whether a thread that ended still shares a lock is not known once others had it.
    let leaks = chance(5)
    return steps
      + held.reversed().filter { !leaks || $0.mode != .write }.map { .release($0.lock) }
  }

  private func step(_ thread: Int) -> Step? {
    let steps = threads[thread].steps
    return threads[thread].position < steps.count ? steps[threads[thread].position] : nil
  }

  private func canGoOn(_ thread: Int) -> Bool {
    if threads[thread].hasEnded { return false }
    guard threads[thread].isWaiting, let step = step(thread) else { return true }
    switch step {
    case .join(let other): return threads[other].hasEnded
    case .acquire(let lock, let mode, _): return isFree(lock, mode, for: thread)
    case .release: return true
    }
  }

  private func isFree(_ lock: Int, _ mode: LockMode, for thread: Int) -> Bool {
    if mayReenter(lock, mode, thread) { return true }
    let held = threads.indices.flatMap { holds($0, of: lock, inTheWayOf: thread, mode) }
    return !held.contains { mode.waits(for: $0) }
      && (held.isEmpty || !mode.waitsBehindWriters
        || waitingWriters(lock, besides: thread).isEmpty)
  }

  /// Whether a thread may take a lock again whatever others do.
  private func mayReenter(_ lock: Int, _ mode: LockMode, _ thread: Int) -> Bool {
    let modes = threads[thread].held.filter { $0.lock == lock }.map(\.mode)
    guard kinds[lock] != nil, !modes.isEmpty else { return false }
    return mode.isRead || modes.contains(.write)
      || mode == .upgradable && modes.contains(.upgradable)
  }

  /// The modes in which a thread holds a lock and may be in the way of another one, or of itself:
  /// who upgrades is not in its own way by that, nor, where the lock lets it in again, by reading.
  private func holds(
    _ holder: Int, of lock: Int, inTheWayOf thread: Int, _ mode: LockMode
  ) -> [LockMode] {
    let modes = threads[holder].held.filter { $0.lock == lock }.map(\.mode)
    guard holder == thread, mode == .write, modes.contains(.upgradable) else { return modes }
    return kinds[lock] != nil ? [] : modes.filter { $0 != .upgradable }
  }

  private func waitingWriters(_ lock: Int, besides thread: Int) -> [Int] {
    threads.indices.filter { other in
      guard other != thread, threads[other].isWaiting, let step = step(other) else { return false }
      if case .acquire(lock, .write, _) = step { return true }
      return false
    }
  }

  private mutating func goOn(_ thread: Int, asks: Bool) {
    func write(_ words: String) { trace += "T\(thread) \(words)\n" }
    guard let step = step(thread) else {
      threads[thread].hasEnded = true
      return write("exit")
    }
    switch step {
    case .join(let other):
      if !threads[thread].isWaiting {
        threads[thread].isWaiting = true
        return write("join T\(other)")
      }
    case .release(let lock):
      // A `try` may have failed.
      if let index = threads[thread].held.lastIndex(where: { $0.lock == lock }) {
        threads[thread].held.remove(at: index)
        write("release l\(lock)")
      }
    case .acquire(let lock, let mode, let isTry):
      let isFree = isFree(lock, mode, for: thread)
      if threads[thread].isWaiting {
        threads[thread].held.append((lock, mode))
        write("acquire l\(lock)")
      } else if isFree, isTry || !asks {
        threads[thread].held.append((lock, mode))
        write("acquire l\(lock) \(mode.name)\(isTry ? " try" : "")")
      } else if !isTry {
        threads[thread].isWaiting = true
        return write("request l\(lock) \(mode.name)")
      }
    }
    threads[thread].isWaiting = false
    threads[thread].position += 1
  }

  /// The threads that have not ended: they never will.
  public var stuckThreads: [Int] { threads.indices.filter { !threads[$0].hasEnded } }

  public func hasEnded(_ thread: Int) -> Bool { threads[thread].hasEnded }

  /// The threads that keep a stuck one from going on; a reader waits for writers that wait, and
  /// whoever they wait for, as well as for one that has the lock.
  public func obstacles(of thread: Int) -> Set<Int> {
    guard !threads[thread].hasEnded, let step = step(thread) else { return [] }
    switch step {
    case .join(let other): return [other]
    case .release: return []
    case .acquire(let lock, let mode, _):
      if mayReenter(lock, mode, thread) { return [] }
      let holders = threads.indices.filter {
        !holds($0, of: lock, inTheWayOf: thread, mode).isEmpty
      }
      let keepers = holders.filter { holder in
        holds(holder, of: lock, inTheWayOf: thread, mode).contains { mode.waits(for: $0) }
      }
      let isWritten = keepers.contains { holder in
        threads[holder].held.contains { $0.lock == lock && $0.mode == .write }
      }
      let writers = waitingWriters(lock, besides: thread)
      guard mode.waitsBehindWriters, !isWritten, !writers.isEmpty else { return Set(keepers) }
      return Set(holders + writers)
    }
  }
}
