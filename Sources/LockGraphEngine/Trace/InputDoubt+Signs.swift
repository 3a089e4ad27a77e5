extension InputDoubt {
  /// What it is, as a part of a sentence.
  package var text: String {
    switch self {
    case .unreadable: "none of its lines could be read"
    case .mostlyUnreadable(let good, let bad):
      "only \(good) of its \(Counted.plain(good + bad, "line")) could be read"
    case .loneReturns: "its lines end in a carriage return alone"
    case .foreign(let text, _): "it \(text)"
    }
  }

  /// The error that it is; `nil` where bad lines have been told of.
  func error(in name: String) -> TraceError? {
    switch self {
    case .unreadable, .mostlyUnreadable: nil
    case .loneReturns:
      TraceError(
        input: name, message: "has lines that end in a carriage return alone",
        expected: "lines that end in a newline")
    case .foreign(let text, let source):
      TraceError(input: name, message: text, expected: source)
    }
  }
}

extension InputDoubt {
  /// What was counted of an input, where its format has lines.
  struct Signs {
    var events: UInt64
    var facts: UInt64
    /// How many lines were bad, one that was cut off too.
    var bad: UInt64
    /// Its last line was cut off.
    var isCut: Bool
    /// Before the first event there was a carriage return that ended no line.
    var hasLoneReturns: Bool
    /// What lines without events or facts lacked to be of their format at all.
    var foreign: String?
    /// What that comes from.
    var source: String?
    /// Somebody said what it is: who reads it, or its first line.
    var isDeclared: Bool
  }

  /// The doubt about an input, if there is one.
  init?(_ signs: Signs) {
    let good = signs.events + signs.facts
    guard good == 0 else {
      // A log of a program with events among its lines is a trace only if somebody says so.
      guard signs.bad > good, !signs.isDeclared else { return nil }
      self = .mostlyUnreadable(good: good, bad: signs.bad)
      return
    }
    if let text = signs.foreign, signs.bad <= (signs.isCut ? 1 : 0) {
      self = .foreign(text, expected: signs.source)
    } else if signs.hasLoneReturns, signs.bad <= (signs.isCut ? 1 : 0) {
      self = .loneReturns
    } else if signs.bad > (signs.isCut && signs.isDeclared ? 1 : 0) {
      // A trace that was cut off in its first event is one that holds nothing.
      self = .unreadable
    } else {
      return nil
    }
  }
}
