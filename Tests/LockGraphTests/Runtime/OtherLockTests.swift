import Foundation
import LockGraph
import Synchronization
import Testing

@Suite("Recursive mutexes, spinlocks, semaphores, conditions and queues")
struct OtherLockTests {
  init() { Quiet.validator }

  @Test("A recursive mutex is free once it was given up as often as it was taken")
  func recursion() {
    let names = UniqueNames()
    let mutex = RecursiveMutex(name: names("mutex"))
    let isFree = Mutex<[Bool]>([])
    let probe: @Sendable () -> Void = {
      let taken = mutex.tryLock()
      if taken { mutex.unlock() }
      isFree.withLock { $0.append(taken) }
    }
    mutex.lock()
    mutex.withLock { #expect(mutex.tryLock()) }
    TestThreads.run(probe)
    mutex.unlock()
    TestThreads.run(probe)
    mutex.unlock()
    TestThreads.run(probe)
    #expect(isFree.withLock { $0 } == [false, false, true])
    #expect(names.findings.isEmpty)
  }

  @Test("A spinlock keeps all but one out")
  func spinning() {
    let lock = SpinLock()
    nonisolated(unsafe) var unprotected = 0
    TestThreads.wait(
      (0..<3).map { _ in
        TestThreads.start { for _ in 0..<10_000 { lock.withLock { unprotected += 1 } } }
      })
    #expect(unprotected == 30_000)
    lock.lock()
    TestThreads.run { #expect(!lock.tryLock()) }
    lock.unlock()
  }

  @Test("A lock that another thread gives up is free, and a recursive one stays its owner's")
  func foreignRelease() {
    let names = UniqueNames()
    let spin = SpinLock(name: names("spin"))
    let mutex = RecursiveMutex(name: names("mutex"))
    mutex.lock()
    spin.lock()
    TestThreads.run {
      spin.unlock()
      mutex.unlock()
      #expect(spin.tryLock())
      #expect(!mutex.tryLock())
    }
    // Its own hold is gone, so this takes it from who has it now, and is the same bug.
    spin.unlock()
    mutex.unlock()
    TestThreads.run {
      #expect(spin.tryLock())
      #expect(mutex.tryLock())
      spin.unlock()
      mutex.unlock()
    }
    #expect(names.findings.map(\.rule) == [.releaseNotHeld, .releaseNotHeld, .heldAtExit])
  }

  @Test("A semaphore that others signal is nothing that a thread holds at its end")
  func signalledAtExit() {
    let names = UniqueNames()
    let event = Semaphore(value: 1, name: names("event"))
    TestThreads.run {
      event.wait()
      TestThreads.run { event.signal() }
    }
    TestThreads.run { event.wait() }
    usleep(20_000)
    #expect(names.findings.isEmpty)
  }

  @Test("A semaphore counts, whoever signals it")
  func semaphore() throws {
    let semaphore = Semaphore(value: 2)
    semaphore.wait()
    #expect(semaphore.tryWait())
    #expect(!semaphore.tryWait())
    #expect(throws: LockError.timedOut) { try semaphore.wait(timeout: .milliseconds(5)) }
    TestThreads.run { semaphore.signal() }
    try semaphore.wait(timeout: .seconds(10))
    let produced = Semaphore(value: 0)
    let consumed = Mutex(0)
    let consumers = (0..<3).map { _ in
      TestThreads.start {
        for _ in 0..<2000 {
          produced.wait()
          consumed.withLock { $0 += 1 }
        }
      }
    }
    for _ in 0..<6000 { produced.signal() }
    TestThreads.wait(consumers)
    #expect(consumed.withLock { $0 } == 6000)
    #expect(!produced.tryWait())
  }

  @Test("A binary semaphore is a lock until somebody signals it who did not take it")
  func binarySemaphore() {
    let names = UniqueNames()
    let lock = ValidatedLock(name: names("lock"))
    let semaphore = Semaphore(value: 1, name: names("semaphore"))
    lock.withLock {
      semaphore.wait()
      semaphore.signal()
    }
    semaphore.wait()
    lock.withLock {}
    semaphore.signal()
    #expect(names.findings.map(\.rule) == [.lockOrderInversion])

    let event = Semaphore(value: 1, name: names("event"))
    let other = ValidatedLock(name: names("other"))
    event.wait()
    TestThreads.run { event.signal() }
    other.withLock { event.wait() }
    // If it still counted as held here, this would be the other order.
    other.withLock {}
    #expect(names.findings.count == 1)
  }

  @Test("A condition hands items from producers to consumers")
  func condition() {
    let lock = ValidatedLock()
    let notEmpty = Condition()
    nonisolated(unsafe) var queue: [Int] = []
    let sum = Mutex(0)
    let consumers = (0..<3).map { _ in
      TestThreads.start {
        for _ in 0..<1000 {
          lock.lock()
          while queue.isEmpty { notEmpty.wait(lock) }
          let item = queue.removeLast()
          lock.unlock()
          sum.withLock { $0 += item }
        }
      }
    }
    let producer = TestThreads.start {
      for item in 1...3000 {
        lock.withLock { queue.append(item) }
        if item % 7 == 0 { notEmpty.broadcast() } else { notEmpty.signal() }
      }
    }
    TestThreads.wait(consumers + [producer])
    #expect(sum.withLock { $0 } == 3000 * 3001 / 2)
  }

  @Test("A wait for a condition ends in time, with the lock")
  func conditionTimeout() {
    let lock = ValidatedLock()
    let never = Condition()
    lock.lock()
    #expect(throws: LockError.timedOut) { try never.wait(lock, timeout: .milliseconds(5)) }
    lock.assertHeld()
    TestThreads.run { #expect(!lock.tryLock()) }
    lock.unlock()
  }

  @Test("A mutex waits until its value is as wanted")
  func waitingForValue() {
    let box = Box(ValidatedMutex<[Int]>([]))
    let changed = Condition()
    let producer = TestThreads.start {
      for item in 0..<3 {
        box.mutex.withLock { $0.append(item) }
        changed.signal()
      }
    }
    let items = box.mutex.withLock(waitingFor: changed, until: { $0.count == 3 }) { $0 }
    #expect(items == [0, 1, 2])
    TestThreads.wait(producer)
  }

  private final class Box: Sendable {
    let mutex: ValidatedMutex<[Int]>
    init(_ mutex: consuming ValidatedMutex<[Int]>) { self.mutex = mutex }
  }

  @Test(
    "To wait for a condition while another lock is held is a note, and the lock comes back in order"
  )
  func waitWhileHolding() {
    let names = UniqueNames()
    let outer = ValidatedLock(name: names("outer"))
    let lock = ValidatedLock(name: names("lock"))
    let condition = Condition()
    lock.lock()
    outer.lock()
    #expect(throws: LockError.timedOut) { try condition.wait(lock, timeout: .milliseconds(5)) }
    outer.unlock()
    lock.unlock()
    // lock -> outer at first, and outer -> lock when it was taken again.
    #expect(Set(names.findings.map(\.rule)) == [.waitWhileHolding, .lockOrderInversion])
  }

  @Test("A queue runs in order, and waiting for it is an acquisition")
  func queue() {
    let names = UniqueNames()
    let queue = SerialQueue(label: names("queue"))
    let lock = ValidatedLock(name: names("lock"))
    let items = Mutex<[Int]>([])
    for item in 0..<100 { queue.async { items.withLock { $0.append(item) } } }
    #expect(queue.sync { items.withLock { $0 } } == Array(0..<100))
    struct Failure: Error {}
    #expect(throws: Failure.self) { try queue.sync { throw Failure() } }
    lock.withLock { queue.sync {} }
    #expect(names.findings.isEmpty)
    let isDone = Flag()
    queue.async { lock.withLock { isDone.set() } }
    #expect(isDone.wait())
    #expect(names.findings.map(\.rule) == [.lockOrderInversion])
  }

  @Test(
    "Semaphores and queues of one class nest by rank, by level and under a lock, and not without")
  func annotations() {
    let names = UniqueNames()
    let tree = ValidatedLock(name: names("tree"))
    let semaphores = (0..<2).map { Semaphore(value: 1, name: names("semaphore"), rank: $0) }
    let plain = (0..<2).map { _ in Semaphore(value: 1, name: names("plain semaphore")) }
    let queues = (0..<2).map { SerialQueue(label: names("queue"), rank: $0) }
    let plainQueues = (0..<2).map { _ in SerialQueue(label: names("plain queue")) }
    semaphores[0].wait()
    semaphores[1].wait()
    for semaphore in semaphores { semaphore.signal() }
    plain[0].wait()
    plain[1].wait(subclass: 1)
    for semaphore in plain { semaphore.signal() }
    tree.lock()
    plain[0].wait(subclass: 0, nestedUnder: tree.identity)
    plain[1].wait(subclass: 0, nestedUnder: tree.identity)
    for semaphore in plain { semaphore.signal() }
    plainQueues[0].sync(nestedUnder: tree.identity) {
      plainQueues[1].sync(nestedUnder: tree.identity) {}
    }
    tree.unlock()
    queues[0].sync { queues[1].sync {} }
    plainQueues[0].sync { plainQueues[1].sync(subclass: 1) {} }
    #expect(names.findings.isEmpty)
    semaphores[1].wait()
    semaphores[0].wait()
    for semaphore in semaphores { semaphore.signal() }
    queues[1].sync { queues[0].sync {} }
    plainQueues[0].sync { plainQueues[1].sync {} }
    plain[0].wait()
    plain[1].wait()
    for semaphore in plain { semaphore.signal() }
    #expect(
      Set(names.findings.flatMap(\.classes))
        == Set(["semaphore", "queue", "plain semaphore", "plain queue"].map { names($0) }))
    #expect(names.findings.allSatisfy { $0.rule == .recursiveAcquisition })
  }
}
