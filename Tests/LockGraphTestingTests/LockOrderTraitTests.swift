import Foundation
import LockGraph
import Synchronization
import Testing

@testable import LockGraphTesting

extension LockGraphTestingSuite {
  @Suite("Trait")
  struct LockOrderTraitTests {
    @Test("An inversion fails the test at the acquisition, when it is made", .lockOrder)
    func atOnce() {
      let locks = TwoLocks("atOnce")
      locks.takeForward()
      withKnownIssue {
        locks.takeBackward()
      } matching: {
        locks.isSubject(of: $0) && $0.severity == .error
      }
    }

    @Test("What a test shows again is no news", .lockOrder)
    func onlyOnce() {
      let locks = TwoLocks("onlyOnce")
      withKnownIssue { locks.takeBothWays() }
      TwoLocks("onlyOnce").takeBothWays()
    }

    @Test("Orders without a circle pass", .lockOrder)
    func innocent() {
      let locks = TwoLocks("innocent")
      for _ in 0..<100 { locks.takeForward() }
    }

    @Test("Misuse of a lock fails the test too", .lockOrder)
    func misuse() {
      let lock = ValidatedLock()
      withKnownIssue {
        lock.unlock()
      } matching: {
        $0.severity == .error && $0.sourceLocation?.fileID == #fileID
      }
    }

    @Test("Child tasks and tasks that inherit belong to the test", .lockOrder)
    func tasks() async {
      await withKnownIssue {
        await withTaskGroup { group in
          group.addTask { TwoLocks("tasks.child").takeBothWays() }
        }
      } matching: {
        TwoLocks("tasks.child").isSubject(of: $0)
      }
      await withKnownIssue {
        await Task { TwoLocks("tasks.inherits").takeBothWays() }.value
      } matching: {
        TwoLocks("tasks.inherits").isSubject(of: $0)
      }
    }

    @Test("What happens on a thread of the test is recorded when the test ends")
    func threads() async throws {
      let locks = TwoLocks("threads")
      let isRecorded = Mutex(false)
      let test = try #require(Test.current)
      let trait = LockOrderTrait.lockOrder(includingUnattributed: !ScopeInheritance.followsThreads)
      try await withKnownIssue {
        try await trait.provideScope(for: test, testCase: nil) {
          onThread { locks.takeBothWays() }
          #expect(isRecorded.withLock { !$0 })
        }
      } matching: { issue in
        guard locks.isSubject(of: issue), issue.severity == .error else { return false }
        isRecorded.withLock { $0 = true }
        return true
      }
    }

    @Test("What belongs to nobody fails tests that want it", arguments: [false, true])
    func unattributed(_ isWanted: Bool) async throws {
      let locks = TwoLocks("unattributed.\(isWanted)")
      let severities = Mutex<[Issue.Severity]>([])
      let test = try #require(Test.current)
      let trait = LockOrderTrait.lockOrder(includingUnattributed: isWanted)
      try await withKnownIssue(isIntermittent: true) {
        try await trait.provideScope(for: test, testCase: nil) {
          await Task.detached { locks.takeBothWays() }.value
        }
      } matching: { issue in
        guard locks.isSubject(of: issue) else { return false }
        severities.withLock { $0.append(issue.severity) }
        return true
      }
      // The warning is recorded where it was caused, in no test.
      #expect(severities.withLock { $0 } == (isWanted ? [.error] : []))
    }

    @Test("What the test throws is thrown, after what was found is recorded")
    func throwing() async throws {
      struct Failure: Error {}
      let locks = TwoLocks("throwing")
      let test = try #require(Test.current)
      await withKnownIssue {
        await #expect(throws: Failure.self) {
          try await LockOrderTrait.lockOrder(timeout: .seconds(60))
            .provideScope(for: test, testCase: nil) {
              locks.takeBothWays()
              throw Failure()
            }
        }
      } matching: {
        locks.isSubject(of: $0)
      }
    }

