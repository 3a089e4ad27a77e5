import LockGraphEngine

/// Interrupts and signals in words.
enum ContextText {
  static func name(_ context: InterruptContext) -> String {
    switch context {
    case .hardirq: "hardware interrupt"
    case .softirq: "soft interrupt"
    case .nmi: "non-maskable interrupt"
    case .signal: "signal handler"
    }
  }

  /// What lockdep's four characters for the use of a class say of the interrupts that take it; in
  /// all, also of those that merely can come while it is held.
  static func lines(ofUsage usage: String, inAll: Bool = false) -> [String] {
    let marks = Array(usage)
    guard marks.count == 4 else { return [] }
    return [(InterruptContext.hardirq, 0), (.softirq, 2)].compactMap { context, first in
      let pair = marks[first...(first + 1)]
      let isTaken = pair.contains("-") || pair.contains("?")
      let isOpen = pair.contains("+") || pair.contains("?")
      let interrupts = name(context) + "s"
      switch (isTaken, isOpen) {
      case (true, true): return "taken in \(interrupts), and where they can come"
      case (true, false): return "taken in \(interrupts)"
      case (false, true): return inAll ? "held where \(interrupts) can come" : nil
      case (false, false): return nil
      }
    }
  }
}
