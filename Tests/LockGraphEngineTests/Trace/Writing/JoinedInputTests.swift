import TestSupport
import Testing

@testable import LockGraphEngine

/// Several inputs in one trace mean what they meant apart.
@Suite struct JoinedInputTests {
  private func text(_ inputs: String...) throws -> [String] {
    let bytes = try convert(inputs.map { Array($0.utf8) }).bytes
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().map(
      String.init)
  }

  @Test func `A name that is taken gets the input's number, and such a lock its class`() throws {
    let (bytes, warnings) = try convert(
      ["T acquire L\nT release L\n", "T acquire L\nU acquire M\nU acquire L\n"].map {
        Array($0.utf8)
      })
    #expect(
      String(decoding: bytes, as: UTF8.self) == """
        # lockgraph-trace 1
        T acquire L
        T release L
        2:T acquire 2:L class=L
        U acquire M
        U acquire 2:L

        """)
    #expect(
      warnings == [
        [],
        [
          "1 thread has a name that is taken or empty; the input's number and a colon were put before "
            + "it (line 1)",
          "1 lock has a name that is taken or empty; the input's number and a colon were put before "
            + "it (line 1)",
        ],
      ])
  }

  @Test func `The new name must not be taken either`() throws {
    #expect(
      try text("T exit\n2:T exit\n", "2:T exit\nT exit\n", "T exit\n")
        == ["T exit", "2:T exit", "2:2:T exit", "2:2:2:T exit", "3:T exit"])
  }

  @Test func `Where an event cannot state the class, one before it does`() throws {
    #expect(
      try text("T acquire L\n", "U release L at=x\nU acquire A nest=L\n").dropFirst()
        == ["U init 2:L class=L", "U release 2:L at=x", "U acquire A nest=2:L"])
    #expect(
      try text("T acquire L\nT acquire N\n", "U acquire N class=C nest=L\n").dropFirst(2)
        == ["U init 2:L class=L", "U acquire 2:N class=C nest=2:L"])
    #expect(
      try text("T acquire L\n", "U acquire L class=C\nU release L\nU acquire L\n").dropFirst()
        == ["U acquire 2:L class=C", "U release 2:L", "U acquire 2:L"])
  }

  @Test func `After it is destroyed the name is another class`() throws {
    let one = "T acquire L\nT release L\nT destroy L\nT acquire L\n"
    #expect(
      try text(one, one).dropFirst(4) == [
        "2:T acquire 2:L class=L", "2:T release 2:L", "2:T destroy 2:L",
        "2:T acquire 2:L class=L#2",
      ])
  }

  @Test func `What one input lost is known of the others`() throws {
    let gap = "* lost count=3\nT release L\n"
    let fault = "T release L\n"
    for inputs in [[gap, fault], [fault, gap]] {
      let original = try analyze(inputs: inputs.map { Array($0.utf8) })
      #expect(original.verdicts == ["release-not-held L"])
      let converted = try convert(inputs.map { Array($0.utf8) })
      #expect(try analyze(inputs: [converted.bytes]).verdicts == original.verdicts)
    }
    #expect(
      try text("T sleep\n* lost count=3\nU sleep\n", "V sleep\n") == [
        "T sleep", "T lost count=3", "U lost", "U sleep", "V sleep",
      ])
  }

  @Test(arguments: TraceEncoding.allCases)
  func `Random inputs have the same findings and edges as one trace`(
    encoding: TraceEncoding
  ) throws {
    try withSeeds(0..<120) { generator in
      var locks = RandomLocks(count: 4, classes: 3, using: &generator)
      locks.kinds = locks.kinds.map { $0 == .rcu ? nil : $0 }
      let inputs = (0..<3).map { _ in
        // Half of the inputs leave the classes to the names.
        var input = Bool.random(using: &generator) ? locks.preamble : ""
        if Int.random(in: 0..<3, using: &generator) == 0 { input += "* lost count=1\n" }
        for thread in ["T1", "T2"] {
          for step in randomSteps(14, locks: locks, using: &generator) {
            input += step.line(thread: thread) + "\n"
          }
          if Bool.random(using: &generator) { input += "\(thread) destroy l0\n" }
        }
        return Array(input.utf8)
      }
      let original = try analyze(inputs: inputs)
      let converted = try convert(inputs, to: encoding).bytes
      let analysis = try analyze(inputs: [converted])
      #expect(analysis.verdicts == original.verdicts, "\(TestContext.description)")
      #expect(analysis.edges == original.edges, "\(TestContext.description)")
    }
  }
}
