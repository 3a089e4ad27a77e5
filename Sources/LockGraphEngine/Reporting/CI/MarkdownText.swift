/// Names in Markdown that GitHub and GitLab render.
enum MarkdownText {
  /// Shows nothing, and keeps what is around it apart. References and bare addresses are found in
  /// the text that is shown, after all else, so no escape keeps a name from becoming one.
  private static let joiner = "\u{2060}"

  /// Text in a line: nothing in it is markup, a link, a mention or the end of a table's cell.
  ///
  /// - Parameter isCode: it stands in the font of code, where no references are looked for.
  static func escaped(_ text: String, isCode: Bool = false) -> String {
    let scalars = Array(text.withVisibleControls.unicodeScalars)
    let hashes = isCode ? [] : places(ofHashesIn: scalars)
    var result = ""
    for (index, scalar) in scalars.enumerated() {
      let next = index + 1 < scalars.count ? scalars[index + 1] : nil
      if hashes.contains(index) { result += joiner }
      switch scalar {
      case "@": result += "@" + joiner
      case "\\", "`", "*", "_", "{", "}", "[", "]", "<", ">", "#", "|", "~", "&", "$", "!", "\"",
        "%", "^":
        result += "&#\(scalar.value);"
        // As in #12, !12, ~"label" and %milestone.
        if !isCode, "#!~%$&*[^".unicodeScalars.contains(scalar), let next,
          next.isPartOfName || next == "\""
        {
          result += joiner
        }
      case ":" where scalars[index...].dropFirst().prefix(2).elementsEqual(["/", "/"]):
        result += ":" + joiner
      case "." where isName("www", before: index, of: scalars): result += joiner + "."
      case "-" where !isCode && isName("gh", before: index, of: scalars): result += joiner + "-"
      // The beginning of a list.
      case "-", "+": result += index == 0 ? "&#\(scalar.value);" : String(scalar)
      case ".", ")":
        let isNumber = index > 0 && scalars[..<index].allSatisfy { ("0"..."9").contains($0) }
        result += isNumber ? "&#\(scalar.value);" : String(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Text that is shown as it is, in the font of code.
  static func code(_ text: String) -> String { "<code>\(escaped(text, isCode: true))</code>" }

  /// Lines that are shown as they are.
  static func block(_ text: String) -> String {
    "<pre>\n\(XMLText.content(text))\n</pre>\n"
  }

  /// A section that is closed until somebody opens it.
  static func folded(_ summary: String, _ body: String) -> String {
    "<details><summary>\(escaped(summary))</summary>\n\n\(body)\n</details>\n"
  }

  /// The name of a file, relative to something, as the address of a link.
  static func encoded(_ path: String) -> String {
    var address = ""
    for byte in path.utf8 {
      if isPartOfAddress(byte), !":?#=%".utf8.contains(byte) {
        address.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        address += (digits.count == 1 ? "%0" : "%") + digits
      }
    }
    return address
  }

  /// Whether a byte stands for itself in an address, and ends no link.
  static func isPartOfAddress(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~/:?#=%".utf8.contains(byte)
    }
  }

  /// Where joiners break what GitHub could take for the hash of a commit.
  private static func places(ofHashesIn scalars: [Unicode.Scalar]) -> Set<Int> {
    var places: Set<Int> = []
    var start = 0
    while start < scalars.count {
      let end = scalars[start...].firstIndex { !$0.isPartOfName } ?? scalars.count
      if end - start >= 7, scalars[start..<end].allSatisfy(\.isHexadecimal) {
        // No piece of it is long enough.
        places.formUnion(stride(from: start + 6, to: end, by: 6))
      }
      start = max(end, start) + 1
    }
    return places
  }

  /// Whether a word, in any case, ends before a position.
  private static func isName(
    _ word: String, before index: Int, of scalars: [Unicode.Scalar]
  ) -> Bool {
    index >= word.count
      && String(String.UnicodeScalarView(scalars[(index - word.count)..<index])).lowercased()
        == word
  }
}

extension Unicode.Scalar {
  fileprivate var isPartOfName: Bool { properties.isAlphabetic || ("0"..."9").contains(self) }

  fileprivate var isHexadecimal: Bool {
    ("0"..."9").contains(self) || ("a"..."f").contains(self) || ("A"..."F").contains(self)
  }
}
