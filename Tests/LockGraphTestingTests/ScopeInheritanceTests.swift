import Foundation
import LockGraph
import Synchronization
import Testing

@testable import LockGraphTesting

/// Ways to have something run elsewhere, each to its end.
enum Elsewhere: CaseIterable {
  case thread, threadObject, rawThread, globalQueue, qualityOfService, serialQueue, barrier
  case after, group, notify, iterations, workItem, ourQueue, operation, threadOfThread, task

  func run(_ body: @escaping @Sendable () -> Void) {
    let end = DispatchSemaphore(value: 0)
    let work: @Sendable () -> Void = {
      body()
      end.signal()
    }
    let queue = DispatchQueue(label: "elsewhere", attributes: .concurrent)
    switch self {
    case .thread: Thread.detachNewThread(work)
    case .threadObject: Thread(block: work).start()
    case .rawThread: Self.startRawThread(work)
    case .globalQueue: DispatchQueue.global().async(execute: work)
    case .qualityOfService: DispatchQueue.global().async(qos: .utility, execute: work)
    case .serialQueue: DispatchQueue(label: "serial").async(execute: work)
    case .barrier: queue.async(flags: .barrier, execute: work)
    case .after: queue.asyncAfter(deadline: .now() + .milliseconds(1), execute: work)
    case .group: queue.async(group: DispatchGroup(), execute: work)
    case .notify: DispatchGroup().notify(queue: queue, execute: work)
    case .iterations:
      // The one that does not run on this thread.
      let caller = pthread_self()
      let isDone = Atomic(false)
      DispatchQueue.concurrentPerform(iterations: 64) { _ in
        if pthread_equal(pthread_self(), caller) != 0 {
          usleep(10_000)
        } else if !isDone.exchange(true, ordering: .sequentiallyConsistent) {
          work()
        }
      }
    case .workItem: queue.async(execute: DispatchWorkItem(block: work))
    case .ourQueue: SerialQueue(label: "ours").async(execute: work)
    case .operation: OperationQueue().addOperation(work)
    case .threadOfThread: Thread.detachNewThread { Thread.detachNewThread(work) }
    case .task: Thread.detachNewThread { Task { work() } }
    }
    end.wait()
  }

  private final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private static func startRawThread(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      {
        Unmanaged<Box>.fromOpaque($0!).takeRetainedValue().body()
        return nil
      }, Unmanaged.passRetained(Box(body)).toOpaque())
    pthread_detach(thread)
  }
}

extension LockGraphTestingSuite {
  #if canImport(Glibc)
    @Test("On Linux threads and blocks are followed, unless a sanitizer is there first")
    static func followsThreads() {
      let isSanitized = dlsym(nil, "__tsan_init") != nil || dlsym(nil, "__asan_init") != nil
      #expect(ScopeInheritance.followsThreads == !isSanitized)
    }
  #endif

  @Suite("Threads and blocks", .needs("what follows threads", ScopeInheritance.followsThreads))
  struct ScopeInheritanceTests {
    @Test("What code starts is in its scope", arguments: Elsewhere.allCases)
    func inherits(_ way: Elsewhere) {
      let scope = LockOrderScope(.severity(.warning))
      let found = Mutex<UInt64?>(nil)
      let body: @Sendable () -> Void = {
        found.withLock { $0 = LockOrderScope.current?.number }
      }
      LockOrderScope.$current.withValue(scope) { way.run(body) }
      #expect(found.withLock { $0 } == scope.number)
      // Threads that dispatch has are everybody's, and are left without.
      found.withLock { $0 = 0 }
      way.run(body)
      #expect(found.withLock { $0 } == nil)
      _ = scope.close()
    }

    @Test("What is found there belongs to who started it", arguments: Elsewhere.allCases)
    func findings(_ way: Elsewhere) {
      let locks = TwoLocks("elsewhere.\(way)")
      let (own, other) = (Watch(locks), Watch(locks))
      own.run { way.run { locks.takeBothWays() } }
      // Kept: the test is not known there. Our queue keeps the orders apart, which makes it a note.
      #expect(own.close() == [way != .ourQueue])
      #expect(other.close() == [])
    }

    @Test("A lock that a thread holds at its end is found in the scope of who started it")
    func endedThread() {
      let lock = ValidatedLock(name: "LockGraphTesting.leftBehind")
      let found = Mutex<[UInt64]>([])
      let observation = LockValidator.observe { report in
        guard report.finding.classes == ["LockGraphTesting.leftBehind"] else { return }
        found.withLock { $0.append(report.scope) }
      }
      let scope = LockOrderScope(.severity(.warning))
      LockOrderScope.$current.withValue(scope) {
        let thread = Thread { lock.lock() }
        thread.start()
        while !thread.isFinished { usleep(200) }
      }
      // The thread's own end comes a moment later.
      for _ in 0..<10_000 where found.withLock({ $0.isEmpty }) { usleep(200) }
      #expect(found.withLock { $0 } == [scope.number])
      observation?.end()
      _ = scope.close()
    }

    @Test("A work item that is waited for, cancelled or notified of works as without")
    func workItems() {
      let scope = LockOrderScope(.severity(.warning))
      LockOrderScope.$current.withValue(scope) {
        let count = Atomic(0)
        let queue = DispatchQueue(label: "items")
        let item = DispatchWorkItem { count.wrappingAdd(1, ordering: .relaxed) }
        let isNotified = DispatchSemaphore(value: 0)
        item.notify(queue: queue) { isNotified.signal() }
        queue.async(execute: item)
        item.wait()
        isNotified.wait()
        let cancelled = DispatchWorkItem { count.wrappingAdd(1, ordering: .relaxed) }
        cancelled.cancel()
        queue.async(execute: cancelled)
        queue.sync {}
        #expect(count.load(ordering: .relaxed) == 1)
        #expect(cancelled.isCancelled)
      }
      _ = scope.close()
    }

    @Test("What was started keeps nothing alive")
    func lifetimes() {
      final class Witness: Sendable {}
      weak var block: Witness?
      weak var scope: LockOrderScope?
      do {
        let watched = LockOrderScope(.severity(.warning))
        let witness = Witness()
        (scope, block) = (watched, witness)
        LockOrderScope.$current.withValue(watched) {
          for way in Elsewhere.allCases { way.run { _ = witness } }
        }
        _ = watched.close()
      }
      for _ in 0..<10_000 where block != nil || scope != nil { usleep(200) }
      #expect(block == nil)
      #expect(scope == nil)
    }
  }
}
