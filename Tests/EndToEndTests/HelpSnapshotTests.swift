import Foundation
import TestSupport
import Testing

/// What the command tells of itself, as users read it: a change of it is seen in review.
@Suite("Help, completions and the manual page, word for word")
struct HelpSnapshotTests {
  /// A command as the argument parser describes it.
  private struct Command: Decodable {
    var commandName: String
    var subcommands: [Command]?

    /// The words that lead to it and to those below it.
    func paths(below words: [String] = []) -> [[String]] {
      [words]
        + (subcommands ?? []).filter { $0.commandName != "help" }.flatMap {
          $0.paths(below: words + [$0.commandName])
        }
    }
  }

  private struct Description: Decodable { var command: Command }

  @Test("The help of every command")
  func help() throws {
    let described = try lockdepCheck("--experimental-dump-help").output
    let commands = try JSONDecoder().decode(Description.self, from: Data(described)).command.paths()
    #expect(commands.count > 10)
    for words in commands {
      let name = "help/\((["lockdep-check"] + words).joined(separator: "-")).txt"
      let result = try lockdepCheck(arguments: words + ["--help"])
      #expect(result.messages.isEmpty)
      try expectSnapshot(result.output, name)
    }
    let kept = try FileManager.default.contentsOfDirectory(
      atPath: "\(BuiltProducts.packageRoot)/Tests/Snapshots/help")
    #expect(kept.count == commands.count, "the help of a command that is gone")
  }

  @Test("The completions of every shell", arguments: ["bash", "zsh", "fish"])
  func completions(_ shell: String) throws {
    let result = try lockdepCheck("--generate-completion-script", shell)
    #expect(result.status == .exited(0))
    try expectSnapshot(result.output, "completions/lockdep-check.\(shell)")
  }

  @Test("The manual page")
  func manual() throws {
    let result = try ProcessRunner(
      Python.interpreter(with: "json"),
      [
        "\(BuiltProducts.packageRoot)/scripts/manual",
        try BuiltProducts.executable("lockdep-check"),
      ]
    ).run()
    #expect(result.status == .exited(0), "\(result.messages)")
    try expectSnapshot(result.output, "lockdep-check.1")
  }
}
