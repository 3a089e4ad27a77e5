/// Whether the kernel's validator gave up in the course of a log: from there on silence proves
/// nothing.
struct ValidatorEnding {
  private var line: UInt64?
  private var reason = ""
  /// The line that tells why, where the end itself stands on one of its own.
  private var lastCause: String?

  var warnings: [String] {
    guard let line else { return [] }
    return [
      "the kernel's validator gave up at line \(line) and reports nothing after it: \(reason)"
    ]
  }

  /// Its reports are its last words: it judges nothing any more.
  mutating func noteReport(_ report: KernelReport) {
    guard report.kind != .neverInitialised, line == nil || line! < report.line else { return }
    line = report.line
    reason = "it reports once and is off then"
  }

  /// Looks for limits of the validator, for doubts in itself, and for another boot.
  ///
  /// - Returns: whether the kernel began anew.
  mutating func note(_ text: UnsafeRawBufferPointer, _ number: UInt64) -> Bool {
    if text.hasPrefix("Linux version ") {
      line = nil
      lastCause = nil
      return true
    }
    if text.hasPrefix("turning off the locking correctness validator") {
      line = number
      reason = lastCause ?? text.text
      return false
    }
    if text.hasPrefix("INFO: lockdep is turned off") {
      if line == nil {
        line = number
        reason = text.text
      }
      return false
    }
    guard text.hasPrefix("BUG: ") || text.hasPrefix("INFO: trying to register") else {
      return false
    }
    lastCause = text.text
    guard
      text.hasPrefix("BUG: MAX_LOCK") || text.hasPrefix("BUG: MAX_STACK_TRACE_ENTRIES")
        || text.hasPrefix("BUG: looking up invalid subclass")
        || text.hasPrefix("BUG: key ")
    else { return false }
    if line == nil {
      line = number
      reason = text.text
    }
    return false
  }
}
