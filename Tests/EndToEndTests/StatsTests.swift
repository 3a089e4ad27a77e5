import Foundation
import TestSupport
import Testing

@Suite("Statistics")
struct StatsTests {
  static let sample = "\(Samples.folder)/contended.trace"

  @Test("The table of a sample")
  func table() throws {
    let result = try lockdepCheck("stats", Self.sample)
    #expect(result.status == .exited(0))
    #expect(result.messages.isEmpty)
    #expect(
      result.text == """
        Times in microseconds. A p99 is at most 1/64 too long.
        class          mode   contentions  abandoned  wait-min  wait-avg  wait-p99  wait-max  wait-total  acquisitions  hold-min  hold-avg  hold-p99  hold-max  hold-total
        Cart.lock      write            1          0  30004.00  30004.00  30004.00  30004.00    30004.00             1    496.00    496.00    496.00    496.00      496.00
                       read             0          0         -         -         -         -           -             2     25.50  10808.50  30900.00  30900.00    32425.50
            1  waited at Sources/Shop/Cart.swift:30
            1  held from Sources/Shop/Report.swift:77
        Till.lock      write            1          1  58010.00  58010.00  58010.00  58010.00    58010.00             2  14990.00  37495.00  60000.00  60000.00    74990.00
            1  waited at Sources/Shop/Checkout.swift:9
            1  waited at Sources/Shop/Till.swift:41
            2  held from Sources/Shop/Till.swift:41
            1  gave up (write) after 40000.00 together: timeout 1
        Dispatch.lock  write            0          0         -         -         -         -           -             3     10.00     23.33     40.00     40.00       70.00
        Log.lock       write            0          0         -         -         -         -           -             2      2.50      2.75      3.00      3.00        5.50

        """)
  }

  @Test("The table in the documentation is what the command prints")
  func documentation() throws {
    let shown = try lockdepCheck("stats", Self.sample, "--sort", "wait-total", "--top", "1").text
      .split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    let text = try String(
      contentsOfFile: "\(BuiltProducts.packageRoot)/docs/statistics.md", encoding: .utf8)
    #expect(text.contains(shown))
  }

  @Test("Standard input, several inputs and -o work as with the other commands")
  func inputsAndOutputs() throws {
    let folder = try TemporaryFolder()
    let shown = try lockdepCheck("stats", Self.sample)
    let piped = try lockdepCheck(
      arguments: ["stats", "-", "-o", folder.file("table")],
      input: Array(Data(contentsOf: URL(fileURLWithPath: Self.sample))))
    #expect(piped.output.isEmpty)
    #expect(try folder.bytes(of: "table") == shown.output)
    let twice = try lockdepCheck("stats", "--format", "csv", Self.sample, Self.sample)
    #expect(twice.text.contains("\r\nTill.lock,write,4,2,2,0,0,0,"))
    let kept = try folder.write("T1 acquire A\n", to: "kept.trace")
    #expect(try lockdepCheck("stats", kept, "-o", kept).status == .exited(64))
  }

  @Test("--sort, --top and --points choose what is shown")
  func selection() throws {
    func names(_ arguments: String...) throws -> [String] {
      let result = try lockdepCheck(
        arguments: ["stats", "--format", "csv", Self.sample] + arguments)
      #expect(result.status == .exited(0))
      var names: [String] = []
      for line in result.text.split(separator: "\r\n").dropFirst() {
        let name = String(line.prefix { $0 != "." })
        if names.last != name { names.append(name) }
      }
      return names
    }
    #expect(try names() == ["Cart", "Till", "Dispatch", "Log"])
    #expect(try names("--sort", "wait-total") == ["Till", "Cart", "Dispatch", "Log"])
    #expect(try names("--sort", "wait-max", "--top", "1") == ["Till"])
    #expect(try names("--sort", "hold-max") == ["Till", "Cart", "Dispatch", "Log"])
    #expect(try names("--sort", "acquisitions") == ["Cart", "Dispatch", "Log", "Till"])
    #expect(try names("--sort", "name") == ["Cart", "Dispatch", "Log", "Till"])

    let one = try lockdepCheck("stats", "--points", "1", "--sort", "wait-total", Self.sample).text
    #expect(one.contains("Checkout.swift:9"))
    #expect(!one.contains("waited at Sources/Shop/Till.swift:41"))
    let none = try lockdepCheck("stats", "--points", "0", "--top", "3", Self.sample).text
    #expect(!none.contains("waited at") && !none.contains("held from"))
    #expect(none.hasSuffix("\n… 1 further class\n"))
  }

  @Test("Without times there are counts, and nothing that looks like a time")
  func withoutTimes() throws {
    let table = try lockdepCheck("stats", input: Traces.feasible)
    #expect(table.status == .exited(0))
    #expect(table.messageLines == ["note: no event has a time, so there are counts only"])
    #expect(
      table.text == """
        Counts only: no event has a time.
        class  mode   contentions  acquisitions
        A      write            0             2
        B      write            0             2

        """)
    let json = try lockdepCheck("stats", "--format", "json", input: Traces.feasible).text
    #expect(!json.contains("Nanoseconds"))
    #expect(json.contains("\"hasTimes\": false"))
    let csv = try lockdepCheck("stats", "--format", "csv", input: Traces.feasible).text
    #expect(csv.contains("\r\nA,write,2,0,0,0,0,0,,,,,,,,,,\r\n"))
  }

  @Test("No input at all is no statistics")
  func empty() throws {
    let result = try lockdepCheck("stats", input: "")
    #expect(result.status == .exited(0))
    #expect(result.text == "No lock was used.\n")
    #expect(result.messageLines == ["<stdin>: warning: no events"])
  }

  @Test("Times that run backwards are a warning")
  func backwards() throws {
    let result = try lockdepCheck("stats", input: "[2] T1 acquire A\n[1] T1 release A\n")
    #expect(result.status == .exited(0))
    #expect(
      result.messageLines == [
        "<stdin>: warning: times run backwards: 1 duration is negative and counted as 0"
      ])
  }

  @Test("The table fits a terminal by leaving out columns, the sorted one never")
  func terminal() throws {
    let script = """
      import os, pty, sys
      pty.spawn(sys.argv[1:])
      """
    let check = try BuiltProducts.executable("lockdep-check")
    for order in ["contentions", "hold-max"] {
      let result = try ProcessRunner(
        Python.interpreter(with: "pty"),
        ["-c", script, check, "stats", "--sort", order, Self.sample],
        environment: ["PATH": "/usr/bin:/bin", "COLUMNS": "90"]
      ).run()
      let lines = result.text.split(whereSeparator: \.isNewline)
      #expect(lines.count > 5)
      #expect(lines.allSatisfy { $0.count <= 90 }, "\(result.text)")
      #expect(lines[1].contains("contentions") && lines[1].contains("hold-total"))
      #expect(lines[1].contains(order))
      #expect(!lines[1].contains("wait-min"))
    }
  }

  @Test("Every document is valid")
  func schema() throws {
    let folder = try TemporaryFolder()
    var runs = Samples.all.map { (arguments: [$0.path], input: "") }
    runs.append(([], ""))
    runs.append((["--points", "0", "--top", "1", "--sort", "hold-max"], Traces.everyOption))
    runs.append((["--keep-going"], "T1 juggle A\n" + Traces.everyOption))
    runs.append(([], "T1 request A at=x\nT1 abandon A reason=killed\nT1 request B\nT9 acq"))
    runs.append((Samples.all.map(\.path), ""))
    for name in HostileNames.all { runs.append(([], HostileNames.trace(name))) }
    let documents = try runs.enumerated().map { number, run in
      let result = try lockdepCheck(
        arguments: ["stats", "--format", "json"] + run.arguments, input: Array(run.input.utf8))
      #expect(result.status == .exited(0))
      return try folder.write(result.output, to: "\(number).json")
    }
    #expect(
      try Python.schemaViolations(in: documents, of: "Schemas/lockgraph-stats-1.schema.json") == [])
  }

  @Test("A document that breaks the contract is refused")
  func brokenDocuments() throws {
    let document = try lockdepCheck("stats", "--format", "json", Self.sample).text
    let breakages = [
      (#""lockgraph-stats/1""#, #""lockgraph-stats/2""#),
      (#""order": "contentions""#, #""order": "size""#),
      (#""hasTimes": true"#, #""hasTimes": false"#),
      (#""mode": "write""#, #""mode": "recursive-read""#),
      (#""timeout": 1"#, #""timeout": 0"#),
      (#""timeout": 1"#, #""tired": 1"#),
      (#""minNanoseconds": 25500"#, #""minNanoseconds": 25.5"#),
      (#""openHolds": 0,"#, ""),
      (#""contentionPoints""#, #""points""#),
    ]
    let folder = try TemporaryFolder()
    let documents = try breakages.enumerated().map { number, breakage in
      let broken = document.replacing(breakage.0, with: breakage.1)
      #expect(broken != document)
      return try folder.write(broken, to: "\(number).json")
    }
    let violations = try Python.schemaViolations(
      in: documents, of: "Schemas/lockgraph-stats-1.schema.json")
    for (path, breakage) in zip(documents, breakages) {
      #expect(violations.contains { $0.hasPrefix(path) }, "\(breakage)")
    }
  }

  @Test("CSV is read by a reader that is not the project's own")
  func csv() throws {
    let folder = try TemporaryFolder()
    let trace = """
      [1] T1 acquire a class="one, \\"two\\"\\r\\nthree"
      [1.000000002] T1 release a
      [2] T1 acquire plain
      """
    let result = try lockdepCheck("stats", "--format", "csv", "--sort", "name", input: trace + "\n")
    let file = try folder.write(result.output, to: "stats.csv")
    let lines = try Python.run(
      """
      import csv, sys
      rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8", newline=""), strict=True))
      for row in rows:
          print(repr(row["class"]), row["mode"], row["hold_total_ns"] or "-", row["open_holds"],
                None in row or None in row.values())
      """, with: "csv", [file])
    #expect(
      lines == [
        #"'one, "two"\r\nthree' write 2 0 False"#, "'plain' write - 1 False",
      ])
  }
}
