import Foundation
import TestSupport
import Testing

@Suite("What still waits")
struct WaitTests {
  private let behindCondition = "x acquire a\nx acquire m\nx wait c lock=m\ny request a\n"
  private let behindRunner = "x acquire a\ny request a\n"
  private let circles =
    "x1 acquire a1 class=A\nx2 acquire b1 class=B\ny1 acquire a2 class=A\n"
    + "y2 acquire b2 class=B\nx1 request b1\nx2 request a1\ny1 request b2\ny2 request a2\n"

  @Test("A gate passes over it, and fails with --fail-on-waits")
  func gate() throws {
    #expect(try lockdepCheck("gate", input: behindRunner).status == .exited(0))
    let result = try lockdepCheck(
      "gate", "--fail-on-waits", "--format", "json", input: behindRunner)
    #expect(result.status == .exited(1))
    let report = try Report(result.output)
    #expect(report.findings.map(\.rule) == ["still-waiting"])
    #expect(report.findings.map(\.classes) == [["a"]])
    let clean = try lockdepCheck("gate", "--fail-on-waits", input: Traces.clean)
    #expect(clean.status == .exited(0))
  }

  @Test("--rules leaves it in, and says where it is not looked for")
  func rules() throws {
    let result = try lockdepCheck(
      "gate", "--fail-on-waits", "--rules", "deadlock", input: behindRunner)
    #expect(result.status == .exited(1))
    let without = try lockdepCheck("gate", "--rules", "still-waiting", input: behindRunner)
    #expect(without.status == .exited(0))
    #expect(
      without.messages.contains("warning: without --fail-on-waits 'still-waiting' finds nothing"))
  }

  @Test("A baseline lets it through, and is not fixed where it was not looked for")
  func baseline() throws {
    let folder = try TemporaryFolder()
    let known = folder.file("known.json")
    let recorded = try lockdepCheck(
      "gate", "--fail-on-waits", "--write-baseline", known, input: behindCondition)
    #expect(recorded.status == .exited(0))
    let more = behindCondition + "z request a\n"
    #expect(
      try lockdepCheck("gate", "--fail-on-waits", "--baseline", known, input: more).status
        == .exited(0))
    let without = try lockdepCheck("gate", "--baseline", known, input: behindCondition)
    #expect(!without.messages.contains("fixed:"))
    let other = try lockdepCheck(
      "gate", "--fail-on-waits", "--baseline", known, input: behindRunner)
    #expect(other.status == .exited(1))
  }

  @Test(
    "Every format tells of it", arguments: ["text", "json", "sarif", "junit", "github", "markdown"])
  func formats(_ format: String) throws {
    let text = try lockdepCheck("analyze", "--format", format, input: behindCondition).text
    #expect(text.contains("nobody in this trace has signalled c after line 3"))
    #expect(text.contains("y waits for a") || format == "json" && text.contains("\"y\""))
  }

  @Test("Each circle is told, also where they are of the same classes")
  func circlesAreTold() throws {
    let text = try lockdepCheck("analyze", input: circles).text
    #expect(text.contains("x1 and x2 wait for each other"))
    #expect(text.contains("y1 and y2 wait for each other"))
    #expect(text.contains("; 4 threads still wait."))
  }

  @Test("Reports with waits are valid")
  func schema() throws {
    let folder = try TemporaryFolder()
    let traces = [
      behindCondition, behindRunner, circles, "t join t\n", "t wait c\n", "w acquire a\nm join w\n",
      "w acquire m at=a:1\nw exit at=b:2\n[1] x request m read timeout at=c:3 stack=f;g\n",
      "r acquire l read\nw request l\nq request l read\n",
    ]
    let documents = try traces.enumerated().map { number, trace in
      try folder.write(
        lockdepCheck("analyze", "--fail-on-waits", "--format", "json", input: trace).output,
        to: "\(number).json")
    }
    #expect(try Python.schemaViolations(in: documents) == [])
  }
}
