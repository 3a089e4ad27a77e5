/// What `explain` prints: of a rule, a grade, or a word that reports use.
public struct ExplanationText {
  /// The explanation, wrapped, with a newline at its end.
  public let text: String

  /// - Parameters:
  ///   - name: of a rule, grade or term, or another word for one; blanks and underscores are
  ///     hyphens, and case does not matter.
  ///   - width: characters a line, from 40 on.
  /// - Returns: `nil` if nothing is called so.
  public init?(_ name: String, width: Int = 80) {
    let name = Self.canonical(name)
    if let rule = Rule(rawValue: name) {
      text = RuleExplanationText(rule, width: width).text
    } else if let grade = Confidence(rawValue: name) {
      text = Self.text(grade, width: max(40, width))
    } else if let term = Self.term(named: name) {
      text = Self.text(term, width: max(40, width))
    } else {
      return nil
    }
  }

  /// The names of terms, in their order; rules and grades have their own.
  public static var terms: [String] { Term.all.map(\.name) }

  /// Everything that is explained, without other words for it.
  public static var names: [String] {
    Rule.allCases.map(\.rawValue) + Confidence.allCases.map(\.rawValue) + terms
  }

  /// What is most likely meant by a name that nothing has; `nil` if nothing is near.
  public static func nearest(to name: String) -> String? {
    nearestWord(to: canonical(name), among: names + Term.all.flatMap(\.synonyms))
  }

  private static func canonical(_ name: String) -> String {
    name.lowercased().split { $0 == " " || $0 == "_" || $0 == "-" }.joined(separator: "-")
  }

  /// By its name, another word for it, or several of either.
  private static func term(named name: String) -> Term? {
    var candidates = [name]
    if name.hasSuffix("s") { candidates.append(String(name.dropLast())) }
    if name.hasSuffix("es") { candidates.append(String(name.dropLast(2))) }
    for name in candidates {
      if let term = Term.all.first(where: { $0.name == name || $0.synonyms.contains(name) }) {
        return term
      }
    }
    return nil
  }

  private static func text(_ grade: Confidence, width: Int) -> String {
    var text = "\(grade.rawValue) (a grade of deadlocks; \(grade.severity.rawValue))\n"
    text += paragraphs(grade.meaning, width: width)
    text += paragraphs("Example, in the text trace format:", width: width) + "\n"
    for line in grade.example.split(separator: "\n") { text += "    \(line)\n" }
    return text + paragraphs("See also: grade, severity.", width: width)
  }

  private static func text(_ term: Term, width: Int) -> String {
    var text = "\(term.name) (a term)\n" + paragraphs(term.meaning, width: width)
    if !term.related.isEmpty {
      text += paragraphs("See also: \(term.related.joined(separator: ", ")).", width: width)
    }
    return text
  }

  private static func paragraphs(_ text: String, width: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: true).map {
      "\n" + TextLayout.wrap(String($0), width: width).joined(separator: "\n") + "\n"
    }.joined()
  }
}
