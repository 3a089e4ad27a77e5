import TestSupport
import Testing

@testable import LockGraphEngine

/// A class that is stated after a lock's first use is its class from the beginning.
@Suite struct LateClassTests {
  /// What an analysis says, but for lines and witnesses.
  private func essence(_ text: String) throws -> [String] {
    let analysis = try analyze(text)
    return analysis.findings.map {
      "\($0.rule) \($0.classes) \($0.fingerprint) \(String(describing: $0.confidence))"
    } + analysis.edges
      + analysis.graph.classes.map { "\($0.name) \($0.instances) \($0.acquisitions)" }
  }

  @Test(arguments: [
    (
      "T1 acquire a\nT1 acquire b\nT1 release b\nT1 release a\n",
      "T2 acquire b\nT2 acquire a\nT2 exit\n"
    ),
    ("T1 acquire a\nT1 acquire x subclass=1\nT1 exit\n", "T2 acquire x subclass=1\nT2 acquire a\n"),
    (
      "T1 enter signal\nT1 acquire a\nT1 release a\nT1 leave signal\n",
      "T2 acquire x\nT2 release a\n"
    ),
    ("T1 acquire a\nT1 acquire x\n", "T2 acquire x\nT2 acquire a\n"),
    ("T1 acquire a recursive-read\nT1 acquire x recursive-read\n", "T2 acquire b\n"),
  ])
  func `Where the class is stated changes nothing`(first: String, second: String) throws {
    let statements = "T9 init a class=A\nT9 init x class=A\nT9 init b class=B\n"
    // `init` of a lock that is held would be a finding, so the statement comes with a use.
    let late = "T9 acquire a try class=A\nT9 release a\nT9 acquire x try class=A\nT9 release x\n"
    let others = "T9 acquire b try class=B\nT9 release b\n"
    let uses =
      "T9 acquire a try\nT9 release a\nT9 acquire x try\nT9 release x\nT9 acquire b try\nT9 release b\n"
    #expect(
      try essence(first + second + late + others) == essence(statements + first + second + uses))
    #expect(
      try essence(first + late + others + second) == essence(statements + first + second + uses))
  }

  @Test func `A name that others state as a class stays one`() throws {
    let edges = try analyze(
      "T1 acquire a\nT1 acquire b\nT1 release b\nT1 release a\nT2 acquire c class=a\nT2 release c\n"
        + "T2 acquire a class=A\n"
    ).edges
    #expect(edges == ["a -> b [EN]"])
  }

  @Test func `Ranks and serialised nestings hold for what came before the statement`() throws {
    let ranked =
      "T0 init a rank=1\nT0 init b rank=2\nT1 acquire a\nT1 acquire b\nT1 release b\nT1 release a\n"
    let nested = "T1 acquire o\nT1 acquire a\nT1 acquire b nest=o\nT1 release b\nT1 release a\n"
    for text in [ranked, nested] {
      #expect(
        try analyze(text + "T2 acquire a class=A\nT2 release a\nT2 acquire b class=A\n").findings
          .isEmpty)
    }
  }
}
