import LockGraph
import Synchronization
import Testing

@testable import LockGraphTesting

extension LockGraphTestingSuite {
  @Suite("Attribution")
  struct LockOrderScopeTests {
    @Test("A finding in the task of one scope is not another one's")
    func ownTask() {
      let locks = TwoLocks("ownTask")
      let (own, other) = (Watch(locks), Watch(locks))
      own.run { locks.takeBothWays() }
      #expect(own.told() == [true])
      #expect(other.told() == [])
      #expect(own.close() == [])
      #expect(other.close() == [])
    }

    @Test("What belongs to nobody is taken by the first scope that wants it, and by no other")
    func foreign() {
      let locks = TwoLocks("foreign")
      let innocent = Watch(locks)
      let closed = Watch(locks, takesUnattributed: true)
      #expect(closed.close() == [])
      let (first, second) = (
        Watch(locks, takesUnattributed: true), Watch(locks, takesUnattributed: true)
      )
      onThread { locks.takeBothWays() }
      #expect(innocent.recorded + first.recorded + second.recorded + closed.recorded == [])
      #expect(first.close() == [true])
      #expect(first.close() == [])
      #expect(innocent.close() + second.close() + closed.close() == [])
    }

    @Test("What belongs to nobody is told once, and not again where it is surer")
    func nobody() {
      let locks = TwoLocks("nobody")
      let innocent = Watch(locks)
      onThread { locks.takeBothWays() }
      onThread { locks.takeBackward() }
      #expect(innocent.close() == [])
    }

    @Test("A finding in a task that outlived its scope is nobody's")
    func outlived() {
      let locks = TwoLocks("outlived")
      let (ended, open) = (Watch(locks), Watch(locks))
      let wanting = Watch(locks, takesUnattributed: true)
      _ = ended.close()
      ended.run { locks.takeBothWays() }
      #expect(ended.recorded == [])
      #expect(open.close() == [])
      #expect(wanting.close() == [true])
    }

    @Test("What belongs to nobody goes to the inner of two scopes of a task")
    func nested() {
      let locks = TwoLocks("nestedScopes")
      let outer = Watch(locks, takesUnattributed: true)
      let inner = Watch(locks, takesUnattributed: true, outer: outer.scope)
      onThread { locks.takeBothWays() }
      #expect(inner.close() == [true])
      #expect(outer.close() == [])
      let later = TwoLocks("nestedScopesLater")
      let outerAgain = Watch(later, takesUnattributed: true)
      _ = Watch(later, takesUnattributed: true, outer: outerAgain.scope).close()
      onThread { later.takeBothWays() }
      #expect(outerAgain.close() == [true])
      let unwanted = TwoLocks("nestedScopesUnwanted")
      let replaced = Watch(unwanted, takesUnattributed: true)
      let inPlace = Watch(unwanted, outer: replaced.scope)
      onThread { unwanted.takeBothWays() }
      #expect(inPlace.close() + replaced.close() == [])
    }

    @Test("A warning that turns out surer becomes a failure")
    func surer() {
      let locks = TwoLocks("surer")
      let watch = Watch(locks, .confidence(.feasible))
      watch.run { locks.takeBothWays() }
      #expect(watch.told() == [false])
      let another = Watch(locks, .confidence(.feasible), takesUnattributed: true)
      onThread { locks.takeBackward() }
      #expect(another.close() == [true])
      #expect(watch.close() == [])
    }

    @Test("A failure that turns out surer is not recorded again, in no test")
    func surerFailure() {
      let locks = TwoLocks("surerFailure")
      let watch = Watch(locks)
      let another = Watch(locks, takesUnattributed: true)
      watch.run { locks.takeBothWays() }
      #expect(watch.told() == [true])
      onThread { locks.takeBackward() }
      #expect(watch.close() + another.close() == [])
    }

    @Test("What the validator put off is kept for the scope that caused it")
    func late() throws {
      let locks = TwoLocks("late")
      let reports = Mutex<[LockValidator.Report]>([])
      let observation = LockValidator.observe { report in
        guard locks.isSubject(of: report.finding) else { return }
        reports.withLock { $0.append(report) }
      }
      let early = Watch(locks)
      locks.takeBothWays()
      observation?.end()
      _ = early.close()
      var report = try #require(reports.withLock { $0 }.first)
      #expect(report.scope == 0)
      let (own, other) = (Watch(locks), Watch(locks))
      report.isLate = true
      report.scope = own.scope.number
      report.finding.fingerprint += " put off"
      other.run { OpenScopes.shared.take(report) }
      #expect(own.recorded + other.recorded == [])
      #expect(own.close() == [true])
      #expect(other.close() == [])
    }

    @Test("A scope knows whether there was anything to record")
    func hasFindings() {
      let locks = TwoLocks("hasFindings")
      let watch = Watch(locks)
      watch.run { locks.takeForward() }
      watch.run { locks.takeBackward() }
      #expect(watch.scope.isObserving)
      _ = watch.close()
      #expect(watch.scope.hasFindings)
    }
  }
}
