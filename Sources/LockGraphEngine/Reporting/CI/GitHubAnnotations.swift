/// The findings as workflow commands of GitHub Actions, which shows them beside the lines of a
/// change.
///
/// A violation is an error, or a warning if its severity is one; what is below the threshold is a
/// notice. What a baseline or policy excuses is left out. GitHub keeps ten of each a step: the
/// worst are written, and a last notice tells how many were left out.
public struct GitHubAnnotations {
  private static let limit = 10

  private let subject: JudgedAnalysis

  /// The annotations of an analysis and of what the gate makes of it.
  public init(_ subject: JudgedAnalysis) { self.subject = subject }

  /// The annotations, a line each, in UTF-8; nothing if there is nothing to say.
  ///
  /// - Complexity: O(findings).
  public var bytes: [UInt8] {
    var room = [Level.error: Self.limit, .warning: Self.limit, .notice: Self.limit - 1]
    var lines: [String] = []
    var leftOut = 0
    func add(_ level: Level, _ line: () -> String) {
      guard room[level]! > 0 else {
        leftOut += 1
        return
      }
      room[level]! -= 1
      lines.append(line())
    }
    let findings = subject.findings
    let notes = ReportNotes(subject).all
    for level in Level.allCases {
      for judged in findings where Self.level(of: judged) == level {
        add(level) { Self.line(judged, level) }
      }
      for remark in notes where Self.level(of: remark) == level {
        add(level) { Self.command(level, [("title", "Lock order")], remark.text) }
      }
    }
    if leftOut > 0 {
      let count = Counted.grouped(leftOut, "more annotation")
      lines.append(
        Self.command(
          .notice, [("title", "Lock order")],
          "\(count) left out: GitHub keeps \(Self.limit) errors, warnings and notices of a step. "
            + "The other reports have all of them."))
    }
    return Array(lines.joined().utf8)
  }

  private enum Level: String, CaseIterable {
    case error, warning, notice
  }

  private static func level(of judged: JudgedFinding) -> Level? {
    switch judged.standing {
    case .known, .ignored: nil
    case .belowThreshold: .notice
    case .failing, .expired: judged.finding.severity == .error ? .error : .warning
    }
  }

  private static func level(of remark: GateVerdict.Remark) -> Level {
    remark.isViolation ? .error : .notice
  }

  private static func line(_ judged: JudgedFinding, _ level: Level) -> String {
    let place = judged.place
    let narrative = FindingNarrative(judged)
    var properties = [("file", place.path), ("line", "\(place.line)")]
    if let column = place.column { properties.append(("col", "\(column)")) }
    properties.append(("title", narrative.title.shortened(to: 250)))
    let sentences = narrative.sentences { place, _ in place.text }
    let origin = "[\(judged.finding.tag)] fingerprint \(judged.finding.fingerprint)"
    return command(level, properties, (sentences + [origin]).joined(separator: "\n"))
  }

  private static func command(
    _ level: Level, _ properties: [(name: String, value: String)], _ message: String
  ) -> String {
    let properties = properties.map { "\($0.name)=\(escapedProperty($0.value))" }
    return "::\(level.rawValue) \(properties.joined(separator: ","))::\(escaped(message))\n"
  }

  /// The lines of a message; what else could end a line or steer a terminal is shown as an escape.
  private static func escaped(_ message: String) -> String {
    message.shortened(to: 4000).split(separator: "\n")
      .map { String($0).withVisibleControls.replacing("%", with: "%25") }
      .joined(separator: "%0A")
  }

  private static func escapedProperty(_ value: String) -> String {
    value.withVisibleControls.replacing("%", with: "%25").replacing(":", with: "%3A")
      .replacing(",", with: "%2C")
  }
}
