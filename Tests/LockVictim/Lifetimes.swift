import LockGraph
import Synchronization

/// Objects that use their locks as they come and go, in the order that the rest of the program does
/// not keep.
enum Lifetimes {
  /// What other threads reach accounts by.
  static let registry = ValidatedMutex<[Account]>([], name: "Registry")

  final class Account: Sendable {
    private let lock = ValidatedMutex(0)
    private let leavesRegistry: Bool

    /// - Parameter body: runs while the account is made.
    init(enters: Bool = false, leaves: Bool = false, _ body: (Account) -> Void = { _ in }) {
      leavesRegistry = leaves
      body(self)
      if enters { lock.withLock { _ in registry.withLock { $0.append(self) } } }
    }

    deinit {
      if leavesRegistry { lock.withLock { _ in registry.withLock { $0.removeAll() } } }
    }

    func enter() { lock.withLock { _ in registry.withLock { $0.append(self) } } }

    func exclusivelyEnter() { LockValidator.exclusively { enter() } }

    func audit() { registry.withLock { _ in lock.withLock { _ in } } }

    /// As long as it lives, and no longer.
    func audits() -> @Sendable () -> Void {
      return { [weak self] in self?.audit() }
    }
  }

  static func run(_ which: String) {
    switch which {
    case "init":
      let account = Account(enters: true)
      Threads.run("auditor") { account.audit() }
    case "copied":
      // A second one enters while the first, which is known already, is entered again.
      let first = Account(enters: true)
      Threads.run("auditor") { first.audit() }
      _ = Account { _ in first.enter() }
    case "leaked":
      let account = Account(enters: true) { account in
        Threads.run("auditor") { account.audit() }
      }
      _ = account
    case "deinit":
      var account: Account? = Account(leaves: true)
      let audits = account!.audits()
      Threads.run("auditor", audits)
      account = nil
      _ = account
    case "method":
      let account = Account()
      account.enter()
      Threads.run("auditor") { account.audit() }
    case "again":
      // What was an order as it was made is one that can deadlock when the same thread does it
      // later.
      let account = Account(enters: true)
      account.enter()
      Threads.run("auditor") { account.audit() }
    case "exclusively":
      let account = Account()
      account.exclusivelyEnter()
      Threads.run("auditor") { account.audit() }
    case "both":
      let account = Account()
      account.exclusivelyEnter()
      account.enter()
      Threads.run("auditor") { account.audit() }
    default: say("unknown life '\(which)'")
    }
    say(LockValidator.findings.map { "\($0.confidence!): \($0.confidenceReason ?? "")" }.joined())
  }
}
