import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct InstanceNestingTests {
  private func nest(_ thread: String, _ locks: String...) -> String {
    locks.map { "\(thread) acquire \($0)\n" }.joined()
      + locks.reversed().map { "\(thread) release \($0)\n" }.joined()
  }

  private let nodes =
    (1...4).map { "T0 init n\($0) class=Node nesting=by-instance\n" }.joined()

  @Test func `An order of instances is no finding, and is one where nothing says so`() throws {
    let text =
      nodes + nest("T1", "n1", "n2", "n3") + nest("T2", "n2", "n3") + nest("T3", "n1", "n3")
    let analysis = try analyze(text)
    #expect(analysis.findings.isEmpty)
    #expect(analysis.edges == ["Node -> Node [EN]"])
    #expect(
      try analyze(text.replacing(" nesting=by-instance", with: "")).findings.count == 1)
    #expect(
      try analyze(text.replacing("=by-instance", with: "=reported")).findings.count == 1)
  }

  @Test func `Two instances in both orders are graded as other locks are`() throws {
    let both = nodes + nest("T1", "n1", "n2") + nest("T2", "n2", "n1")
    let finding = try #require(try analyze(both).findings.first)
    #expect(try analyze(both).findings.count == 1)
    #expect(finding.rule == .lockOrderInversion)
    #expect(finding.confidence == .feasible)
    #expect(finding.classes == ["Node"])
    #expect(finding.title == "Node (n1) and Node (n2) are taken in both orders")
    #expect(!finding.isHiddenByNestingLevels)
    #expect(finding.edges.map { $0.witnesses[0].wanted.lock } == ["n2", "n1"])
    let one = nodes + nest("T1", "n1", "n2") + nest("T1", "n2", "n1")
    #expect(try analyze(one).findings.map(\.confidence) == [.ordering])
    let gated = nodes + nest("T1", "g", "n1", "n2") + nest("T2", "g", "n2", "n1")
    let excluded = try #require(try analyze(gated).findings.first)
    #expect(excluded.confidence == .excluded)
    #expect(excluded.confidenceReason == "guarded by g, held around both sides")
  }

  @Test func `The text tells both sides, and that these very locks are nested in a circle`() throws
  {
    let finding = try #require(
      try analyze(nodes + nest("T1", "n1", "n2") + nest("T2", "n2", "n1")).findings.first)
    let text = TextReport(finding: finding).text
    #expect(text.contains("judged by instance"))
    #expect(text.contains("T1 took Node (n1) at 1.trace:5"))
    #expect(text.contains("T2 took Node (n2) at 1.trace:9"))
    #expect(!text.contains("not seen in this trace"))
  }

  @Test func `Longer circles are found, across other classes too`() throws {
    let three =
      nodes + nest("T1", "n1", "n2") + nest("T2", "n2", "n3") + nest("T3", "n3", "n1")
    #expect(try analyze(three).findings.map(\.edges.count) == [3])
    #expect(try analyze(three).findings.map(\.confidence) == [.feasible])
    // The classes make a circle anyway; the locks make one of three sides.
    let across =
      nodes + nest("T1", "n1", "n2") + nest("T2", "n2", "m") + nest("T3", "m", "n1")
    let findings = try analyze(across).findings
    #expect(findings.map(\.confidence) == [.feasible, .ordering])
    #expect(findings[0].edges.map { "\($0.from) \($0.to)" } == ["Node Node", "Node m", "m Node"])
  }

  @Test func `One lock that is taken twice is a deadlock by itself`() throws {
    let finding = try #require(
      try analyze(nodes + nest("T1", "n1", "n2") + "T1 acquire n3\nT1 acquire n3\n").findings.first)
    #expect(finding.confidence == .feasible)
    #expect(finding.title == "Node is taken again by a thread that already holds it")
  }

  @Test func `A circle of more locks than a dependency has witnesses is found`() throws {
    let count = 3000
    var text = "T0 init n0 class=Node nesting=by-instance\n"
    for number in 1..<count { text += "T0 init n\(number) class=Node\n" }
    for number in 1..<count { text += nest("T1", "n\(number - 1)", "n\(number)") }
    #expect(try analyze(text).findings.isEmpty)
    let closed = try analyze(text + nest("T2", "n\(count - 1)", "n0"))
    #expect(closed.findings.map(\.edges.count) == [count])
    let short = try analyze(text + nest("T2", "n2001", "n2000"))
    #expect(short.findings.map(\.confidence) == [.feasible])
    // In whichever input it is, and in a graph file.
    let inputs = [
      NamedInput("1.trace", text), NamedInput("2.trace", text + nest("T2", "n2001", "n2000")),
    ]
    for inputs in [inputs, inputs.reversed()] {
      #expect(try analyze(inputs).findings.map(\.confidence) == [.feasible])
      let file = NamedInput("all.graph", try merged(inputs))
      #expect(try analyze([file]).findings.map(\.confidence) == [.feasible])
    }
  }

  @Test func `What goes beyond the bound is said`() throws {
    var text = "T0 init n0 class=Node nesting=by-instance\n"
    let count = OrderRecord.Bounds.instanceOrderLimit + 10
    for number in 1...count {
      text += "T1 acquire n\(number - 1) class=Node\nT1 acquire n\(number) class=Node\n"
      text += "T1 release n\(number)\nT1 release n\(number - 1)\n"
    }
    let analysis = try analyze(text)
    #expect(analysis.inputs[0].warnings == [OrderRecord.Bounds.instanceOrderWarning])
    #expect(analysis.findings.isEmpty)
  }

  @Test func `It holds for the class in every encoding and from wherever it is said`() throws {
    let text =
      "T1 acquire n1 class=Node nesting=by-instance\nT1 acquire n2 class=Node\nT1 release n2\n"
      + "T1 release n1\n"
    for encoding in [TraceEncoding.text, .jsonl] {
      let bytes = try convert([Array(text.utf8)], to: encoding).bytes
      #expect(String(decoding: bytes, as: UTF8.self).contains("by-instance"))
      #expect(try analyze(inputs: [bytes]).findings.isEmpty)
    }
    #expect(
      failure(of: "T1 acquire n1 nesting=never\n")?.message.contains("nesting 'never'") == true)
  }

  // MARK: Against a model

  private struct Step {
    var held: [Int]
    var wanted: Int
    var thread: Int
  }

  /// The first instances are of a class that is judged by instance, the last two each of a class of
  /// its own.
  private static let nodeCount = 4
  private static let lockCount = 6

  private func isLoop(_ step: Step, _ held: Int) -> Bool {
    held < Self.nodeCount && step.wanted < Self.nodeCount
  }

  /// Whether some nesting of two nodes lies on a circle of locks.
  private func hasCircle(_ steps: [Step]) -> Bool {
    var follows = [[Bool]](
      repeating: [Bool](repeating: false, count: Self.lockCount), count: Self.lockCount)
    for step in steps { for held in step.held { follows[held][step.wanted] = true } }
    let direct = follows
    for middle in 0..<Self.lockCount {
      for from in 0..<Self.lockCount where follows[from][middle] {
        for to in 0..<Self.lockCount where follows[middle][to] { follows[from][to] = true }
      }
    }
    return (0..<Self.nodeCount).contains { from in
      (0..<Self.nodeCount).contains { direct[from][$0] && follows[$0][from] }
    }
  }

  /// Whether two nodes were nested both ways by different threads with nothing held around both.
  private func hasFeasiblePair(_ steps: [Step]) -> Bool {
    steps.contains { one in
      one.held.contains { held in
        isLoop(one, held)
          && steps.contains { other in
            other.thread != one.thread && other.wanted == held && other.held.contains(one.wanted)
              && Set(other.held).isDisjoint(with: one.held)
          }
      }
    }
  }

  @Test func `Random programs have the circles of locks that a search by hand finds`() throws {
    var (circles, feasible, fine) = (0, 0, 0)
    try withSeeds(0..<600) { generator in
      var (text, steps): (String, [Step]) = ("", [])
      for lock in 0..<Self.lockCount {
        text +=
          "T init L\(lock)" + (lock < Self.nodeCount ? " class=Node nesting=by-instance" : "")
          + "\n"
      }
      for _ in 0..<Int.random(in: 2...5, using: &generator) {
        let thread = Int.random(in: 0..<3, using: &generator)
        let locks = (0..<Self.lockCount).shuffled(using: &generator)
          .prefix(Int.random(in: 2...3, using: &generator))
        for (position, lock) in locks.enumerated() {
          let isTry = Int.random(in: 0..<8, using: &generator) == 0
          text += "T\(thread) acquire L\(lock)\(isTry ? " try" : "")\n"
          if !isTry, position > 0 {
            steps.append(Step(held: Array(locks.prefix(position)), wanted: lock, thread: thread))
          }
        }
        for lock in locks { text += "T\(thread) release L\(lock)\n" }
      }
      let found = try analyze(text).findings.filter { finding in
        finding.edges.contains { $0.from == $0.to }
      }
      let expected = hasCircle(steps)
      #expect(found.isEmpty != expected, "\(TestContext.description)\n\(text)")
      let pairs = found.filter { $0.edges.count == 2 && $0.classes == ["Node"] }
      let isFeasible = hasFeasiblePair(steps)
      #expect(
        pairs.contains { $0.confidence == .feasible } == isFeasible,
        "\(TestContext.description)\n\(text)")
      circles += expected ? 1 : 0
      feasible += isFeasible ? 1 : 0
      fine += expected ? 0 : 1
    }
    #expect(circles > 60 && feasible > 15 && fine > 60, "\(circles) \(feasible) \(fine)")
  }
}
