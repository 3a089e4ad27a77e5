/// Text as it stands in markup.
enum MarkupText {
  /// As content or in an attribute with double quotes.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// JSON that stands inside a `script` element: without `<`, no end of the element and no comment
/// can begin in it. In JSON that character is in strings only, where an escape means the same.
final class ScriptSafeBytes {
  private let take: (UnsafeRawBufferPointer) -> Bool

  init(_ take: @escaping (UnsafeRawBufferPointer) -> Bool) { self.take = take }

  /// Hands on bytes; false if they could not be written.
  ///
  /// - Complexity: O(bytes).
  func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var rest = bytes[...]
    while let position = rest.firstIndex(of: UInt8(ascii: "<")) {
      guard take(UnsafeRawBufferPointer(rebasing: rest[..<position])), writeEscape() else {
        return false
      }
      rest = rest[(position + 1)...]
    }
    return rest.isEmpty || take(UnsafeRawBufferPointer(rebasing: rest))
  }

  private func writeEscape() -> Bool {
    var escape: StaticString { "\\u003c" }
    return take(
      UnsafeRawBufferPointer(start: escape.utf8Start, count: escape.utf8CodeUnitCount))
  }
}
