import ArgumentParser
import LockGraphEngine

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "What a rule, a grade or a word of the reports means.",
    discussion: """
      Rules, with an example: \(Rule.allCases.map(\.rawValue).joined(separator: ", ")).

      Grades, with an example: \(Confidence.allCases.map(\.rawValue).joined(separator: ", ")).

      Terms: \(ExplanationText.terms.joined(separator: ", ")).
      """)

  @Argument(
    help: ArgumentHelp(
      "A rule's identifier, a grade or a term, as reports show it.", valueName: "name"),
    completion: .list(ExplanationText.names))
  var name: [String]

  private var fullName: String { name.joined(separator: " ") }

  func validate() throws {
    let name = fullName
    guard ExplanationText(name) == nil else { return }
    let hint = ExplanationText.nearest(to: name).map { " Did you mean '\($0)'?" } ?? ""
    throw ValidationError(
      "'\(name.withVisibleControls)' is no rule, grade or term.\(hint) Rules are "
        + "\(Rule.allCases.map(\.rawValue).joined(separator: ", ")); grades are "
        + "\(Confidence.allCases.map(\.rawValue).joined(separator: ", ")); terms are "
        + "\(ExplanationText.terms.joined(separator: ", ")).")
  }

  func run() throws {
    let width = Terminal.isTerminal(1) ? Terminal.width : 80
    guard let explanation = ExplanationText(fullName, width: width) else { return }
    try OutputFile.write(Array(explanation.text.utf8), to: nil)
  }
}
