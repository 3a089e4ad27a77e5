/// How sure a potential deadlock is, surest first.
public enum Confidence: String, Sendable, CaseIterable, Comparable {
  /// The trace itself ends up in the deadlock.
  case observed
  /// A correct reordering of the trace deadlocks.
  case predicted
  /// The same lock instances, in different threads, with nothing that keeps them apart.
  case feasible
  /// The classes are taken in both orders, but not by different threads on the same locks.
  case ordering
  /// Something structural, a gate lock or spawn/join order, keeps every combination from happening.
  case excluded

  /// The severity a deadlock of this confidence has.
  public var severity: Severity {
    switch self {
    case .observed, .predicted, .feasible: .error
    case .ordering: .warning
    case .excluded: .note
    }
  }

  private var rank: Int { Confidence.allCases.firstIndex(of: self)! }

  /// Surer is less, so that sorting puts the surest first.
  public static func < (left: Confidence, right: Confidence) -> Bool { left.rank < right.rank }
}
