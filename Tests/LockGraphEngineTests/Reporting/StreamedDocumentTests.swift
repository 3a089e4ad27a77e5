import TestSupport
import Testing

@testable import LockGraphEngine

/// Documents that are written part by part.
@Suite struct StreamedDocumentTests {
  private struct Subject: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var report: @Sendable () throws -> any StreamedDocument

    init(_ name: String, _ report: @escaping @Sendable () throws -> any StreamedDocument) {
      testDescription = name
      self.report = report
    }
  }

  /// So many inversions that no report of them fits in a part.
  private static func text(_ count: Int) -> String {
    var text = ""
    for number in 0..<count {
      for (one, other) in [("a", "b"), ("b", "a")] {
        text +=
          "T\(one) acquire \(one)\(number) at=file.c:\(number)\nT\(one) acquire \(other)\(number)\n"
        text += "T\(one) release \(other)\(number)\nT\(one) release \(one)\(number)\n"
      }
    }
    return text
  }

  private static func analysis() throws -> Analysis { try analyze(text(1000)) }

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
    Subject("statistics") {
      var analyzer = StatisticsAnalyzer()
      try analyzer.read(.bytes(Array(text(1000).utf8), name: "many.trace"))
      return StatisticsJSON(analyzer.finish())
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
