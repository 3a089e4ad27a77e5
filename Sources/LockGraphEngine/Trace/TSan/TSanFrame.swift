/// A frame as sanitizers print it:
/// `#1 Ledger::append(Entry&) /src/ledger.cpp:41:12 (bank+0x51f0a1)`.
enum TSanFrame {
  /// - Returns: `nil` if the line is no frame; an empty text if nothing is known of it.
  static func text(_ line: UnsafeRawBufferPointer) -> String? {
    guard line.first == UInt8(ascii: "#"), line.count > 2, isDigit(line[1]) else { return nil }
    let digits = line.from(1).prefix(while: isDigit).count
    var rest = line.from(1 + digits)
    guard rest.first == 0x20 else { return nil }
    rest = rest.trimmed
    var module: String?
    // `(BuildId: …)` and `(bank+0x51f0a1)` stand behind.
    while rest.last == UInt8(ascii: ")"), let open = lastOpening(rest) {
      let inside = UnsafeRawBufferPointer(rebasing: rest[(open + 1)..<(rest.count - 1)])
      guard inside.contains("+0x") || inside.hasPrefix("BuildId:"), open > 0,
        rest[open - 1] == 0x20
      else { break }
      if inside.contains("+0x") { module = inside.text }
      rest = rest.upTo(open).trimmed
    }
    let position = rest.lastIndex(of: 0x20)
    var function = rest.text
    var file: String?
    if let position {
      let tail = rest.from(position + 1)
      if tail.elementsEqual("<null>".utf8) {
        function = rest.upTo(position).trimmed.text
      } else if SourcePosition(tail.text) != nil || tail.first == UInt8(ascii: "/") {
        function = rest.upTo(position).trimmed.text
        file = tail.text
      }
    }
    if function == "<null>" { function = "" }
    return NativeFrames.text(function, file) ?? module ?? ""
  }

  private static func lastOpening(_ text: UnsafeRawBufferPointer) -> Int? {
    text.lastIndex(of: UInt8(ascii: "("))
  }
}
