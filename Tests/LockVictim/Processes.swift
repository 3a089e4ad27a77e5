import Foundation
import LockGraph

@_silgen_name("fork") private func forkProcess() -> Int32

enum Processes {
  /// A child of a process with many locks in use goes on with its own.
  static func fork() {
    let lock = ValidatedLock(name: "Forked")
    let isOver = RefCount(2)
    let churning = Semaphore(value: 0)
    let box = Box(isOver)
    let churn = (0..<2).map { number in
      let own = (0..<50).map { _ in ValidatedLock(name: "Churn \(number)") }
      return Threads.start("churn") {
        for lock in own { lock.withLock {} }
        churning.signal()
        while box.count.value == 2 {
          for lock in own { lock.withLock {} }
        }
      }
    }
    // A thread that is about to begin may have locks of the system's libraries, which a child would
    // wait for.
    churning.wait()
    churning.wait()
    for _ in 0..<20 {
      lock.lock()
      let child = forkProcess()
      if child == 0 {
        lock.unlock()
        Inversions.account.withLock { _ in Inversions.ledger.withLock {} }
        Inversions.ledger.withLock { Inversions.account.withLock { _ in } }
        let names = LockValidator.findings.map(\.rule.rawValue)
        _exit(names == ["lock-order-inversion"] ? 7 : 8)
      }
      lock.unlock()
      var status: Int32 = 0
      waitpid(child, &status, 0)
      say("child \(status >> 8 & 0xFF)")
    }
    _ = box.count.release()
    Threads.wait(churn)
  }

  /// A parent that has an order, and a child that ends as programs do, having done nothing with
  /// locks, or the same as the parent, or found something: `idle`, `same` or `find`.
  static func forkAndFind(_ what: String) {
    // What a thread nests of locks that it made of late is evidence anew from each function.
    Inversions.account.withLock { _ in Inversions.ledger.withLock {} }
    for _ in 0..<20 { _ = ValidatedLock() }
    Inversions.account.withLock { _ in Inversions.ledger.withLock {} }
    let child = forkProcess()
    if child == 0 {
      switch what {
      case "find": Inversions.ledger.withLock { Inversions.account.withLock { _ in } }
      case "same": Inversions.account.withLock { _ in Inversions.ledger.withLock {} }
      default: break
      }
      exit(0)
    }
    var status: Int32 = 0
    waitpid(child, &status, 0)
    say("child \(child)")
  }

  /// Shows an inversion, and then becomes this program with another scenario.
  static func become(_ scenario: String) {
    Inversions.run()
    let words: [String] = [CommandLine.arguments[0], scenario]
    var arguments = words.map { strdup($0) } + [nil]
    execv(arguments[0]!, &arguments)
    say("cannot become \(scenario)")
    exit(1)
  }

  /// Closes what it has not opened, as daemons do, and has a file of its own under such a number
  /// then.
  static func closeAll(_ path: String) {
    Inversions.ledger.withLock {}
    for number in Int32(3)..<64 { close(number) }
    for _ in 0..<8 { _ = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o666) }
    Inversions.run()
  }

  private final class Box: Sendable {
    let count: RefCount
    init(_ count: consuming RefCount) { self.count = count }
  }
}
