/// Reads the kernel's log and makes findings of the reports of its validator, whatever else stands
/// between their lines. No line is a bad one.
struct KernelLogReader: LineReader, ~Copyable {
  /// After so many lines that are nothing to it, a report is over.
  private static let longestGap = 200

  private var report: KernelReport?
  private var gap = 0
  private(set) var facts: UInt64 = 0
  private var form = KernelLogForm()
  /// The line at which the validator gave up.
  private var turnedOff: (line: UInt64, reason: String)?

  var hasForm: Bool { form.isThatOfALog }

  var warnings: [String] {
    guard let turnedOff else { return [] }
    return [
      "the kernel's validator gave up at line \(turnedOff.line) and reports nothing after it: "
        + turnedOff.reason
    ]
  }

  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, number: UInt64, into consumer: inout Consumer
  ) throws(LineFailure) -> Bool {
    form.note(line)
    let line = KernelLogLine(line)
    if let headline = KernelHeadline(line.text) {
      flush(into: &consumer)
      report = KernelReport(headline, line: number, caller: line.caller)
      gap = 0
      return false
    }
    guard report != nil else {
      noteEnd(line.text, number)
      return false
    }
    // Where the log tells who printed a line, those of others are known.
    if let caller = line.caller, let own = report!.caller, !own.elementsEqual(caller) {
      return false
    }
    switch report!.take(line.text, line: number) {
    case .taken: gap = 0
    case .ended: flush(into: &consumer)
    case .ignored:
      noteEnd(line.text, number)
      gap += 1
      if gap >= Self.longestGap { flush(into: &consumer) }
    }
    return false
  }

  mutating func finish<Consumer: EventConsumer & ~Copyable>(into consumer: inout Consumer) {
    flush(into: &consumer)
  }

  private mutating func flush<Consumer: EventConsumer & ~Copyable>(into consumer: inout Consumer) {
    guard let finished = report else { return }
    report = nil
    for finding in finished.findings {
      facts += 1
      consumer.consume(.finding(finding))
    }
  }

  /// A limit of the validator, or a doubt in itself; after its reports it is off too, which is
  /// usual.
  private mutating func noteEnd(_ text: UnsafeRawBufferPointer, _ number: UInt64) {
    guard turnedOff == nil, text.hasPrefix("BUG: ") else { return }
    guard
      text.hasPrefix("BUG: MAX_LOCK") || text.hasPrefix("BUG: MAX_STACK_TRACE_ENTRIES")
        || text.hasPrefix("BUG: looking up invalid subclass")
        || text.hasPrefix("BUG: key ")
    else { return }
    turnedOff = (number, text.text)
  }
}
