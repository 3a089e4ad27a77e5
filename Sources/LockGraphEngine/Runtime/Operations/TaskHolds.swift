import CLockGraph
import Synchronization

/// What tasks hold and wait for without a thread: the asynchronous locks.
///
/// A task goes from thread to thread, so what it holds is kept by its number, and laid out on the
/// stack of the thread that it runs on for as long as a request of its is judged. A child task
/// holds nothing of its parent's.
package enum TaskHolds {
  /// An asynchronous lock that a task has, or waits for.
  struct Hold {
    var lock: UnsafeMutablePointer<lg_lock>
    var number: UInt64
    var traits: UInt32
    var site: lg_site
  }

  /// A task that waits.
  private struct Wait {
    var lock: Hold
    var since: UInt64
  }

  private struct State {
    var holds: [UInt64: [Hold]] = [:]
    var waits: [UInt64: Wait] = [:]
  }

  private static let state = InternalLock { State() }
  /// How many holds there are, so that who takes other locks need not ask.
  private static let count = Atomic<Int>(0)

  /// False where no task holds anything.
  static var mayBeAny: Bool { count.load(ordering: .relaxed) > 0 }

  static func holds(of task: UInt64) -> [Hold] { state.withLock { $0.holds[task] ?? [] } ?? [] }

  static func add(_ hold: Hold, to task: UInt64) {
    _ = state.withLock { $0.holds[task, default: []].append(hold) }
    count.add(1, ordering: .relaxed)
  }

  /// - Returns: false if the task does not hold it.
  static func remove(_ number: UInt64, from task: UInt64) -> Bool {
    let isThere = state.withLock { state -> Bool in
      guard let index = state.holds[task]?.lastIndex(where: { $0.number == number }) else {
        return false
      }
      state.holds[task]?.remove(at: index)
      if state.holds[task]?.isEmpty == true { state.holds[task] = nil }
      return true
    }
    guard isThere == true else { return false }
    count.subtract(1, ordering: .relaxed)
    return true
  }

  static func isHeld(_ number: UInt64) -> Bool {
    state.withLock { $0.holds.values.contains { $0.contains { $0.number == number } } } ?? false
  }

  /// Takes the lock away from whoever holds it; nobody has to.
  static func removeAll(_ number: UInt64) {
    let gone = state.withLock { state -> Int in
      var gone = 0
      for (task, holds) in state.holds where holds.contains(where: { $0.number == number }) {
        let rest = holds.filter { $0.number != number }
        gone += holds.count - rest.count
        state.holds[task] = rest.isEmpty ? nil : rest
      }
      return gone
    }
    count.subtract(gone ?? 0, ordering: .relaxed)
  }

  static func beginWait(_ lock: Hold, of task: UInt64) {
    _ = state.withLock { $0.waits[task] = Wait(lock: lock, since: lg_now()) }
  }

  static func endWait(of task: UInt64) { _ = state.withLock { $0.waits[task] = nil } }

  /// The tasks that wait for each other in a circle, the one that asks last; empty if it is on
  /// none.
  static func circle(through task: UInt64) -> [(
    task: UInt64, wait: Hold, since: UInt64, holds: [Hold]
  )] {
    state.withLock { state in
      var circle: [UInt64] = []
      var current = task
      repeat {
        circle.append(current)
        guard let wanted = state.waits[current]?.lock.number,
          let holder = state.holds.first(where: { $0.value.contains { $0.number == wanted } })?.key
        else { return [] }
        current = holder
        // A circle that others are on is theirs.
        if current != task, circle.contains(current) { return [] }
      } while current != task
      return (circle.dropFirst() + [task]).map {
        ($0, state.waits[$0]!.lock, state.waits[$0]!.since, state.holds[$0] ?? [])
      }
    } ?? []
  }
}
