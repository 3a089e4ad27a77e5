import TestSupport
import Testing

@Suite("Help")
struct HelpTests {
  static let rules = [
    "deadlock", "lock-order-inversion", "recursive-acquisition", "context-inversion",
    "context-order-inversion", "invalid-wait-context", "nest-not-held", "release-not-held",
    "held-at-exit", "destroyed-while-held", "assertion-failed", "pin-violated",
    "unbalanced-context", "wait-while-holding", "declared-order", "still-waiting",
    "long-hold", "long-wait",
  ]
  private static let declared = ["declared-order", "long-hold", "long-wait"]

  @Test("explain tells of every rule, with an example", arguments: rules)
  func explain(_ rule: String) throws {
    let result = try lockdepCheck("explain", rule)
    #expect(result.status == .exited(0))
    #expect(result.messages.isEmpty)
    #expect(result.text.hasPrefix("\(rule) ("))
    #expect(result.text.contains("\nExample, in the text trace format:\n"))
    #expect(result.text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  /// Of every rule that is looked for.
  @Test(
    "The example violates the rule that it is an example of",
    arguments: rules.filter { !(declared + ["still-waiting"]).contains($0) })
  func example(_ rule: String) throws {
    let example = try lockdepCheck("explain", rule).text.split(separator: "\n")
      .filter { $0.hasPrefix("    ") }.map { $0.dropFirst(4) + "\n" }.joined()
    let report = try Report(lockdepCheck("analyze", "--format", "json", input: example).output)
    #expect(report.findings.map(\.rule).contains(rule))
  }

  @Test("The example violates the policy that it quotes", arguments: declared)
  func declaredExample(_ rule: String) throws {
    let lines = try lockdepCheck("explain", rule).text.split(separator: "\n")
      .filter { $0.hasPrefix("    ") }.map { String($0.dropFirst(4)) }
    let marker = "# .lockgraph.yml declares: "
    let declaration = try #require(lines.first { $0.hasPrefix(marker) }).dropFirst(marker.count)
    let folder = try TemporaryFolder()
    let policy = try folder.write("version: 1\n\(declaration)\n", to: "p.yml")
    let report = try Report(
      lockdepCheck(
        "analyze", "--format", "json", "--policy", policy,
        input: lines.map { $0 + "\n" }.joined()
      ).output)
    #expect(report.findings.map(\.rule) == [rule])
  }

  @Test("--version is a version")
  func version() throws {
    let result = try lockdepCheck("--version")
    #expect(result.status == .exited(0))
    #expect(result.text.wholeMatch(of: #/\d+\.\d+\.\d+[-+.a-z0-9]*\n/#) != nil)
  }

  @Test("--help names the commands and the exit status, on standard output")
  func help() throws {
    let result = try lockdepCheck("--help")
    #expect(result.status == .exited(0))
    #expect(result.messages.isEmpty)
    for command in [
      "analyze", "gate", "render", "stats", "convert", "merge", "diff", "policy", "explain",
    ] {
      #expect(result.text.contains("\n  \(command) "))
    }
    for status in ["0 success", "1 the gate", "2 an input", "64 wrong usage", "130 interrupted"] {
      #expect(
        result.text.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(status))
    }
    #expect(try lockdepCheck().output == result.output)
  }

  @Test(
    "Every command explains its options",
    arguments: [
      (
        "analyze", ["--format", "--output", "--svg", "--dot", "--color", "--rules", "--keep-going"]
      ),
      (
        "gate",
        [
          "--fail-on", "--report", "--source-root", "--rules", "--input-format", "--max-findings",
          "--policy", "--baseline",
          "--write-baseline", "--prune", "--today", "the exit status is 0 once the file",
        ]
      ),
      ("policy", ["check", "infer"]),
      ("render", ["--output", "--format", "--all", "--around", "--depth", "--weight"]),
      ("stats", ["--sort", "--top", "--points", "--format", "--output", "--keep-going"]),
      ("convert", ["--to", "--output", "--keep-going", "--input-format"]),
      ("merge", ["--output", "--keep-going", "--input-format"]),
      ("diff", ["--fail-on-new-edges", "--fail-on-new-findings", "--svg", "--format", "<old>"]),
      ("explain", ["lock-order-inversion", "held-at-exit"]),
    ])
  func commandHelp(_ command: String, _ words: [String]) throws {
    let result = try lockdepCheck(command, "--help")
    #expect(result.status == .exited(0))
    #expect(result.messages.isEmpty)
    for word in words { #expect(result.text.contains(word)) }
  }
}
