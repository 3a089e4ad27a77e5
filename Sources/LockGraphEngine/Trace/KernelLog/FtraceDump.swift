/// The kernel's trace buffer where it is printed into the log: `Dumping ftrace buffer:` and the
/// events between two rules.
struct FtraceDump {
  private var events = KernelLockEvents()
  private(set) var isActive = false
  private var dumps = 0
  private(set) var hasEvents = false
  private var hasOwnEvents = false

  var warnings: [String] { hasEvents ? events.warnings : [] }
  var lockCount: UInt32 { events.lockCount }

  func begins(_ text: UnsafeRawBufferPointer) -> Bool {
    text.first == UInt8(ascii: "D") && text.hasPrefix("Dumping ftrace buffer:")
  }

  /// - Parameter line: with the blanks before it.
  /// - Returns: whether it is an event; `nil` if it has nothing to do with the dump.
  mutating func take<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, _ number: UInt64, into consumer: inout Consumer
  ) -> Bool? {
    let text = line.trimmed
    if begins(text) {
      isActive = true
      hasOwnEvents = false
      return false
    }
    if text.hasPrefix("(ftrace buffer empty)") {
      isActive = false
      return false
    }
    if text.count > 8, text.allSatisfy({ $0 == UInt8(ascii: "-") }) {
      if hasOwnEvents { isActive = false }
      return false
    }
    if let count = FtraceOtherLine.lostEvents(text) {
      events.lose(count, number, &consumer)
      return false
    }
    // One blank stands between the time and the text.
    let indented = line.first == 0x20 ? line.from(1) : line
    guard let event = KernelEventLine(ftrace: indented) ?? KernelEventLine(dumped: text) else {
      return FtraceOtherLine.isOfStack(text) ? false : nil
    }
    if !hasOwnEvents {
      hasOwnEvents = true
      hasEvents = true
      events.lose(1, number, &consumer)
    }
    switch event.event {
    case .other: events.takeOther(event, number: number, into: &consumer)
    case .contentionEnd: events.takeContentionEnd(event, number: number, into: &consumer)
    default:
      do throws(LineFailure) {
        let operand = try KernelLockOperand(event)
        events.take(event, operand, number: number, into: &consumer)
      } catch {
        // A line of a log may be cut off anywhere.
        return false
      }
    }
    return true
  }
}
