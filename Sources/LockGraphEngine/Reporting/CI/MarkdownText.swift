/// Names in Markdown that GitHub and GitLab render.
enum MarkdownText {
  /// Text in a line: nothing in it is markup, a mention or the end of a table's cell.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.withVisibleControls.unicodeScalars {
      switch scalar {
      // A mention is found after all else, so no escape keeps a name from one.
      case "@": result += "@\u{2060}"
      case "\\", "`", "*", "_", "{", "}", "[", "]", "<", ">", "#", "|", "~", "&", "$", "!", "\"":
        result += "&#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Text that is shown as it is, in the font of code.
  static func code(_ text: String) -> String { "<code>\(escaped(text))</code>" }

  /// Lines that are shown as they are.
  static func block(_ text: String) -> String {
    "<pre>\n\(XMLText.content(text))\n</pre>\n"
  }

  /// A section that is closed until somebody opens it.
  static func folded(_ summary: String, _ body: String) -> String {
    "<details><summary>\(escaped(summary))</summary>\n\n\(body)\n</details>\n"
  }
}
