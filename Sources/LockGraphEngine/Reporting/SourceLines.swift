/// Lines of the source around places, for reports that show them as text: from below the folder of
/// `ReportSettings.sources` and nowhere else.
final class SourceLines {
  struct Excerpt {
    /// As the report calls it, with the number of the line.
    var place: String
    /// The line itself and its neighbours, ascending.
    var lines: [(number: Int, text: String)]
    /// The number of the line that is meant.
    var line: Int
  }

  /// So many lines before a place and after it.
  private static let margin = 1
  /// So many calls are looked through.
  private static let callLimit = 4
  /// So many files are kept in mind.
  private static let fileLimit = 200

  private let folder: SourceFolder
  private let settings: ReportSettings
  private var files: [String: [String]] = [:]
  /// The files of which nothing can be shown, and why, as they were asked for.
  private(set) var lacks: [(path: String, lack: SourceFolder.Lack)] = []
  private var lacking: Set<String> = []

  /// - Returns: `nil` if no folder is named, or there is none of its name.
  init?(_ settings: ReportSettings) {
    guard let folder = settings.sources.flatMap(SourceFolder.init) else { return nil }
    self.folder = folder
    self.settings = settings
  }

  /// The lines around the place that an event tells, else around that of its innermost frame that
  /// tells one. Where these are shown already, or cannot be, those around the place that called it:
  /// of a function that takes locks for many the callers tell more.
  ///
  /// - Parameter shown: the places whose lines are shown already, and then this one.
  /// - Complexity: O(bytes of the file), once a file.
  func excerpt(at: String?, stack: [String], shown: inout Set<String>) -> Excerpt? {
    let calls = stack.prefix(Self.callLimit).lazy.compactMap { SourcePosition(frame: $0) }
    let positions = [at.flatMap { SourcePosition($0) }].compactMap(\.self) + calls
    for position in positions {
      let place = "\(position.file):\(position.line)"
      guard shown.insert(place).inserted else { continue }
      if let excerpt = excerpt(settings.sourcePath(position.file), position.line, as: place) {
        return excerpt
      }
    }
    return nil
  }

  /// The same around a step of a path.
  func excerpt(at step: FindingPath.Step, shown: inout Set<String>) -> Excerpt? {
    let place = step.place
    return excerpt(at: place.isSource ? place.text : nil, stack: step.stack, shown: &shown)
  }

  private func excerpt(_ path: String, _ line: Int, as place: String) -> Excerpt? {
    guard let lines = lines(of: path), line >= 1, line <= lines.count else { return nil }
    let near = max(1, line - Self.margin)...min(lines.count, line + Self.margin)
    let shown = near.filter { $0 == line || lines[$0 - 1].contains { !$0.isWhitespace } }
    return Excerpt(place: place, lines: shown.map { ($0, lines[$0 - 1]) }, line: line)
  }

  private func lines(of path: String) -> [String]? {
    if let known = files[path] { return known }
    guard !lacking.contains(path) else { return nil }
    do throws(SourceFolder.Lack) {
      let lines = try folder.lines(of: path)
      if files.count >= Self.fileLimit { files.removeAll() }
      files[path] = lines
      return lines
    } catch {
      lacking.insert(path)
      lacks.append((path, error))
      return nil
    }
  }
}

extension SourceLines.Excerpt {
  /// One text a line, at most `width` characters: numbers, a mark at the line that is meant, and
  /// the code without the indentation that all of it has.
  func text(width: Int) -> [String] {
    let code = lines.map { Self.withBlanks($0.text).withVisibleControls }
    let filled = code.filter { $0.contains { $0 != " " } }
    let shared = filled.map { $0.prefix { $0 == " " }.count }.min() ?? 0
    let digits = String(lines.last?.number ?? 0).count
    return zip(lines, code).map { line, code in
      let number = String(line.number)
      let padding = String(repeating: " ", count: digits - number.count)
      let mark = line.number == self.line ? ">" : " "
      var text = "\(mark) \(padding)\(number) | \(code.dropFirst(shared))"
      if text.count > width { text = text.prefix(width - 1) + "…" }
      while text.last == " " { text.removeLast() }
      return text
    }
  }

  private static func withBlanks(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\t")) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar == "\t" { result += "    " } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }
}
