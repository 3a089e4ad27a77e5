import CLockGraph
import Synchronization

/// Permits, and the tasks that wait for one, first come first served.
///
/// Who gives a permit back hands it to the first that waits, so nobody can overtake.
final class TaskQueue: @unchecked Sendable {
  private struct Waiter {
    var number: UInt64
    var continuation: UnsafeContinuation<Bool, Never>
  }

  /// Guards the rest. The thread sanitizer does not see `Synchronization.Mutex`.
  private let word = _Cell<UInt32>(0)
  private var permits: Int
  private var waiters: [Waiter] = []
  /// Those before it have been served.
  private var first = 0
  private var count: UInt64 = 0
  /// Of tasks that were cancelled before they began to wait.
  private var cancelled: Set<UInt64> = []

  init(permits: Int) { self.permits = permits }

  /// How many tasks wait.
  var waitingCount: Int { guarded { waiters.count - first } }

  private func guarded<Result>(_ body: () -> Result) -> Result {
    if !lg_replace(word._address, 0, LG_SOMEBODY) {
      _ = MutexOperations.acquire(word._address, owner: LG_SOMEBODY, WaitPolicy())
    }
    defer { MutexOperations.release(word._address) }
    return body()
  }

  /// Takes a permit if there is one.
  func tryTake() -> Bool {
    guarded {
      guard permits > 0 else { return false }
      permits -= 1
      return true
    }
  }

  /// Waits for a permit and takes it.
  ///
  /// - Returns: false if the task was cancelled before it had one.
  func take(
    isolation: isolated (any Actor)? = #isolation, unlessCancelled: Bool
  ) async -> Bool {
    if !unlessCancelled { return await wait(isolation: isolation, number: guarded(next)) }
    let number = guarded(next)
    let isTaken = await withTaskCancellationHandler {
      await wait(isolation: isolation, number: number)
    } onCancel: {
      cancel(number)
    }
    // That it was cancelled may have been said when it was served already.
    guarded { _ = cancelled.remove(number) }
    return isTaken
  }

  private func next() -> UInt64 {
    count += 1
    return count
  }

  private func wait(isolation: isolated (any Actor)?, number: UInt64) async -> Bool {
    await withUnsafeContinuation(isolation: isolation) { continuation in
      let answer = guarded { () -> Bool? in
        if cancelled.remove(number) != nil { return false }
        if permits > 0 {
          permits -= 1
          return true
        }
        waiters.append(Waiter(number: number, continuation: continuation))
        return nil
      }
      if let answer { continuation.resume(returning: answer) }
    }
  }

  private func cancel(_ number: UInt64) {
    let waiter = guarded { () -> Waiter? in
      guard let index = waiters[first...].firstIndex(where: { $0.number == number }) else {
        // It has not begun to wait, or does not wait any more.
        cancelled.insert(number)
        return nil
      }
      return waiters.remove(at: index)
    }
    waiter?.continuation.resume(returning: false)
  }

  /// Gives a permit to the first that waits, or back.
  func give() {
    let waiter = guarded { () -> Waiter? in
      guard first < waiters.count else {
        permits += 1
        return nil
      }
      let waiter = waiters[first]
      first += 1
      if first == waiters.count || first > 64, first * 2 > waiters.count {
        waiters.removeFirst(first)
        first = 0
      }
      return waiter
    }
    waiter?.continuation.resume(returning: true)
  }
}
