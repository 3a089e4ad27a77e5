import Foundation
import LockGraph
import Synchronization
import Testing

/// A lock of every type that lets a wait end early, held by the thread that makes it.
enum HeldLock: CaseIterable, Sendable {
  case mutex, recursive, reader, writer, semaphore

  /// How its waits end, and what lets it be taken.
  struct Ways: Sendable {
    var interruptibly: @Sendable () throws -> Void
    var killable: @Sendable () throws -> Void
    var giveUp: @Sendable () -> Void
  }

  var ways: Ways {
    switch self {
    case .mutex:
      let lock = ValidatedLock()
      lock.lock()
      return Ways(
        interruptibly: {
          try lock.lockInterruptibly()
          lock.unlock()
        },
        killable: {
          try lock.lockKillable()
          lock.unlock()
        }, giveUp: { lock.unlock() })
    case .recursive:
      let lock = RecursiveMutex()
      lock.lock()
      return Ways(
        interruptibly: {
          try lock.lockInterruptibly()
          lock.unlock()
        },
        killable: {
          try lock.lockKillable()
          lock.unlock()
        }, giveUp: { lock.unlock() })
    case .reader:
      let lock = ReadWriteLock()
      lock.writeLock()
      return Ways(
        interruptibly: {
          try lock.readLockInterruptibly()
          lock.readUnlock()
        },
        killable: {
          try lock.readLockKillable()
          lock.readUnlock()
        }, giveUp: { lock.writeUnlock() })
    case .writer:
      let lock = ReadWriteLock()
      lock.readLock()
      return Ways(
        interruptibly: {
          try lock.writeLockInterruptibly()
          lock.writeUnlock()
        },
        killable: {
          try lock.writeLockKillable()
          lock.writeUnlock()
        }, giveUp: { lock.readUnlock() })
    case .semaphore:
      let semaphore = Semaphore(value: 0)
      return Ways(
        interruptibly: {
          try semaphore.waitInterruptibly()
          semaphore.signal()
        },
        killable: {
          try semaphore.waitKillable()
          semaphore.signal()
        }, giveUp: { semaphore.signal() })
    }
  }
}

extension InterruptibleTests {
  /// A thread that waits, and how the wait ended.
  private final class Waiting: Sendable {
    private let outcome = Mutex<Result<Void, any Error>?>(nil)
    private let handle = Mutex<pthread_t?>(nil)

    func start(_ wait: @escaping @Sendable () throws -> Void) -> Thread {
      TestThreads.start {
        self.handle.withLock { $0 = pthread_self() }
        let result = Result { try wait() }
        self.outcome.withLock { $0 = result }
      }
    }

    var hasEnded: Bool { outcome.withLock { $0 != nil } }

    var error: LockError? {
      guard case .failure(let error) = outcome.withLock({ $0 }) else { return nil }
      return error as? LockError
    }

    func send(_ number: Int32) {
      guard let thread = handle.withLock({ $0 }) else { return }
      pthread_kill(thread, number)
    }
  }

  @Test("A signal handler ends the interruptible waits of every lock", arguments: HeldLock.allCases)
  func interruptsEvery(_ lock: HeldLock) {
    let (waiting, ways) = (Waiting(), lock.ways)
    let thread = waiting.start(ways.interruptibly)
    for _ in 0..<10_000 where !waiting.hasEnded {
      waiting.send(SIGUSR2)
      usleep(500)
    }
    ways.giveUp()
    TestThreads.wait(thread)
    #expect(waiting.error == .interrupted)
    // What a wait that ended leaves behind keeps nobody out.
    #expect(throws: Never.self) { try ways.interruptibly() }
  }

  @Test(
    "A request to terminate ends the killable waits of every lock", arguments: HeldLock.allCases)
  func killsEvery(_ lock: HeldLock) {
    let (waiting, ways) = (Waiting(), lock.ways)
    let thread = waiting.start(ways.killable)
    for _ in 0..<20 {
      waiting.send(SIGUSR2)
      usleep(500)
    }
    #expect(!waiting.hasEnded)
    TerminationRequests.request(SIGTERM)
    TestThreads.wait(thread)
    TerminationRequests.clear()
    #expect(waiting.error == .killed)
    ways.giveUp()
    #expect(throws: Never.self) { try ways.killable() }
  }

  private final class Box: Sendable {
    let mutex: ValidatedMutex<Int>
    init(_ mutex: consuming ValidatedMutex<Int>) { self.mutex = mutex }
  }

  @Test("A killable closure runs under the lock, and not at all once the program is to end")
  func killableClosure() throws {
    let box = Box(ValidatedMutex(1))
    #expect(try box.mutex.withLockKillable { $0 + 1 } == 2)
    let (isHeld, isDone) = (Flag(), Flag())
    let holder = TestThreads.start {
      box.mutex.withLock { _ in
        isHeld.set()
        _ = isDone.wait()
      }
    }
    #expect(isHeld.wait())
    TerminationRequests.request(SIGTERM)
    defer { TerminationRequests.clear() }
    #expect(throws: LockError.killed) { try box.mutex.withLockKillable { _ in Issue.record() } }
    isDone.set()
    TestThreads.wait(holder)
  }

  @Test("A wait for input or output excludes others like any")
  func waitForInput() {
    let box = Box(ValidatedMutex(0))
    let threads = (0..<3).map { _ in
      TestThreads.start {
        for _ in 0..<1000 { box.mutex.withLockIO { $0 += 1 } }
      }
    }
    TestThreads.wait(threads)
    #expect(box.mutex.withLock { $0 } == 3000)
  }
}
