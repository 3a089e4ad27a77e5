/// What `explain` prints.
public struct RuleExplanationText {
  /// The explanation, wrapped, with a newline at its end.
  public let text: String
  /// The same in Markdown, without the name of the rule.
  let markdown: String

  /// - Parameter width: characters a line, from 40 on.
  public init(_ rule: Rule, width: Int = 80) {
    let width = max(40, width)
    var text = "\(rule.rawValue) (\(rule.severityText))\n"
    var paragraphs = [capitalized(rule.summary) + "."]
    paragraphs += rule.meaningParagraphs
    if !rule.isChecked {
      paragraphs.append(
        "Traces do not tell of it; programs that link LockGraph are checked as they run.")
    }
    if let advice = rule.advice { paragraphs.append("What helps: " + advice) }
    for paragraph in paragraphs {
      text += "\n" + TextLayout.wrap(paragraph, width: width).joined(separator: "\n") + "\n"
    }
    text += "\nExample, in the text trace format:\n\n"
    for line in rule.example.split(separator: "\n") { text += "    \(line)\n" }
    self.text = text
    markdown =
      paragraphs.joined(separator: "\n\n")
      + "\n\nExample, in the text trace format:\n\n```text\n\(rule.example)\n```\n"
  }
}

private func capitalized(_ text: String) -> String {
  text.prefix(1).uppercased() + text.dropFirst()
}

extension Rule {
  /// What it means, a paragraph a piece.
  package var meaningParagraphs: [String] {
    meaning.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
  }

  fileprivate var severityText: String {
    hasConfidence && self != .deadlock
      ? "error, warning or note, by its confidence" : severity.rawValue
  }
}
