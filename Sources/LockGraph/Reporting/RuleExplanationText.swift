/// What `explain` prints.
public struct RuleExplanationText {
  /// The explanation, wrapped, with a newline at its end.
  public let text: String

  /// - Parameter width: characters a line, from 40 on.
  public init(_ rule: Rule, width: Int = 80) {
    let width = max(40, width)
    var text = "\(rule.rawValue) (\(rule.severityText))\n"
    var paragraphs = [capitalized(rule.summary) + "."]
    paragraphs += rule.meaning.split(separator: "\n").map(String.init)
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
  }
}

private func capitalized(_ text: String) -> String {
  text.prefix(1).uppercased() + text.dropFirst()
}

extension Rule {
  fileprivate var severityText: String {
    self == .lockOrderInversion
      ? "error, warning or note, by its confidence" : severity.rawValue
  }
}
