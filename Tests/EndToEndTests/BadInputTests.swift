import TestSupport
import Testing

@Suite("Bad input")
struct BadInputTests {
  @Test(
    "A bad line is 2, located and quoted, with nothing on standard output",
    arguments: [
      ("T1 aquire A\n", "1:4", "unknown verb 'aquire'", "'acquire', perhaps"),
      ("# story\nT1 acquire A clas=X\n", "2:14", "unknown key 'clas='", "'class=', perhaps"),
      ("T1 acquire A raed\n", "1:14", "unknown flag 'raed'", "'read', perhaps"),
      ("T1 acquire A kind=mutx\n", "1:19", "unknown kind 'mutx'", "'mutex', perhaps"),
      ("T1 acquire A subclass=8\n", "1:23", "'8'", "0 to 7"),
      ("T1 acquire A rank=high\n", "1:19", "'high'", "whole number"),
      ("T1 acquire\n", "1:11", "lacks its operand", "the name of a lock"),
      ("T1 sleep\nT1\n", "2:3", "a verb is missing", "what the thread does"),
      ("T1 acquire A read write\n", "1:19", "contradicts", "one of them"),
      ("T1 acquire A read read\n", "1:19", "twice", "once"),
      ("T1 release A try\n", "1:14", "'try'", "at= or stack="),
      ("T1 acquire \"A\n", "1:12", "not closed", "\""),
      ("# lockgraph-trace 2\n", "1:19", "version '2'", "version 1"),
      ("[soon] T1 acquire A\n", "1:", "soon", "seconds"),
      ("T1 enter hardriq\n", "1:10", "unknown context 'hardriq'", "'hardirq', perhaps"),
    ])
  func badLine(_ trace: String, _ place: String, _ message: String, _ expected: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(trace, to: "bad.trace")
    for command in ["analyze", "gate", "render", "stats"] {
      let result = try lockdepCheck(command, file)
      #expect(result.status == .exited(2))
      #expect(result.output.isEmpty)
      #expect(result.messages.hasPrefix("\(file):\(place)"))
      let lines = result.messageLines
      #expect(lines.count == 4)
      #expect(lines[0].contains(": error: "))
      #expect(lines[0].contains(message))
      #expect(lines[1].contains(trace.split(separator: "\n").last!))
      #expect(lines[2].drop { $0 == " " } == "^")
      #expect(lines[3].hasPrefix("    expected "))
      #expect(lines[3].contains(expected))
    }
  }

  @Test("Standard input is named in errors")
  func standardInput() throws {
    let result = try lockdepCheck("analyze", input: "T1 acquire A\nT1 relaese A\n")
    #expect(result.status == .exited(2))
    #expect(result.messages.hasPrefix("<stdin>:2:4: error: "))
  }

  @Test("Of several inputs the bad one is named, and the good ones are not reported")
  func secondInput() throws {
    let folder = try TemporaryFolder()
    let good = try folder.write(Traces.feasible, to: "good.trace")
    let bad = try folder.write("T1 acquire A\nT1 drop A\n", to: "bad.trace")
    for order in [[good, bad], [bad, good]] {
      let result = try lockdepCheck(arguments: ["gate"] + order)
      #expect(result.status == .exited(2))
      #expect(result.output.isEmpty)
      #expect(result.messages.hasPrefix("\(bad):2:4: error: unknown verb 'drop'"))
    }
  }

  @Test("A file that is not there is named")
  func missing() throws {
    let result = try lockdepCheck("analyze", "no-such.trace")
    #expect(result.status == .exited(2))
    #expect(result.output.isEmpty)
    #expect(
      result.messageLines == ["no-such.trace: error: cannot be opened: No such file or directory"])
  }

  @Test("--keep-going counts the bad lines and shows the first, in every format")
  func keepGoing() throws {
    let trace =
      "T1 acquire A\nT1 juggle A\nT1 acquire B\nT1 acquire\nT1 release B x\nT1 release B\nT1 release A\n"
    let folder = try TemporaryFolder()
    let file = try folder.write(trace + Traces.otherOrder, to: "rough.trace")

    let text = try lockdepCheck("analyze", "--keep-going", file)
    #expect(text.status == .exited(0))
    // Wrapped, because the folder's name is long.
    let words = text.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("\(file): 3 bad lines skipped; the first:"))
    #expect(words.contains("\(file):2:4: error: unknown verb 'juggle'"))
    #expect(text.text.contains("A and B are taken in both orders"))
    #expect(text.messageLines == ["\(file): warning: skipped 3 bad lines, the first at line 2"])

    let input = try Report(
      lockdepCheck("analyze", "--keep-going", "--format", "json", file).output
    ).inputs[0]
    #expect(input.skipped == 3)
    #expect(input.events == 8)
    #expect(input.firstSkipped?.line == 2)
    #expect(input.firstSkipped?.column == 4)
    #expect(input.firstSkipped?.message == "unknown verb 'juggle'")
    #expect(input.firstSkipped?.text == "T1 juggle A")
    #expect(input.firstSkipped?.expected?.contains("acquire") == true)

    #expect(try lockdepCheck("gate", "--keep-going", file).status == .exited(1))
    #expect(try lockdepCheck("gate", file).status == .exited(2))
  }

  @Test("A last line that is cut off is a warning, in every format")
  func cutOff() throws {
    let trace = Traces.feasible + "T1 acq"
    let result = try lockdepCheck("analyze", input: trace)
    #expect(result.status == .exited(0))
    #expect(
      result.messageLines == ["<stdin>: warning: line 9, the last one, is cut off and was left out"]
    )
    let report = try Report(lockdepCheck("analyze", "--format", "json", input: trace).output)
    #expect(report.inputs[0].warnings?.count == 1)
    #expect(report.inputs[0].events == 8)
    #expect(report.findings.count == 1)
    #expect(try lockdepCheck("gate", input: Traces.clean + "T1 acq").status == .exited(0))
  }

  @Test("Bytes that are no text are an error and not a crash")
  func binary() throws {
    let bytes = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 3) }
    let result = try lockdepCheck(arguments: ["analyze"], input: bytes)
    #expect(result.status == .exited(2))
    #expect(result.output.isEmpty)
    #expect(result.messages.hasPrefix("<stdin>: error: is in no format that is known"))
    #expect(!result.errors.contains { $0 < 0x20 && $0 != 0x0A })
  }
}
