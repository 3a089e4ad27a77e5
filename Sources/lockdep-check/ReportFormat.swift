import ArgumentParser
import LockGraph

/// The formats of a report.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, sarif, junit, github, gitlab, markdown

  /// All names, for help and messages.
  static let names = allCases.map(\.rawValue).joined(separator: ", ")
}

/// A report beside the main one: `KIND=FILE`.
struct AdditionalReport: ExpressibleByArgument {
  var format: ReportFormat
  var path: String

  init?(argument: String) {
    guard let separator = argument.firstIndex(of: "="),
      let format = ReportFormat(rawValue: String(argument[..<separator]))
    else { return nil }
    path = String(argument[argument.index(after: separator)...])
    guard !path.isEmpty, path != "-" else { return nil }
    self.format = format
  }

  static var defaultCompletionKind: CompletionKind { .file() }
}
