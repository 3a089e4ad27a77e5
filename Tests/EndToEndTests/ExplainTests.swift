import Foundation
import TestSupport
import Testing

@Suite("explain, of grades and terms")
struct ExplainTests {
  private static let grades = ["observed", "predicted", "feasible", "ordering", "excluded"]

  @Test("The example of a grade has that grade", arguments: grades)
  func grade(_ grade: String) throws {
    let text = try lockdepCheck("explain", grade).text
    #expect(text.hasPrefix("\(grade) (a grade of deadlocks; "))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let example = text.split(separator: "\n").filter { $0.hasPrefix("    ") }
      .map { $0.dropFirst(4) + "\n" }.joined()
    let report = try Report(lockdepCheck("analyze", "--format", "json", input: example).output)
    let finding = try #require(report.findings.first)
    #expect(finding.confidence == grade)
    #expect(text.contains("; \(finding.severity))\n"))
  }

  @Test("Terms are found by other words for them, in any case, and by several words")
  func terms() throws {
    for (words, name) in [
      (["class"], "class"), (["Classes"], "class"), (["EN"], "kinds"),
      (["gate", "lock"], "gate-lock"),
      (["gate_lock"], "gate-lock"), (["confidence"], "grade"), (["known"], "standing"),
    ] {
      let result = try lockdepCheck(arguments: ["explain"] + words)
      #expect(result.status == .exited(0))
      #expect(result.text.hasPrefix("\(name) (a term)\n"))
      #expect(result.text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
  }

  @Test("What explain refers to is explained, and so is all that its help names")
  func references() throws {
    let help = try lockdepCheck("explain", "--help").text
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let terms = try #require(help.firstMatch(of: /Terms: ([a-z, -]+)\./)).1.split(separator: ", ")
    #expect(terms.count > 20)
    for term in terms {
      let text = try lockdepCheck("explain", String(term)).text
      #expect(text.hasPrefix("\(term) (a term)\n"))
      guard let related = text.firstMatch(of: /See also: ([a-z,\s-]+)\./) else { continue }
      for name in related.1.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
        let status = try lockdepCheck("explain", String(name)).status
        #expect(status == .exited(0), "\(term): \(name)")
      }
    }
  }
}
