#if os(Linux)
  import Foundation
  import TestSupport
  import Testing

  /// What servers do with processes, users and threads, and what a report of them says.
  @Suite("Servers as they are", .needs("a compiler for C", RecordedPrograms.hasCompiler))
  struct ServerTests {
    private let folder: TemporaryFolder
    private let program: String

    init() throws {
      folder = try TemporaryFolder()
      program = try RecordedPrograms.servers.get()
    }

    @Test(
      "What runs as another user, behind another root, and without its files is recorded",
      .enabled(if: geteuid() == 0),
      arguments: [["drop"], ["drop", "ROOT"], ["drop-and-execute"], ["close-and-drop"]])
    func otherUsers(_ command: [String]) throws {
      // Other users have to reach the program, and the recorder.
      let place = try TemporaryFolder()
      let recorder = place.file("liblockgraph_recorder.so")
      let build = try ProcessRunner(
        "/bin/sh", ["\(BuiltProducts.packageRoot)/Sources/CLockRecorder/build", recorder, "cc"]
      ).run()
      #expect(build.status == .exited(0), "\(build.messages)")
      let server = place.file("server")
      try FileManager.default.copyItem(atPath: program, toPath: server)
      for path in [place.path, server] { #expect(chmod(path, 0o755) == 0) }
      let arguments = command.map { $0 == "ROOT" ? place.path : $0 }
      let environment = [
        "PATH": "/usr/bin:/bin", "TMPDIR": "/tmp", "LOCKGRAPH_RECORDER": recorder,
      ]
      let run = try judgedRun([server] + arguments, environment: environment)
      #expect(run.result.status == .exited(1), "\(run.result.messages)")
      #expect(run.findings.map(\.title) == ["a and b are taken in both orders"])
      // A folder that `record` makes admits them too, and shows nobody what is there.
      let trace = place.file("traces")
      _ = try ProcessRunner(
        BuiltProducts.executable("lockdep-check"),
        ["record", "-o", trace, "--", server] + arguments, environment: environment
      ).run()
      let status = try FileManager.default.attributesOfItem(atPath: trace)
      #expect(status[.posixPermissions] as? Int == 0o1733)
      let verdict = try lockdepCheck("gate", "--policy", "none", trace)
      #expect(verdict.text.contains("a and b are taken in both orders"))
    }

    @Test("A server that leaves the command behind is named", arguments: ["run", "record"])
    func detached(_ command: String) throws {
      let result = try lockdepCheck(command, "--", program, "detach", directory: folder.path)
      #expect(result.status != .exited(2))
      let line = result.messageLines.first { $0.contains("has left the command and still runs") }
      #expect(line?.hasPrefix("not seen: servers (process ") == true, "\(result.messages)")
      let number = line?.split { $0 == " " || $0 == ")" }.lazy.compactMap { pid_t($0) }.first
      kill(try #require(number), SIGKILL)
    }

    @Test("Programs that shells start and that cannot be recorded are named")
    func unseenPrograms() throws {
      let unseen = try RecordedPrograms.staticProgram.get()
      for shell in ["sh", "bash"] {
        let script = "('\(unseen)' clean); '\(unseen)' clean; '\(program)' idle; true"
        let result = try lockdepCheck("run", "--", shell, "-c", script)
        #expect(result.status == .exited(0))
        let line = result.messageLines.first { $0.hasPrefix("not seen: ") }
        #expect(line == "not seen: \(unseen) (static)", "\(shell): \(result.messages)")
      }
    }

    @Test("What ends before the command is not named")
    func notDetached() throws {
      let script = "'\(program)' serve & '\(program)' serve; wait"
      let result = try lockdepCheck("run", "--", "sh", "-c", script, directory: folder.path)
      #expect(result.status == .exited(1))
      #expect(!result.messages.contains("still runs"))
    }

    @Test("Idle workers are told of a server that failed, and not of one that was done")
    func idleWorkers() throws {
      let done = try lockdepCheck("run", "--", program, "idle")
      #expect(done.status == .exited(0))
      #expect(done.messages.contains("No violation found.\n"), "\(done.messages)")
      #expect(!done.messages.contains("What still waits"))
      let trace = folder.file("trace.lgt")
      _ = try lockdepCheck("record", "-o", trace, "--", program, "idle")
      #expect(try lockdepCheck("gate", "--fail-on-waits", trace).status == .exited(0))
      _ = try lockdepCheck("record", "-o", trace, "--", program, "idle", "3")
      #expect(try lockdepCheck("gate", "--fail-on-waits", trace).status == .exited(1))
      #expect(
        try lockdepCheck("run", "--fail-on-waits", "--", program, "idle", "3").status
          == .exited(1))
    }

    @Test("Of many processes what lacks names is told once")
    func missingNames() throws {
      let stripped = folder.file("stripped")
      let strip = try ProcessRunner("strip", ["-o", stripped, program]).run()
      #expect(strip.status == .exited(0))
      let script = "'\(stripped)' serve; '\(stripped)' serve"
      let result = try lockdepCheck("run", "--", "sh", "-c", script)
      #expect(result.status == .exited(1))
      let lines = result.messageLines.filter { $0.contains("no debugging information of") }
      #expect(lines.count == 1)
      #expect(lines.first?.hasPrefix("note: no debugging information of \(stripped)") == true)
    }

    @Test("--audit records what libraries do that are loaded apart")
    func audit() throws {
      let library = try RecordedPrograms.compile(
        "RecorderVictims/unseen.c", ["-shared", "-fPIC", "-DLIBRARY"], as: "unseen.so")
      let host = try RecordedPrograms.compile("RecorderVictims/unseen.c")
      let blind = try lockdepCheck("run", "--", host, "deep", library)
      #expect(blind.messages.contains("record it with --audit"), "\(blind.messages)")
      for command in ["run", "record"] {
        let seen = try lockdepCheck(
          command, "--audit", command == "run" ? "--trace" : "-o", folder.file("audit.lgt"), "--",
          host, "deep", library)
        #expect(seen.status == .exited(0), "\(seen.messages)")
        // What brings the library in may take a lock of its own.
        #expect(
          ["1000", "1001"].contains { seen.messages.contains("\($0) acquisitions") },
          "\(seen.messages)")
        #expect(!seen.messages.contains("--audit"))
      }
    }

    @Test("Nothing stays of a run that is interrupted while it reports")
    func interruptedReport() throws {
      // A debugger that never answers: until then a report needs names.
      let debugger = try folder.write("#!/bin/sh\nexec sleep 20\n", to: "debugger")
      #expect(chmod(debugger, 0o755) == 0)
      let temporary = try TemporaryFolder()
      try withEvery("signal", in: [SIGINT, SIGTERM]) { number in
        let running = try ProcessRunner(
          BuiltProducts.executable("lockdep-check"), ["run", "--", program, "serve"],
          environment: [
            "PATH": "/usr/bin:/bin", "TMPDIR": temporary.path, "LOCKGRAPH_DEBUGGER": debugger,
          ]
        ).start()
        var isNaming = false
        for _ in 0..<2000 where !isNaming {
          isNaming = try temporary.contents.contains { $0.hasPrefix("lockgraph-names") }
          if !isNaming { usleep(10_000) }
        }
        #expect(isNaming, "\(TestContext.description)")
        #expect(try temporary.contents.count == 2)
        usleep(200_000)
        running.send(number)
        let status = try running.finish().status
        #expect(status == (number == SIGINT ? .exited(130) : .signaled(number)))
        #expect(try temporary.contents.isEmpty, "\(TestContext.description)")
      }
    }
  }
#endif