    @Test("At its bound a test fails with who waits for what, and what is interruptible ends")
    func timeout() async throws {
      let locks = (
        held: ValidatedLock(name: "LockGraphTesting.held"), found: TwoLocks("timeout")
      )
      let test = try #require(Test.current)
      let texts = Mutex<[String]>([])
      let (isHeld, end) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
      Thread.detachNewThread {
        locks.held.withLock {
          isHeld.signal()
          end.wait()
        }
        end.signal()
      }
      isHeld.wait()
      let start = ContinuousClock.now
      await withKnownIssue {
        let trait = LockOrderTrait.lockOrder(
          failOn: .feasible, timeout: .seconds(2), includingUnattributed: true)
        await #expect(throws: LockError.interrupted) {
          try await trait.provideScope(for: test, testCase: nil) {
            onThread { locks.found.takeForward() }
            onThread { locks.found.takeBackward() }
            try { try locks.held.lockInterruptibly() }()
          }
        }
      } matching: { issue in
        texts.withLock { $0.append(issue.comments.map(\.rawValue).joined()) }
        return true
      }
      #expect(ContinuousClock.now - start < .seconds(60))
      end.signal()
      let text = try #require(texts.withLock { $0 }.first)
      #expect(text.contains("timeout() has not ended after 2.0 seconds"))
      #expect(text.contains(" s for LockGraphTesting.held at LockGraphTestingTests/"))
      #expect(text.contains("which took it at LockGraphTestingTests/LockOrderTraitTests.swift:"))
      // What was found and not told yet, at the bound and not again at the end.
      let found = texts.withLock { $0 }.filter { $0.contains(locks.found.name) }
      #expect(found.count == 1)
    }

    @Test("A test that ends in time is not late", .lockOrder(timeout: .seconds(5)))
    func inTime() {
      #expect(LockOrderScope.current != nil)
    }

    @Test("A less severe finding than asked for is a warning", .lockOrder(failOn: .error))
    func lessSevere() {
      let locks = TwoLocks("lessSevere")
      withKnownIssue {
        locks.takeBothWays()
      } matching: {
        locks.isSubject(of: $0) && $0.severity == .warning
      }
    }

    @Test("A less sure finding than asked for is a warning", .lockOrder(failOn: .feasible))
    func lessSure() {
      let locks = TwoLocks("lessSure")
      withKnownIssue {
        locks.takeBothWays()
      } matching: {
        locks.isSubject(of: $0) && $0.severity == .warning
      }
    }

    @Test("A finding as sure as asked for fails", .lockOrder(failOn: .feasible))
    func sureEnough() {
      let locks = TwoLocks("sureEnough")
      onThread { locks.takeForward() }
      withKnownIssue {
        locks.takeBackward()
      } matching: {
        locks.isSubject(of: $0) && $0.severity == .error
      }
    }

    @Suite("On a suite", .lockOrder)
    struct OnSuite {
      private static let scopes = Mutex<[LockOrderScope]>([])

      @Test("Every test has a scope of its own", arguments: 1...3)
      func inherited(_ number: Int) throws {
        let scope = try #require(LockOrderScope.current)
        let isNew = Self.scopes.withLock { scopes in
          defer { scopes.append(scope) }
          return !scopes.contains { $0 === scope }
        }
        #expect(isNew)
        let locks = TwoLocks("inherited\(number)")
        withKnownIssue {
          locks.takeBothWays()
        } matching: {
          locks.isSubject(of: $0)
        }
      }

      @Test("The test's own trait takes the place of its suite's", .lockOrder(failOn: .error))
      func nested() {
        let locks = TwoLocks("nested")
        let severities = Mutex<[Issue.Severity]>([])
        withKnownIssue {
          locks.takeBothWays()
        } matching: { issue in
          severities.withLock { $0.append(issue.severity) }
          return true
        }
        #expect(severities.withLock { $0 } == [.warning])
      }

      @Suite("Within it")
      struct Within {
        @Test("Tests have a scope too")
        func inherited() {
          let locks = TwoLocks("within")
          withKnownIssue {
            locks.takeBothWays()
          } matching: {
            locks.isSubject(of: $0)
          }
        }
      }
    }
  }
}
