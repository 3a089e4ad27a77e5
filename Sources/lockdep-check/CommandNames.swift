import ArgumentParser
import LockGraphEngine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Names of commands that are none: the parser would call them and all behind them unexpected
/// arguments.
enum CommandNames {
  /// Ends with status 64, and what is meant most likely, if the first argument names no command.
  static func check(_ arguments: [String]) {
    var path: [any ParsableCommand.Type] = [LockdepCheck.self]
    var words = arguments[...]
    if words.first == "help" { words = words.dropFirst() }
    while let word = words.popFirst(), !word.hasPrefix("-") {
      let commands = path[path.count - 1].configuration.subcommands
      guard !commands.isEmpty else { return }
      if let command = commands.first(where: { name(of: $0) == word }) {
        path.append(command)
      } else {
        let isBuiltIn = path.count == 1 && (word == "help" || word == "generate-completion-script")
        guard !isBuiltIn else { return }
        refuse(word, path.map(name), commands.map(name))
      }
    }
  }

  private static func name(of command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? ""
  }

  private static func refuse(_ word: String, _ path: [String], _ names: [String]) -> Never {
    let hint =
      nearestWord(to: word, among: names).map { "Did you mean '\($0)'?" }
      ?? "Commands are \(names.joined(separator: ", "))."
    let command = path.joined(separator: " ")
    Terminal.message(
      """
      Error: '\(RemarkText.shown(word))' is no command. \(hint)
      Usage: \(command) <subcommand>
        See '\(command) --help' for more information.
      """)
    exit(64)
  }
}
