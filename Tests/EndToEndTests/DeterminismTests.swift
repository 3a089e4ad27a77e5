import TestSupport
import Testing

@Suite("Determinism and colour")
struct DeterminismTests {
  @Test(
    "The same input gives the same bytes",
    arguments: [
      ["analyze"], ["analyze", "--format", "json"], ["render"], ["render", "--format", "dot"],
      ["analyze", "--format", "sarif"], ["analyze", "--format", "junit"],
      ["analyze", "--format", "github"], ["analyze", "--format", "gitlab"],
      ["analyze", "--format", "markdown"], ["render", "--all"], ["stats"],
      ["stats", "--format", "json"],
    ])
  func sameBytes(_ command: [String]) throws {
    for sample in ["abba-mutex.ftrace", "dining-philosophers.trace", "gate-lock.trace"] {
      let arguments = command + ["\(Samples.folder)/\(sample)"]
      let first = try lockdepCheck(arguments: arguments)
      let second = try lockdepCheck(arguments: arguments)
      #expect(first.status == .exited(0))
      #expect(!first.output.isEmpty)
      #expect(first.output == second.output)
    }
  }

  @Test("Colour is there only where it is asked for")
  func color() throws {
    func isColored(_ choice: [String], _ environment: [String: String]) throws -> Bool {
      let result = try lockdepCheck(
        arguments: ["analyze"] + choice, input: Array(Traces.feasible.utf8),
        environment: environment)
      #expect(result.status == .exited(0))
      #expect(result.messages.isEmpty)
      return result.output.contains(0x1B)
    }
    #expect(try !isColored([], [:]))
    #expect(try !isColored([], ["TERM": "xterm-256color"]))
    #expect(try !isColored(["--color", "never"], ["TERM": "xterm-256color"]))
    #expect(try !isColored(["--color", "auto"], ["NO_COLOR": "1"]))
    #expect(try isColored(["--color", "always"], [:]))
  }

  @Test("On a terminal there is colour, unless NO_COLOR says no")
  func terminal() throws {
    let script = """
      import os, pty, sys
      pty.spawn([sys.argv[1], "analyze", sys.argv[2]])
      """
    func shown(_ environment: [String: String]) throws -> ProcessResult {
      let check = try BuiltProducts.executable("lockdep-check")
      return try ProcessRunner(
        Python.interpreter(with: "pty"),
        ["-c", script, check, "\(Samples.folder)/abba.trace"],
        environment: environment.merging(["PATH": "/usr/bin:/bin"]) { mine, _ in mine }
      ).run()
    }
    #expect(try shown(["TERM": "xterm"]).text.contains("\u{1B}[1;31m"))
    #expect(try !shown(["TERM": "xterm", "NO_COLOR": "1"]).text.contains("\u{1B}["))
    #expect(try !shown(["TERM": "dumb"]).text.contains("\u{1B}["))
  }

  @Test("Colour changes nothing but the colour")
  func colorOnly() throws {
    let plain = try lockdepCheck("analyze", input: Traces.feasible).text
    let colored = try lockdepCheck("analyze", "--color", "always", input: Traces.feasible).text
    #expect(colored.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") == plain)
  }
}
