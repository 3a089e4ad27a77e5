import Foundation
import TestSupport
import Testing

/// Programs that are given one path for what they write, one after the other or at the same time.
@Suite("Several processes with one path")
struct ProgramRunTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ script: String, _ arguments: String = "") throws -> ProcessResult {
    try shell(script, arguments, directory: folder.path)
  }

  /// The classes of the findings in all reports, without doubles.
  private func classes() throws -> Set<[String]> {
    try Set(
      folder.contents.filter { $0.hasPrefix("report") }.flatMap {
        try Report(folder.bytes(of: $0)).findings.map(\.classes)
      })
  }

  private func gate() throws -> ProcessResult { try lockdepCheck("gate", folder.path) }

  @Test(
    "The second process of a script writes beside the first, and says so",
    arguments: [
      "LOCKGRAPH_REPORT=report.json LOCKGRAPH_GRAPH=g.graph LOCKGRAPH_TRACE=t.trace; export %;",
      "",
    ])
  func script(_ exports: String) throws {
    let names = "LOCKGRAPH_REPORT LOCKGRAPH_GRAPH LOCKGRAPH_TRACE"
    let script = #""$0" inversion; "$0" misuse; "$0" inversion; true"#
    let result =
      exports.isEmpty
      ? try run(
        #"""
        LOCKGRAPH_REPORT=report.json LOCKGRAPH_GRAPH=g.graph LOCKGRAPH_TRACE=t.trace \
          sh -c '\#(script)' "$victim"
        """#)
      : try run(
        exports.replacing("%", with: names) + script.replacing("$0", with: "$victim"))
    let files = try folder.contents
    #expect(files.count == 9)
    for name in ["g.graph", "report.json", "t.trace"] {
      let beside = files.filter { $0.hasPrefix(name + ".") }
      #expect(beside.count == 2)
      for file in beside {
        #expect(result.messages.contains("LockGraph: \(name): is of process "))
        #expect(result.messages.contains(" of this run; written to \(file)\n"))
      }
    }
    #expect(
      try classes() == [["Account", "Ledger"], ["Misused"], ["Object"], ["Other"]])
    let gate = try gate()
    #expect(gate.status == .exited(1))
    #expect(gate.text.contains("Account and Ledger"))
    #expect(gate.text.contains("Misused"))
    #expect(gate.messages.contains("note: skipped 3 files that are no trace"))
  }

  @Test("Processes that run at the same time each have a file, whole")
  func parallel() throws {
    let result = try run(
      #"""
      export LOCKGRAPH_REPORT=report.json LOCKGRAPH_TRACE=t.trace
      for number in 1 2 3 4 5 6; do "$victim" inversion & "$victim" misuse & done; wait
      """#)
    #expect(result.text == String(repeating: "done\n", count: 12))
    let files = try folder.contents
    #expect(files.count { $0.hasPrefix("report.json") } == 12)
    #expect(files.count { $0.hasPrefix("t.trace") } == 12)
    #expect(files.count == 24)
    #expect(
      try Python.schemaViolations(in: files.filter { $0.hasPrefix("r") }.map(folder.file)) == [])
    #expect(try classes().count == 4)
  }

  /// As `swift test` does with its two runners.
  @Test("A process group of its own makes no other run of what is told by the environment")
  func groups() throws {
    _ = try run(
      #"""
      LOCKGRAPH_REPORT=report.json \
        bash -c 'set -m; "$0" inversion & wait; "$0" misuse & wait' "$victim"
      """#
    )
    #expect(try folder.contents.count == 2)
    #expect(try classes().count == 4)
  }

  @Test("A later run writes anew, and takes away what an earlier one had beside")
  func later() throws {
    let script = #"""
      run() { LOCKGRAPH_REPORT=report.json LOCKGRAPH_TRACE=t.trace setsid -w sh -c "$1" "$victim"; }
      run '"$0" inversion; "$0" misuse; "$0" misuse'; ls | wc -l
      echo kept > report.json.77; echo kept > report.json.old
      run '"$0" misuse'; ls
      run '"$0" inversion'; cat report.json.77
      """#
    let result = try run(script)
    #expect(
      result.text
        == "done\ndone\ndone\n6\ndone\nreport.json\nreport.json.77\nreport.json.old\nt.trace\n"
        + "done\nkept\n"
    )
    #expect(
      try Report(folder.bytes(of: "report.json")).findings.map(\.classes) == [
        ["Account", "Ledger"]
      ])
  }

  @Test("Commands that a shell with job control begins are each a run")
  func jobs() throws {
    let result = try run(
      #"""
      bash -c 'set -m
        LOCKGRAPH_REPORT=report.json "$0" inversion & wait
        LOCKGRAPH_REPORT=report.json "$0" misuse & wait' "$victim"
      """#)
    #expect(!result.messages.contains("written to"))
    #expect(try folder.contents == ["report.json"])
    #expect(try classes().count == 3)
  }

  @Test("What is no program's, or empty, is replaced")
  func strange() throws {
    let result = try run(
      #"""
      : > report.json; LOCKGRAPH_REPORT=report.json "$victim" inversion
      echo '{}' > report.json; LOCKGRAPH_REPORT=report.json "$victim" misuse
      """#)
    #expect(result.text == "done\ndone\n")
    #expect(!result.messages.contains("written to"))
    #expect(try classes().count == 3)
  }

  @Test("A process that still runs keeps its file from those of other runs")
  func living() throws {
    let result = try run(
      #"""
      export LOCKGRAPH_REPORT=report.json
      setsid "$victim" deadlock & other=$!
      while [ ! -s report.json ]; do sleep 0.05; done
      setsid -w "$victim" misuse; kill -9 $other; wait
      echo $other; setsid -w "$victim" inversion; ls
      """#)
    let other = try #require(
      result.text.split(separator: "\n").first { Int($0) != nil })
    #expect(
      result.messages.contains(
        "LockGraph: report.json: is of process \(other), which still runs; written to report.json.")
    )
    // It has ended, and its file is anybody's.
    #expect(try classes() == [["Account", "Ledger"], ["Misused"], ["Object"], ["Other"]])
    #expect(try folder.contents.count == 2)
    #expect(
      try Report(folder.bytes(of: "report.json")).findings.map(\.classes) == [
        ["Account", "Ledger"]
      ])
  }

  @Test(
    "A child that was forked writes beside its parent what that does not know",
    arguments: ["idle", "same", "find"], ["", ".%p"])
  func fork(_ what: String, _ ending: String) throws {
    let result = try run(
      #"""
      LOCKGRAPH_REPORT=report.json\#(ending) LOCKGRAPH_GRAPH=g.graph\#(ending) \
        "$victim" fork-and-find \#(what)
      """#
    )
    let child = try #require(result.text.split(separator: "\n").first).dropFirst("child ".count)
    let files = try folder.contents
    #expect(files.count == (what == "find" ? 4 : 2))
    #expect(files.contains("g.graph") == ending.isEmpty)
    guard what == "find" else {
      #expect(!files.contains { $0.hasSuffix(".\(child)") })
      #expect(try classes().isEmpty)
      return
    }
    #expect(
      try Report(folder.bytes(of: "report.json.\(child)")).findings.map(\.classes)
        == [["Account", "Ledger"]])
    let graph = try lockdepCheck("analyze", folder.file("g.graph.\(child)"))
    #expect(graph.text.contains("Account and Ledger are taken in both orders"))
    #expect(result.messages.contains("written to report.json.\(child)\n") == ending.isEmpty)
  }

  @Test("A program that becomes another one keeps what it wrote")
  func exec() throws {
    let result = try run(
      #"LOCKGRAPH_REPORT=report.json LOCKGRAPH_TRACE=t.trace "$victim" become misuse"#)
    #expect(result.text == "done\n")
    #expect(try folder.contents.count == 4)
    #expect(try classes().count == 4)
    let gate = try gate()
    #expect(gate.text.contains("Account and Ledger"))
    #expect(gate.text.contains("Misused"))
  }

  @Test("%p is the number of the process, and %% a percent sign")
  func numbers() throws {
    let result = try run(
      #"""
      LOCKGRAPH_REPORT=%%p-%p-%x%.json LOCKGRAPH_TRACE=%p.trace "$victim" inversion & echo $!
      wait
      """#
    )
    let number = try #require(result.text.split(separator: "\n").first { Int($0) != nil })
    #expect(try folder.contents == ["%p-\(number)-%x%.json", "\(number).trace"])
  }

  @Test("All outputs say which process they are of, and readers of traces and graphs take them")
  func stated() throws {
    let result = try run(
      #"""
      cp "$victim" "odd name"
      LOCKGRAPH_REPORT=report.json LOCKGRAPH_GRAPH=g.graph LOCKGRAPH_TRACE=t.trace \
        "./odd name" inversion & echo $!; wait
      cat t.trace | "$check" convert - -o t.jsonl
      """#)
    let number = try #require(result.text.split(separator: "\n").first { Int($0) != nil })
    #expect(try folder.text(of: "report.json").contains(#""id": \#(number),"#))
    #expect(try folder.text(of: "report.json").contains(#""name": "odd name""#))
    let heading = "# process \(number) \"odd name\"\n# run "
    #expect(try folder.text(of: "t.trace").hasPrefix("# lockgraph-trace 1\n" + heading))
    #expect(
      String(decoding: try folder.bytes(of: "g.graph").prefix(200), as: UTF8.self)
        .contains(heading))
    let reports = try ["t.trace", "t.jsonl", "g.graph"].map {
      try Report(lockdepCheck("analyze", "--format", "json", folder.file($0)).output)
    }
    #expect(
      reports.map { $0.inputs.map(\.format) } == [
        ["text"], ["jsonl"], ["graph", "running program"],
      ])
    #expect(reports[2].inputs.map(\.name).last == "odd name")
    #expect(reports.allSatisfy { $0.findings.count == 1 })
    #expect(Set(reports.map { $0.findings.map(\.fingerprint) }).count == 1)
  }
}
