import Foundation
import Testing

@testable import LockGraph

@Suite("Locks of tasks")
struct AsyncLockTests {
  init() { Quiet.validator }

  @Test("One task has a mutex at a time, also while it is suspended")
  func exclusion() async {
    let mutex = AsyncMutex(0)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        group.addTask {
          await mutex.withLock { value in
            let before = value
            await Task.yield()
            value = before + 1
          }
        }
      }
    }
    #expect(await mutex.withLock { $0 } == 50)
    await mutex.withLock { _ in #expect(await mutex.withLockIfAvailable { $0 } == nil) }
  }

  @Test("Who came first has it first")
  func fairness() async {
    let semaphore = AsyncSemaphore(value: 0)
    let order = LockedValueBox<[Int]>([])
    var tasks: [Task<Void, Never>] = []
    for number in 0..<5 {
      let isBegun = AsyncSemaphore(value: 0)
      tasks.append(
        Task {
          isBegun.signal()
          await semaphore.wait()
          order.withLockedValue { $0.append(number) }
          semaphore.signal()
        })
      await isBegun.wait()
      // It waits now, or is about to: nobody else comes before it is there.
      while semaphore.waitingCount <= number { await Task.yield() }
    }
    semaphore.signal()
    for task in tasks { await task.value }
    #expect(order.withLockedValue { $0 } == Array(0..<5))
  }

  @Test("Both orders of two mutexes are a finding, by task")
  func inversion() async throws {
    let names = UniqueNames()
    let (one, other) = (AsyncMutex(1, name: names("one")), AsyncMutex(2, name: names("other")))
    await Task { await one.withLock { _ in await other.withLock { _ in } } }.value
    #expect(names.findings.isEmpty)
    await Task { await other.withLock { _ in await one.withLock { _ in } } }.value
    let finding = try #require(names.findings.first)
    #expect(finding.rule == .lockOrderInversion)
    #expect(finding.confidence == .feasible)
    #expect(finding.edges[0].witnesses[0].thread.hasPrefix("task-"))
    // How the runtime comes to run a task is nobody's call.
    let calls = finding.edges.flatMap(\.witnesses).flatMap { $0.held.stack + $0.wanted.stack }
    #expect(calls.allSatisfy { !$0.contains("swift_job_run") && !$0.contains("_dispatch_") })
  }

  @Test("A lock of threads under a mutex of tasks is a nesting, at a place that is known too")
  func mixedOrder() async {
    let names = UniqueNames()
    let (outer, inner) = (AsyncMutex(1, name: names("outer")), ValidatedLock(name: names("inner")))
    func take() { inner.withLock {} }
    take()
    await outer.withLock { _ in take() }
    #expect(Self.orders(from: names("outer")) == [names("inner")])
  }

  @Test("A task that takes a mutex again is told so, and can be cancelled")
  func recursion() async {
    let names = UniqueNames()
    let mutex = AsyncMutex(1, name: names("mutex"))
    let task = Task {
      try await mutex.withLock { _ in try await mutex.withLockUnlessCancelled { _ in } }
    }
    while !names.findings.contains(where: { $0.rule == .deadlock }) { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(Set(names.findings.map(\.rule)) == [.recursiveAcquisition, .deadlock])
    await mutex.withLock { _ in }
  }

  @Test("Tasks that wait for each other in a circle are a deadlock that happens")
  func deadlock() async throws {
    let names = UniqueNames()
    let (one, other) = (AsyncMutex(1, name: names("one")), AsyncMutex(2, name: names("other")))
    let (hasOne, hasOther) = (AsyncSemaphore(value: 0), AsyncSemaphore(value: 0))
    let first = Task {
      try await one.withLock { _ in
        hasOne.signal()
        await hasOther.wait()
        try await other.withLockUnlessCancelled { _ in }
      }
    }
    let second = Task {
      try await other.withLock { _ in
        hasOther.signal()
        await hasOne.wait()
        try await one.withLockUnlessCancelled { _ in }
      }
    }
    while !names.findings.contains(where: { $0.rule == .deadlock }) { await Task.yield() }
    let finding = try #require(names.findings.first { $0.rule == .deadlock })
    #expect(finding.confidence == .observed)
    #expect(finding.waiters.count == 2)
    #expect(finding.waiters.allSatisfy { $0.thread.hasPrefix("task-") })
    first.cancel()
    _ = try? await first.value
    try await second.value
  }

  @Test("A wait that is cancelled takes no permit, and one that was served keeps it")
  func cancellation() async {
    let semaphore = AsyncSemaphore(value: 0)
    let task = Task { try await semaphore.waitUnlessCancelled() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    semaphore.signal()
    #expect(semaphore.tryWait())
    #expect(!semaphore.tryWait())
    semaphore.signal()
    await semaphore.wait()
  }

  @Test("A semaphore that another task signals is no lock")
  func signal() async {
    let names = UniqueNames()
    let lock = AsyncSemaphore(value: 1, name: names("lock"))
    let event = AsyncSemaphore(value: 1, name: names("event"))
    await event.wait()
    await Task { event.signal() }.value
    await lock.wait()
    await event.wait()
    lock.signal()
    await lock.wait()
    lock.signal()
    #expect(Self.orders(from: names("lock")) == [])
    #expect(names.findings.isEmpty)
  }

  /// The classes whose locks were asked for while one of a class was held.
  private static func orders(from name: String) -> [String]? {
    guard let graph = LockValidator.analysis()?.graph else { return nil }
    return graph.dependencies.filter { graph.classes[$0.from].name == name }
      .map { graph.classes[$0.to].name }
  }
}
