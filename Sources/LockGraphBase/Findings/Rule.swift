/// The rules, by the identifiers that reports and options use.
public enum Rule: String, Sendable, CaseIterable, Comparable {
  case deadlock
  case lockOrderInversion = "lock-order-inversion"
  case recursiveAcquisition = "recursive-acquisition"
  case contextInversion = "context-inversion"
  case contextOrderInversion = "context-order-inversion"
  case invalidWaitContext = "invalid-wait-context"
  case nestNotHeld = "nest-not-held"
  case releaseNotHeld = "release-not-held"
  case heldAtExit = "held-at-exit"
  case destroyedWhileHeld = "destroyed-while-held"
  case lockCorrupted = "lock-corrupted"
  case assertionFailed = "assertion-failed"
  case pinViolated = "pin-violated"
  case unbalancedContext = "unbalanced-context"
  case waitWhileHolding = "wait-while-holding"
  case referenceCountMisused = "reference-count-misused"
  case heldAcrossSuspension = "held-across-suspension"
  case resumedWhileHolding = "resumed-while-holding"
  case declaredOrder = "declared-order"
  case stillWaiting = "still-waiting"
  case longHold = "long-hold"
  case longWait = "long-wait"

  private var rank: Int { Rule.allCases.firstIndex(of: self)! }

  /// The order of reports: what hangs a program comes first.
  public static func < (left: Rule, right: Rule) -> Bool { left.rank < right.rank }
}
