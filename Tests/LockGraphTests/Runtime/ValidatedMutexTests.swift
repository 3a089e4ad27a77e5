import Foundation
import LockGraph
import Synchronization
import Testing

@Suite("Validated mutexes")
struct ValidatedMutexTests {
  init() { Quiet.validator }

  private struct Token: ~Copyable { var number: Int }
  private enum Refusal: Error, Equatable { case refused }

  @Test(
    "It is used like Synchronization.Mutex: values that cannot be copied, typed errors, results")
  func dropIn() throws {
    let mutex = ValidatedMutex(Token(number: 1))
    #expect(
      mutex.withLock {
        $0.number += 1; return $0.number
      } == 2)
    let moved = mutex.withLock { token in
      let old = Token(number: token.number)
      token = Token(number: 7)
      return old
    }
    #expect(moved.number == 2)
    do throws(Refusal) {
      try mutex.withLock { _ throws(Refusal) in throw Refusal.refused }
      Issue.record("nothing was thrown")
    } catch {
      #expect(error == .refused)
    }
    // It was given up all the same.
    #expect(mutex.withLockIfAvailable { $0.number } == 7)
  }

  @Test("Only one thread has it at a time")
  func exclusion() {
    let mutex = ValidatedMutex(0)
    let lock = ValidatedLock()
    let box = Box(mutex)
    nonisolated(unsafe) var unprotected = 0
    let threads = (0..<4).map { _ in
      TestThreads.start {
        for _ in 0..<20_000 {
          box.mutex.withLock { $0 += 1 }
          lock.lock()
          unprotected += 1
          lock.unlock()
        }
      }
    }
    TestThreads.wait(threads)
    #expect(box.mutex.withLock { $0 } == 80_000)
    #expect(unprotected == 80_000)
  }

  private final class Box: Sendable {
    let mutex: ValidatedMutex<Int>
    init(_ mutex: consuming ValidatedMutex<Int>) { self.mutex = mutex }
  }

  @Test("What is taken is not available to others, and is to the next once it is given up")
  func availability() {
    let lock = ValidatedLock()
    lock.lock()
    let results = Mutex<[Bool]>([])
    TestThreads.run {
      results.withLock { $0.append(lock.tryLock()) }
      results.withLock { $0.append(lock.withLockIfAvailable {} != nil) }
    }
    lock.unlock()
    TestThreads.run {
      let isTaken = lock.try()
      results.withLock { $0.append(isTaken) }
      if isTaken { lock.unlock() }
    }
    #expect(results.withLock { $0 } == [false, false, true])
  }

  @Test("A wait for so long ends after it, and holds nothing")
  func timeout() throws {
    let lock = ValidatedLock()
    let box = Box(ValidatedMutex(0))
    lock.lock()
    TestThreads.run {
      let start = ContinuousClock.now
      #expect(throws: LockError.timedOut) { try lock.lock(timeout: .milliseconds(30)) }
      #expect(ContinuousClock.now - start >= .milliseconds(30))
      #expect(throws: LockError.timedOut) { try lock.lock(until: .now - .seconds(1)) }
      #expect(throws: LockError.timedOut) { try lock.lock(timeout: .seconds(-5)) }
      lock.assertNotHeld()
    }
    lock.unlock()
    try lock.lock(timeout: .milliseconds(1))
    lock.unlock()
    #expect(try box.mutex.withLock(timeout: .seconds(1)) { $0 } == 0)
    #expect(LockError.timedOut.errorNumber == ETIMEDOUT)
  }

  @Test("A million locks that are made at one place are one class")
  func classes() {
    let locks = (0..<1000).map { _ in ValidatedLock() }
    #expect(Set(locks.map(\.lockClass)).count == 1)
    #expect(locks[0].lockClass.name.contains("ValidatedMutexTests.swift:"))
    #expect(ValidatedLock(name: "one name").lockClass == ValidatedLock(name: "one name").lockClass)
    #expect(ValidatedLock(lockClass: LockClass("a class")).lockClass.name == "a class")
    let (here, there) = (ValidatedLock(), ValidatedLock())
    #expect(here.lockClass != there.lockClass)
  }

  @Test("Many locks can be held at once, and given up in any order")
  func manyHeld() {
    let names = UniqueNames()
    // More than the stack has room for at first.
    let locks = (0..<300).map { ValidatedLock(name: names("lock"), rank: $0) }
    for lock in locks { lock.lock() }
    for lock in locks.shuffled() { lock.unlock() }
    for lock in locks { lock.assertNotHeld() }
    #expect(names.findings.isEmpty)
    locks[299].lock()
    locks[0].lock()
    locks[0].unlock()
    locks[299].unlock()
    #expect(names.findings.map(\.rule) == [.recursiveAcquisition])
  }
}
