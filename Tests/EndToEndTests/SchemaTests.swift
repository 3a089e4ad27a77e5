import Foundation
import TestSupport
import Testing

@Suite("The report's schema")
struct SchemaTests {
  @Test("Every report is valid")
  func reports() throws {
    let folder = try TemporaryFolder()
    var runs = Samples.all.map { (arguments: [$0.path], input: "") }
    runs.append(([], ""))
    runs.append(([], Traces.clean))
    runs.append(([], Traces.ordering + Traces.unbalanced + "T9 acq"))
    runs.append((["--keep-going"], "T1 juggle A\n" + Traces.feasible + "T1 acquire\n"))
    runs.append((["--max-findings", "1"], Traces.manyCycles))
    runs.append(([], Traces.everyOption))
    runs.append((Samples.all.map(\.path), ""))
    for name in HostileNames.all { runs.append(([], HostileNames.trace(name))) }
    let graph = folder.file("all.graph")
    #expect(
      try lockdepCheck(arguments: ["merge", "-o", graph] + Samples.all.map(\.path)).status
        == .exited(0))
    runs.append(([graph], ""))
    let documents = try runs.enumerated().map { number, run in
      let result = try lockdepCheck(
        arguments: ["analyze", "--format", "json"] + run.arguments, input: Array(run.input.utf8))
      #expect(result.status == .exited(0))
      return try folder.write(result.output, to: "\(number).json")
    }
    #expect(try Python.schemaViolations(in: documents) == [])
  }

  @Test("Keys may be added, also where nobody would expect them")
  func additions() throws {
    let folder = try TemporaryFolder()
    let document = try folder.write(
      report().replacing("\"schema\"", with: "\"new\": {\"a\": [1]}, \"schema\"")
        .replacing("\"fingerprint\"", with: "\"new\": null, \"fingerprint\""), to: "added.json")
    #expect(try Python.schemaViolations(in: [document]) == [])
  }

  @Test("What breaks the contract is refused")
  func brokenDocuments() throws {
    let report = try report()
    let breakages: [(String, String)] = [
      (#""lockgraph-report/1""#, #""lockgraph-report/2""#),
      (#""findings": ["#, #""findigns": ["#),
      (#""rule": "lock-order-inversion""#, #""rule": "lock-order""#),
      (#""rule": "lock-order-inversion""#, #""rule": "held-at-exit""#),
      (#""severity": "error""#, #""severity": "fatal""#),
      (#""severity": "error""#, #""severity": "note""#),
      (#""confidence": "predicted""#, #""confidence": "sure""#),
      (#""confidence": "predicted","#, ""),
      (#""recoverable": false"#, #""recoverable": "no""#),
      (#""recoverable": false,"#, ""),
      (#""standing": "failing""#, #""standing": "fails""#),
      (#""standing": "failing""#, #""standing": "known""#),
      (#""standing": "failing""#, #""exception": {"source": "b:1"}, "standing": "failing""#),
      (#""standing": "failing""#, #""exception": {"reason": "x"}, "standing": "known""#),
      (#""EN""#, #""EX""#),
      (#""mode": "write""#, #""mode": "exclusive""#),
      (#""line": 1"#, #""line": 0"#),
      (#""skipped": 0"#, #""skipped": 1"#),
      (#""skipped": 0"#, #""skipped": -1"#),
      (#""events": 8"#, #""events": "8""#),
      (#""classes": ["#, #""classes": [7,"#),
      (#""fingerprint": ""#, #""fingerprint": "x"#),
    ]
    let folder = try TemporaryFolder()
    let documents = try breakages.enumerated().map { number, breakage in
      let broken = report.replacing(breakage.0, with: breakage.1)
      #expect(broken != report)
      return try folder.write(broken, to: "\(number).json")
    }
    let violations = try Python.schemaViolations(in: documents)
    for (document, breakage) in zip(documents, breakages) {
      #expect(violations.contains { $0.hasPrefix(document) }, "\(breakage)")
    }
  }

  private func report() throws -> String {
    try lockdepCheck("analyze", "--format", "json", input: Traces.feasible).text
  }
}

extension Traces {
  /// Every two of six locks in both orders.
  static let manyCycles: String = {
    var trace = ""
    for one in 0..<6 {
      for other in 0..<6 where one != other {
        trace += "T\(one) acquire L\(one)\nT\(one) acquire L\(other)\n"
        trace += "T\(one) release L\(other)\nT\(one) release L\(one)\n"
      }
    }
    return trace
  }()

  /// All that an acquisition can say, on both sides of an inversion.
  static let everyOption = """
    [1.000000001] T1 acquire A class=X kind=rwsem read at=a.c:1:2 stack=f;g;h subclass=3 interruptible
    [1.5] T1 acquire B kind=mutex killable timeout at=a.c:9
    [2] T1 release B
    T1 release A
    T2 acquire C unchecked
    T2 acquire B stack=f
    T2 acquire A write subclass=3 stack="a b;c"
    T2 release A
    T2 release B
    T2 release C

    """
}
