import Foundation
import TestSupport
import Testing

/// A gate passes what it has checked, and nothing else.
@Suite("Nothing to check")
struct NothingCheckedTests {
  private static let nothing = "no events: nothing was checked"

  @Test(
    "A gate on inputs without events ends with 2, unless that is allowed",
    arguments: ["", "# lockgraph-trace 1\n", "\n\r\n", "# tracer: nop\n#\n"])
  func empty(_ trace: String) throws {
    let result = try lockdepCheck("gate", input: trace)
    #expect(result.status == .exited(2))
    #expect(
      result.messageLines == [
        "<stdin>: warning: no events", "error: \(Self.nothing)", "gate: failed, \(Self.nothing)",
      ])
    #expect(result.text.hasPrefix("Too little was checked.\n0 events"))
    let allowed = try lockdepCheck("gate", "--allow-empty", input: trace)
    #expect(allowed.status == .exited(0))
    #expect(
      allowed.messageLines == [
        "<stdin>: warning: no events", "note: \(Self.nothing)", "gate: passed",
      ])
    // What decides nothing tells nothing more than it did.
    #expect(try lockdepCheck("analyze", input: trace).status == .exited(0))
  }

  @Test("One of several inputs may be empty; folders and graph files of nothing are nothing")
  func several() throws {
    let folder = try TemporaryFolder()
    let good = try folder.write(Traces.clean, to: "good.trace")
    try FileManager.default.createDirectory(
      atPath: folder.file("empty"), withIntermediateDirectories: true)
    let empty = try folder.write("", to: "empty/one.trace")
    let graph = folder.file("g.graph")
    #expect(try lockdepCheck("gate", good, empty).status == .exited(0))
    #expect(try lockdepCheck("merge", empty, "-o", graph).status == .exited(0))
    for input in [folder.file("empty"), graph] {
      let result = try lockdepCheck("gate", input)
      #expect(result.status == .exited(2))
      #expect(result.messageLines.last == "gate: failed, \(Self.nothing)")
    }
    #expect(try lockdepCheck("merge", empty, good, "-o", graph).status == .exited(0))
    #expect(try lockdepCheck("gate", graph).status == .exited(0))
  }

  @Test("--min-events is about all inputs, and violations go before it")
  func leastNumber() throws {
    let folder = try TemporaryFolder()
    let one = try folder.write("T1 acquire A\nT1 release A\n", to: "one.trace")
    let two = try folder.write("T1 acquire A\nT1 release A\n", to: "two.trace")
    #expect(try lockdepCheck("gate", one, two, "--min-events", "4").status == .exited(0))
    let few = try lockdepCheck("gate", one, two, "--min-events", "5")
    #expect(few.status == .exited(2))
    #expect(few.messageLines.last == "gate: failed, 4 events, and at least 5 were expected")
    let bad = try lockdepCheck("gate", "--min-events", "1000", input: Traces.feasible)
    #expect(bad.status == .exited(1))
    #expect(bad.messageLines.last == "gate: failed, 1 violation")
    for arguments in [["--min-events", "0"], ["--min-events", "1", "--allow-empty"]] {
      #expect(try lockdepCheck(arguments: ["gate", one] + arguments).status == .exited(64))
    }
  }

  /// What is no trace, by what it is.
  private static let junk: [(name: String, bytes: [UInt8])] = [
    ("random bytes", SeededGenerator.bytes(4096)),
    ("random bytes without a newline", SeededGenerator.bytes(4096).filter { $0 != 10 }),
    ("a lone carriage return", [13]),
    ("a comment and events", Array("# story\rT1 acquire A\rT1 release A\r".utf8)),
    ("events between carriage returns", Array("T1 acquire A\rT1 release A\r".utf8)),
    ("the same with a version", Array("# lockgraph-trace 1\rT1 acquire A\r".utf8)),
    ("a text", Array("These are notes.\nBob acquire the keys\nand so on.\n".utf8)),
    ("a text that has a line of a trace", Array("These are\nthe notes\nBob acquire keys\n".utf8)),
    ("a text in one line", Array("These are notes.".utf8)),
    ("JSON", Array("{\"name\": 1}\n{\"other\": 2}\n".utf8)),
    ("XML", Array("<?xml version=\"1.0\"?>\n<a>\n</a>\n".utf8)),
  ]

  @Test("What is no trace never passes, whatever is allowed", arguments: junk.indices)
  func noTrace(_ number: Int) throws {
    let (name, bytes) = Self.junk[number]
    let folder = try TemporaryFolder()
    let file = try folder.write(bytes, to: "junk.trace")
    let good = try folder.write(Traces.clean, to: "good.trace")
    for options in [
      [], ["--keep-going"], ["--allow-empty"], ["--keep-going", "--allow-empty"],
      ["--input-format", "kernel-log"], ["--input-format", "kernel-log", "--allow-empty"],
      ["--input-format", "kernel-log", "--keep-going", "--allow-empty"],
    ] {
      let alone = try lockdepCheck(arguments: ["gate", file] + options)
      #expect(alone.status == .exited(2), "\(name) \(options): \(alone.messages)")
      #expect(alone.messages.contains("error: "))
      guard options.contains("--keep-going"), options.count < 4 else { continue }
      let both = try lockdepCheck(arguments: ["gate", good, file] + options)
      #expect(both.status == .exited(2), "\(name) \(options): \(both.messages)")
      #expect(both.messages.contains("junk.trace: no trace: "))
    }
  }

  @Test("Events among other lines are a trace if somebody says so")
  func declared() throws {
    let mixed = "starting\nconnected to db\nT1 acquire A\nT1 release A\nended well\n"
    let result = try lockdepCheck("gate", "--keep-going", input: mixed)
    #expect(result.status == .exited(2))
    #expect(
      result.messageLines.last
        == "gate: failed, <stdin>: no trace: only 2 of its 5 lines could be read")
    for (options, header) in [(["--input-format", "text"], ""), ([], "# lockgraph-trace 1\n")] {
      let kept = try lockdepCheck(
        arguments: ["gate", "--keep-going"] + options, input: Array((header + mixed).utf8))
      #expect(kept.status == .exited(0), "\(kept.messages)")
    }
  }

  @Test("A log without reports passes with the remark that this shows little")
  func quietLog() throws {
    let log = "[    0.000000] Linux version 6.12\n[   10.500000] usb 1-1: new device\n"
    let result = try lockdepCheck("gate", input: log)
    #expect(result.status == .exited(0))
    let remark = "a log without reports, which does not show whether the detector ran"
    #expect(result.messageLines == ["note: <stdin>: \(remark)", "gate: passed"])
    for format in ["json", "sarif", "junit", "github", "markdown"] {
      #expect(try lockdepCheck("gate", "--format", format, input: log).text.contains(remark))
    }
    // It is no recording, and goes with one.
    #expect(try lockdepCheck("gate", "--min-events", "1", input: log).status == .exited(2))
    let folder = try TemporaryFolder()
    let file = try folder.write(log, to: "dmesg.txt")
    #expect(try lockdepCheck("gate", file, "-", input: Traces.clean).status == .exited(0))
    #expect(try lockdepCheck("gate", file, "-", input: "").status == .exited(2))
    // As dmesg -T prints it, nothing recognises it.
    let dated = "[Sat Nov 22 10:00:00 2025] Linux version 6.12\n"
    #expect(
      try lockdepCheck("gate", "--input-format", "kernel-log", input: dated).status == .exited(0))
  }

  @Test("A baseline is neither written nor pruned where nothing was checked")
  func baseline() throws {
    let folder = try TemporaryFolder()
    let baseline = folder.file("b.json")
    #expect(
      try lockdepCheck("gate", "--write-baseline", baseline, input: Traces.feasible).status
        == .exited(0))
    let before = try folder.text(of: "b.json")
    let log = "[    0.000000] Linux version 6.12\n"
    for (input, options, status) in [
      ("", [], 2), ("", ["--allow-empty"], 0), (log, [], 0),
      (Traces.clean, ["--min-events", "1000"], 2), ("junk\n" + Traces.clean, ["--keep-going"], 0),
    ] as [(String, [String], Int32)] {
      let isChecked = input.hasPrefix("junk")
      let pruned = try lockdepCheck(
        arguments: ["gate", "--baseline", baseline, "--prune"] + options, input: Array(input.utf8))
      #expect(pruned.status == .exited(status), "\(options): \(pruned.messages)")
      #expect(pruned.messages.contains("b.json: not pruned: ") == !isChecked)
      #expect(pruned.messages.contains("fixed") == isChecked)
      #expect(try (folder.text(of: "b.json") == before) == !isChecked)
      _ = try folder.write(before, to: "b.json")
      guard !isChecked else { continue }
      for command in ["gate", "analyze"] where command == "gate" || options.isEmpty {
        let written = try lockdepCheck(
          arguments: [command, "--write-baseline", baseline] + options, input: Array(input.utf8))
        #expect(written.status == .exited(2), "\(command) \(options): \(written.messages)")
        #expect(written.messages.contains("error: \(baseline): not written: "))
        #expect(try folder.text(of: "b.json") == before)
      }
    }
  }

  @Test("A baseline that could not record everything says so and fails")
  func incomplete() throws {
    let folder = try TemporaryFolder()
    let baseline = folder.file("b.json")
    for command in ["gate", "analyze"] {
      let result = try lockdepCheck(
        command, "--write-baseline", baseline, "--max-findings", "1", input: Traces.manyCycles)
      #expect(result.status == .exited(1))
      #expect(
        result.messageLines.last
          == "error: \(baseline): recorded 1 finding, and not all: more cycles than can be listed")
    }
    #expect(try folder.text(of: "b.json").contains("lock-order-inversion"))
    let whole = try lockdepCheck("gate", "--write-baseline", baseline, input: Traces.manyCycles)
    #expect(whole.status == .exited(0))
  }

  @Test("analyze notes that nothing was checked, and is no gate")
  func analysis() throws {
    let result = try lockdepCheck("analyze", "/dev/null", "-o", "/dev/null")
    #expect(result.status == .exited(0))
    #expect(
      result.messageLines == [
        "/dev/null: warning: no events", "note: no events: nothing was checked",
      ])
  }

  @Test("diff finds nothing new in nothing, and does not pass it")
  func difference() throws {
    let folder = try TemporaryFolder()
    let old = try folder.write(Traces.clean, to: "old.trace")
    let empty = try folder.write("", to: "new.trace")
    #expect(try lockdepCheck("diff", old, empty).status == .exited(0))
    for option in ["--fail-on-new-edges", "--fail-on-new-findings"] {
      let result = try lockdepCheck("diff", old, empty, option)
      #expect(result.status == .exited(2))
      #expect(result.messageLines.last == "error: \(Self.nothing)")
      #expect(try lockdepCheck("diff", empty, old, "--fail-on-new-findings").status == .exited(0))
    }
  }

  @Test("Every report says that nothing was checked, and none that a rule has passed")
  func reports() throws {
    for format in ["json", "sarif", "junit", "github", "gitlab", "markdown"] {
      let result = try lockdepCheck("gate", "--format", format, input: "")
      #expect(result.status == .exited(2))
      #expect(result.text.contains(Self.nothing), "\(format): \(result.text)")
    }
    let sarif = try lockdepCheck("gate", "--format", "sarif", input: "").text
    #expect(sarif.contains("\"executionSuccessful\": false"))
    let junit = try lockdepCheck("gate", "--format", "junit", input: "").text
    #expect(junit.contains("tests=\"1\" failures=\"1\""))
    let markdown = try lockdepCheck("gate", "--format", "markdown", input: "").text
    #expect(markdown.hasPrefix("## Lock order: too little was checked\n"))
  }
}

extension SeededGenerator {
  /// The same each time.
  fileprivate static func bytes(_ count: Int) -> [UInt8] {
    var generator = SeededGenerator(seed: 20)
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }
}
