/// A place by what stays when lines move and programs are loaded elsewhere: its innermost frames,
/// each a function and a file [semantics 26].
///
/// - A frame that tells its function is that and its file. The file of the innermost frame is that
///   of `at`, where the frame tells none.
/// - Without a function a frame is what it is, line or address in its image included. Small offsets
///   are those within functions; others are kept, as the name before them may be that of an image.
/// - Where nothing but an address in memory is known of the innermost frame, nothing is known.
enum PlaceFrames {
  /// How many frames tell places apart.
  static let depth = 3

  /// The frames of a place, innermost first; empty where nothing is known.
  static func texts(at: String?, stack: [String]) -> [String] {
    guard let innermost = stack.first else {
      return at.map { [$0] } ?? []
    }
    var frames = stack.prefix(depth).map(Frame.init)
    if let at {
      if frames[0].function == nil {
        frames[0].text = at
      } else if frames[0].file == nil {
        frames[0].file = SourcePosition(at)?.file ?? Frame.withoutOffset(Substring(at)) ?? at
      }
    } else if frames[0].function == nil, Frame.isAddress(Substring(innermost)) {
      return []
    }
    return frames.map(\.description)
  }

  private struct Frame: CustomStringConvertible {
    var text: String
    var function: String?
    var file: String?

    init(_ text: String) {
      self.text = text
      var rest = Substring(text)
      // What `backtrace_symbols` writes: IMAGE(FUNCTION+0x12) [0x55d0].
      if rest.hasSuffix("]"), let open = rest.lastIndex(of: "["), open > rest.startIndex,
        Self.isAddress(rest[rest.index(after: open)...].dropLast())
      {
        rest = rest[..<rest.index(before: open)]
      }
      var name = rest
      if rest.hasSuffix(")"), let open = rest.lastIndex(of: "(") {
        let inside = rest[rest.index(after: open)...].dropLast()
        let before = rest[..<open]
        if before.hasSuffix(" ") {
          name = before.dropLast()
          file =
            SourcePosition(String(inside))?.file ?? Self.withoutOffset(inside)
            ?? String(inside)
        } else if Self.withoutOffset(inside) != nil, !inside.hasPrefix("+") {
          name = inside
          file = String(before)
        }
      } else if let at = rest.ranges(of: " at ").last,
        let position = SourcePosition(String(rest[at.upperBound...]))
      {
        name = rest[..<at.lowerBound]
        file = position.file
      } else if SourcePosition(frame: text) != nil {
        return
      }
      guard !name.isEmpty, !Self.isAddress(name), !name.hasPrefix("+0x") else { return }
      function = Self.withoutOffset(name) ?? String(name)
    }

    var description: String {
      guard let function else { return text }
      return file.map { "\(function)\u{1}\($0)" } ?? function
    }

    /// Without `+0x12` or `+0x12/0x340`; `nil` if there is none.
    static func withoutOffset(_ text: Substring) -> String? {
      guard let mark = text.ranges(of: "+0x").last, mark.lowerBound > text.startIndex else {
        return nil
      }
      let offset = text[mark.upperBound...].prefix { $0.isHexDigit }
      let end = text[offset.endIndex...]
      let isSized = end.hasPrefix("/0x") && end.dropFirst(3).allSatisfy(\.isHexDigit)
      guard !offset.isEmpty, end.isEmpty || isSized,
        isSized || (UInt64(offset, radix: 16) ?? .max) < 0x1000
      else { return nil }
      return String(text[..<mark.lowerBound])
    }

    static func isAddress(_ text: Substring) -> Bool {
      text.hasPrefix("0x") && text.dropFirst(2).allSatisfy(\.isHexDigit)
    }
  }
}
