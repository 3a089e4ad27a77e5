#if os(Linux)
  import TestSupport
  import Testing

  /// Programs whose verdict is known, judged as they are.
  @Suite("Recorded scenarios", .needs("a compiler for C", RecordedPrograms.hasCompiler))
  struct ScenarioTests {
    private struct Case: CustomStringConvertible {
      var name: String
      var rules: [String]
      var status: Int32
      var description: String { name }
    }

    private static let cases: [Case] = [
      Case(name: "abba", rules: ["lock-order-inversion feasible"], status: 1),
      Case(name: "alone", rules: ["lock-order-inversion ordering"], status: 1),
      Case(name: "gate", rules: ["lock-order-inversion excluded"], status: 0),
      Case(name: "joined", rules: ["lock-order-inversion excluded"], status: 0),
      Case(name: "clean", rules: [], status: 0),
      Case(name: "trying", rules: [], status: 0),
      Case(name: "condition", rules: [], status: 0),
      Case(name: "condition-under-lock", rules: ["wait-while-holding"], status: 0),
      Case(name: "rwlocks", rules: ["lock-order-inversion feasible"], status: 1),
      Case(name: "readers", rules: [], status: 0),
      Case(name: "spins", rules: ["lock-order-inversion feasible"], status: 1),
      Case(name: "c11", rules: ["lock-order-inversion feasible"], status: 1),
      Case(name: "semaphores", rules: ["lock-order-inversion feasible"], status: 1),
      Case(name: "signal-semaphore", rules: [], status: 0),
      Case(name: "reuse", rules: [], status: 0),
      Case(name: "held-200", rules: [], status: 0),
      Case(name: "fork", rules: ["lock-order-inversion feasible"], status: 1),
      Case(name: "exec", rules: ["lock-order-inversion feasible"], status: 1),
      Case(name: "share", rules: ["lock-order-inversion ordering"], status: 1),
      Case(name: "share-file", rules: ["lock-order-inversion ordering"], status: 1),
    ]

    @Test("A program has the verdict of what its threads did, at every level")
    func verdicts() throws {
      let program = try RecordedPrograms.scenarios.get()
      try withEvery("level", in: ["orders", "shapes", "all"]) { level in
        try withEvery("scenario", in: Self.cases) { scenario in
          let run = try judgedRun(
            [program, scenario.name], ["--level", level, "--predict", "never"])
          #expect(
            run.rules == scenario.rules, "\(TestContext.description)\n\(run.result.messages)")
          #expect(run.result.status == .exited(scenario.status), "\(TestContext.description)")
        }
      }
    }

    @Test("A baseline knows locks in memory without a name again")
    func baseline() throws {
      let program = try RecordedPrograms.scenarios.get()
      let folder = try TemporaryFolder()
      let options = ["--predict", "never", "--policy", "none"]
      func run(_ gate: String...) throws -> ProcessResult.Status {
        try lockdepCheck(arguments: ["run"] + options + gate + ["--", program, "share"]).status
      }
      #expect(try run("--write-baseline", folder.file("known")) == .exited(0))
      #expect(try run("--baseline", folder.file("known")) == .exited(0))
      #expect(try run() == .exited(1))
    }

    @Test("Places are lines of the source, and locks have their names")
    func places() throws {
      let result = try lockdepCheck("run", "--", try RecordedPrograms.scenarios.get(), "abba")
      #expect(result.messages.contains("a and b are taken in both orders"))
      #expect(result.messages.contains("/scenarios.c:"))
      #expect(result.messages.contains("in take ("))
      #expect(result.messages.contains("gate: failed, 1 violation"))
      #expect(result.text == "")
    }

    @Test("How much of the program was reached stands beside the verdict")
    func coverage() throws {
      let program = try RecordedPrograms.scenarios.get()
      let code = try ProcessRunner("objdump", ["-d", "--no-show-raw-insn", program]).run()
      let calls = code.text.split(separator: "\n").count { line in
        guard line.contains("call") else { return false }
        return ["lock", "wait"].contains { word in
          ["pthread_mutex_", "pthread_rwlock_", "pthread_spin_", "sem_", "mtx_"].contains {
            line.contains("<\($0)") && line.contains(word)
          }
        } && !line.contains("unlock")
      }
      #expect(calls > 2)
      let result = try lockdepCheck("run", "--", program, "clean")
      #expect(
        result.messageLines.contains("seen: 2 of \(calls) places that take locks were reached"))
    }

    @Test("A program without locks is told of, and is no failure")
    func noLocks() throws {
      let run = try judgedRun(["/bin/true"])
      #expect(run.result.status == .exited(0))
      #expect(run.result.messages.contains("note: no locks were used"))
    }
  }
#endif
