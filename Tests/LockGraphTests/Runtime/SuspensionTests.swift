import Foundation
import LockGraph
import Testing

/// What is held while a task is suspended, and what is resumed under a lock.
@Suite("Locks and suspension")
struct SuspensionTests {
  init() { Quiet.validator }

  // What hides a lock from the compiler, which refuses `lock()` in a task.
  private static func begin(_ lock: ValidatedLock) { lock.lock() }
  private static func end(_ lock: ValidatedLock) { lock.unlock() }

  @Test("A task that gives a lock up in another thread was suspended with it")
  func otherThread() async throws {
    let names = UniqueNames()
    let lock = ValidatedLock(name: names("lock"))
    let (here, there) = (ThreadExecutor(), ThreadExecutor())
    await withTaskExecutorPreference(here) { await Self.run { Self.begin(lock) } }
    await withTaskExecutorPreference(there) { await Self.run { Self.end(lock) } }
    let finding = try #require(names.findings.first)
    #expect(names.findings.map(\.rule) == [.heldAcrossSuspension])
    #expect(finding.title.hasPrefix("task-"))
    #expect(finding.title.hasSuffix("is suspended while it holds \(names("lock"))"))
    #expect(finding.events.map(\.role) == [.release, .held])
    #expect(Set(finding.events.map(\.thread)).count == 1)
    let isFree = lock.withLockIfAvailable { true } ?? false
    #expect(isFree)
  }

  @Test("One task's lock on a thread on which another one takes a lock is told")
  func otherTask() async throws {
    let names = UniqueNames()
    let (lock, next) = (ValidatedLock(name: names("lock")), ValidatedLock(name: names("next")))
    let executor = ThreadExecutor()
    let (isHeld, isSeen) = (AsyncSemaphore(value: 0), AsyncSemaphore(value: 0))
    let first = Task(executorPreference: executor) {
      Self.begin(lock)
      isHeld.signal()
      await isSeen.wait()
      Self.end(lock)
    }
    let second = Task(executorPreference: executor) {
      await isHeld.wait()
      Self.begin(next)
      Self.end(next)
      isSeen.signal()
    }
    await second.value
    await first.value
    // The first one waits with it for a semaphore, which is told before anything else.
    #expect(names.findings.map(\.rule) == [.heldAcrossSuspension])
    #expect(names.findings.first?.classes == [names("lock")])
  }

  @Test("A task that keeps its thread holds nothing over a suspension")
  func quiet() async {
    let names = UniqueNames()
    let lock = ValidatedLock(name: names("lock"))
    let executor = ThreadExecutor()
    for _ in 0..<3 {
      await Task(executorPreference: executor) {
        Self.begin(lock)
        Self.end(lock)
        await Task.yield()
        lock.withLock {}
      }.value
    }
    #expect(names.findings.isEmpty)
  }

  @Test("A continuation that is resumed under a lock is a note, and one that is not is none")
  func resume() async throws {
    let names = UniqueNames()
    let lock = ValidatedLock(name: names("lock"))
    await withValidatedContinuation { $0.resume() }
    #expect(names.findings.isEmpty)
    let value: Int = await withValidatedContinuation { waiting in
      lock.withLock { waiting.resume(returning: 5) }
    }
    #expect(value == 5)
    let finding = try #require(names.findings.first)
    #expect(finding.rule == .resumedWhileHolding)
    #expect(finding.severity == .note)
    #expect(finding.events.map(\.role) == [.resume, .held])
    #expect(finding.events[0].at?.hasPrefix("LockGraphTests/SuspensionTests.swift:") == true)
    await #expect(throws: LockError.self) {
      try await withValidatedThrowingContinuation { (waiting: ValidatedContinuation<Void, _>) in
        waiting.resume(throwing: LockError.timedOut)
      }
    }
  }

  private static func run(_ body: @Sendable () -> Void) async { body() }
}

/// Runs tasks on one thread of its own, to the end of the program.
private final class ThreadExecutor: TaskExecutor, @unchecked Sendable {
  private let condition = NSCondition()
  private var jobs: [UnownedJob] = []

  init() {
    _ = TestThreads.start { [self] in
      while true {
        condition.lock()
        while jobs.isEmpty { condition.wait() }
        let job = jobs.removeFirst()
        condition.unlock()
        job.runSynchronously(on: asUnownedTaskExecutor())
      }
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    condition.withLock { jobs.append(job) }
    condition.signal()
  }
}
