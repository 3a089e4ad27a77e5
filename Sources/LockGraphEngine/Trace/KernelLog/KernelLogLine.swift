/// A line of the kernel's log without what stands before its text: time, level, and what system
/// loggers, consoles, networks, build servers and mails add, in whatever order.
struct KernelLogLine {
  /// What the kernel printed, without blanks at its ends.
  let text: UnsafeRawBufferPointer
  /// The same with the blanks before it.
  let indented: UnsafeRawBufferPointer
  /// The task or processor that printed it, where the kernel is built to say so: `T57`, `C0`.
  let caller: UnsafeRawBufferPointer?
  /// Something stood before it that stands before each line of its log, and not before what a line
  /// goes on with.
  let isStamped: Bool
  /// Of a part of a message that was sent in several: where it begins in it.
  let fragment: Int?
  let sureness: Sureness
  /// It begins with what `dmesg` puts there in place of a time, or with a level.
  let hasDateOrLevel: Bool

  /// How far into a line a prefix may reach.
  static let longestPrefix = 160

  init(_ line: UnsafeRawBufferPointer) {
    var prefix = LogPrefix(line)
    prefix.strip()
    indented = prefix.rest
    text = prefix.rest.trimmed
    caller = prefix.caller
    isStamped = prefix.isStamped
    fragment = prefix.fragment
    sureness = prefix.sureness
    hasDateOrLevel = prefix.hasDateOrLevel
  }

  enum Sureness { case none, likely, certain }

  /// Whether a line begins as only lines of the kernel's log do: with a time that is padded, or
  /// with a logger's date and `kernel:`. After some hours a time needs no padding and looks like
  /// that of a text trace.
  static func sureness(of line: UnsafeRawBufferPointer) -> Sureness {
    var decoder = LogLineDecoder()
    guard decoder.changes(line) else { return KernelLogLine(line).sureness }
    var result = Sureness.none
    for line in decoder.lines(of: line) {
      switch line.withUnsafeBytes({ KernelLogLine($0).sureness }) {
      case .certain: return .certain
      case .likely: result = .likely
      case .none: break
      }
    }
    return result
  }
}
