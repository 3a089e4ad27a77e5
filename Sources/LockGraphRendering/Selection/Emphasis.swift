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

  /// The severity in a word; empty if there is none.
  var word: String {
    switch self {
    case .context: ""
    case .note: "note"
    case .warning: "warning"
    case .error: "error"
    }
  }

  static func < (left: Emphasis, right: Emphasis) -> Bool { left.rawValue < right.rawValue }
}
