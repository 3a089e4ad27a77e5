import Foundation
import LockGraph

/// A handler of findings that uses locks, allocates, and makes locks itself.
enum Allocations {
  static let inHandler = ValidatedMutex(0, name: "InHandler")
  static let other = ValidatedLock(name: "OtherInHandler")

  static func run() {
    LockValidator.setHandler { report in
      // In both orders, while a finding is delivered: nothing is validated here.
      inHandler.withLock { count in other.withLock { count += 1 } }
      other.withLock { inHandler.withLock { $0 += 0 } }
      say("handled \(report.finding.rule.rawValue), \(LockValidator.findings.count) in all")
      _ = ValidatedLock(name: "made in the handler")
    }
    Inversions.run()
    LockValidator.waitForHandler(atMost: .seconds(60))
    inHandler.withLock { say("count \($0)") }
  }
}
