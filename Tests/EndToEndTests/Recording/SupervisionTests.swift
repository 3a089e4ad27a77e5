#if os(Linux)
  import Foundation
  import TestSupport
  import Testing

  /// A command under `record` and `run` is what it is without.
  @Suite("Supervised commands", .needs("a compiler for C", RecordedPrograms.hasCompiler))
  struct SupervisionTests {
    private let folder: TemporaryFolder
    private let program: String

    init() throws {
      folder = try TemporaryFolder()
      program = try RecordedPrograms.scenarios.get()
    }

    private func start(_ arguments: String...) throws -> RunningProcess {
      try ProcessRunner(
        BuiltProducts.executable("lockdep-check"), arguments, directory: folder.path
      ).start()
    }

    @Test("The exit status is the command's", arguments: ["record", "run"])
    func statuses(command: String) throws {
      try withEvery("status", in: [0, 1, 3, 77, 255]) { status in
        let result = try lockdepCheck(
          command, "--", program, "clean", "\(status)", directory: folder.path)
        #expect(result.status == .exited(Int32(status)), "\(TestContext.description)")
      }
    }

    @Test("Death by a signal is passed on", arguments: ["record", "run"])
    func signals(command: String) throws {
      try withEvery("signal", in: [SIGKILL, SIGTERM, SIGABRT, SIGSEGV, SIGPIPE]) { number in
        let result = try lockdepCheck(
          command, "--", program, "raise", "\(number)", directory: folder.path)
        #expect(result.status == .signaled(number), "\(TestContext.description)")
      }
    }

    @Test("Streams, folder and environment are the command's own", arguments: ["record", "run"])
    func surroundings(command: String) throws {
      let result = try ProcessRunner(
        BuiltProducts.executable("lockdep-check"),
        [command, "--", "sh", "-c", "cat; pwd; echo \"$NAME\"; echo $LD_PRELOAD >&2"],
        input: Array("from outside\n".utf8),
        environment: [
          "PATH": "/usr/bin:/bin", "NAME": "a  b", "LD_PRELOAD": "libm.so.6",
        ], directory: folder.path
      ).run()
      #expect(result.text == "from outside\n\(folder.path)\na  b\n")
      let preloaded = result.messageLines.first { $0.contains("liblockgraph_recorder.so") }
      #expect(preloaded?.hasSuffix("liblockgraph_recorder.so:libm.so.6") == true)
    }

    @Test("What cannot be started has the statuses that shells give it")
    func notStarted() throws {
      let text = try folder.write("text", to: "text")
      for command in ["record", "run"] {
        let missing = try lockdepCheck(command, "--", "there-is-no-such-command")
        #expect(missing.status == .exited(127))
        #expect(
          missing.messages == "there-is-no-such-command: error: there is no such command\n")
        let file = try lockdepCheck(command, "--", text)
        #expect(file.status == .exited(126))
        #expect(file.messages == "\(text): error: cannot be run: it is not executable\n")
      }
    }

    @Test("A static program is refused with what helps")
    func staticProgram() throws {
      let program = try RecordedPrograms.staticProgram.get()
      let script = try folder.write("#!\(program)\n", to: "script")
      #expect(chmod(script, 0o755) == 0)
      for command in ["record", "run"] {
        for name in [program, script] {
          let result = try lockdepCheck(command, "--", name, "clean")
          #expect(result.status == .exited(2))
          #expect(result.messages.contains("is linked statically"))
          #expect(result.messages.contains("Link it dynamically"))
        }
      }
    }

    @Test("Ctrl-C ends the command once, and is answered with the report")
    func interruption() throws {
      // A terminal sends it to all of the group, the tests among them: so to both by hand.
      let running = try start("run", "--", program, "interrupt", "5")
      #expect(running.waits(for: "ready", within: .seconds(120)))
      running.send(SIGINT)
      for child in try children(of: running.identifier) { kill(child, SIGINT) }
      let result = try running.finish()
      #expect(result.status == .exited(5))
      #expect(result.text == "ready\ninterrupted\n")
      #expect(result.messages.contains("No violation found"))
    }

    @Test("SIGTERM and SIGHUP are handed on", arguments: [SIGTERM, SIGHUP])
    func forwarding(number: Int32) throws {
      let running = try start("record", "-o", folder.file("trace.lgt"), "--", program, "sleep")
      #expect(running.waits(for: "ready", within: .seconds(120)))
      running.send(number)
      let result = try running.finish()
      #expect(result.status == .signaled(number))
      #expect(result.messages.contains("recorded 1 process, 1 thread, 6 locks, 2 acquisitions"))
    }

    @Test("A hang is explained while it lasts, and ends with the time")
    func hang() throws {
      let (result, seconds) = try run("hang", until: "T2 and T3 wait for each other", within: 3)
      #expect(result.status == .exited(1))
      #expect(result.messages.contains("threads have waited for 1 s"))
      #expect(result.messages.contains("T2 and T3 wait for each other"))
      #expect(result.messages.contains("the command still runs after \(seconds) s, and is ended"))
      #expect(result.messages.contains("[deadlock, observed]"))
    }

    @Test("A hang on what has no owner is explained too")
    func hangOfSemaphores() throws {
      let (result, seconds) = try run("nobody-posts", until: "slot_a", within: 6)
      #expect(result.status == .exited(124))
      #expect(result.messages.contains("threads have waited for 1 s"))
      #expect(result.messages.contains("slot_a"))
      #expect(result.messages.contains("the command still runs after \(seconds) s, and is ended"))
    }

    /// Runs what hangs, and again for longer where a busy machine did not get so far: how it went
    /// at last, and after how many seconds it was ended.
    private func run(
      _ scenario: String, until text: String, within seconds: Int
    ) throws -> (ProcessResult, Int) {
      var seconds = seconds
      while true {
        let result = try lockdepCheck(
          "run", "--hang-after", "1", "--timeout", "\(seconds)", "--", program, scenario)
        if result.messages.contains(text) || seconds > 40 { return (result, seconds) }
        seconds *= 3
      }
    }

    @Test("What can deadlock is told while the program still runs")
    func live() throws {
      let running = try start("run", "--", program, "abba-and-sleep")
      #expect(running.waits(for: "a and b are taken in both orders, at ", within: .seconds(120)))
      running.send(SIGTERM)
      #expect(try running.finish().status == .exited(1))
    }

    @Test("A command that takes too long ends with status 124, killed if it must be")
    func timeout() throws {
      let result = try lockdepCheck("run", "--timeout", "1", "--", program, "sleep")
      #expect(result.status == .exited(124))
      let start = ContinuousClock.now
      let stubborn = try lockdepCheck(
        "run", "--timeout", "1", "--", "sh", "-c", "'\(program)' stubborn; echo never")
      #expect(stubborn.status == .exited(124))
      #expect(ContinuousClock.now - start >= .seconds(6))
      #expect(stubborn.text == "ready\n")
    }

    @Test("--error-exitcode is the status of violations, and of nothing else")
    func errorExitcode() throws {
      let failed = try lockdepCheck("run", "--error-exitcode", "42", "--", program, "abba")
      #expect(failed.status == .exited(42))
      let passed = try lockdepCheck("run", "--error-exitcode", "42", "--", program, "clean", "4")
      #expect(passed.status == .exited(4))
    }

    @Test("Each process has a trace, that of the command the name that was asked for")
    func traces() throws {
      let trace = folder.file("out.lgt")
      let script = "'\(program)' abba; '\(program)' clean; exec '\(program)' joined"
      let result = try lockdepCheck("record", "-o", trace, "--", "sh", "-c", script)
      #expect(result.messages.contains("recorded 3 processes"))
      let own = try lockdepCheck("analyze", "--format", "json", trace)
      #expect(own.text.contains("\"excluded\""))
      let names = try folder.contents
      #expect(names.count == 4 && names.allSatisfy { $0.hasPrefix("out.") })
      let all = try lockdepCheck("gate", folder.path)
      #expect(all.status == .exited(1))
      #expect(
        try FileManager.default.attributesOfItem(atPath: trace)[.posixPermissions] as? Int == 0o600)
    }

    @Test("A second recording takes the place of the first")
    func again() throws {
      for _ in 0..<2 {
        let result = try lockdepCheck("record", "--", program, "clean", directory: folder.path)
        #expect(result.messages.contains("scenarios.lockgraph/: recorded 1 process"))
        #expect(
          try FileManager.default.contentsOfDirectory(
            atPath: folder.file("scenarios.lockgraph")
          ).count == 1)
      }
    }

    @Test("--trace keeps the traces of a run, and otherwise none stay")
    func keptTraces() throws {
      let environment = ["TMPDIR": folder.path, "PATH": "/usr/bin:/bin"]
      let gone = try judgedRun([program, "clean"], environment: environment)
      #expect(gone.result.status == .exited(0))
      #expect(try folder.contents.isEmpty)
      let kept = try judgedRun(
        [program, "clean"], ["--trace", folder.file("kept.lgt")], environment: environment)
      #expect(kept.result.status == .exited(0))
      #expect(try folder.contents == ["kept.lgt"])
    }

    private func children(of process: pid_t) throws -> [pid_t] {
      try String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
        .split(separator: " ").compactMap { pid_t($0) }
    }
  }
#endif
