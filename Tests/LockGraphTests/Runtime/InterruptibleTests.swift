import Foundation
import LockGraph
import Synchronization
import Testing

/// Real signals to threads that wait.
@Suite("Waits that end early", .serialized)
struct InterruptibleTests {
  init() {
    Quiet.validator
    Self.handle(SIGUSR1, flags: SA_RESTART)
    Self.handle(SIGUSR2, flags: 0)
  }

  private static func handle(_ number: Int32, flags: Int32) {
    var action = sigaction()
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = { _ in }
    #else
      action.__sigaction_handler.sa_handler = { _ in }
    #endif
    action.sa_flags = flags
    sigaction(number, &action, nil)
  }

  /// How a thread waits.
  private enum Way: CaseIterable {
    case interruptible, killable, plain, timed

    func take(_ lock: ValidatedLock) throws(LockError) {
      switch self {
      case .interruptible: try lock.lockInterruptibly()
      case .killable: try lock.lockKillable()
      case .plain: lock.lock()
      case .timed: try lock.lock(timeout: .seconds(60))
      }
    }
  }

  /// Starts a thread that waits in some way for a lock that is held, and tells its handle and how
  /// the wait ended.
  private final class Waiter: Sendable {
    let lock = ValidatedLock()
    private let result = Mutex<Result<Void, LockError>?>(nil)
    private let handle = Mutex<pthread_t?>(nil)

    func start(_ way: Way) -> Thread {
      TestThreads.start {
        self.handle.withLock { $0 = pthread_self() }
        do throws(LockError) {
          try way.take(self.lock)
          self.lock.unlock()
          self.result.withLock { $0 = .success(()) }
        } catch {
          self.result.withLock { $0 = .failure(error) }
        }
      }
    }

    var error: LockError? {
      guard case .failure(let error) = result.withLock({ $0 }) else { return nil }
      return error
    }
    var hasEnded: Bool { result.withLock { $0 != nil } }

    func send(_ number: Int32) {
      guard let thread = handle.withLock({ $0 }) else { return }
      pthread_kill(thread, number)
    }
  }

  @Test(
    "A signal handler ends an interruptible wait, whether or not system calls restart after it",
    arguments: [SIGUSR1, SIGUSR2])
  func interrupted(_ number: Int32) {
    let waiter = Waiter()
    waiter.lock.lock()
    let thread = waiter.start(.interruptible)
    // A signal that comes before the wait ends nothing, so it is sent until one comes in it.
    for _ in 0..<10_000 where !waiter.hasEnded {
      waiter.send(number)
      usleep(500)
    }
    waiter.lock.unlock()
    TestThreads.wait(thread)
    #expect(waiter.error == .interrupted)
    #expect(LockError.interrupted.errorNumber == EINTR)
  }

  @Test("Signals end neither killable nor plain nor timed waits")
  func uninterrupted() {
    for way in Way.allCases where way != .interruptible {
      let waiter = Waiter()
      waiter.lock.lock()
      let thread = waiter.start(way)
      for _ in 0..<50 {
        waiter.send(SIGUSR1)
        waiter.send(SIGUSR2)
        usleep(500)
      }
      #expect(!waiter.hasEnded)
      waiter.lock.unlock()
      TestThreads.wait(thread)
      #expect(waiter.error == nil)
    }
  }

  @Test("A request to terminate ends killable waits, and those that come after it")
  func killed() {
    defer { TerminationRequests.clear() }
    let waiter = Waiter()
    waiter.lock.lock()
    let thread = waiter.start(.killable)
    usleep(20_000)
    #expect(!waiter.hasEnded)
    TerminationRequests.request(SIGTERM)
    TestThreads.wait(thread)
    #expect(waiter.error == .killed)
    #expect(TerminationRequests.pending == SIGTERM)
    let late = Waiter()
    late.lock.lock()
    TestThreads.wait(late.start(.killable))
    #expect(late.error == .killed)
    waiter.lock.unlock()
    late.lock.unlock()
  }

  @Test("A task that is cancelled waits no longer")
  func cancelled() async {
    let lock = ValidatedMutex(0)
    let box = MutexBox(lock)
    let isHeld = Flag()
    let isDone = Flag()
    let holder = TestThreads.start {
      box.mutex.withLock { _ in
        isHeld.set()
        _ = isDone.wait()
      }
    }
    #expect(isHeld.wait())
    let task = Task.detached { () -> LockError? in
      do {
        try box.mutex.withLockInterruptibly { _ in }
        return nil
      } catch { return error as? LockError }
    }
    try? await Task.sleep(for: .milliseconds(30))
    task.cancel()
    #expect(await task.value == .interrupted)
    isDone.set()
    TestThreads.wait(holder)
  }

  private final class MutexBox: Sendable {
    let mutex: ValidatedMutex<Int>
    init(_ mutex: consuming ValidatedMutex<Int>) { self.mutex = mutex }
  }

  @Test("Thousands of waits are interrupted, time out or get the lock, and no wake-up is lost")
  func storm() {
    let lock = ValidatedLock()
    let count = Mutex(0)
    let given = Mutex((interrupted: 0, timedOut: 0))
    let handles = Mutex<[pthread_t]>([])
    let isOver = Flag()
    nonisolated(unsafe) var unprotected = 0
    let rounds = 3000
    // Those that wait for ever would not end if a waiter that gives up took a wake-up with it.
    let patient = (0..<2).map { _ in
      TestThreads.start {
        for _ in 0..<rounds {
          lock.lock()
          unprotected += 1
          lock.unlock()
        }
        count.withLock { $0 += rounds }
      }
    }
    let impatient = (0..<2).map { number in
      TestThreads.start {
        handles.withLock { $0.append(pthread_self()) }
        var taken = 0
        for round in 0..<rounds {
          do throws(LockError) {
            if (round + number) % 2 == 0 {
              try lock.lockInterruptibly()
            } else {
              try lock.lock(timeout: .microseconds(round % 50))
            }
            unprotected += 1
            taken += 1
            if round % 100 == 0 { usleep(100) }
            lock.unlock()
          } catch {
            given.withLock {
              if error == .interrupted { $0.interrupted += 1 } else { $0.timedOut += 1 }
            }
          }
        }
        count.withLock { $0 += taken }
        // The handle is no thread's any more once the thread is over.
        while !isOver.isSet { usleep(500) }
      }
    }
    let sender = TestThreads.start {
      while !isOver.isSet {
        for handle in handles.withLock({ $0 }) { pthread_kill(handle, SIGUSR2) }
        usleep(50)
      }
    }
    TestThreads.wait(patient)
    for _ in 0..<100_000
    where count.withLock({ $0 }) + given.withLock({ $0.interrupted + $0.timedOut }) < 4 * rounds {
      usleep(500)
    }
    isOver.set()
    TestThreads.wait([sender] + impatient)
    #expect(unprotected == count.withLock { $0 })
    #expect(
      count.withLock { $0 } + given.withLock { $0.interrupted + $0.timedOut } == 4 * rounds)
    #expect(lock.tryLock())
    lock.unlock()
  }
}
