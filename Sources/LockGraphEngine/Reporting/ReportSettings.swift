/// What reports have to know beside findings and verdict.
public struct ReportSettings: Sendable {
  /// The absolute names of the folder that paths in the report are relative to; usually one, more
  /// where links lead to it. Without one, absolute paths stay absolute.
  public var sourceRoots: [String] = [] {
    didSet { sourceRoots = sourceRoots.map(Self.normalized) }
  }
  /// The rules that were looked for; those without a finding are passed tests in JUnit.
  public var checkedRules: [Rule] = Rule.allCases.filter(\.isChecked)
  /// Finds the file for a relative path that the program knew it by; `nil` leaves it as it is. It
  /// is called once or more often for each place of a report.
  public var locate: (@Sendable (String) -> String?)?
  /// The folder below which lines of the source are read for reports that show them; `nil` shows
  /// none.
  public var sources: String?

  /// No folder, all rules.
  public init() {}
}

/// Where a report points to.
struct ReportPlace: Equatable {
  /// Relative to the source root if it begins with no slash.
  var path: String
  /// From 1.
  var line: Int
  /// From 1.
  var column: Int?
  /// A place in the source, and not the line of the input that tells of it.
  var isSource: Bool

  /// `PATH:LINE`, as a person would look it up.
  var text: String { "\(path):\(line)" }
}

extension ReportSettings {
  /// The place in the source; where the trace does not tell it, the line of the trace.
  func place(at: String?, stack: [String], input: String, line: UInt64) -> ReportPlace {
    let position =
      at.flatMap { SourcePosition($0) }
      ?? stack.lazy.compactMap { SourcePosition(frame: $0) }.first
    guard let position else {
      return ReportPlace(
        path: path(input), line: max(1, Int(clamping: Int32(clamping: line))), isSource: false)
    }
    return ReportPlace(
      path: sourcePath(position.file), line: position.line, column: position.column, isSource: true)
  }

  /// The path of a file of the source, where it is known by another one.
  package func sourcePath(_ file: String) -> String {
    let path = path(file)
    guard path.utf8.first != UInt8(ascii: "/"), let found = locate?(path) else { return path }
    return found
  }

  /// The place of a finding that names none: the first input.
  func place(of inputs: [TraceInput]) -> ReportPlace {
    ReportPlace(path: path(inputs.first?.name ?? "."), line: 1, isSource: false)
  }

  /// A path without detours, relative to the source root where it is an absolute one below it.
  package func path(_ file: String) -> String {
    let path = Self.normalized(file)
    for root in sourceRoots {
      if path == root { return "." }
      let prefix = root.utf8.last == UInt8(ascii: "/") ? root : root + "/"
      if path.utf8.starts(with: prefix.utf8) {
        return String(Substring(path.utf8.dropFirst(prefix.utf8.count)))
      }
    }
    return path
  }

  /// Without `.`, `..` and empty parts, by the text alone: links are not followed. What leads out
  /// of a relative path's beginning stays.
  static func normalized(_ path: String) -> String {
    let isAbsolute = path.utf8.first == UInt8(ascii: "/")
    var parts: [Substring] = []
    for part in path.utf8.split(separator: UInt8(ascii: "/")).map(Substring.init) {
      switch part {
      case ".": continue
      case ".." where !parts.isEmpty && parts.last != "..": parts.removeLast()
      case ".." where isAbsolute: continue
      default: parts.append(part)
      }
    }
    if isAbsolute { return "/" + parts.joined(separator: "/") }
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }
}
