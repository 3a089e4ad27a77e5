/// The explanation of the lines that a drawing has, and of no others.
struct Legend {
  struct Entry {
    var emphasis: Emphasis
    var isDashed: Bool
    var text: String
  }

  let entries: [Entry]
  /// What holds of all lines; empty if there are none.
  let explanation: String

  init(_ drawing: Drawing) {
    func has(_ emphasis: Emphasis) -> Bool {
      drawing.dependencies.contains { $0.emphasis == emphasis }
    }
    let isDashed = drawing.dependencies.contains { $0.isRecursiveReadOnly }
    var entries: [Entry] = []
    // The first says it whole, those after it only how they differ.
    let severities: [(Emphasis, String)] = [
      (.error, "an error"), (.warning, "a warning"), (.note, "a note: excluded in this trace"),
    ]
    for (emphasis, word) in severities where has(emphasis) {
      let text =
        entries.isEmpty
        ? "on a reported cycle, \(word); #: number in the report" : "the same, \(word)"
      entries.append(Entry(emphasis: emphasis, isDashed: false, text: text))
    }
    if has(.context) {
      entries.append(
        Entry(emphasis: .context, isDashed: false, text: "other order"))
    }
    if isDashed {
      entries.append(
        Entry(emphasis: .context, isDashed: true, text: "recursive reads only"))
    }
    self.entries = entries
    explanation =
      drawing.dependencies.isEmpty
      ? ""
      : "A → B: B asked for while A was held. First letter: A held exclusively (E) or shared (S); "
        + "second: B asked for non-recursively (N) or as recursive read (R). ×: how often."
  }

  /// The legend in words, for formats without sample lines.
  var words: [String] {
    guard !explanation.isEmpty else { return [] }
    let looks = entries.map { entry in
      if entry.isDashed { return "dashed: " + entry.text }
      switch entry.emphasis {
      case .error: return "thickest, numbered: " + entry.text
      case .warning: return "thick, numbered: " + entry.text
      case .note: return "thin, number in parentheses: " + entry.text
      case .context: return "thin, grey: " + entry.text
      }
    }
    return [looks.joined(separator: "; ") + ".", explanation]
  }
}
