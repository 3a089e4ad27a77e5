import Foundation
import LockGraph
import LockGraphFoundation
import Synchronization
import Testing

@Suite("Locks under the names and words of others")
struct DropInTests {
  init() { Quiet.validator }

  @Test("What takes any NSLocking takes ours")
  func locking() {
    func isTaken(_ lock: some NSLocking & ValidatedLockProtocol) -> Bool {
      lock.lock()
      defer { lock.unlock() }
      let count = Mutex(0)
      nonisolated(unsafe) let lock = lock
      TestThreads.run {
        if let mutex = lock as? ValidatedLock, mutex.try() { count.withLock { $0 += 1 } }
        if let mutex = lock as? RecursiveMutex, mutex.try() { count.withLock { $0 += 1 } }
      }
      return count.withLock { $0 } == 0
    }
    #expect(isTaken(ValidatedLock()))
    #expect(isTaken(RecursiveMutex()))
    let mutex = RecursiveMutex()
    #expect(mutex.try() && mutex.try())
    mutex.unlock()
    mutex.unlock()
    let condition: any NSLocking = ValidatedCondition()
    condition.withLock { #expect((condition as? ValidatedCondition)?.mutex.try() == false) }
  }

  @Test(
    "A call of a lock whose type is known tells its place, and one through NSLocking who it was")
  func places() throws {
    let names = UniqueNames()
    let (one, other) = (ValidatedLock(name: names("one")), ValidatedLock(name: names("other")))
    one.lock()
    other.lock()
    other.unlock()
    one.unlock()
    func takeThroughProtocol(_ first: any NSLocking, _ second: any NSLocking) {
      first.lock()
      second.lock()
      second.unlock()
      first.unlock()
    }
    takeThroughProtocol(other, one)
    let edges = try #require(names.findings.first).edges.flatMap(\.witnesses)
    let places = edges.compactMap(\.wanted.at)
    #expect(places.contains { $0.hasPrefix("LockGraphTests/DropInTests.swift:") })
    #expect(places.contains { $0.hasPrefix("NSLocking") })
    #expect(edges.contains { $0.wanted.stack.contains { $0.contains("takeThroughProtocol") } })
  }

  @Test("A wait until a date says how it ended")
  func dates() {
    @Sendable func soon() -> Date { Date(timeIntervalSinceNow: 0.01) }
    let (lock, mutex, semaphore) = (ValidatedLock(), RecursiveMutex(), Semaphore(value: 0))
    let condition = ValidatedCondition()
    #expect(lock.lock(before: soon()))
    #expect(mutex.lock(before: soon()))
    TestThreads.run {
      #expect(!lock.lock(before: soon()))
      #expect(!mutex.lock(before: .distantPast))
    }
    lock.unlock()
    mutex.unlock()
    #expect(!semaphore.wait(until: soon()))
    semaphore.signal()
    #expect(semaphore.wait(until: .distantFuture))
    condition.withLock { #expect(!condition.wait(until: soon())) }
  }

  @Test("Who waits on a condition with its lock goes on when it is signalled")
  func condition() {
    let condition = ValidatedCondition()
    nonisolated(unsafe) var items: [Int] = []
    let consumer = TestThreads.start {
      condition.lock()
      while items.count < 3 { condition.wait() }
      items.removeAll()
      condition.unlock()
    }
    for item in 0..<3 {
      condition.withLock { items.append(item) }
      condition.signal()
    }
    TestThreads.wait(consumer)
    condition.withLock { #expect(items.isEmpty) }
    condition.broadcast()
  }

  @Test("Copies of a box share its value, and its lock is in the order")
  func box() {
    let names = UniqueNames()
    let box = LockedValueBox([1], name: names("box"))
    let copy = box
    copy.withLockedValue { $0.append(2) }
    #expect(box.withLockedValue { $0 } == [1, 2])
    box.unsafe.lock()
    box.unsafe.withValueAssumingLockIsAcquired { $0 = [] }
    box.unsafe.unlock()
    #expect(copy.withLockedValue { $0.isEmpty })
    let other = ValidatedLock(name: names("other"))
    box.withLockedValue { _ in other.withLock {} }
    other.withLock { copy.withLockedValue { _ in } }
    #expect(names.findings.map(\.rule) == [.lockOrderInversion])
  }

  @Test("A lock in the words of OSAllocatedUnfairLock locks, and its assertions are findings")
  func allocated() {
    let names = UniqueNames()
    let state = AllocatedLock(initialState: 1, name: names("state"))
    let copy = state
    copy.withLock { $0 += 1 }
    #expect(state.withLockUnchecked { $0 } == 2)
    #expect(state.withLockIfAvailable { $0 } == 2)
    state.withLock { _ in #expect(copy.withLockIfAvailable { $0 } == nil) }
    let plain = AllocatedLock(name: names("plain"))
    plain.lock()
    plain.precondition(.owner)
    TestThreads.run { #expect(!plain.lockIfAvailable()) }
    plain.unlock()
    #expect(plain.withLock { 5 } == 5)
    #expect(names.findings.isEmpty)
    plain.precondition(.owner)
    #expect(names.findings.map(\.rule) == [.assertionFailed])
    let other = AllocatedLock(name: names("other"))
    other.precondition(.notOwner)
    #expect(names.findings.count == 1)
    other.lock()
    other.precondition(.notOwner)
    other.unlock()
    #expect(names.findings.map(\.rule) == [.assertionFailed, .assertionFailed])
  }

  @Test("Who waits for a state goes on when it is set")
  func conditionLock() {
    let lock = ConditionLock(value: 0)
    let waiter = TestThreads.start {
      lock.lock(whenValue: 1)
      lock.unlock(withValue: 2)
    }
    lock.lock()
    lock.unlock(withValue: 1)
    TestThreads.wait(waiter)
    #expect(lock.value == 2)
    #expect(!lock.lock(whenValue: 7, timeoutSeconds: 0.01))
    #expect(lock.lock(whenValue: 2, timeoutSeconds: 10))
    lock.unlock()
  }
}
