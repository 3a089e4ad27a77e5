#if os(Linux)
  import Foundation
  import TestSupport
  import Testing

  /// Programs that are steered into the deadlock that they can come to, as users do it.
  @Suite("Confirmation", .needs("a compiler for C", RecordedPrograms.hasCompiler))
  struct ConfirmTests {
    /// What `make test-all` tries all of, many times: `Benchmarks/confirm`.
    private static let possible = [
      "one-shot", "late", "thrashing", "philosophers", "three", "pool", "reader-and-mutex", "spins",
      "semaphores", "kinds", "after-condition", "condition-under-lock", "condition-at-once",
      "join-under-lock",
      "wrapped", "child",
    ]
    private static let impossible = [
      "gate", "joined", "flag", "condition", "rwlock-gate", "posted", "barrier", "pipe",
      "semaphore-gate", "alone", "before-spawn",
    ]

    private func confirm(
      _ arguments: [String], _ scenario: String
    ) throws -> (result: ProcessResult, rules: [String]) {
      let folder = try TemporaryFolder()
      let report = folder.file("report.json")
      let result = try lockdepCheck(
        arguments: ["confirm"] + arguments + ["--format", "json", "-o", report, "--"]
          + [try RecordedPrograms.confirmable.get(), scenario])
      struct Report: Decodable {
        var findings: [ReportedFinding]
      }
      let bytes = try? Data(contentsOf: URL(fileURLWithPath: report))
      let findings = try bytes.map { try JSONDecoder().decode(Report.self, from: $0).findings }
      return (result, (findings ?? []).map { "\($0.rule) \($0.confidence ?? "")" })
    }

    @Test("A deadlock that can happen is made to happen")
    func confirmed() throws {
      try withEvery("scenario", in: Self.possible) { scenario in
        let (result, rules) = try confirm([], scenario)
        #expect(
          result.status == .exited(0), "\(TestContext.description)\n\(result.messages)")
        #expect(rules == ["deadlock observed"], "\(TestContext.description)")
        // A run on a busy machine may deadlock without being steered.
        #expect(
          result.messages.contains("confirmed in try")
            || result.messages.contains("confirmed: it happened"), "\(TestContext.description)")
      }
    }

    @Test("What keeps threads apart keeps them apart where they are kept, too")
    func notConfirmed() throws {
      let folder = try TemporaryFolder()
      let steering = folder.file("steering")
      let (saved, _) = try confirm(["--save", steering], "one-shot")
      #expect(saved.status == .exited(0), "\(saved.messages)")
      try withEvery("scenario", in: Self.impossible) { scenario in
        let (result, rules) = try confirm(["--tries", "1", steering], scenario)
        #expect(
          result.status == .exited(1), "\(TestContext.description)\n\(result.messages)")
        #expect(rules == [], "\(TestContext.description)")
        #expect(
          result.messages.contains("does not mean that it cannot happen"),
          "\(TestContext.description)")
      }
    }

    @Test("Longer pauses come where shorter ones were of no use")
    func escalation() throws {
      let (result, rules) = try confirm([], "later")
      #expect(result.messages.contains("confirmed in try 2"), "\(result.messages)")
      #expect(rules == ["deadlock observed"])
      let (first, _) = try confirm(["--tries", "1"], "later")
      #expect(first.status == .exited(1))
    }

    @Test("A circle that closes in the recorded run is the answer, also through a condition")
    func happened() throws {
      let folder = try TemporaryFolder()
      let steering = folder.file("steering")
      let (result, rules) = try confirm(["--save", steering], "condition-happens")
      #expect(result.status == .exited(0), "\(result.messages)")
      #expect(rules == ["deadlock observed"])
      #expect(
        result.messages.contains("confirmed: it happened in the run that was recorded"),
        "\(result.messages)")
      // What it happened at is what is saved.
      let (again, _) = try confirm([steering], "condition-happens")
      #expect(again.status == .exited(0), "\(again.messages)")
      #expect(again.messages.contains("confirmed in try 1: "), "\(again.messages)")
    }

    @Test("A run that takes its locks elsewhere tells the next one where")
    func elsewhere() throws {
      let program = try RecordedPrograms.confirmable.get()
      let folder = try TemporaryFolder()
      let steering = folder.file("steering")
      let result = try lockdepCheck(
        "confirm", "--save", steering, "--", program, "elsewhere", folder.file("runs"))
      #expect(result.status == .exited(0), "\(result.messages)")
      #expect(result.messages.contains("confirmed in try 2: "), "\(result.messages)")
      let saved = try String(contentsOfFile: steering, encoding: .utf8)
      let places = saved.split(separator: "\n").filter {
        $0.hasPrefix("outer ") || $0.hasPrefix("inner ")
      }
      // One side was elsewhere, and is where it was as well.
      #expect(places.count == 6, "\(saved)")
    }

    @Test("Where the first run shows nothing to try, a second one is recorded")
    func second() throws {
      let program = try RecordedPrograms.confirmable.get()
      let folder = try TemporaryFolder()
      let result = try lockdepCheck(
        "confirm", "--", program, "nothing-first", folder.file("runs"))
      #expect(result.status == .exited(0), "\(result.messages)")
      #expect(
        result.messages.contains(
          "there is no potential deadlock to try; the command is recorded once more"),
        "\(result.messages)")
      // The places of an input are looked for likewise.
      let trace = folder.file("x.trace")
      let recording = folder.file("x.lgt")
      _ = try lockdepCheck("record", "-o", recording, "--", program, "flag")
      let converted = try lockdepCheck("convert", recording)
      try Data(converted.text.utf8).write(to: URL(fileURLWithPath: trace))
      let known = try lockdepCheck(
        "confirm", trace, "--", program, "nothing-first", folder.file("others"))
      #expect(known.status == .exited(0), "\(known.messages)")
      #expect(known.messages.contains("no lock was taken at "), "\(known.messages)")
    }

    @Test("The report is that of the deadlock, with the stacks of those who wait")
    func report() throws {
      let program = try RecordedPrograms.confirmable.get()
      let result = try lockdepCheck("confirm", "--color", "never", "--", program, "one-shot")
      #expect(result.text == "")
      #expect(result.messages.contains("[deadlock, observed]"))
      #expect(result.messages.contains("in a_then_b ("))
      #expect(result.messages.contains("in b_then_a ("))
    }

    @Test("A saved steering finds its places in a program that was built anew")
    func rebuilt() throws {
      let folder = try TemporaryFolder()
      let source = try String(
        contentsOfFile: "\(BuiltProducts.packageRoot)/Tests/RecordedPrograms/confirmable.c",
        encoding: .utf8)
      let (file, program) = (folder.file("program.c"), folder.file("program"))
      let steering = folder.file("steering")
      func build(_ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        let result = try ProcessRunner("cc", ["-g", "-O1", "-o", program, file, "-pthread"]).run()
        try #require(result.status == .exited(0), "\(result.messages)")
      }
      func status(_ arguments: String...) throws -> (ProcessResult.Status, String) {
        let result = try lockdepCheck(
          arguments: ["confirm"] + arguments + ["--", program, "one-shot"])
        return (result.status, result.messages)
      }
      try build(source)
      let (before, messages) = try status("--save", steering)
      #expect(before == .exited(0), "\(messages)")
      try build("// Lines move.\n\n" + source)
      let (moved, movedMessages) = try status(steering)
      #expect(moved == .exited(0), "\(movedMessages)")
      #expect(movedMessages.contains("is recorded"))
      // The fix: one order.
      let wrong = "pthread_mutex_lock(&b);\n  pthread_mutex_lock(&a);"
      let right = "pthread_mutex_lock(&a);\n  pthread_mutex_lock(&b);"
      #expect(source.contains("static void *b_then_a(void *unused) {\n  nap(2);\n  \(wrong)"))
      try build(source.replacingOccurrences(of: wrong, with: right))
      let (after, afterMessages) = try status("--tries", "1", steering)
      #expect(after == .exited(1), "\(afterMessages)")
    }

    @Test("Lines of another trace are found in the program")
    func lines() throws {
      let folder = try TemporaryFolder()
      let program = try RecordedPrograms.confirmable.get()
      let recording = folder.file("x.lgt")
      let text = folder.file("x.trace")
      _ = try lockdepCheck("record", "-o", recording, "--", program, "flag")
      let converted = try lockdepCheck("convert", recording)
      #expect(converted.status == .exited(0), "\(converted.messages)")
      // Without functions, and with the name of the file alone.
      let lines = converted.text.split(separator: "\n").map { line in
        line.replacing(#/ stack=("[^"]*"|\S+)/#, with: "").replacing(#/ at=\S*\//#, with: " at=")
      }
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: text))
      for input in [recording, text] {
        let result = try lockdepCheck("confirm", input, "--", program, "one-shot")
        #expect(result.status == .exited(0), "\(input)\n\(result.messages)")
        #expect(result.messages.contains("is recorded") == (input == text))
      }
    }

    @Test("What cannot be tried is said, and is not 'not confirmed'")
    func obstacles() throws {
      let folder = try TemporaryFolder()
      let program = try RecordedPrograms.confirmable.get()
      func message(_ arguments: [String]) throws -> String {
        let result = try lockdepCheck(arguments: ["confirm"] + arguments)
        #expect(result.status == .exited(2), "\(arguments): \(result.messages)")
        return result.messages
      }
      #expect(
        try message(["--", program, "timed"]).contains(
          "no potential deadlock can be tried; of the first, the wait for a at "))
      #expect(try message(["--", "/bin/true"]).contains("there is no potential deadlock to try"))
      #expect(try message(["--", "/nowhere/program"]).contains("there is no such command"))
      #expect(
        try message(["--", program, "gate"]).contains(
          "but for what is excluded, which --finding names"))
      let trace = folder.file("other.trace")
      try Data(
        """
        one acquire A at=Nowhere.swift:1
        one acquire B at=Nowhere.swift:2
        one release B
        one release A
        two acquire B at=Nowhere.swift:3
        two acquire A at=Nowhere.swift:4

        """.utf8
      ).write(to: URL(fileURLWithPath: trace))
      #expect(
        try message([trace, "--", program, "one-shot"]).contains(
          "no lock was taken at Nowhere.swift:1 nor at Nowhere.swift:2"))
      #expect(
        try message([trace, "--finding", "7", "--", program]).contains("there is no finding '7'"))
      let steering = folder.file("steering")
      try Data("lockgraph steering 1\nside\nouter 0+x\n".utf8)
        .write(to: URL(fileURLWithPath: steering))
      let wrong = try message([steering, "--", program])
      #expect(wrong.contains("\(steering):3:7: error: no address in a module above"), "\(wrong)")
    }

    @Test("Validated locks are steered as others are")
    func validated() throws {
      let program = try BuiltProducts.executable("LockVictim")
      let folder = try TemporaryFolder()
      let steering = folder.file("steering")
      func run(_ arguments: String..., scenario: String) throws -> ProcessResult {
        try lockdepCheck(
          arguments: ["confirm", "--color", "never"] + arguments + ["--", program, scenario],
          environment: victimEnvironment)
      }
      let first = try run("--save", steering, scenario: "apart")
      #expect(first.status == .exited(0), "\(first.messages)")
      #expect(first.messages.contains(" wait for each other"))
      #expect(first.messages.contains("[deadlock, observed]"))
      #expect(first.messages.contains("Inversions.swift:"))
      let second = try run(steering, scenario: "apart")
      #expect(second.status == .exited(0), "\(second.messages)")
      let gated = try run("--tries", "1", "--finding", "1", scenario: "gated")
      #expect(gated.status == .exited(1), "\(gated.messages)")
    }

    @Test("A command is asked for")
    func usage() throws {
      for arguments in [["confirm"], ["confirm", "x.trace"], ["confirm", "--"]] {
        let result = try lockdepCheck(arguments: arguments)
        #expect(result.status == .exited(64))
        #expect(result.messages.contains("There is no command to run"))
      }
    }
  }
#endif
