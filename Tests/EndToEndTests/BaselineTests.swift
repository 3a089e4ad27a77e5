import Foundation
import TestSupport
import Testing

/// A program's runs, kept in a scratch repository with its baseline, as a team would.
private struct Repository {
  let folder = try! TemporaryFolder()

  init() throws {
    try git("init", "--quiet", "--initial-branch=main")
  }

  @discardableResult
  func git(_ arguments: String...) throws -> String {
    let result = try ProcessRunner(
      "git",
      [
        "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false",
        "-c", "core.hooksPath=/dev/null",
      ] + arguments, directory: folder.path
    ).run()
    guard result.status == .exited(0) else {
      throw ProcessFailure(description: "git \(arguments): \(result.messages)")
    }
    return result.text
  }

  func commit(_ message: String) throws {
    try git("add", "--all")
    try git("commit", "--quiet", "--message", message)
  }

  /// Runs the gate as CI would, in the repository.
  func gate(_ arguments: String...) throws -> ProcessResult {
    try lockdepCheck(
      arguments: ["gate", "run.trace", "-o", "/dev/null"] + arguments, directory: folder.path)
  }

  /// A run of the program: locks that are made at two lines, taken in both orders or in one.
  func run(
    lines: (Int, Int), threads: (String, String) = ("T1", "T2"), address: String = "0x7f10",
    isFixed: Bool = false
  ) throws {
    let (a, b) = ("Bank/Bank.swift:\(lines.0):22", "Bank/Bank.swift:\(lines.1):7")
    let (first, second) = isFixed ? ("a", "b") : ("b", "a")
    let text = """
      \(threads.0) init a@\(address) class=\(a)
      \(threads.0) init b@\(address) class=\(b)
      \(threads.0) acquire a@\(address) at=Bank.swift:\(lines.0 + 40)
      \(threads.0) acquire b@\(address) at=Bank.swift:\(lines.0 + 41)
      \(threads.0) release b@\(address)
      \(threads.0) release a@\(address)
      \(threads.1) acquire \(first)@\(address) at=Bank.swift:\(lines.1 + 50)
      \(threads.1) acquire \(second)@\(address) at=Bank.swift:\(lines.1 + 51)
      \(threads.1) release \(second)@\(address)
      \(threads.1) release \(first)@\(address)

      """
    _ = try folder.write(text, to: "run.trace")
  }
}

