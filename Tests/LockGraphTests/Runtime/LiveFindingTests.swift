import Foundation
import LockGraph
import Synchronization
import Testing

/// What the validator says of running locks; what it is to say of traces is tested with traces.
@Suite("Findings as the program runs")
struct LiveFindingTests {
  init() { Quiet.validator }

  @Test("Both orders are a finding at the second one, before the thread waits")
  func inversion() throws {
    let names = UniqueNames()
    let (one, other) = (ValidatedLock(name: names("one")), ValidatedLock(name: names("other")))
    one.withLock { other.withLock {} }
    #expect(names.findings.isEmpty)
    let seen = Mutex(0)
    TestThreads.run {
      other.withLock { one.withLock { seen.withLock { $0 = names.findings.count } } }
    }
    #expect(seen.withLock { $0 } == 1)
    let finding = try #require(names.findings.first)
    #expect(finding.rule == .lockOrderInversion)
    #expect(finding.confidence == .feasible)
    let witness = finding.edges[0].witnesses[0]
    #expect(witness.held.at?.hasPrefix("LockGraphTests/LiveFindingTests.swift:") == true)
    #expect(witness.wanted.stack.contains { $0.contains("inversion()") })
  }

  @Test("A finding that turns out surer is surer")
  func rise() {
    let names = UniqueNames()
    let (one, other) = (ValidatedLock(name: names("one")), ValidatedLock(name: names("other")))
    one.withLock { other.withLock {} }
    other.withLock { one.withLock {} }
    #expect(names.findings.map(\.confidence) == [.ordering])
    TestThreads.run { other.withLock { one.withLock {} } }
    #expect(names.findings.map(\.confidence) == [.feasible])
  }

  @Test("A try makes no order, and what is taken under it does")
  func tries() {
    let names = UniqueNames()
    let (one, other) = (ValidatedLock(name: names("one")), ValidatedLock(name: names("other")))
    one.withLock { other.withLock {} }
    other.withLock { _ = one.withLockIfAvailable {} }
    #expect(names.findings.isEmpty)
    _ = other.withLockIfAvailable { one.withLock {} }
    #expect(names.findings.count == 1)
  }

  @Test("Locks of one class nest by rank, by level and under a lock, and not without")
  func annotations() {
    let names = UniqueNames()
    let ranked = (0..<3).map { ValidatedLock(name: names("ranked"), rank: $0) }
    ranked[0].withLock { ranked[1].withLock { ranked[2].withLock {} } }
    #expect(names.findings.isEmpty)
    let plain = (0..<2).map { _ in ValidatedLock(name: names("plain")) }
    plain[0].lock()
    plain[1].lock(subclass: 1)
    plain[1].unlock()
    plain[0].unlock()
    let tree = ValidatedLock(name: names("tree"))
    let nodes = (0..<2).map { _ in ValidatedLock(name: names("node")) }
    tree.lock()
    nodes[0].lock(nestedUnder: tree.identity)
    nodes[1].lock(nestedUnder: tree.identity)
    for lock in [nodes[1], nodes[0], tree] { lock.unlock() }
    #expect(names.findings.isEmpty)
    ranked[2].withLock { ranked[0].withLock {} }
    #expect(names.findings.map(\.classes) == [[names("ranked")]])
    nodes[0].withLock { nodes[1].withLock {} }
    #expect(names.findings.count == 2)
    nodes[0].lock(nestedUnder: tree.identity)
    nodes[0].unlock()
    #expect(names.findings.contains { $0.rule == .nestNotHeld })
  }

  @Test("One class nested without annotation is a warning, and an error once instances invert")
  func sameClass() {
    let names = UniqueNames()
    let locks = (0..<2).map { _ in ValidatedLock(name: names("node")) }
    locks[0].withLock { locks[1].withLock {} }
    #expect(names.findings.map(\.severity) == [.warning])
    TestThreads.run { locks[1].withLock { locks[0].withLock {} } }
    #expect(names.findings.map(\.severity) == [.error])
  }

