import TestSupport
import Testing

@Suite("Determinism and colour")
struct DeterminismTests {
  @Test(
    "The same input gives the same bytes",
    arguments: [
      ["analyze"], ["analyze", "--format", "json"], ["render"], ["render", "--format", "dot"],
      ["analyze", "--format", "sarif"], ["analyze", "--format", "junit"],
      ["analyze", "--format", "github"], ["analyze", "--format", "gitlab"],
      ["analyze", "--format", "markdown"], ["render", "--all"], ["stats"],
      ["stats", "--format", "json"],
    ])
  func sameBytes(_ command: [String]) throws {
    for sample in ["abba-mutex.ftrace", "dining-philosophers.trace", "gate-lock.trace"] {
      let arguments = command + ["\(Samples.folder)/\(sample)"]
      let first = try lockdepCheck(arguments: arguments)
      let second = try lockdepCheck(arguments: arguments)
      #expect(first.status == .exited(0))
      #expect(!first.output.isEmpty)
      #expect(first.output == second.output)
    }
  }

  @Test(
    "The order of inputs changes nothing",
    arguments: [
      ["render"], ["render", "--format", "dot"], ["render", "--all", "--format", "dot"],
      ["analyze", "--format", "json"], ["analyze"], ["analyze", "--svg", "-", "-o", "/dev/null"],
      ["analyze", "--dot", "-", "-o", "/dev/null"],
    ])
  func inputOrder(_ command: [String]) throws {
    // With more evidence of some orders than is kept.
    let inputs = Samples.all.map(\.path)
    let first = try lockdepCheck(arguments: command + inputs)
    #expect(first.status == .exited(0))
    #expect(try lockdepCheck(arguments: command + inputs.reversed()).output == first.output)
  }

  @Test(
    "A PDF says the time of SOURCE_DATE_EPOCH, and is the same bytes each time",
    .needs("librsvg", Self.drawsPDF))
  func pdf() throws {
    func pdf(_ time: String) throws -> [UInt8] {
      try lockdepCheck(
        "render", "\(Samples.folder)/abba.trace", "--format", "pdf",
        environment: ["SOURCE_DATE_EPOCH": time, "PATH": "/usr/bin:/bin"]
      ).output
    }
    let first = try pdf("1000000000")
    #expect(
      String(decoding: first, as: UTF8.self).contains(
        // Without its beginning by one version of cairo.
        /\/CreationDate \((D:)?20010909014640Z/))
    #expect(try pdf("1000000000") == first)
    #expect(try pdf("1000000001") != first)
  }

  private static let drawsPDF =
    (try? lockdepCheck(
      "render", "\(Samples.folder)/abba.trace", "--format", "pdf", "-o", "/dev/null"))?.status
    == .exited(0)

  @Test("Colour is there only where it is asked for")
  func color() throws {
    func isColored(_ choice: [String], _ environment: [String: String]) throws -> Bool {
      let result = try lockdepCheck(
        arguments: ["analyze"] + choice, input: Array(Traces.feasible.utf8),
        environment: environment)
      #expect(result.status == .exited(0))
      #expect(result.messages.isEmpty)
      return result.output.contains(0x1B)
    }
    #expect(try !isColored([], [:]))
    #expect(try !isColored([], ["TERM": "xterm-256color"]))
    #expect(try !isColored(["--color", "never"], ["TERM": "xterm-256color"]))
    #expect(try !isColored(["--color", "auto"], ["NO_COLOR": "1"]))
    #expect(try isColored(["--color", "always"], [:]))
  }

  @Test("On a terminal there is colour, unless NO_COLOR says no")
  func terminal() throws {
    let script = """
      import os, pty, sys
      pty.spawn([sys.argv[1], "analyze", sys.argv[2]])
      """
    func shown(_ environment: [String: String]) throws -> ProcessResult {
      let check = try BuiltProducts.executable("lockdep-check")
      return try ProcessRunner(
        Python.interpreter(with: "pty"),
        ["-c", script, check, "\(Samples.folder)/abba.trace"],
        environment: environment.merging(["PATH": "/usr/bin:/bin"]) { mine, _ in mine }
      ).run()
    }
    #expect(try shown(["TERM": "xterm"]).text.contains("\u{1B}[1;31m"))
    #expect(try !shown(["TERM": "xterm", "NO_COLOR": "1"]).text.contains("\u{1B}["))
    #expect(try !shown(["TERM": "dumb"]).text.contains("\u{1B}["))
  }

  @Test("What reads a terminal says so, and how far it is stands on one alone")
  func waiting() throws {
    // Standard input, or standard error, is a terminal; the trace comes slowly.
    let script = """
      import os, pty, subprocess, sys, threading, time
      check, which = sys.argv[1:3]
      main, side = pty.openpty()
      os.environ.pop("CI", None)
      inner = dict(stdin=side) if which == "in" else dict(stdin=subprocess.PIPE, stderr=side)
      child = subprocess.Popen([check, "gate"] + sys.argv[3:], stdout=subprocess.DEVNULL, **inner)
      os.close(side)
      if which == "in":
          os.write(main, b"T1 acquire A\\nT1 release A\\n\\x04")
      else:
          def feed():
              for _ in range(12):
                  child.stdin.write(b"T1 acquire A\\nT1 release A\\n" * 50000)
                  time.sleep(0.1)
              child.stdin.close()
          threading.Thread(target=feed).start()
          try:
              while part := os.read(main, 4096): sys.stdout.buffer.write(part)
          except OSError: pass
      sys.exit(child.wait())
      """
    func run(_ arguments: String...) throws -> ProcessResult {
      try ProcessRunner(
        Python.interpreter(with: "pty"),
        ["-c", script, BuiltProducts.executable("lockdep-check")] + arguments,
        environment: ["PATH": "/usr/bin:/bin", "TERM": "xterm"]
      ).run()
    }
    let note = "note: reads standard input, which is the terminal; Ctrl-D ends it"
    let asked = try run("in")
    #expect(asked.status == .exited(0), "\(asked.messages)")
    #expect(asked.messageLines == [note, "gate: passed"])
    #expect(try run("in", "-q").messages.isEmpty)
    #expect(try lockdepCheck("gate", input: Traces.clean).messageLines == ["gate: passed"])
    let slow = try run("error")
    #expect(slow.status == .exited(0), "\(slow.messages)")
    #expect(slow.text.contains(/<stdin>: [0-9]+ MiB/))
    #expect(slow.text.hasSuffix("\u{1B}[Kgate: passed\r\n"))
    #expect(try !run("error", "-q").text.contains("MiB"))
  }

  @Test("Colour changes nothing but the colour")
  func colorOnly() throws {
    let plain = try lockdepCheck("analyze", input: Traces.feasible).text
    let colored = try lockdepCheck("analyze", "--color", "always", input: Traces.feasible).text
    #expect(colored.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") == plain)
  }
}
