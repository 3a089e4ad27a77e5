/// The report as checkstyle's XML, which review bots, Jenkins and many editors read: the findings
/// of each file, by line.
///
/// A violation is an error, or a warning if its severity is one; what is below the threshold is an
/// info. What a baseline or policy excuses is left out. Remarks of the gate stand at the first
/// input.
public struct CheckstyleReport {
  private let subject: JudgedAnalysis

  /// The report of an analysis and of what the gate makes of it.
  public init(_ subject: JudgedAnalysis) { self.subject = subject }

  private struct Message {
    var place: ReportPlace
    var severity: String
    var text: String
    var source: String
  }

  /// The report, in UTF-8 with a newline at its end; files are sorted by their paths.
  ///
  /// - Complexity: O(n log n) for n findings.
  public var bytes: [UInt8] {
    var files: [String: [Message]] = [:]
    for message in messages { files[message.place.path, default: []].append(message) }
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"8.0\">\n"
    for path in files.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      text += "  <file\(XMLText.attribute("name", path))>\n"
      // Those of one line stay in the order of the analysis.
      let own = files[path]!.enumerated().sorted {
        ($0.element.place.line, $0.offset) < ($1.element.place.line, $1.offset)
      }
      for (_, message) in own { text += "    \(Self.element(message))\n" }
      text += "  </file>\n"
    }
    return Array((text + "</checkstyle>\n").utf8)
  }

  private var messages: [Message] {
    let findings = subject.findings.filter { !$0.standing.isExcused }.map { judged in
      let narrative = FindingNarrative(judged)
      let sentences = narrative.sentences { place, _ in place.text }
      let level = judged.messageLevel
      return Message(
        place: judged.place, severity: level == .note ? "info" : level.rawValue,
        text: ([narrative.title + "."] + sentences).joined(separator: " ").shortened(to: 4000)
          + " [\(judged.finding.tag)]",
        source: "lockgraph.\(judged.finding.rule.rawValue)")
    }
    let remarks = ReportNotes(subject).all.map { remark in
      Message(
        place: subject.settings.place(of: subject.analysis.inputs),
        severity: remark.isViolation ? "error" : "info", text: remark.text,
        source: "lockgraph.gate")
    }
    return findings + remarks
  }

  private static func element(_ message: Message) -> String {
    var element = "<error" + XMLText.attribute("line", "\(message.place.line)")
    if let column = message.place.column { element += XMLText.attribute("column", "\(column)") }
    element += XMLText.attribute("severity", message.severity)
    element += XMLText.attribute("message", message.text)
    return element + XMLText.attribute("source", message.source) + "/>"
  }
}
