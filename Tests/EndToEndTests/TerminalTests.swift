import TestSupport
import Testing

private let hasTerminals =
  (try? ProcessRunner("script", ["-qec", "exit 7", "/dev/null"]).run().status) == .exited(7)

/// What commands do at a terminal, which `script` makes.
@Suite("At a terminal", .needs("script of util-linux", hasTerminals))
struct TerminalTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = try folder.write(Traces.feasible, to: "t.trace")
  }

  /// Runs a line of the shell at a terminal of fifty columns, where `$check` is the command.
  private func atTerminal(
    _ line: String, _ environment: [String: String] = [:]
  ) throws -> ProcessResult {
    let check = try BuiltProducts.executable("lockdep-check")
    return try ProcessRunner(
      "script", ["-qec", "stty cols 50; check='\(check)'; \(line)", "/dev/null"],
      environment: ["PATH": "/usr/bin:/bin", "TERM": "xterm"].merging(environment) { $1 },
      directory: folder.path
    ).run()
  }

  private func width(of text: String) -> Int {
    text.split(whereSeparator: \.isNewline).map(\.count).max() ?? 0
  }

  @Test("A graph file is not written to one")
  func graphFile() throws {
    for output in ["", "-o -"] {
      let refused = try atTerminal("$check merge t.trace \(output)")
      #expect(refused.status == .exited(64))
      #expect(refused.text.contains("A graph file is no text for a terminal; name a file with -o"))
      #expect(try atTerminal("$check merge t.trace \(output) > x.graph").status == .exited(0))
    }
    #expect(try atTerminal("$check merge t.trace -o y.graph").status == .exited(0))
    #expect(try folder.contents == ["t.trace", "x.graph", "y.graph"])
  }

  @Test("Text is as wide as it, and 80 columns elsewhere")
  func width() throws {
    #expect(try (40...50).contains(width(of: atTerminal("$check explain feasible").text)))
    #expect(
      try (51...60).contains(
        width(of: atTerminal("$check explain feasible", ["COLUMNS": "60"]).text)))
    let redirected = try atTerminal("$check explain feasible > wide", ["COLUMNS": "60"])
    #expect(redirected.status == .exited(0))
    #expect(try (61...80).contains(width(of: folder.text(of: "wide"))))
  }

  @Test("Text is coloured there alone, where it can be and nobody objects")
  func colours() throws {
    for command in ["analyze t.trace", "diff /dev/null t.trace"] {
      #expect(try atTerminal("$check \(command)").text.contains("\u{1B}["), "\(command)")
      for environment in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
        #expect(try !atTerminal("$check \(command)", environment).text.contains("\u{1B}["))
      }
      _ = try atTerminal("$check \(command) > plain; $check \(command) -o named")
      #expect(try folder.text(of: "plain").contains("\u{1B}[") == false)
      #expect(try folder.text(of: "named") == folder.text(of: "plain"))
    }
  }
}
