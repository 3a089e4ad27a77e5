/// The report as GitLab's code quality widget reads it: a part of Code Climate's issues, as JSON.
///
/// What a baseline or policy excuses is left out.
public struct CodeQualityReport: StreamedDocument {
  private let subject: JudgedAnalysis

  /// The report of an analysis and of what the gate makes of it.
  public init(_ subject: JudgedAnalysis) { self.subject = subject }

  /// Writes the report, in UTF-8 with a newline at its end.
  @discardableResult
  public func write(_ take: @escaping (UnsafeRawBufferPointer) -> Bool) -> Bool {
    var writer = JSONWriter(take)
    writer.array { writer in
      for judged in subject.findings
      where !judged.standing.isExcused {
        let narrative = FindingNarrative(judged)
        let sentences = narrative.sentences { place, _ in place.text }
        Self.write(
          Issue(
            check: judged.finding.rule.rawValue,
            description: "\(narrative.title) (\(judged.finding.tag)). "
              + sentences.joined(separator: " "),
            fingerprint: judged.fingerprint, severity: Self.severity(of: judged),
            place: judged.place), to: &writer)
      }
      // GitLab shows one of those with the same fingerprint.
      var names = UniqueNames()
      let skipped = subject.analysis.inputs.compactMap { ReportNotes.skipped($0) }
      let notes = skipped.map {
        GateVerdict.Remark(
          isViolation: false, text: $0.withVisibleControls.shortened(to: Limits.remark))
      }
      for remark in subject.verdict.remarks.filter(\.isViolation) + notes {
        Self.write(
          Issue(
            check: "gate", description: remark.text,
            fingerprint: names.unique(Fingerprint(of: remark).text),
            severity: remark.isViolation ? "critical" : "info",
            place: subject.settings.place(of: subject.analysis.inputs)), to: &writer)
      }
    }
    return writer.finish()
  }

  private struct Issue {
    var check: String
    var description: String
    var fingerprint: String
    var severity: String
    var place: ReportPlace
  }

  private static func write(_ issue: Issue, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("type", "issue")
      writer.member("check_name", issue.check)
      writer.member("description", issue.description.withVisibleControls.shortened(to: 4000))
      writer.member("categories", ["Bug Risk"])
      writer.member("fingerprint", issue.fingerprint)
      writer.member("severity", issue.severity)
      writer.key("location")
      writer.object { writer in
        writer.member("path", issue.place.path)
        writer.key("lines")
        writer.object { $0.member("begin", issue.place.line) }
      }
    }
  }

  private static func severity(of judged: JudgedFinding) -> String {
    let finding = judged.finding
    guard judged.standing.isViolation else {
      return finding.severity == .note ? "info" : "minor"
    }
    switch finding.severity {
    case .error: return finding.confidence == .observed ? "blocker" : "critical"
    case .warning: return "major"
    case .note: return "minor"
    }
  }
}

extension Fingerprint {
  /// That of something that is no finding.
  fileprivate init(of remark: GateVerdict.Remark) {
    self.init()
    add("gate")
    add(remark.text)
  }
}
