import Foundation
import LockGraph
import Synchronization

@testable import LockGraphTesting

/// A scope, and what it recorded at once of some locks.
final class Watch: Sendable {
  let locks: TwoLocks
  let scope: LockOrderScope
  private let entries: Entries

  private final class Entries: Sendable {
    let all = Mutex<[LockOrderScope.Entry]>([])
  }

  init(
    _ locks: TwoLocks, _ threshold: FailureThreshold = .severity(.warning),
    takesUnattributed: Bool = false, outer: LockOrderScope? = nil
  ) {
    let entries = Entries()
    self.locks = locks
    self.entries = entries
    // As a trait does, which records where the test is known: here, on the thread that opened it.
    let thread = pthread_self()
    scope = LockOrderScope(threshold, takesUnattributed: takesUnattributed, outer: outer) { entry in
      guard pthread_equal(thread, pthread_self()) != 0 else { return false }
      entries.all.withLock { $0.append(entry) }
      return true
    }
  }

  func run(_ body: () -> Void) {
    LockOrderScope.$current.withValue(scope) { body() }
  }

  /// Other tests run in this process, and what happens on their threads may come here too.
  var recorded: [Bool] {
    entries.all.withLock { $0 }.filter { locks.isSubject(of: $0.report.finding) }
      .map(\.isFailure)
  }

  /// What it was told so far: at once, or now, since the validator, which the threads of other
  /// tests keep busy, puts off what takes it long.
  func told() -> [Bool] {
    LockValidator.deliverLateNews()
    return recorded
      + scope.takeKept().filter { locks.isSubject(of: $0.report.finding) }.map(\.isFailure)
  }

  func close() -> [Bool] {
    scope.close().filter { locks.isSubject(of: $0.report.finding) }.map(\.isFailure)
  }
}
