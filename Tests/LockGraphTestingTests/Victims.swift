import Foundation
import LockGraph
import LockGraphTesting
import Testing
import XCTest

/// The tests that `EndToEndTests` runs, in a process of their own; they are there to fail.
enum Victims {
  static let variable = "LOCKGRAPH_TESTING_VICTIMS"
  static let areWanted = ProcessInfo.processInfo.environment[variable] != nil
  /// Why they are left out otherwise; `scripts/test` knows them by it.
  static let reason: Comment = "a victim that other tests run"

  @Suite(.serialized, .enabled(if: areWanted, reason))
  struct TraitVictims {
    @Test(.lockOrder) func inverts() { TwoLocks("victim").takeBothWays() }

    @Test(.lockOrder) func configures() {
      LockValidator.configuration.capturesStacks = false
      TwoLocks("victim.configured").takeBothWays()
    }

    @Test(.lockOrder(failOn: .error)) func warns() { TwoLocks("victim.warned").takeBothWays() }

    @Test func isNotWatched() { TwoLocks("victim.unwatched").takeBothWays() }
  }
}

final class ObserverVictim: XCTestCase {
  override class func setUp() {
    if Victims.areWanted { LockOrderTestObserver.install() }
  }

  func testInverts() throws {
    try XCTSkipUnless(Victims.areWanted, "\(Victims.reason)")
    TwoLocks("victim").takeBothWays()
  }

  func testPasses() throws {
    try XCTSkipUnless(Victims.areWanted, "\(Victims.reason)")
    TwoLocks("victim.passing").takeForward()
  }
}

extension Victims {
  /// Tests that do not end by themselves.
  @Suite(.serialized, .enabled(if: areWanted, reason))
  struct HangingVictims {
    @Test(.lockOrder) func deadlocks() { Victims.deadlock() }

    /// With more tasks than there are threads for them.
    @Test(.lockOrder(timeout: .seconds(1))) func starves() async {
      let lock = ValidatedLock(name: "LockGraphTesting.starving")
      Victims.holdForEver(lock)
      await withTaskGroup { group in
        for _ in 0..<ProcessInfo.processInfo.activeProcessorCount * 4 {
          group.addTask { lock.withLock {} }
        }
      }
    }

    @Test(.lockOrder(timeout: .milliseconds(200))) func recovers() {
      let lock = ValidatedLock(name: "LockGraphTesting.recovering")
      Victims.holdForEver(lock)
      try? lock.lockInterruptibly()
    }

    @Test(.lockOrder) func follows() { TwoLocks("victim.follows").takeForward() }
  }

  /// Tests that run at once.
  @Suite(.enabled(if: areWanted, reason))
  struct ParallelVictims {
    private static let begin = DispatchSemaphore(value: 0)
    private static let end = DispatchSemaphore(value: 0)

    /// Open while the other one's findings are made.
    @Test(.lockOrder) func innocent() {
      Self.begin.signal()
      Self.end.wait()
      TwoLocks("victim.innocent").takeForward()
    }

    @Test func guilty() async {
      Self.waitForBegin()
      TwoLocks("victim.guilty").takeBothWays()
      await Task.detached { TwoLocks("victim.guilty.detached").takeBothWays() }.value
      Self.end.signal()
    }

    private static func waitForBegin() { begin.wait() }
  }

  /// Has a thread take a lock that it never gives up.
  static func holdForEver(_ lock: ValidatedLock) {
    let isHeld = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      lock.lock()
      isHeld.signal()
      while true { sleep(1000) }
    }
    isHeld.wait()
  }

  /// Blocks two threads by each other's locks, for ever.
  static func deadlock() {
    let locks = (
      ValidatedLock(name: "LockGraphTesting.left"), ValidatedLock(name: "LockGraphTesting.right")
    )
    let (arrived, go) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let ends = DispatchGroup()
    for (one, other) in [locks, (locks.1, locks.0)] {
      ends.enter()
      Thread.detachNewThread {
        one.withLock {
          arrived.signal()
          go.wait()
          other.withLock {}
        }
        ends.leave()
      }
    }
    for _ in 0..<2 { arrived.wait() }
    for _ in 0..<2 { go.signal() }
    ends.wait()
  }
}

/// Tests with so many findings that the validator looks at them seldom.
@Suite(.enabled(if: Victims.areWanted, Victims.reason))
struct ManyVictims {
  static let count = 120

  private func invert(_ name: String) {
    for number in 0..<Self.count { TwoLocks("victim.\(name).\(number)").takeBothWays() }
  }

  @Test(.lockOrder) func left() { onThread { invert("left") } }
  @Test(.lockOrder) func right() { onThread { invert("right") } }
}

final class HangingObserverVictim: XCTestCase {
  override class func setUp() {
    if Victims.areWanted { LockOrderTestObserver.install() }
  }

  func testDeadlocks() throws {
    try XCTSkipUnless(Victims.areWanted, "\(Victims.reason)")
    Victims.deadlock()
  }
}
