import TestSupport
import Testing

@Suite("Inputs")
struct InputTests {
  @Test("No input and - are standard input")
  func standardInput() throws {
    let none = try lockdepCheck("analyze", input: Traces.feasible)
    let dash = try lockdepCheck("analyze", "-", input: Traces.feasible)
    #expect(none.output == dash.output)
    #expect(none.text.contains("T1 took A at <stdin>:1"))
  }

  @Test("A file, a redirection, a pipe and a FIFO give the same findings")
  func waysIn() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Traces.feasible, to: "a.trace")
    let way = [
      #""$check" analyze --format json "$1""#,
      #""$check" analyze --format json < "$1""#,
      #"cat "$1" | "$check" analyze --format json"#,
      #"(head -c 20 "$1"; sleep 0.2; tail -c +21 "$1") | "$check" analyze --format json -"#,
      #"mkfifo fifo; cat "$1" > fifo & "$check" analyze --format json fifo"#,
      #""$check" analyze --format json /dev/stdin < "$1""#,
    ]
    let findings = try way.map { script in
      let result = try shell(script, file, directory: folder.path)
      #expect(result.status == .exited(0))
      return try Report(result.output).findings.map(\.fingerprint)
    }
    #expect(findings[0].count == 1)
    #expect(findings.allSatisfy { $0 == findings[0] })
  }

  @Test("Orders of several inputs come together, whatever the order of the inputs")
  func severalInputs() throws {
    let folder = try TemporaryFolder()
    let one = try folder.write(Traces.oneOrder, to: "one.trace")
    let other = try folder.write(Traces.otherOrder, to: "other.trace")
    #expect(try lockdepCheck("gate", one).status == .exited(0))
    #expect(try lockdepCheck("gate", other).status == .exited(0))
    let findings = try [[one, other], [other, one]].map { inputs in
      let result = try lockdepCheck(arguments: ["gate", "--format", "json"] + inputs)
      #expect(result.status == .exited(1))
      let report = try Report(result.output)
      // In the order of their names, whatever the order of the arguments.
      #expect(report.inputs.map(\.name) == [one, other])
      #expect(report.findings.map(\.classes) == [["A", "B"]])
      #expect(
        Set(report.findings[0].edges.map { $0.witnesses[0].input }) == Set(inputs))
      return report.findings.map(\.fingerprint)
    }
    #expect(findings[0] == findings[1])
  }

  @Test("Standard input can be one of several inputs")
  func standardInputAmongOthers() throws {
    let folder = try TemporaryFolder()
    let one = try folder.write(Traces.oneOrder, to: "one.trace")
    #expect(try lockdepCheck("gate", one, "-", input: Traces.otherOrder).status == .exited(1))
  }

  @Test("An empty input holds no events and no findings")
  func empty() throws {
    let result = try lockdepCheck("analyze", input: "")
    #expect(result.status == .exited(0))
    #expect(result.text.hasPrefix("No violation found.\n0 events"))
  }

  @Test("Lines may end as on Windows")
  func carriageReturns() throws {
    let trace = Traces.feasible.split(separator: "\n").joined(separator: "\r\n") + "\r\n"
    let report = try Report(lockdepCheck("analyze", "--format", "json", input: trace).output)
    #expect(report.findings.map(\.classes) == [["A", "B"]])
  }

  @Test(
    "A byte-order mark is part of no name", arguments: ["", "# lockgraph-trace 1\n", "# story\n\n"])
  func byteOrderMark(_ header: String) throws {
    let trace = "\u{FEFF}" + header + Traces.feasible
    let report = try Report(lockdepCheck("analyze", "--format", "json", input: trace).output)
    #expect(report.findings.map(\.rule) == ["lock-order-inversion"])
    #expect(report.findings.first?.edges.map { $0.witnesses[0].thread } == ["T1", "T2"])
  }

  @Test("The kernel's format is recognised, and can be demanded")
  func kernelFormat() throws {
    let sample = "\(Samples.folder)/abba-mutex.ftrace"
    let recognised = try lockdepCheck("analyze", sample)
    #expect(
      try lockdepCheck("analyze", "--input-format", "ftrace", sample).output == recognised.output)
    let refused = try lockdepCheck("analyze", "--input-format", "text", sample)
    #expect(refused.status == .exited(2))
    #expect(refused.messages.hasPrefix("\(sample):13:"))
  }

  @Test("Every format is recognised, and can be demanded", arguments: Samples.all)
  func demandedFormat(_ sample: Sample) throws {
    let recognised = try lockdepCheck("analyze", sample.path)
    let demanded = try lockdepCheck("analyze", "--input-format", sample.format, sample.path)
    #expect(demanded.status == .exited(0))
    #expect(demanded.output == recognised.output)
  }

  @Test("A long input through a pipe is read to its end")
  func longTrace() throws {
    var trace = ""
    for number in 0..<40_000 {
      trace +=
        "T\(number % 7) acquire lock-\(number % 7)\nT\(number % 7) release lock-\(number % 7)\n"
    }
    let report = try Report(lockdepCheck("analyze", "--format", "json", input: trace).output)
    #expect(report.summary.events == 80_000)
  }
}
