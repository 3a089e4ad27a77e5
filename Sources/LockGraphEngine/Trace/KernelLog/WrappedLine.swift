/// Tells where a mail or a terminal broke a line of a report.
enum WrappedLine {
  /// Whether a text cannot end there: an address without its lock, a lock without its place, the
  /// beginning of a phrase.
  static func isIncomplete(_ text: UnsafeRawBufferPointer) -> Bool {
    guard text.count >= 8 else { return false }
    let body = withoutNumber(text)
    if body.count >= 8, body.allSatisfy(isHexadecimalDigit) { return true }
    if body.elementsEqual("(____ptrval____)".utf8) { return true }
    if body.hasPrefix("[<"), body.hasSuffix(">]") { return true }
    if text.hasSuffix("at:"), text.contains("){") { return true }
    if text.hasSuffix(", name:"), text.hasPrefix("in_atomic()") { return true }
    if text.hasSuffix(","), text.hasPrefix("BUG: ") { return true }
    if isLockCutOff(body) { return true }
    return endsInPhrase(text)
  }

  /// Whether a text is what the end of the line before it was broken from.
  static func isTail(_ text: UnsafeRawBufferPointer) -> Bool {
    if text.hasPrefix("["), text.hasSuffix("]"), text.count > 2,
      text.dropFirst().dropLast().allSatisfy({ $0 != 0x20 && $0 != UInt8(ascii: "<") })
    {
      return !isDigit(text[1])
    }
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")), text.upTo(colon).contains("/"),
      text.upTo(colon).contains("."), !text.upTo(colon).contains(" ")
    else { return false }
    let number = text.from(colon + 1)
    return !number.isEmpty && number.allSatisfy { isDigit($0) || $0 == 0x20 || $0 == 0x5D }
  }

  /// How long the first word of a line is, with what quotes it.
  static func firstWord(_ line: UnsafeRawBufferPointer) -> Int {
    var start = 0
    while start < line.count, line[start] == 0x20 || line[start] == UInt8(ascii: ">") {
      start += 1
    }
    return (line[start...].firstIndex(of: 0x20) ?? line.count) - start
  }

  private static let starts: [StaticString] = [
    "WARNING: ", "INFO: ", "BUG: ", "[ ", "but ", "and this task", "and interrupts",
    "the existing", "the dependencies", "the shortest", "which ", "to a ", "... ", "other info",
    "Possible ", "Call ", "CPU: ", "Chain exists", "lock(", "Showing all", "turning off",
    "stack backtrace",
  ]

  /// Whether a text is known to begin a line.
  static func standsAlone(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let first = text.first else { return true }
    switch first {
    case UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: "#"), UInt8(ascii: "<"),
      UInt8(ascii: "{"), UInt8(ascii: "?"):
      return true
    default:
      return KernelFrame(text, line: 0) != nil || KernelHeadline(text) != nil
        || text.contains("){") || starts.contains { text.hasPrefix($0) }
    }
  }

  /// Without `#0: ` or `-> #1 `.
  private static func withoutNumber(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var text = text
    if text.hasPrefix("-> ") { text = text.from(3) }
    guard text.hasPrefix("#") else { return text }
    var end = 1
    while end < text.count, isDigit(text[end]) || text[end] == UInt8(ascii: ":") { end += 1 }
    return text.from(end).trimmed
  }

  /// `ffff88 (NAME`, whose usage is missing.
  private static func isLockCutOff(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let blank = text.firstIndex(of: 0x20), blank >= 8,
      text[..<blank].allSatisfy(isHexadecimalDigit) || text.hasPrefix("(____ptrval____)")
    else { return false }
    let lock = text.from(blank + 1).trimmed
    return lock.hasPrefix("(") && !lock.contains("){") && !lock.contains(" at: ")
      && !lock.contains("), at:")
  }

  /// The beginning of a phrase, broken at a blank.
  private static func endsInPhrase(_ text: UnsafeRawBufferPointer) -> Bool {
    beginnings.contains { beginning in
      text.count >= beginning.count
        && text.from(text.count - beginning.count).elementsEqual(beginning)
    }
  }

  private static let shortestPart = 13
  /// What phrases begin with, up to each of their blanks.
  private static let beginnings: [[UInt8]] = phrases.flatMap { phrase in
    let bytes = Array(phrase.utf8)
    return bytes.indices.filter { $0 >= shortestPart && bytes[$0] == 0x20 }
      .map { Array(bytes[..<$0]) }
  }

  private static let phrases = [
    "WARNING: possible circular locking dependency detected",
    "INFO: possible circular locking dependency detected ]",
    "WARNING: possible recursive locking detected",
    "INFO: possible recursive locking detected ]",
    "WARNING: possible irq lock inversion dependency detected",
    "INFO: possible irq lock inversion dependency detected ]",
    "WARNING: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected",
    "WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected",
    "WARNING: lock held when returning to user space!",
    "WARNING: bad unlock balance detected!", "WARNING: suspicious RCU usage",
    "WARNING: inconsistent lock state", "[ BUG: Invalid wait context ]",
    "but task is already holding lock:", "and this task is already holding:",
    " is trying to acquire lock:", " is trying to acquire:", " is trying to lock:",
    " just changed the state of lock:", " is leaving the kernel with locks still held!",
    "but this lock took another, SOFTIRQ-unsafe lock in the past:",
    "but this lock took another, HARDIRQ-unsafe lock in the past:",
    "BUG: sleeping function called from invalid context at",
    "the existing dependency chain (in reverse order) is:",
    "with a lock still held there!", "turning off the locking correctness validator.",
    "is blocked on a mutex likely owned by task ", "Showing all locks held in the system:",
    "blocked for more than 120 seconds.", "BUG: scheduling while atomic: ",
    "BUG: workqueue leaked lock or atomic: ", "BUG: workqueue leaked atomic, lock or RCU: ",
  ]
}
