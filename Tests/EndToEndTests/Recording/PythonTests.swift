#if os(Linux)
  import TestSupport
  import Testing

  /// What Python's library does with locks is no finding, and what programs do wrong is one.
  @Suite("Python as it is")
  struct PythonTests {
    private static let script = "\(BuiltProducts.packageRoot)/Tests/RecordedPrograms/threads.py"

    private static func hasPython() -> Bool {
      (try? ProcessRunner("/usr/bin/python3", ["--version"]).run())?.status == .exited(0)
    }

    @Test(
      "Threads, queues, conditions, executors and waits that nobody ends are no findings",
      .needs("python3", hasPython()))
    func library() throws {
      let arguments = TestTier.isAll ? ["processes"] : []
      let run = try judgedRun(
        ["/usr/bin/python3", Self.script] + arguments, ["--predict", "never"])
      #expect(run.result.text == "ended\n")
      #expect(run.findings.isEmpty, "\(run.result.messages) \(run.findings)")
      #expect(run.result.status == .exited(0))
    }

    @Test(
      "A lock that is taken twice, and two in both orders, are", .needs("python3", hasPython()))
    func wrong() throws {
      let run = try judgedRun(
        [
          "/usr/bin/python3", "-c",
          """
          import os, threading, time
          a, b, c = threading.Lock(), threading.Lock(), threading.Lock()
          def both(first, second):
              with first, second: pass
          def twice():
              with c, c: pass
          threads = [threading.Thread(target=both, args=pair) for pair in [(a, b), (b, a)]]
          for thread in threads:
              thread.start()
              while thread.is_alive(): time.sleep(0.01)
          hung = threading.Thread(target=twice, daemon=True)
          hung.start()
          def sleeps():
              with open(f"/proc/self/task/{hung.native_id}/stat") as file:
                  return file.read().rpartition(")")[2].split()[0] == "S"
          times = 0
          while times < 20:
              time.sleep(0.01)
              times = times + 1 if c.locked() and sleeps() else 0
          os._exit(0)
          """,
        ], ["--predict", "never"])
      #expect(
        run.rules == [
          "deadlock observed", "lock-order-inversion feasible", "recursive-acquisition feasible",
        ], "\(run.result.messages) \(run.findings)")
    }
  }
#endif
