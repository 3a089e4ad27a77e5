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
      (["diff", "a", "b", "--max-findings", "0"], "--max-findings takes a number from 1 on"),
      (["what-if", "a"], "Say what is to be changed: --order, --gate or --try"),
      (["what-if", "a", "--order", "A"], "two classes, as in '--order \"A before B\"'"),
      (["what-if", "a", "--order", "A before A"], "--order takes two classes"),
      (["what-if", "a", "--gate", "A and "], "two classes, as in '--gate \"A and B\"'"),
      (["what-if", "a", "--try", ""], "--try takes a function or file:line"),
      (["what-if", "a", "--try", "f", "--max-findings", "0"], "--max-findings takes a number"),
      (["what-if", "a", "--try", "f", "-o", "a"], "'a' is named twice"),
      (["render", "--finding", "0"], "--finding takes a number from 1 on"),
      (["render", "--finding", "1", "--all"], "--finding cannot be given together with --all or"),
      (["render", "--finding", "1", "--around", "A"], "--finding cannot be given together"),
      (["render", "--max-classes", "3"], "--max-classes takes a number from 4 to 1000"),
      (["render", "--max-classes", "1001"], "--max-classes takes a number from 4 to 1000"),
      (["gate", "--accept-renames"], "--accept-renames goes with --baseline or --write-baseline"),
      (["hang"], "Nothing to look at; expected the number of a process, a core file or"),
      (["hang", "0"], "'0' is no number of a process"),
      (["hang", "1", "a.core"], "A core file is looked at alone"),
      (["hang", "a.core", "--container", "b"], "A core file is looked at alone"),
      (["hang", "1", "--exe", "a"], "--exe and --sysroot are for core files"),
      (["hang", "1", "--sysroot", "/"], "--exe and --sysroot are for core files"),
      (["hang", "--watch", "a.core"], "--watch is for processes that run"),
      (["record"], "There is no command to run: it goes behind the options, and behind --"),
      (["record", "-o", "-", "--", "true"], "--output takes the name of a file or folder"),
      (["record", "-o", "", "--", "true"], "--output takes the name of a file or folder"),
      (["record", "--max-size", "500X", "--", "true"], "'500X' is no number of bytes, as 500M"),
      (["record", "--max-size", "1048575", "--", "true"], "'1048575' is not from 1M on"),
      (["run"], "There is no command to run: it goes behind the options, and behind --"),
      (["run", "--timeout", "0", "--", "true"], "--timeout takes a number of seconds"),
      (["run", "-o", "x.lgt", "--", "true"], "what is recorded is kept by --trace x.lgt"),
      (["confirm"], "There is no command to run: it goes behind inputs and options, and behind --"),
      (["confirm", "--tries", "0", "--", "true"], "--tries takes a number from 1 on"),
      (["seal"], "'<file> ...'"),
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

  @Test(
    "The least numbers are taken",
    arguments: [
      ["gate", "--max-findings", "1"], ["analyze", "--max-findings", "1"],
      ["gate", "--predict-memory", "1"], ["gate", "--predict-memory", "1048576"],
      ["stats", "--top", "1", "--points", "0"],
      ["render", "--format", "dot", "--max-classes", "4"],
      ["render", "--format", "dot", "--max-classes", "1000"],
      ["render", "--format", "dot", "--around", "A", "--depth", "0"],
      ["what-if", "--order", "A before B", "--max-findings", "1"],
    ])
  func least(_ arguments: [String]) throws {
    #expect(
      try lockdepCheck(arguments: arguments, input: Array(Traces.oneOrder.utf8)).status
        == .exited(0))
  }

  @Test("Wrong usage is told before anything is read")
  func usageComesFirst() throws {
    #expect(
      try lockdepCheck("render", "nowhere.trace", "-o", "graph.gif").status == .exited(64))
    #expect(try lockdepCheck("gate", "nowhere.trace", "--rules", "x").status == .exited(64))
    // Nothing is wrong with how it is used.
    #expect(try lockdepCheck("hang", "nowhere.core").status == .exited(2))
  }
}