  @Test("Misuse is a finding: released twice, by another thread, at the end of a thread, destroyed")
  func misuse() {
    let names = UniqueNames()
    let twice = ValidatedLock(name: names("twice"))
    twice.lock()
    twice.unlock()
    twice.unlock()
    let foreign = ValidatedLock(name: names("foreign"))
    TestThreads.run {
      foreign.lock()
      let other = TestThreads.start { foreign.unlock() }
      TestThreads.wait(other)
      foreign.unlock()
    }
    let left = ValidatedLock(name: names("left"))
    TestThreads.run { left.lock() }
    autoreleasepoolFree {
      let destroyed = ValidatedLock(name: names("destroyed"))
      destroyed.lock()
    }
    twice.assertHeld()
    twice.lock()
    twice.assertNotHeld()
    twice.unlock()
    // The end of a thread is noticed a moment after it.
    var attempts = 0
    while names.findings.count < 6, attempts < 10_000 {
      usleep(1000)
      attempts += 1
    }
    let found = names.findings.map {
      "\($0.rule.rawValue) \($0.classes[0].split(separator: " ").last!)"
    }
    #expect(
      Set(found) == [
        "release-not-held twice", "release-not-held foreign", "held-at-exit left",
        "destroyed-while-held destroyed", "assertion-failed twice",
      ])
    #expect(found.filter { $0 == "assertion-failed twice" }.count == 2)
  }

  private func autoreleasepoolFree(_ body: () -> Void) { body() }

  @Test("A lock that may be taken counts as if it were")
  func mightLock() {
    let names = UniqueNames()
    let (one, other) = (ValidatedLock(name: names("one")), ValidatedLock(name: names("other")))
    one.withLock { other.mightLock() }
    other.withLock { one.withLock {} }
    #expect(names.findings.map(\.rule) == [.lockOrderInversion])
  }

  @Test("A mutex under a spinlock may sleep where nobody may")
  func waitContext() {
    let names = UniqueNames()
    let spin = SpinLock(name: names("spin"))
    let mutex = ValidatedLock(name: names("mutex"))
    mutex.withLock { spin.withLock {} }
    #expect(names.findings.isEmpty)
    spin.withLock { mutex.withLock {} }
    #expect(names.findings.contains { $0.rule == .invalidWaitContext })
  }

  @Test("An order that is abandoned counts")
  func abandoned() {
    let names = UniqueNames()
    let (one, other) = (ValidatedLock(name: names("one")), ValidatedLock(name: names("other")))
    let isHeld = Flag()
    let isDone = Flag()
    let holder = TestThreads.start {
      other.withLock {
        isHeld.set()
        #expect(isDone.wait())
      }
    }
    #expect(isHeld.wait())
    one.lock()
    #expect(throws: LockError.timedOut) { try other.lock(timeout: .milliseconds(5)) }
    one.unlock()
    isDone.set()
    TestThreads.wait(holder)
    other.withLock { one.withLock {} }
    #expect(names.findings.map(\.rule) == [.lockOrderInversion])
    #expect(names.findings.map(\.recoverable) == [true])
  }

  @Test("Waits are counted by class, and those for input and output apart")
  func statistics() throws {
    let names = UniqueNames()
    let lock = ValidatedLock(name: names("busy"))
    func found() -> WaitStatistics? {
      LockValidator.waitStatistics.first { $0.lockClass == names("busy") }
    }
    for isIO in [false, true] {
      let waits = found()?.waits ?? 0
      // Whoever comes late on a busy machine finds the lock free, and need not wait.
      for attempt in 0..<10 where found()?.waits ?? 0 == waits {
        let isHeld = Flag()
        let holder = TestThreads.start {
          lock.withLock {
            isHeld.set()
            usleep(30_000 << UInt32(attempt))
          }
        }
        #expect(isHeld.wait())
        if isIO { lock.lockIO() } else { lock.lock() }
        lock.unlock()
        TestThreads.wait(holder)
      }
    }
    let statistics = try #require(found())
    #expect(statistics.waits == 2)
    #expect(statistics.abandoned == 0)
    #expect(statistics.io > .zero && statistics.io < statistics.total)
    #expect(statistics.longest <= statistics.total)
  }
}
