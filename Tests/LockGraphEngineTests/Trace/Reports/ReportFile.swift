import Foundation
import LockGraphEngine
import TestSupport

/// A file of Tests/ForeignReports: what another tool printed.
struct ReportFile {
  var name: String

  /// Every one of them.
  static let all: [String] = {
    let files = try! FileManager.default.contentsOfDirectory(atPath: folder.path)
    return files.filter { !$0.hasPrefix(".") }.sorted()
  }()

  private static let folder = URL(fileURLWithPath: BuiltProducts.packageRoot)
    .appendingPathComponent(
      "Tests/ForeignReports")

  init(_ name: String) { self.name = name }

  var text: String {
    try! String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
  }

  var lines: [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}

extension Analysis {
  /// What was found, a line a finding: rule, confidence, classes.
  var findingLines: [String] {
    findings.map { finding in
      let confidence = finding.confidence.map { " \($0.rawValue)" } ?? ""
      return "\(finding.rule.rawValue)\(confidence): \(finding.classes.joined(separator: ", "))"
    }
  }

  /// What still waits, thread by thread.
  var waitingThreads: [String] { waiting.flatMap { $0.waits.map(\.thread) } }
}
