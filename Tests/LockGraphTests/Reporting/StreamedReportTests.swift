import TestSupport
import Testing

@testable import LockGraph

/// Reports that are written part by part.
@Suite struct StreamedReportTests {
  private struct Subject: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var report: @Sendable () throws -> any StreamedReport

    init(_ name: String, _ report: @escaping @Sendable () throws -> any StreamedReport) {
      testDescription = name
      self.report = report
    }
  }

  /// So many inversions that no report of them fits in a part.
  private static func analysis(_ count: Int = 1000) throws -> Analysis {
    var text = ""
    for number in 0..<count {
      for (one, other) in [("a", "b"), ("b", "a")] {
        text +=
          "T\(one) acquire \(one)\(number) at=file.c:\(number)\nT\(one) acquire \(other)\(number)\n"
        text += "T\(one) release \(other)\(number)\nT\(one) release \(one)\(number)\n"
      }
    }
    return try analyze(text)
  }

  private static func judged() throws -> JudgedAnalysis {
    let analysis = try analysis()
    return JudgedAnalysis(analysis, Gate().verdict(on: analysis), settings: ReportSettings())
  }

  private static func compared() throws -> (GraphDifference, old: Analysis, new: Analysis) {
    let (old, new) = (try analyze("T sleep\n"), try analysis())
    return (GraphDifference(from: old, to: new), old, new)
  }

  private static let subjects = [
    Subject("json") { JSONReport(try analysis()) },
    Subject("sarif") { SARIFReport(try judged()) },
    Subject("gitlab") { CodeQualityReport(try judged()) },
    Subject("difference as text") { DifferenceText(try compared().0) },
    Subject("difference as json") {
      let (difference, old, new) = try compared()
      return DifferenceJSON(difference, old: old, new: new)
    },
    Subject("baseline") { Gate().baseline(recording: try analysis(), name: "baseline.json") },
  ]

  @Test("Parts are short and make up the whole", arguments: subjects)
  private func parts(_ subject: Subject) throws {
    let report = try subject.report()
    let parts = Parts()
    #expect(report.write { parts.take($0) })
    #expect(parts.sizes.count > 1)
    #expect(parts.sizes.allSatisfy { $0 < 200_000 }, "\(parts.sizes)")
    #expect(parts.bytes == report.bytes)
    #expect(parts.bytes.last == UInt8(ascii: "\n"))
  }

  @Test("Nothing more comes once bytes could not be written", arguments: subjects)
  private func refused(_ subject: Subject) throws {
    let parts = Parts(limit: 1)
    #expect(try subject.report().write { parts.take($0) } == false)
    #expect(parts.sizes.count == 2)
  }

  private final class Parts {
    private(set) var bytes: [UInt8] = []
    private(set) var sizes: [Int] = []
    private let limit: Int

    init(limit: Int = .max) { self.limit = limit }

    func take(_ part: UnsafeRawBufferPointer) -> Bool {
      bytes += part
      sizes.append(part.count)
      return sizes.count <= limit
    }
  }
}
