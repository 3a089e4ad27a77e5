#if os(Linux)
  import Foundation
  import TestSupport
  import Testing

  /// `run` before the commands of test suites, those of `samples/ci`.
  @Suite("Test suites as they are", .needs("a compiler for C", RecordedPrograms.hasCompiler))
  struct TestSuiteTests {
    private static let title = "accounts and ledger are taken in both orders"
    private let folder: TemporaryFolder

    init() throws {
      folder = try TemporaryFolder()
      let samples = "\(BuiltProducts.packageRoot)/samples/ci"
      for name in ["bank.c", "Makefile", "CMakeLists.txt", "test_bank.py"] {
        try FileManager.default.copyItem(
          atPath: "\(samples)/\(name)", toPath: folder.file(name))
      }
    }

    private static func has(_ program: String, _ arguments: [String] = ["--version"]) -> Bool {
      (try? ProcessRunner(program, arguments).run())?.status == .exited(0)
    }

    private func run(_ options: [String], _ command: [String]) throws -> ProcessResult {
      try ProcessRunner(
        BuiltProducts.executable("lockdep-check"),
        ["run", "--policy", "none"] + options + ["--"] + command, directory: folder.path
      ).run()
    }

    /// Runs `make check` for some of the tests.
    private func check(_ tests: String, _ options: String...) throws -> ProcessResult {
      try run(options, ["make", "-s", "check", "TESTS=\(tests)"])
    }

    @Test("make check: tests that pass are judged by their locks", .needs("make", has("make")))
    func make() throws {
      let clean = try check("pay")
      #expect(clean.status == .exited(0), "\(clean.messages)")
      #expect(clean.text == "ok pay\n")
      #expect(clean.messages.contains("No violation found."))
      let lucky = try check("pay audit", "--error-exitcode", "3")
      #expect(lucky.status == .exited(3))
      #expect(lucky.text == "ok pay\nok audit\n")
      #expect(lucky.messages.contains(Self.title))
      #expect(lucky.messages.contains("bank.c:17"))
      // In the children of the tests too.
      let branches = try check("branches")
      #expect(branches.status == .exited(1))
      #expect(branches.messages.contains(Self.title))
    }

    @Test("A suite that fails or crashes has its own status", .needs("make", has("make")))
    func failing() throws {
      let failed = try check("there-is-none")
      #expect(failed.status == .exited(2))
      #expect(failed.text == "not ok there-is-none\n")
      let crashed = try check("crash")
      #expect(crashed.status == .exited(2))
      #expect(crashed.messages.contains("No violation found."), "\(crashed.messages)")
      // Violations before the crash are there, and go before its status.
      #expect(try check("audit crash", "--error-exitcode", "3").status == .exited(3))
    }

    @Test("A suite that hangs ends with the time, and says in what", .needs("make", has("make")))
    func hanging() throws {
      var (hung, seconds) = (try check("pay hang", "--timeout", "4"), 4)
      // On a busy machine the tests may not have come so far.
      while seconds < 60, !hung.messages.contains("[deadlock, observed]") {
        seconds *= 4
        hung = try check("pay hang", "--timeout", "\(seconds)")
      }
      #expect(hung.status == .exited(1))
      #expect(hung.text.hasPrefix("ok pay\n"))
      #expect(hung.messages.contains("the command still runs after \(seconds) s, and is ended"))
      #expect(hung.messages.contains("[deadlock, observed]"))
      #expect(!hung.messages.contains("hooks_mutex"))
      // Nothing of it stays.
      #expect(try processes(in: folder.path).isEmpty)
    }

    /// The processes that work in a folder.
    private func processes(in folder: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { process in
        let place = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/\(process)/cwd")
        return place == folder
      }
    }

    @Test("ctest", .needs("cmake", has("cmake")))
    func ctest() throws {
      for arguments in [["-B", "build"], ["--build", "build"]] {
        let result = try ProcessRunner("cmake", arguments, directory: folder.path).run()
        #expect(result.status == .exited(0), "\(result.messages)")
      }
      let lucky = try run([], ["ctest", "--test-dir", "build", "--output-on-failure"])
      #expect(lucky.status == .exited(1))
      #expect(lucky.text.contains("100% tests passed"))
      #expect(lucky.messages.contains(Self.title), "\(lucky.messages)")
      let clean = try run([], ["ctest", "--test-dir", "build", "-R", "pay"])
      #expect(clean.status == .exited(0), "\(clean.messages)")
    }

    @Test("pytest", .needs("pytest", has("/usr/bin/python3", ["-m", "pytest", "--version"])))
    func pytest() throws {
      let pytest = ["/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
      let lucky = try run(["--fail-on", "feasible"], pytest)
      #expect(lucky.status == .exited(1))
      #expect(lucky.text.contains("3 passed"))
      // Names of Python's own locks are long, and lines are broken.
      let words = lucky.messages.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.contains("are taken in both orders"), "\(lucky.messages)")
      let clean = try run(["--fail-on", "feasible"], pytest + ["-k", "pay or branch"])
      #expect(clean.status == .exited(0), "\(clean.messages)")
      // That threads take turns is no wait.
      #expect(!clean.messages.contains("waits on a condition"), "\(clean.messages)")
      _ = try folder.write("def test_failing():\n    assert False\n", to: "test_failing.py")
      #expect(try run([], pytest + ["test_failing.py"]).status == .exited(1))
    }
  }
#endif
