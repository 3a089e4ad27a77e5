/// The explanation of the lines and grounds that a drawing has, and of no others.
struct Legend {
  struct Entry {
    enum Sample { case line(Emphasis), dashedLine, weights }

    var sample: Sample
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
      entries.append(Entry(sample: .line(emphasis), text: text))
    }
    if has(.context) { entries.append(Entry(sample: .line(.context), text: "other order")) }
    if isDashed { entries.append(Entry(sample: .dashedLine, text: "recursive reads only")) }
    if let weight = drawing.weightExplanation {
      entries.append(Entry(sample: .weights, text: weight))
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
    guard !entries.isEmpty else { return [] }
    let looks = entries.map { entry in
      switch entry.sample {
      case .weights: entry.text
      case .dashedLine: "dashed: " + entry.text
      case .line(.error): "thickest, numbered: " + entry.text
      case .line(.warning): "thick, numbered: " + entry.text
      case .line(.note): "thin, number in parentheses: " + entry.text
      case .line(.context): "thin, grey: " + entry.text
      }
    }
    return [looks.joined(separator: "; ") + ".", explanation].filter { !$0.isEmpty }
  }
}
