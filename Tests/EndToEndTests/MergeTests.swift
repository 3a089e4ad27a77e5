import Foundation
import TestSupport
import Testing

@Suite("merge")
struct MergeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let otherOrder =
    "T1 acquire B\nT1 acquire A\nT1 release A\nT1 release B\n"

  private func findings(_ files: String...) throws -> [String] {
    let result = try lockdepCheck(arguments: ["analyze", "--format", "json"] + files)
    #expect(result.status == .exited(0))
    return try Report(result.output).findings.map {
      "\($0.fingerprint) \($0.rule) \($0.confidence ?? "") \($0.classes)"
    }
  }

  @Test("The orders of the unit tests and of the integration tests are one inversion")
  func inversion() throws {
    let unit = try folder.write(Traces.oneOrder, to: "unit.trace")
    let integration = try folder.write(Self.otherOrder, to: "integration.trace")
    for file in [unit, integration] {
      #expect(try lockdepCheck("gate", file).status == .exited(0))
    }
    let graph = folder.file("all.graph")
    let result = try lockdepCheck("merge", unit, integration, "-o", graph)
    #expect(result.status == .exited(0) && result.output.isEmpty && result.messages.isEmpty)
    let gate = try lockdepCheck("gate", "--format", "json", graph)
    #expect(gate.status == .exited(1))
    let report = try Report(gate.output)
    #expect(report.findings.map(\.classes) == [["A", "B"]])
    #expect(report.findings[0].edges.map { $0.witnesses[0].input } == [unit, integration])
  }

  @Test("A graph file is not written to a terminal")
  func terminal() throws {
    let trace = try folder.write(Traces.oneOrder, to: "one.trace")
    let script = """
      import os, pty, subprocess, sys
      main, side = pty.openpty()
      sys.exit(subprocess.run(sys.argv[1:], stdout=side).returncode)
      """
    func merge(_ arguments: String...) throws -> ProcessResult {
      let check = try BuiltProducts.executable("lockdep-check")
      return try ProcessRunner(
        Python.interpreter(with: "pty"), ["-c", script, check, "merge", trace] + arguments
      ).run()
    }
    for result in [try merge(), try merge("-o", "-")] {
      #expect(result.status == .exited(64))
      #expect(result.messages.hasPrefix("Error: A graph file is no text for a terminal; name a"))
    }
    let graph = folder.file("one.graph")
    #expect(try merge("-o", graph).status == .exited(0))
    let written = try Data(contentsOf: URL(fileURLWithPath: graph))
    #expect(try lockdepCheck("merge", trace).output == Array(written))
  }

  @Test("Commands that add to one file at the same time lose nothing")
  func parallel() throws {
    let count = 24
    for number in 1...count {
      _ = try folder.write(
        Traces.oneOrder.replacing("A\n", with: "A\(number)\n"), to: "\(number).trace")
    }
    _ = try folder.write(Traces.clean, to: "0.trace")
    let first = try lockdepCheck("merge", "0.trace", "-o", "all.graph", directory: folder.path)
    #expect(first.status == .exited(0))
    // By another name of the file, too.
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.graph"), withDestinationPath: "all.graph")
    let result = try shell(
      """
      for n in $(seq 1 \(count)); do
        name=all.graph; [ $((n % 2)) = 0 ] || name=link.graph
        "$check" merge -q "$name" "$n.trace" -o "$name" || echo failed &
      done
      wait
      """, directory: folder.path)
    #expect(result.text.isEmpty)
    #expect(result.messages.isEmpty)
    let together = try lockdepCheck(
      arguments: ["merge"] + (0...count).map { "\($0).trace" }, directory: folder.path)
    #expect(try folder.bytes(of: "all.graph") == together.output)
    #expect(try folder.contents.filter { $0.hasPrefix(".") } == [])
  }

  @Test("Who waits for another command that writes the file says so and goes on behind it")
  func waits() throws {
    let trace = try folder.write(Traces.oneOrder, to: "one.trace")
    let graph = folder.file("all.graph")
    #expect(try lockdepCheck("merge", trace, "-o", graph).status == .exited(0))
    let file = open(graph, O_RDONLY | O_CLOEXEC)
    #expect(flock(file, LOCK_EX) == 0)
    let process = try ProcessRunner(
      BuiltProducts.executable("lockdep-check"), ["merge", graph, trace, "-o", graph]
    ).start()
    let note = "\(graph): note: waits for another command that writes it\n"
    #expect(process.waits(for: note, within: .seconds(60)))
    flock(file, LOCK_UN)
    close(file)
    let result = try process.finish(writing: [])
    #expect(result.status == .exited(0))
    #expect(result.messages == note)
  }

  @Test("What a killed command leaves is no input of a directory, nor found by a pattern")
  func leftover() throws {
    let input = try folder.write(
      String(repeating: "T1 acquire A\nT1 release A\n", count: 1000), to: "a.trace")
    let process = try ProcessRunner(
      BuiltProducts.executable("lockdep-check"), ["convert", "-", "-o", folder.file("b.trace")]
    ).start()
    process.write(Array(Traces.feasible.utf8))
    #expect(process.waitForUnfinishedFiles(in: folder.path))
    let isNameless = process.unfinishedFiles(in: folder.path).allSatisfy { $0.contains("/#") }
    process.send(SIGKILL)
    #expect(try process.finish(writing: nil).status == .signaled(SIGKILL))
    let left = try folder.contents.filter { folder.file($0) != input }
    #expect(left.count == (isNameless ? 0 : 1))
    #expect(left.allSatisfy { $0.hasPrefix(".") })
    let result = try lockdepCheck("analyze", "--verbose", folder.path)
    #expect(result.messageLines.filter { $0.contains(": read as ") }.count == 1)
  }

  @Test("All samples, merged one by one in any order, have the findings of all samples together")
  func samples() throws {
    let paths = Samples.all.map(\.path)
    var files: [String] = []
    for (number, path) in paths.enumerated() {
      let file = folder.file("\(number).graph")
      #expect(try lockdepCheck("merge", path, "-o", file).status == .exited(0))
      files.append(file)
    }
    let all = folder.file("all.graph")
    #expect(
      try lockdepCheck(arguments: ["merge", "-o", all] + files.reversed()).status == .exited(0))
    #expect(
      try lockdepCheck(arguments: ["merge"] + paths).output == folder.bytes(of: "all.graph"))
    let together = try lockdepCheck(arguments: ["analyze", "--format", "json"] + paths)
    let expected = try Report(together.output).findings.map {
      "\($0.fingerprint) \($0.rule) \($0.confidence ?? "") \($0.classes)"
    }
    #expect(try findings(all) == expected)
    #expect(expected.count > 20)
  }

  @Test("Graph files come from standard input, one behind the other, compressed or not")
  func streams() throws {
    let one = try folder.write(Traces.oneOrder, to: "one.trace")
    let other = try folder.write(Self.otherOrder, to: "other.trace")
    let result = try shell(
      #"""
      set -e
      "$check" merge "$1" > a.graph; "$check" merge - < "$2" > stdin.graph
      "$check" merge "$2" -o b.graph
      cat a.graph b.graph | "$check" merge - > joined.graph
      gzip -c a.graph | "$check" merge - b.graph > packed.graph
      "$check" merge < a.graph > same.graph
      "$check" merge . -o /dev/stdout > folder.graph
      cmp joined.graph packed.graph; cmp a.graph same.graph
      "$check" gate joined.graph > report || echo "gate $?"
      "$check" analyze stdin.graph | tail -1
      """#, one, other, directory: folder.path)
    #expect(result.status == .exited(0), "\(result.messages)")
    #expect(result.text.hasPrefix("gate 1\n4 events, 1 thread, 2 locks"), "\(result.text)")
  }

  @Test("The output may be an input, to which something is added")
  func growing() throws {
    let one = try folder.write(Traces.oneOrder, to: "one.trace")
    let other = try folder.write(Self.otherOrder, to: "other.trace")
    let graph = folder.file("all.graph")
    #expect(try lockdepCheck("merge", one, "-o", graph).status == .exited(0))
    #expect(try lockdepCheck("merge", graph, other, "-o", graph).status == .exited(0))
    #expect(try findings(graph).count == 1)
    #expect(try folder.contents == ["all.graph", "one.trace", "other.trace"])
  }

  @Test("A directory of traces is merged as its files are")
  func directory() throws {
    for number in 0..<20 {
      _ = try folder.write(
        number == 7 ? Self.otherOrder : Traces.oneOrder, to: "run-\(number).trace")
    }
    let result = try lockdepCheck("merge", folder.path)
    let graph = try folder.write(result.output, to: "all.graph")
    #expect(try findings(graph).count == 1)
    #expect(
      try lockdepCheck(arguments: ["merge", folder.path, graph]).output == result.output)
  }

  @Test("A cut graph file ends every command with status 2, one message, and no output")
  func cut() throws {
    let one = try folder.write(Traces.feasible, to: "one.trace")
    let whole = try lockdepCheck("merge", one).output
    let cut = try folder.write(Array(whole.dropLast(3)), to: "cut.graph")
    for arguments in [
      ["analyze"], ["gate"], ["render"], ["merge"], ["diff", one], ["analyze", "--keep-going"],
    ] {
      let result = try lockdepCheck(arguments: arguments + [cut])
      #expect(result.status == .exited(2))
      #expect(result.output.isEmpty)
      #expect(
        result.messageLines == [
          "\(cut): error: is cut off at byte \(whole.count - 3), in the section of end",
          "    expected a complete graph file, as lockdep-check merge writes it",
        ])
    }
    let target = folder.file("kept.graph")
    #expect(try lockdepCheck("merge", cut, "-o", target).status == .exited(2))
    #expect(try folder.contents == ["cut.graph", "one.trace"])
  }

  @Test("What needs events refuses a graph file")
  func refusals() throws {
    let graph = folder.file("a.graph")
    let trace = try folder.write(Traces.feasible, to: "a.trace")
    #expect(try lockdepCheck("merge", trace, "-o", graph).status == .exited(0))
    for arguments in [["stats"], ["convert"], ["render", "--weight", "contention"]] {
      let result = try lockdepCheck(arguments: arguments + [graph])
      #expect(result.status == .exited(2) && result.output.isEmpty)
      #expect(
        result.messageLines == [
          "\(graph): error: is a graph file, which holds orders and no events",
          "    expected a trace",
        ])
    }
  }

  @Test("A full disk gives one line, and a file that was there stays")
  func fullDisk() throws {
    let trace = try folder.write(Traces.feasible, to: "a.trace")
    let result = try lockdepCheck("merge", trace, "-o", "/dev/full")
    #expect(result.status == .exited(2))
    #expect(
      result.messageLines == ["/dev/full: error: cannot be written: No space left on device"])
    let unwritable = try lockdepCheck("merge", trace, "-o", folder.file("none/a.graph"))
    #expect(unwritable.status == .exited(2) && unwritable.messageLines.count == 1)
  }
}
