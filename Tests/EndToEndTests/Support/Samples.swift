import Foundation
import TestSupport
import Testing

/// The samples, and what their table says of each.
struct Sample: Sendable, CustomTestStringConvertible {
  var file: String
  var rule: String?
  var confidence: String?
  var classes: [String]
  var gateStatus: Int32

  var path: String { "\(Samples.folder)/\(file)" }
  var testDescription: String { file }
  /// What it must be recognised as.
  var format: String {
    switch file.split(separator: ".").last {
    case "trace": "text"
    case "txt": file.contains("chains") ? "lockdep-chains" : "lockdep"
    case "log": "kernel-log"
    case let ending: String(ending ?? "")
    }
  }
}

enum Samples {
  static let folder = "\(BuiltProducts.packageRoot)/samples"

  /// The rows of the table in the samples' README.
  static let all: [Sample] = {
    let text = try? String(contentsOfFile: "\(folder)/README.md", encoding: .utf8)
    return (text ?? "").split(separator: "\n").compactMap { sample(row: String($0)) }
  }()

  /// `| [file](file) | story | rule | confidence | classes | status |`
  private static func sample(row: String) -> Sample? {
    guard row.hasPrefix("| [") else { return nil }
    let cells = row.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
      .map { $0.trimmingCharacters(in: .whitespaces) }
    guard cells.count == 6, let status = Int32(cells[5]),
      let name = cells[0].split(whereSeparator: { "[]()".contains($0) }).first
    else { return nil }
    return Sample(
      file: String(name), rule: cells[2] == "none" ? nil : unquoted(cells[2]),
      confidence: cells[3].isEmpty ? nil : cells[3],
      classes: cells[4].isEmpty ? [] : cells[4].components(separatedBy: ", ").map(unquoted),
      gateStatus: status)
  }

  private static func unquoted(_ text: String) -> String {
    text.trimmingCharacters(in: CharacterSet(charactersIn: "`"))
  }
}
