import TestSupport
import Testing

@Suite("Wrong usage")
struct UsageErrorTests {
  @Test(
    "Wrong usage is 64, says what is wrong, and writes nothing on standard output",
    arguments: [
      (["frobnicate"], "'frobnicate' is no command. Commands are run, record, confirm"),
      (["gaet", "a.trace"], "'gaet' is no command. Did you mean 'gate'?"),
      (["help", "analyse"], "'analyse' is no command. Did you mean 'analyze'?"),
      (["policy", "chekc", "p.yml"], "'chekc' is no command. Did you mean 'check'?"),
      (["analyze", "--frobnicate"], "--frobnicate"),
      (["analyze", "-", "-"], "Standard input (-) can be read once only"),
      (["analyze", "--format", "xml"], "  - markdown\n"),
      (["gate", "--report", "out.sarif"], "'out.sarif' has no file; --report takes FORMAT=FILE"),
      (
        ["gate", "--report", "xml=out.xml"],
        "'xml' is no format of a report; use text, compact, json, sarif, junit"
      ),
      (["gate", "--report", "sarif="], "--report sarif= takes the name of a file"),
      (["gate", "--report", "sarif=-"], "-o and --format are for standard output"),
      (["policy", "check", "-", "-"], "Standard input (-) can be read once only"),
      (["analyze", "--input-format", "elf"], "  - kernel-log\n"),
      (["analyze", "--color", "sometimes"], "'sometimes'"),
      (
        ["gate", "--fail-on", "maybe"],
        "'observed', 'predicted', 'feasible', 'ordering' or 'excluded'"
      ),
      (["gate", "--rules", "lock-order-inversoin"], "Did you mean 'lock-order-inversion'?"),
      (["gate", "--rules", "held-at-exit,relase-not-held"], "Did you mean 'release-not-held'?"),
      (["gate", "--rules", ""], "No rule is named"),
      (["gate", "--rules", " , "], "No rule is named"),
      (["gate", "--today", "2026-02-30"], "'2026-02-30' is no day of the calendar"),
      (["gate", "--prune"], "--prune goes with --baseline"),
      (
        ["gate", "--prune", "--baseline", "b.json", "--write-baseline", "b.json"],
        "--prune and --write-baseline cannot be given together"
      ),
      (["gate", "--write-baseline", "-"], "--write-baseline takes the name of a file"),
      (["gate", "--baseline", ""], "--baseline takes the name of a file"),
      (["gate", "--policy", "p.yml", "--write-baseline", "p.yml"], "'p.yml' is named twice"),
      (["gate", "a.trace", "--write-baseline", "a.trace"], "'a.trace' is named twice"),
      (["gate", "-o", "b.json", "--baseline", "b.json"], "'b.json' is named twice"),
      (["gate", "-o", "b.json", "--write-baseline", "b.json"], "'b.json' is named twice"),
      (["analyze", "--prune"], "--prune"),
      (["policy", "infer", "a.trace", "-o", "a.trace"], "'a.trace' is named twice"),
      (["gate", "--max-findings", "0"], "--max-findings takes a number from 1 on"),
      (["gate", "--max-findings", "many"], "'many'"),
      (["render", "-o", "graph.gif"], "'.gif' is no picture format; use .svg, .dot, .png, .pdf"),
      (["render", "-o", "graph"], "has no extension"),
      (["render", "--format", "gif"], "'gif'"),
      (["render", "--all", "--around", "A"], "--all and --around cannot be given together"),
      (["render", "--depth", "2"], "--depth goes with --around"),
      (["render", "--around", "A", "--depth", "-1"], "--depth"),
      (["stats", "--sort", "size"], "'size'"),
      (["stats", "--top", "0"], "--top takes a number from 1 on"),
      (["stats", "--points", "-1"], "--points"),
      (["stats", "--format", "text"], "'table', 'json' or 'csv'"),
      (["stats", "--max-findings", "3"], "--max-findings"),
      (["render", "--weight", "size"], "'hold' and 'contention'"),
      (["explain"], "<name>"),
      (["explain", "lock-order-inversoin"], "Did you mean 'lock-order-inversion'?"),
      (["explain", "no-such-thing"], "'no-such-thing' is no rule, grade or term."),
      (["explain", "feasable"], "Did you mean 'feasible'?"),
      (["explain", "finger", "prnt"], "Did you mean 'fingerprint'?"),
    ])
  func usage(_ arguments: [String], _ message: String) throws {
    let result = try lockdepCheck(arguments: arguments)
    #expect(result.status == .exited(64))
    #expect(result.output.isEmpty)
    #expect(result.messages.hasPrefix("Error: "))
    #expect(result.messages.contains(message))
    #expect(result.messages.contains("--help' for more information"))
  }

  @Test("Wrong usage is told before anything is read")
  func usageComesFirst() throws {
    #expect(
      try lockdepCheck("render", "nowhere.trace", "-o", "graph.gif").status == .exited(64))
    #expect(try lockdepCheck("gate", "nowhere.trace", "--rules", "x").status == .exited(64))
  }
}
