import LockGraphEngine

/// How much something in a picture stands out, weakest first.
enum Emphasis: Int, Comparable, Sendable {
  /// Part of the order, in no reported finding.
  case context
  /// In findings of note severity alone.
  case note
  case warning
  case error

  init(_ severity: Severity) {
    switch severity {
    case .error: self = .error
    case .warning: self = .warning
    case .note: self = .note
    }
  }

  static func < (left: Emphasis, right: Emphasis) -> Bool { left.rawValue < right.rawValue }
}
