import LockGraph
import Synchronization
import Testing

@testable import LockGraphTesting

extension LockGraphTestingSuite {
  @Suite("Attribution")
  struct LockOrderScopeTests {
    /// A scope, and what it recorded at once of some locks.
    private final class Watch: Sendable {
      let locks: TwoLocks
      let scope: LockOrderScope
      private let entries: Entries

      private final class Entries: Sendable {
        let all = Mutex<[LockOrderScope.Entry]>([])
      }

      init(
        _ locks: TwoLocks, _ threshold: FailureThreshold = .severity(.warning),
        outer: LockOrderScope? = nil
      ) {
        let entries = Entries()
        self.locks = locks
        self.entries = entries
        scope = LockOrderScope(threshold, outer: outer) { entry in
          entries.all.withLock { $0.append(entry) }
        }
      }

      func run(_ body: () -> Void) {
        LockOrderScope.$current.withValue(scope) { body() }
      }

      /// Other tests run in this process, and what happens on their threads comes here too.
      var recorded: [Bool] {
        entries.all.withLock { $0 }.filter { locks.isSubject(of: $0.report.finding) }
          .map(\.isFailure)
      }

      func close() -> [Bool] {
        scope.close().filter { locks.isSubject(of: $0.report.finding) }.map(\.isFailure)
      }
    }

    @Test("A finding in the task of one scope is not another one's")
    func ownTask() {
      let locks = TwoLocks("ownTask")
      let (own, other) = (Watch(locks), Watch(locks))
      own.run { locks.takeBothWays() }
      #expect(own.recorded == [true])
      #expect(other.recorded == [])
      #expect(own.close() == [])
      #expect(other.close() == [])
    }

    @Test("A finding nobody can attribute is kept in all open scopes, once")
    func foreign() {
      let locks = TwoLocks("foreign")
      let (first, second, closed) = (Watch(locks), Watch(locks), Watch(locks))
      #expect(closed.close() == [])
      onThread { locks.takeBothWays() }
      #expect(first.recorded + second.recorded + closed.recorded == [])
      #expect(first.close() == [true])
      #expect(first.close() == [])
      #expect(second.close() == [true])
      #expect(closed.close() == [])
    }

    @Test("A finding in a task that outlived its scope is nobody's")
    func outlived() {
      let locks = TwoLocks("outlived")
      let (ended, open) = (Watch(locks), Watch(locks))
      _ = ended.close()
      ended.run { locks.takeBothWays() }
      #expect(ended.recorded == [])
      #expect(open.close() == [true])
    }

    @Test("What cannot be attributed goes to the inner of two scopes of a task")
    func nested() {
      let locks = TwoLocks("nestedScopes")
      let outer = Watch(locks)
      let inner = Watch(locks, outer: outer.scope)
      onThread { locks.takeBothWays() }
      #expect(inner.close() == [true])
      #expect(outer.close() == [])
      let later = TwoLocks("nestedScopesLater")
      let outerAgain = Watch(later)
      _ = Watch(later, outer: outerAgain.scope).close()
      onThread { later.takeBothWays() }
      #expect(outerAgain.close() == [true])
    }

    @Test("A warning that turns out surer becomes a failure")
    func surer() {
      let locks = TwoLocks("surer")
      let watch = Watch(locks, .confidence(.feasible))
      watch.run { locks.takeBothWays() }
      #expect(watch.recorded == [false])
      onThread { locks.takeBackward() }
      #expect(watch.close() == [true])
    }

    @Test("A failure that turns out surer is not recorded again")
    func surerFailure() {
      let locks = TwoLocks("surerFailure")
      let watch = Watch(locks)
      watch.run { locks.takeBothWays() }
      onThread { locks.takeBackward() }
      #expect(watch.recorded == [true])
      #expect(watch.close() == [])
    }

    @Test("What the validator put off is not taken for the running task's")
    func late() throws {
      let locks = TwoLocks("late")
      let reports = Mutex<[LockValidator.Report]>([])
      let observation = LockValidator.observe { report in
        guard locks.isSubject(of: report.finding) else { return }
        reports.withLock { $0.append(report) }
      }
      locks.takeBothWays()
      observation?.end()
      var report = try #require(reports.withLock { $0 }.first)
      let (own, other) = (Watch(locks), Watch(locks))
      report.isLate = true
      own.run {
        own.scope.take(report)
        other.scope.take(report)
      }
      #expect(own.recorded == [])
      #expect(own.close() == [true])
      #expect(other.close() == [true])
    }

    @Test("A scope knows whether there was anything to record")
    func hasFindings() {
      let locks = TwoLocks("hasFindings")
      let watch = Watch(locks)
      watch.run { locks.takeForward() }
      watch.run { locks.takeBackward() }
      _ = watch.close()
      #expect(watch.scope.hasFindings)
      #expect(watch.scope.isObserving)
    }
  }
}
