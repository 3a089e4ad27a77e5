import LockGraph

/// Accounts, and a ledger of what was moved between them; each has a lock.
public final class Bank: Sendable {
  private let accounts = ValidatedMutex<[String: Int]>([:], name: "Bank.accounts")
  private let ledger = ValidatedMutex<[Entry]>([], name: "Bank.ledger")

  private struct Entry {
    var from: String
    var to: String
    var amount: Int
  }

  /// A bank with accounts of these balances, by name.
  public init(_ balances: [String: Int]) {
    accounts.withLock { $0 = balances }
  }

  /// Takes the accounts, then the ledger.
  public func transfer(_ amount: Int, from: String, to: String) {
    accounts.withLock { accounts in
      accounts[from, default: 0] -= amount
      accounts[to, default: 0] += amount
      ledger.withLock { $0.append(Entry(from: from, to: to, amount: amount)) }
    }
  }

  /// Takes the ledger, then the accounts: beside a transfer, both may wait for ever.
  public func revertLast() {
    ledger.withLock { ledger in
      guard let last = ledger.popLast() else { return }
      accounts.withLock { accounts in
        accounts[last.from, default: 0] += last.amount
        accounts[last.to, default: 0] -= last.amount
      }
    }
  }

  /// What an account has; 0 if there is none.
  public func balance(of name: String) -> Int {
    accounts.withLock { $0[name, default: 0] }
  }
}
