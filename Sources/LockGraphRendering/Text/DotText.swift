/// Strings of Graphviz's language.
///
/// Quoted strings only: one that is not can be HTML. In labels and tooltips Graphviz replaces
/// `\N`, `\G`, `\n` and others as well as HTML entities, so backslashes are doubled and ampersands
/// written as entities.
enum DotText {
  /// Whether a name can be a node's name as it is, for people to read.
  static func isPlain(_ name: String) -> Bool {
    let bytes = name.utf8
    return !bytes.isEmpty
      && bytes.prefix(81).allSatisfy { byte in
        (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
          && byte != UInt8(ascii: ";")
      } && bytes.count <= 80
  }

  /// A word of this module or a plain name in quotes; not for texts that Graphviz interprets.
  static func quoted(_ word: String) -> String { "\"\(word)\"" }

  /// A text of one or several lines, centred.
  static func label(_ text: String) -> String {
    label(text.split(separator: "\n").map(String.init), alignment: "n", endsLastLine: false)
  }

  /// Lines that each end in Graphviz's `\l` or `\n`; in nothing if the alignment is empty.
  static func label(_ lines: [String], alignment: String, endsLastLine: Bool? = nil) -> String {
    let end = alignment.isEmpty ? "" : "\\" + alignment
    return "\"" + lines.map { escaped($0) }.joined(separator: end)
      + (endsLastLine ?? (alignment == "l") && !lines.isEmpty ? end : "") + "\""
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    var scalars = Substring(text).unicodeScalars
    while let scalar = scalars.popFirst() {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "&":
        result += "&amp;"
        // Some versions take what looks like an entity for one a second time when they write SVG,
        // where unknown ones are errors: an invisible word joiner keeps them from it.
        if beginsEntity(scalars) { result += "\u{2060}" }
      case _ where scalar.value < 0x20: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func beginsEntity(_ rest: Substring.UnicodeScalarView) -> Bool {
    let word = rest.prefix(32).prefix { scalar in
      switch scalar {
      case "#", "a"..."z", "A"..."Z", "0"..."9": true
      default: false
      }
    }
    return !word.isEmpty && word.endIndex < rest.endIndex && rest[word.endIndex] == ";"
  }
}
