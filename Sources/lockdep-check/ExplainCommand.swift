import ArgumentParser
import LockGraphEngine

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "What a rule means, with an example.",
    discussion: "Rules: \(Rule.allCases.map(\.rawValue).joined(separator: ", ")).")

  @Argument(
    help: ArgumentHelp("The rule's identifier, as reports show it.", valueName: "rule"),
    completion: .list(Rule.allCases.map(\.rawValue)),
    transform: RuleArgument.rule(named:))
  var rule: Rule

  func run() throws {
    let explanation = RuleExplanationText(rule, width: Terminal.isTerminal(1) ? Terminal.width : 80)
    try OutputFile.write(Array(explanation.text.utf8), to: nil)
  }
}
