/// A line of the kernel's log without what stands before its text: time, level, and what a system
/// logger adds.
struct KernelLogLine {
  /// What the kernel printed, without blanks at its ends.
  let text: UnsafeRawBufferPointer
  /// The task or processor that printed it, where the kernel is built to say so: `T57`, `C0`.
  let caller: UnsafeRawBufferPointer?

  /// How far into a line a prefix may reach.
  private static let longestPrefix = 160

  init(_ line: UnsafeRawBufferPointer) {
    if let time = Self.time(line) {
      var end = time.upperBound
      var caller: UnsafeRawBufferPointer?
      if let found = Self.caller(line.from(end)) {
        caller = found.caller
        end += found.length
      }
      self.caller = caller
      text = line.from(end).trimmed
      return
    }
    caller = nil
    if let logger = line.upTo(Self.longestPrefix).offset(of: " kernel: ") {
      text = line.from(logger + 9).trimmed
    } else {
      text = line.from(Self.level(line) + Self.date(line.from(Self.level(line)))).trimmed
    }
  }

  enum Sureness { case none, likely, certain }

  /// Whether a line begins as only lines of the kernel's log do: with a time that is padded, or
  /// with a logger's date and `kernel:`. After some hours a time needs no padding and looks like
  /// that of a text trace.
  static func sureness(of line: UnsafeRawBufferPointer) -> Sureness {
    let level = level(line)
    if let time = time(line), time.lowerBound == level {
      if level > 0 || line[time.lowerBound + 1] == 0x20 { return .certain }
      // `[12345.678901]`
      return time.count >= 14 ? .likely : .none
    }
    guard let logger = line.upTo(longestPrefix).offset(of: " kernel: ") else { return .none }
    // A time of day.
    let before = line.upTo(logger)
    guard let colon = before.offset(of: ":"), colon + 3 < before.count,
      before[colon + 3] == UInt8(ascii: ":"), isDigit(before[colon + 1]), isDigit(before[colon + 2])
    else { return .none }
    return .certain
  }

  /// Whether a line begins with what `dmesg` puts there in place of a time, or with a level.
  static func hasDateOrLevel(_ line: UnsafeRawBufferPointer) -> Bool {
    let level = level(line)
    return level > 0 || date(line.from(level)) > 0
  }

  /// Where `[   10.249990]` stands; the seconds are padded to five characters.
  private static func time(_ line: UnsafeRawBufferPointer) -> Range<Int>? {
    var start = 0
    let end = min(line.count, longestPrefix)
    while start < end {
      if line[start] == UInt8(ascii: "["), let length = timeLength(line.from(start)) {
        return start..<(start + length)
      }
      start += 1
    }
    return nil
  }

  private static func timeLength(_ text: UnsafeRawBufferPointer) -> Int? {
    var position = 1
    while position < text.count, text[position] == 0x20 { position += 1 }
    let seconds = position
    while position < text.count, isDigit(text[position]) { position += 1 }
    guard position > seconds, position + 7 < text.count, text[position] == UInt8(ascii: "."),
      text[position + 7] == UInt8(ascii: "]"),
      text[(position + 1)..<(position + 7)].allSatisfy(isDigit)
    else { return nil }
    return position + 8
  }

  /// `[   T57]`
  private static func caller(
    _ text: UnsafeRawBufferPointer
  ) -> (caller: UnsafeRawBufferPointer, length: Int)? {
    guard let first = text.first, first == UInt8(ascii: "[") else { return nil }
    var start = 1
    while start < text.count, text[start] == 0x20 { start += 1 }
    guard start < text.count, text[start] == UInt8(ascii: "T") || text[start] == UInt8(ascii: "C")
    else { return nil }
    var end = start + 1
    while end < text.count, isDigit(text[end]) { end += 1 }
    guard end > start + 1, end < text.count, text[end] == UInt8(ascii: "]") else { return nil }
    return (UnsafeRawBufferPointer(rebasing: text[start..<end]), end + 1)
  }

  /// The length of `<4>`, or of `kern  :warn  : `.
  private static func level(_ line: UnsafeRawBufferPointer) -> Int {
    if line.count > 2, line[0] == UInt8(ascii: "<"), isDigit(line[1]) {
      var end = 2
      while end < line.count, isDigit(line[end]) { end += 1 }
      return end < line.count && line[end] == UInt8(ascii: ">") ? end + 1 : 0
    }
    guard line.hasPrefix("kern"), let first = line.upTo(16).offset(of: ":"),
      let second = line.upTo(32).offset(of: ": ", from: first + 1)
    else { return 0 }
    return second + 2
  }

  /// The length of `[Sat Nov 22 10:00:00 2025] ` or `2025-11-22T10:00:00,123456+00:00 `.
  private static func date(_ text: UnsafeRawBufferPointer) -> Int {
    let start = text.upTo(48)
    if text.hasPrefix("["), let end = start.offset(of: "] "), let colon = start.offset(of: ":"),
      colon + 3 < end, isDigit(start[colon + 1]), start[colon + 3] == UInt8(ascii: ":")
    {
      return end + 2
    }
    if start.count > 20, start[4] == UInt8(ascii: "-"), start[10] == UInt8(ascii: "T"),
      start[13] == UInt8(ascii: ":"), let end = start.offset(of: " ")
    {
      return end + 1
    }
    return 0
  }
}
