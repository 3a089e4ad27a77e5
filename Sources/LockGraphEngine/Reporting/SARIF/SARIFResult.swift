/// A finding as a SARIF result.
struct SARIFResult {
  private static let relatedLimit = 100
  private static let stepLimit = 1000

  let judged: JudgedFinding
  let settings: ReportSettings

  private var paths: [FindingPath] { judged.paths }

  func write(to writer: inout JSONWriter) {
    let finding = judged.finding
    writer.object { writer in
      writer.member("ruleId", finding.rule.rawValue)
      writer.member("ruleIndex", finding.rule.index)
      writer.member("level", finding.severity.rawValue)
      writeMessage(to: &writer)
      writer.key("locations")
      writer.array { writer in
        writer.object { Self.write(judged.place, to: &$0) }
      }
      writeRelatedLocations(to: &writer)
      writeCodeFlows(to: &writer)
      writer.key("partialFingerprints")
      writer.object { writer in
        // The only one that GitHub reads. It does not change when lines move.
        writer.member("primaryLocationLineHash", judged.fingerprint + ":1")
        writer.member("lockgraph/v1", finding.fingerprint)
      }
      writeStanding(to: &writer)
      writeProperties(to: &writer)
    }
  }

  private func writeMessage(to writer: inout JSONWriter) {
    let narrative = FindingNarrative(judged)
    let sentences = narrative.sentences(text: SARIFText.escaped) { place, number in
      number <= Self.relatedLimit
        ? SARIFText.link(place.text, to: number) : SARIFText.escaped(place.text)
    }
    writer.key("message")
    writer.object { writer in
      writer.member(
        "text",
        ([SARIFText.escaped(narrative.title) + "."] + sentences).joined(separator: " "))
    }
  }

  private func writeRelatedLocations(to writer: inout JSONWriter) {
    guard !paths.isEmpty else { return }
    writer.key("relatedLocations")
    writer.array { writer in
      let steps = paths.lazy.flatMap { path in path.steps.map { (path, $0) } }
      for (number, (path, step)) in steps.prefix(Self.relatedLimit).enumerated() {
        writer.object { writer in
          writer.member("id", number + 1)
          writer.message("message", path.sentence(step))
          Self.write(step.place, to: &writer)
        }
      }
    }
  }

  /// The schedule, if there is one, and a flow with a thread flow for each thread of the cycle.
  private func writeCodeFlows(to writer: inout JSONWriter) {
    guard !paths.isEmpty else { return }
    writer.key("codeFlows")
    writer.array { writer in
      if let schedule = judged.finding.schedule {
        SARIFScheduleFlow(schedule, settings).write(to: &writer)
      }
      writer.object { writer in
        var room = Self.stepLimit
        let shown = paths.prefix { path in
          room -= path.steps.count
          return room >= 0
        }
        if shown.count < paths.count {
          writer.message("message", "\(paths.count - shown.count) more threads are left out.")
        }
        writer.key("threadFlows")
        writer.array { writer in
          for path in shown { write(path, to: &writer) }
        }
      }
    }
  }

  private func write(_ path: FindingPath, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("id", path.thread)
      writer.message("message", path.thread)
      writer.key("locations")
      writer.array { writer in
        for (number, step) in path.steps.enumerated() {
          writer.object { writer in
            writer.key("location")
            writer.object { writer in
              writer.message("message", Self.withStack(path.sentence(step), step))
              Self.write(step.place, to: &writer)
            }
            if step.isAcquisition { writer.member("kinds", ["acquire", "lock"]) }
            writer.member("importance", number == path.key ? "essential" : "important")
          }
        }
      }
    }
  }

  private static func withStack(_ sentence: String, _ step: FindingPath.Step) -> String {
    step.stack.isEmpty
      ? sentence : "\(sentence), in \(step.stack.prefix(8).joined(separator: " < "))"
  }

  static func write(_ place: ReportPlace, to writer: inout JSONWriter) {
    writer.key("physicalLocation")
    writer.object { writer in
      writer.key("artifactLocation")
      writer.object { writer in
        let uri = SARIFText.uri(place.path)
        writer.member("uri", uri)
        if !uri.hasPrefix("file:") { writer.member("uriBaseId", SARIFReport.sourceRoot) }
      }
      writer.key("region")
      writer.object { writer in
        writer.member("startLine", place.line)
        if let column = place.column { writer.member("startColumn", column) }
      }
    }
  }

  private func writeStanding(to writer: inout JSONWriter) {
    if case .known = judged.standing { writer.member("baselineState", "unchanged") }
    guard judged.standing.isExcused, let exception = judged.standing.exception else { return }
    writer.key("suppressions")
    writer.array { writer in
      writer.object { writer in
        writer.member("kind", "external")
        writer.member("status", "accepted")
        writer.member("justification", "\(judged.standing.name): \(exception.text)")
        if SourcePosition(exception.source) != nil {
          writer.key("location")
          writer.object { writer in
            Self.write(
              settings.place(at: exception.source, stack: [], input: "", line: 1), to: &writer)
          }
        }
      }
    }
  }

  private func writeProperties(to writer: inout JSONWriter) {
    let finding = judged.finding
    writer.key("properties")
    writer.object { writer in
      writer.member("number", judged.number)
      writer.member("standing", judged.standing.name)
      if let confidence = finding.confidence {
        writer.member("confidence", confidence.rawValue)
      }
      if let recoverable = finding.recoverable {
        writer.key("recoverable")
        writer.value(recoverable)
      }
      if !finding.classes.isEmpty {
        writer.member("classes", finding.classes.prefix(100).map(\.withVisibleControls))
      }
      writer.member("occurrences", finding.occurrences)
      if let fold = finding.fold {
        writer.key("fold")
        fold.write(to: &writer)
      }
    }
  }
}
