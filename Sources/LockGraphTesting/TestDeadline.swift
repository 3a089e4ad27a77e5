import Dispatch
import Synchronization

/// A test that is given so long and no longer.
///
/// A test that hangs may hold all threads that tasks run on, so what is done at the bound runs on a
/// thread of its own, as a task that knows which test it belongs to.
final class TestDeadline: Sendable {
  private struct State {
    var hasPassed: Bool?
    var waiter: CheckedContinuation<Bool, Never>?
  }

  private let state = Mutex(State())
  /// Dispatch's objects may be used on any thread.
  private nonisolated(unsafe) let timer: any DispatchSourceTimer

  private init(_ bound: Duration) {
    timer = DispatchSource.makeTimerSource(queue: OwnThreadExecutor.shared.queue)
    let (seconds, attoseconds) = bound.components
    let nanoseconds = Int(clamping: attoseconds / 1_000_000_000)
    // Ten years are for ever.
    let whole = DispatchTimeInterval.seconds(Int(min(max(seconds, 0), 1 << 28)))
    timer.schedule(deadline: .now() + whole + .nanoseconds(max(0, nanoseconds)))
    timer.setEventHandler { [weak self] in self?.end(hasPassed: true) }
    timer.activate()
  }

  /// Runs something to its end; at the bound that is told, and the task cancelled.
  ///
  /// - Parameter atBound: called in a task that inherits this one's values.
  /// - Throws: what the body throws.
  static func run(
    _ bound: Duration, _ body: @Sendable () async throws -> Void,
    atBound: @escaping @Sendable () -> Void
  ) async throws {
    let deadline = TestDeadline(bound)
    try await withUnsafeCurrentTask { task in
      let current = CurrentTask(task: task)
      let teller = Task(executorPreference: OwnThreadExecutor.shared) {
        guard await deadline.passes() else { return }
        atBound()
        current.task?.cancel()
      }
      let result: Result<Void, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      deadline.end(hasPassed: false)
      await teller.value
      try result.get()
    }
  }

  /// May be cancelled from anywhere while it runs, and it does until the teller has ended.
  private struct CurrentTask: @unchecked Sendable {
    let task: UnsafeCurrentTask?
  }

  /// Whether the bound is reached before the end.
  private func passes() async -> Bool {
    await withCheckedContinuation { continuation in
      let hasPassed = state.withLock { state in
        if state.hasPassed == nil { state.waiter = continuation }
        return state.hasPassed
      }
      if let hasPassed { continuation.resume(returning: hasPassed) }
    }
  }

  private func end(hasPassed: Bool) {
    timer.cancel()
    let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard state.hasPassed == nil else { return nil }
      state.hasPassed = hasPassed
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(returning: hasPassed)
  }
}

/// Runs tasks on a queue that has its thread whatever other tasks do.
private final class OwnThreadExecutor: TaskExecutor {
  static let shared = OwnThreadExecutor()

  let queue = DispatchQueue(label: "LockGraphTesting.deadlines")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
