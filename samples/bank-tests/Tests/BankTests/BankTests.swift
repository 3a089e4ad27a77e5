import Bank
import LockGraphTesting
import Testing

@Suite(.lockOrder)
struct BankTests {
  /// Every run of it passes, and so would a million; only the order of the locks is wrong.
  @Test func moneyIsNeitherMadeNorLost() {
    let bank = Bank(["Ann": 1000, "Bob": 0])
    for _ in 1...1000 {
      bank.transfer(1, from: "Ann", to: "Bob")
      bank.revertLast()
      #expect(bank.balance(of: "Ann") + bank.balance(of: "Bob") == 1000)
    }
  }

  @Test func vaultOpensAndCloses() {
    let vault = Vault()
    vault.open()
    withKnownIssue("the keys are taken in both orders") { vault.close() }
  }
}
