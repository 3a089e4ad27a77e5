import Foundation
import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct JSONReportTests {
  private func parse(_ analysis: Analysis) throws -> [String: Any] {
    let bytes = JSONReport(analysis).bytes
    #expect(bytes.last == 0x0A)
    return try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  private let text = """
    T1 acquire G read
    T1 acquire a class=A at=a.c:3 stack=f;main
    T1 acquire b class=B timeout at=a.c:9
    T1 exit
    T2 acquire b class=B
    T2 acquire a class=A
    nonsense here
    T2 acqu
    """

  @Test func `The report carries every key of its contract`() throws {
    let report = try parse(analyze(text, keepGoing: true))
    #expect(report["schema"] as? String == "lockgraph-report/1")
    let tool = try #require(report["tool"] as? [String: Any])
    #expect(tool["name"] as? String == "lockdep-check")
    #expect(tool["version"] as? String == lockGraphVersion)
    let input = try #require((report["inputs"] as? [[String: Any]])?.first)
    #expect(input["name"] as? String == "1.trace")
    #expect(input["format"] as? String == "text")
    #expect(input["events"] as? Int == 6)
    #expect(input["skipped"] as? Int == 1)
    let skipped = try #require(input["firstSkipped"] as? [String: Any])
    #expect(skipped["line"] as? Int == 7)
    #expect(skipped["column"] as? Int == 10)
    #expect(skipped["text"] as? String == "nonsense here")
    #expect((input["warnings"] as? [String])?.count == 1)
    let summary = try #require(report["summary"] as? [String: Any])
    #expect(summary["events"] as? Int == 6)
    #expect(summary["threads"] as? Int == 2)
    #expect(summary["locks"] as? Int == 3)
    #expect(summary["classes"] as? Int == 3)
    #expect(summary["dependencies"] as? Int == 4)
    #expect(summary["findings"] as? Int == 4)
  }

  @Test func `An inversion carries every key of its contract`() throws {
    let report = try parse(analyze(text, keepGoing: true))
    let findings = try #require(report["findings"] as? [[String: Any]])
    let finding = try #require(findings.first { $0["rule"] as? String == "lock-order-inversion" })
    #expect((finding["fingerprint"] as? String)?.count == 16)
    #expect(finding["severity"] as? String == "error")
    #expect(finding["confidence"] as? String == "feasible")
    #expect(finding["recoverable"] as? Bool == true)
    #expect(finding["title"] as? String == "A and B are taken in both orders")
    #expect(finding["classes"] as? [String] == ["A", "B"])
    let edge = try #require((finding["edges"] as? [[String: Any]])?.first)
    #expect(edge["from"] as? String == "A")
    #expect(edge["to"] as? String == "B")
    #expect(edge["kinds"] as? [String] == ["EN"])
    let witness = try #require((edge["witnesses"] as? [[String: Any]])?.first)
    #expect(witness["thread"] as? String == "T1")
    #expect(witness["input"] as? String == "1.trace")
    #expect(witness["line"] as? Int == 3)
    let held = try #require(witness["held"] as? [String: Any])
    #expect(held["lock"] as? String == "a")
    #expect(held["mode"] as? String == "write")
    #expect(held["at"] as? String == "a.c:3")
    #expect(held["stack"] as? [String] == ["f", "main"])
    let wanted = try #require(witness["wanted"] as? [String: Any])
    #expect(wanted["lock"] as? String == "b")
    #expect(wanted["at"] as? String == "a.c:9")
    let other = try #require((witness["alsoHeld"] as? [[String: Any]])?.first)
    #expect(other["lock"] as? String == "G")
    #expect(other["mode"] as? String == "read")
  }

  @Test func `Confidence and recoverable stand on inversions only`() throws {
    let report = try parse(analyze(text, keepGoing: true))
    for finding in try #require(report["findings"] as? [[String: Any]])
    where finding["rule"] as? String == "held-at-exit" {
      #expect(finding["confidence"] == nil)
      #expect(finding["recoverable"] == nil)
      #expect((finding["edges"] as? [Any])?.isEmpty == true)
      #expect((finding["events"] as? [Any])?.count == 2)
    }
  }

  @Test func `Names come back as they went in`() throws {
    let names = ["\"", "\\", "\u{1}\u{1F}\u{7F}", "\n\r\t\u{8}\u{C}", "é€😀\u{2028}", "</script>"]
    for name in names {
      let json = String(decoding: try JSONEncoder().encode(name), as: UTF8.self)
      let report = try parse(analyze("T1 release \(json)\n"))
      let finding = try #require((report["findings"] as? [[String: Any]])?.first)
      #expect(finding["classes"] as? [String] == [name])
    }
  }

  @Test func `No control character is raw in the bytes`() throws {
    let controls = (0..<0x20).map { String(format: "\\u%04x", $0) }.joined()
    let bytes = try JSONReport(analyze("T1 release \"\(controls)\\u007f\"\n")).bytes
    #expect(bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A })
  }

  @Test func `Names of the kernel that are not UTF-8 are replaced`() throws {
    var bytes = Array(
      "            init-1       [000] .....    16.318850: lock_release: 00000000d62be939 a".utf8)
    bytes += [0xFF, 0x0A]
    bytes +=
      Array(
        "            init-1       [000] .....    16.318850: lock_acquire: 00000000d62be939 a".utf8)
      + [0xFF, 0x0A]
    bytes +=
      Array(
        "            init-1       [000] .....    16.318850: lock_acquire: 00000000d62be939 a".utf8)
      + [0xFF, 0x0A]
    let report = try parse(analyze(inputs: [bytes]))
    let finding = try #require((report["findings"] as? [[String: Any]])?.first)
    #expect(finding["classes"] as? [String] == ["a\u{FFFD}"])
  }
}
