/// Frames of Rust's backtraces: `  12: bank::book` and, in the next line, `at src/bank.rs:20:9`.
struct RustBacktrace {
  private(set) var frames: [String] = []
  private var function: String?
  /// The number of the last frame: a stack ends where they begin anew.
  private(set) var number = -1

  private static let depth = 512

  /// - Returns: whether the line was one of a backtrace.
  mutating func take(_ text: UnsafeRawBufferPointer) -> Bool {
    if let number = text.leadingNumber, let colon = text.offset(of: ": "), colon < 8,
      text.upTo(colon).allSatisfy(isDigit)
    {
      end()
      self.number = number
      function = Self.name(text.from(colon + 2).trimmed)
      return true
    }
    guard text.hasPrefix("at "), let function else { return false }
    let file = text.from(3).text
    append(NativeFrames.text(function, SourcePosition(file) == nil ? nil : file) ?? "??")
    self.function = nil
    return true
  }

  /// Whether a line begins another stack.
  func beginsAnew(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let first = text.leadingNumber, let colon = text.offset(of: ": "), colon < 8 else {
      return false
    }
    return first <= number
  }

  mutating func end() {
    if let function { append(function) }
    function = nil
  }

  private mutating func append(_ frame: String) {
    if frames.count < Self.depth { frames.append(frame) }
  }

  /// Without the address and the hash that differ between builds:
  /// `0x55d0 - bank::book::h0123456789abcdef`.
  private static func name(_ text: UnsafeRawBufferPointer) -> String {
    var name = text
    if name.hasPrefix("0x"), let mark = name.offset(of: " - ") { name = name.from(mark + 3) }
    if name.count > 19, name.from(name.count - 19).hasPrefix("::h"),
      name.from(name.count - 16).allSatisfy(isHexadecimalDigit)
    {
      name = name.upTo(name.count - 19)
    }
    return name.text
  }
}
