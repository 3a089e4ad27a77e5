import ArgumentParser
import LockGraphEngine

/// The formats of a report.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case text, compact, json, sarif, junit, checkstyle, github, gitlab, xcode, markdown, html

  /// All names, for help and messages.
  static let names = allCases.map(\.rawValue).joined(separator: ", ")
}

/// A report beside the main one: `FORMAT=FILE`.
struct AdditionalReport {
  var format: ReportFormat
  var path: String

  init(_ argument: String) throws {
    guard let separator = argument.firstIndex(of: "=") else {
      throw ValidationError("'\(argument)' has no file; --report takes FORMAT=FILE.")
    }
    let name = argument[..<separator]
    guard let format = ReportFormat(rawValue: String(name)) else {
      throw ValidationError("'\(name)' is no format of a report; use \(ReportFormat.names).")
    }
    path = String(argument[argument.index(after: separator)...])
    guard !path.isEmpty, path != "-" else {
      throw ValidationError(
        "--report \(argument) takes the name of a file; -o and --format are for standard output.")
    }
    self.format = format
  }
}