@Suite("Baselines")
struct BaselineTests {
  @Test(
    "A finding's life: it appears, is recorded, moves, is renamed, expires, is fixed and pruned")
  func life() throws {
    let repository = try Repository()
    try repository.run(lines: (10, 18))
    try repository.commit("Take two locks in both orders")

    let appears = try repository.gate()
    #expect(appears.status == .exited(1))
    #expect(appears.messageLines == ["gate: failed, 1 violation"])

    let recorded = try repository.gate("--write-baseline", "baseline.json")
    #expect(recorded.status == .exited(0))
    #expect(recorded.messageLines == ["baseline.json: recorded 1 finding"])
    #expect(recorded.output.isEmpty)
    try repository.commit("Live with it")

    func isKnown(_ comment: String) throws {
      let known = try repository.gate("--baseline", "baseline.json")
      #expect(known.status == .exited(0), "\(comment)")
      #expect(known.messageLines == ["gate: passed; 1 known"], "\(comment)")
      #expect(try repository.git("status", "--short", "baseline.json").isEmpty)
    }
    try isKnown("as it was")
    // Beyond line 99 the names sort the other way round, and so does the cycle.
    try repository.run(lines: (97, 105))
    try isKnown("moved")
    try repository.run(lines: (97, 105), threads: ("teller-7", "audit"), address: "0x5580")
    try isKnown("with other threads and addresses")

    // Recording again changes what moved and nothing else.
    let entry = try repository.folder.text(of: "baseline.json")
    _ = try repository.folder.write(
      entry.replacing(
        "      ]\n", with: "      ],\n      \"reason\": \"until the ledger is rewritten\"\n"),
      to: "baseline.json")
    try repository.commit("Say why")
    #expect(
      try repository.gate("--baseline", "baseline.json", "--write-baseline", "baseline.json").status
        == .exited(0))
    let difference = try repository.git("diff", "--unified=0", "baseline.json").split(
      separator: "\n")
    let changed = difference.filter { $0.hasPrefix("+ ") || $0.hasPrefix("- ") }
    #expect(!changed.isEmpty)
    #expect(
      changed.allSatisfy {
        $0.contains("\"fingerprint\"") || $0.contains("Bank.swift")
      }, "\(changed)")
    #expect(
      try repository.folder.text(of: "baseline.json").contains("until the ledger is rewritten"))
    try repository.commit("Record where it is now")

    // A second problem is new, though the first is known.
    let run = try repository.folder.text(of: "run.trace")
    _ = try repository.folder.write(run + Traces.unbalanced, to: "run.trace")
    let second = try repository.gate("--baseline", "baseline.json")
    #expect(second.status == .exited(1))
    #expect(second.messageLines == ["gate: failed, 1 violation; 1 known"])
    _ = try repository.folder.write(run, to: "run.trace")

    let dated = try repository.folder.text(of: "baseline.json")
    _ = try repository.folder.write(
      dated.replacing(
        "rewritten\"\n",
        with: "rewritten\",\n      \"owner\": \"bank\",\n      \"expires\": \"2026-06-30\"\n"
      ),
      to: "baseline.json")
    try repository.commit("Not for ever")
    #expect(
      try repository.gate("--baseline", "baseline.json", "--today", "2026-06-30").status
        == .exited(0))
    let expired = try repository.gate("--baseline", "baseline.json", "--today", "2026-07-01")
    #expect(expired.status == .exited(1))
    #expect(expired.messageLines == ["gate: failed, 1 violation, 1 of them expired"])
    // Recording it again does not give it more time.
    _ = try repository.gate(
      "--baseline", "baseline.json", "--write-baseline", "baseline.json", "--today", "2026-07-01")
    #expect(
      try repository.gate("--baseline", "baseline.json", "--today", "2026-07-01").status
        == .exited(1))

    try repository.run(lines: (97, 105), isFixed: true)
    let fixed = try repository.gate("--baseline", "baseline.json", "--today", "2026-07-01")
    #expect(fixed.status == .exited(0))
    #expect(
      fixed.messageLines == [
        "note: baseline.json:5: fixed: Bank/Bank.swift:105:7 and Bank/Bank.swift:97:22 are taken in both"
          + " orders [lock-order-inversion]",
        "gate: passed",
      ])
    #expect(try repository.git("status", "--short", "baseline.json").isEmpty)
    let pruned = try repository.gate("--baseline", "baseline.json", "--prune")
    #expect(pruned.status == .exited(0))
    #expect(pruned.messageLines.contains("baseline.json: took out 1 fixed finding"))
    try repository.commit("It is fixed")
    #expect(
      try repository.gate("--baseline", "baseline.json", "--prune").messageLines == ["gate: passed"]
    )

    // What comes back is new.
    try repository.run(lines: (97, 105))
    #expect(try repository.gate("--baseline", "baseline.json").status == .exited(1))
  }

  @Test("Pruning leaves the reasons of what stays, and fails on what is new")
  func pruning() throws {
    let folder = try TemporaryFolder()
    let both = try folder.write(Traces.feasible + Traces.unbalanced, to: "both.trace")
    let baseline = folder.file("b.json")
    #expect(try lockdepCheck("gate", both, "--write-baseline", baseline).status == .exited(0))
    let text = try folder.text(of: "b.json")
    _ = try folder.write(
      text.replacing("      ]\n", with: "      ],\n      \"reason\": \"known\"\n"), to: "b.json")
    let other = "T3 acquire L\nT3 exit\n"
    let result = try lockdepCheck(
      "gate", "--baseline", baseline, "--prune", input: Traces.feasible + other)
    #expect(result.status == .exited(1))
    #expect(result.messageLines.last == "gate: failed, 1 violation; 1 known")
    let pruned = try folder.text(of: "b.json")
    #expect(pruned.components(separatedBy: "\"reason\": \"known\"").count == 2)
    #expect(pruned.contains("lock-order-inversion") && !pruned.contains("release-not-held"))
    #expect(try folder.contents == ["b.json", "both.trace"])
  }

  @Test("The baseline in the documentation is that of its sample")
  func documented() throws {
    let text = try String(
      contentsOfFile: "\(BuiltProducts.packageRoot)/docs/baseline.md", encoding: .utf8)
    let baseline = try #require(text.components(separatedBy: "```json\n").dropFirst().first)
      .components(separatedBy: "```")[0]
    let folder = try TemporaryFolder()
    let file = try folder.write(baseline, to: "b.json")
    let result = try lockdepCheck(
      "gate", "\(Samples.folder)/abba.trace", "--baseline", file, "--write-baseline", file)
    #expect(result.status == .exited(0))
    #expect(try folder.text(of: "b.json") == baseline)
  }

  @Test("A baseline that is not there is an error, unless it is about to be written")
  func missing() throws {
    let folder = try TemporaryFolder()
    let baseline = folder.file("b.json")
    let missing = try lockdepCheck("gate", "--baseline", baseline, input: Traces.feasible)
    #expect(missing.status == .exited(2))
    #expect(missing.output.isEmpty)
    #expect(missing.messages == "\(baseline): error: cannot be opened: No such file or directory\n")
    let first = try lockdepCheck(
      "gate", "--baseline", baseline, "--write-baseline", baseline, input: Traces.feasible)
    #expect(first.status == .exited(0))
    #expect(
      try lockdepCheck("gate", "--baseline", baseline, input: Traces.feasible).status == .exited(0))
  }

  @Test("A baseline that is wrong is refused before anything is read, and is not overwritten")
  func wrong() throws {
    let folder = try TemporaryFolder()
    let baseline = try folder.write("{\n  \"findigns\": []\n}\n", to: "b.json")
    for option in ["--baseline", "--write-baseline"] {
      let result = try lockdepCheck("gate", option, baseline, input: Traces.feasible)
      #expect(result.status == .exited(2))
      #expect(
        result.messages == """
          \(baseline):2:3: error: an unknown key 'findigns'
                "findigns": []
                ^
              expected 'findings'

          """)
    }
    #expect(try folder.text(of: "b.json") == "{\n  \"findigns\": []\n}\n")
  }

  @Test("What cannot be written leaves the old baseline as it was")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let result = try lockdepCheck(
      "gate", "--write-baseline", folder.file("nowhere/b.json"), input: Traces.feasible)
    #expect(result.status == .exited(2))
    #expect(result.messages.contains("nowhere/b.json: error: cannot be written"))
    #expect(try folder.contents.isEmpty)
  }

  @Test("analyze uses baselines without an effect on its exit status")
  func analyze() throws {
    let folder = try TemporaryFolder()
    let baseline = folder.file("b.json")
    let written = try lockdepCheck("analyze", "--write-baseline", baseline, input: Traces.feasible)
    #expect(written.status == .exited(0))
    #expect(written.text.contains("taken in both orders"))
    let clean = try lockdepCheck("analyze", "--baseline", baseline, input: Traces.clean)
    #expect(clean.status == .exited(0))
    #expect(clean.messages.hasPrefix("note: \(baseline):5: fixed: A and B are taken"))
    #expect(
      try lockdepCheck(
        "analyze", "--baseline", baseline, input: Traces.feasible + Traces.unbalanced
      ).status == .exited(0))
  }

  @Test("Findings of rules that are not looked for are neither fixed nor forgotten")
  func rules() throws {
    let folder = try TemporaryFolder()
    let baseline = folder.file("b.json")
    let both = Traces.feasible + Traces.unbalanced
    _ = try lockdepCheck("gate", "--write-baseline", baseline, input: both)
    let before = try folder.text(of: "b.json")
    let result = try lockdepCheck(
      "gate", "--baseline", baseline, "--prune", "--rules", "release-not-held", input: both)
    #expect(result.messageLines == ["gate: passed; 1 known"])
    _ = try lockdepCheck(
      "gate", "--write-baseline", baseline, "--rules", "release-not-held", input: both)
    #expect(try folder.text(of: "b.json") == before)
  }

  @Test("The day is today, or what the environment sets for reproducible runs")
  func day() throws {
    let folder = try TemporaryFolder()
    let baseline = folder.file("b.json")
    _ = try lockdepCheck("gate", "--write-baseline", baseline, input: Traces.feasible)
    let text = try folder.text(of: "b.json")
    func status(expires: String, epoch: String? = nil, zone: String = "UTC") throws -> ProcessResult
    {
      _ = try folder.write(
        text.replacing("      ]\n", with: "      ],\n      \"expires\": \"\(expires)\"\n"),
        to: "b.json")
      var environment = ProcessInfo.processInfo.environment
      environment["SOURCE_DATE_EPOCH"] = epoch
      environment["TZ"] = zone
      return try lockdepCheck(
        arguments: ["gate", "--baseline", baseline], input: Array(Traces.feasible.utf8),
        environment: environment)
    }
    #expect(try status(expires: "2020-01-01").status == .exited(1))
    #expect(try status(expires: "9999-12-31").status == .exited(0))
    // The first second of 2030 in UTC, whatever the time zone.
    #expect(
      try status(expires: "2030-01-01", epoch: "1893456000", zone: "EST5").status == .exited(0))
    #expect(
      try status(expires: "2029-12-31", epoch: "1893456000", zone: "EST5").status == .exited(1))
    let wrong = try status(expires: "2030-01-01", epoch: "soon")
    #expect(wrong.status == .exited(64))
    #expect(wrong.messages.contains("SOURCE_DATE_EPOCH is 'soon'"))
  }

  @Test("Names of any make and of any length go through a baseline, and its schema")
  func hostileNames() throws {
    let folder = try TemporaryFolder()
    let long = "\"" + String(repeating: "n", count: 1 << 20) + "\""
    var documents: [String] = []
    for (number, name) in (HostileNames.all + [long]).enumerated() {
      let trace = HostileNames.trace(name)
      let file = folder.file("\(number).json")
      #expect(
        try lockdepCheck("gate", "--format", "json", "--write-baseline", file, input: trace).status
          == .exited(0))
      let known = try lockdepCheck("gate", "--format", "json", "--baseline", file, input: trace)
      #expect(known.messageLines == ["gate: passed; 1 known"])
      let fixed = try lockdepCheck(
        "gate", "--format", "json", "--baseline", file, input: Traces.clean)
      #expect(fixed.messageLines.count == 2)
      #expect(fixed.messageLines[0].hasPrefix("note: \(file):5: fixed: "))
      #expect(fixed.messages.utf8.count < 1200)
      documents.append(file)
    }
    guard TestTier.has(Python.has("jsonschema"), "Python's jsonschema") else { return }
    #expect(
      try Python.schemaViolations(in: documents, of: "Schemas/lockgraph-baseline-1.schema.json")
        == [])
    let broken = try folder.write(
      folder.text(of: "0.json").replacing("\"title\"", with: "\"titel\""), to: "broken.json")
    #expect(
      try Python.schemaViolations(in: [broken], of: "Schemas/lockgraph-baseline-1.schema.json")
        != [])
  }

  @Test("A baseline of a merged graph is that of its traces, and lets its findings move by lines")
  func mergedGraph() throws {
    let folder = try TemporaryFolder()
    func trace(_ line: Int) -> String {
      """
      # lockgraph-trace 1
      T1 acquire a class=Bank/Foo.swift:\(line):3
      T1 acquire b class=Bank/Bar.swift:\(line + 9):1
      T1 release b
      T1 release b
      T1 exit

      """
    }
    func merged(_ line: Int) throws -> (trace: String, graph: String) {
      let trace = try folder.write(trace(line), to: "run.trace")
      let graph = folder.file("\(line).graph")
      #expect(try lockdepCheck("merge", trace, "-o", graph).status == .exited(0))
      return (trace, graph)
    }
    let before = try merged(12)
    for (name, input) in [("trace", before.trace), ("graph", before.graph)] {
      _ = try lockdepCheck("gate", input, "--write-baseline", folder.file(name + ".json"))
    }
    #expect(try folder.bytes(of: "trace.json") == folder.bytes(of: "graph.json"))
    let after = try lockdepCheck(
      "gate", merged(14).graph, "--baseline", folder.file("graph.json"))
    #expect(after.status == .exited(0), "\(after.messages)")
    #expect(after.messages.contains("2 known"))
  }

  @Test("The first baseline can go into a file that is there and empty")
  func emptyFile() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("", to: "b.json")
    for _ in 0..<2 {
      let result = try lockdepCheck(
        "gate", "--write-baseline", file, "-o", "/dev/null", input: Traces.feasible)
      #expect(result.status == .exited(0), "\(result.messages)")
    }
    // As some editors save it.
    _ = try folder.write("\u{FEFF}" + folder.text(of: "b.json"), to: "b.json")
    #expect(
      try lockdepCheck("gate", "--baseline", file, input: Traces.feasible).status == .exited(0))
  }

  @Test("A renamed class is told, and its findings are known with --accept-renames")
  func renamed() throws {
    let folder = try TemporaryFolder()
    func trace(_ account: String, _ ledger: String, line: Int = 3) -> String {
      """
      T1 acquire a class=\(account) at=bank.c:1
      T1 acquire l class=\(ledger) at=bank.c:2
      T1 release l
      T1 release a
      T2 acquire l at=bank.c:\(line)
      T2 acquire a at=bank.c:4
      T2 release a
      T2 release l

      """
    }
    let baseline = folder.file("b.json")
    func gate(_ trace: String, _ arguments: String...) throws -> ProcessResult {
      try lockdepCheck(
        arguments: ["gate", "-o", "/dev/null"] + arguments, input: Array(trace.utf8))
    }
    let old = trace("Account.lock", "Ledger.lock")
    #expect(try gate(old, "--write-baseline", baseline).status == .exited(0))
    let text = try folder.text(of: "b.json")
    _ = try folder.write(
      text.replacing("\"places\"", with: "\"reason\": \"known\",\n      \"places\""), to: "b.json")
    let hint = "; --accept-renames takes such findings as known"
    func remark(_ old: String, _ new: String) -> String {
      "note: \(baseline):5: \(old) may now be \(new): same places"
    }
    // The circle begins with the other name now.
    let new = trace("Vault.mutex", "Ledger.lock")
    let told = try gate(new, "--baseline", baseline)
    #expect(told.status == .exited(1))
    #expect(
      told.messageLines == [
        remark("Account.lock", "Vault.mutex") + hint, "gate: failed, 1 violation",
      ])
    let accepted = try gate(new, "--baseline", baseline, "--accept-renames")
    #expect(
      accepted.messageLines == [remark("Account.lock", "Vault.mutex"), "gate: passed; 1 known"])
    let both = try gate(trace("Vault.mutex", "Book.mutex"), "--baseline", baseline)
    #expect(both.messageLines.count == 3)
    // It is another problem at another place, where the old class is still there, and where a name
    // was known before.
    for other in [
      trace("Vault.mutex", "Ledger.lock", line: 9), new + "T3 acquire x class=Account.lock\n",
      trace("Ledger.lock", "Account.lock"),
    ] {
      let result = try gate(other, "--baseline", baseline, "--accept-renames")
      #expect(!result.messages.contains("may now be"), "\(result.messages)")
    }
    // What may be renamed is not gone; what is recorded anew keeps its reason.
    #expect(try gate(new, "--baseline", baseline, "--prune").status == .exited(1))
    #expect(try folder.text(of: "b.json").contains("Account.lock"))
    #expect(
      try gate(new, "--write-baseline", baseline, "--accept-renames").status == .exited(0))
    let recorded = try folder.text(of: "b.json")
    #expect(recorded.contains("Vault.mutex") && !recorded.contains("Account.lock"))
    #expect(recorded.contains("\"reason\": \"known\""))
    #expect(try gate(new, "--baseline", baseline).messageLines == ["gate: passed; 1 known"])
    #expect(try gate(new, "--accept-renames").status == .exited(64))
  }
}
