/// The report in Markdown, for the summary of a job or a comment at a merge request: a graph for
/// each cycle, the code at its places, and the evidence to be opened.
///
/// It is never longer than a comment on GitHub may be; what does not fit is counted.
public struct MarkdownReport {
  /// Bytes; a comment may have 65,536 characters.
  private static let limit = 65_000
  private static let evidenceLimit = 8_000
  private static let listLimit = 8_000
  /// For the line that tells what was left out.
  private static let reserve = 200

  private static let excerptLimit = 6
  private static let codeWidth = 100

  private let subject: JudgedAnalysis
  private let page: Page?

  /// The report of an analysis and of what the gate makes of it.
  ///
  /// - Parameter page: where the same is as a page, if it was written.
  public init(_ subject: JudgedAnalysis, page: Page? = nil) {
    self.subject = subject
    self.page = page
  }

  /// The report, in UTF-8 with a newline at its end.
  ///
  /// - Complexity: O(findings).
  public var bytes: [UInt8] {
    let findings = subject.findings
    let violations = findings.filter(\.standing.isViolation)
    let below = findings.filter { $0.standing == .belowThreshold }
    let tail = excused(findings.filter(\.standing.isExcused)) + notes + summary
    var text = heading(violations.count, below.count, findings.count)
    if let page { text += Self.line(page) }
    let sources = SourceLines(subject.settings)
    var room = Self.limit - text.utf8.count - tail.utf8.count - Self.reserve
    var leftOut = 0
    for judged in violations + below {
      let title = self.title(of: judged)
      let graph = MermaidGraph(judged).map { "\n\($0.text)" } ?? ""
      let code = sources.map { Self.code(of: judged, $0) } ?? ""
      let whole = title + graph + code + "\n" + evidence(of: judged)
      let parts = [whole, title + graph + code, title + graph, title]
      guard let part = parts.first(where: { $0.utf8.count <= room }) else {
        leftOut += 1
        continue
      }
      text += part
      room -= part.utf8.count
    }
    if leftOut > 0 {
      text += "\n\(Counted.grouped(leftOut, "more finding")) left out to keep this short.\n"
    }
    return Array((text + tail).utf8)
  }

  private func heading(_ violations: Int, _ below: Int, _ all: Int) -> String {
    let failing = violations + subject.verdict.remarks.count(where: \.isViolation)
    let title =
      subject.verdict.isUndecided
      ? "too little was checked"
      : failing == 0 ? "no violation" : Counted.grouped(failing, "violation")
    var text = "## Lock order: \(title)\n"
    let remarks = subject.verdict.remarks.filter(\.isViolation).map {
      "- **violation** · \(MarkdownText.escaped($0.text.shortened(to: Limits.remark)))\n"
    }
    if !remarks.isEmpty { text += "\n" + Self.list(remarks) }
    var others: [String] = []
    if below > 0 { others.append("\(Counted.grouped(below, "finding")) below the threshold") }
    let excused = all - violations - below
    if excused > 0 { others.append("\(Counted.grouped(excused, "finding")) excused") }
    if !others.isEmpty { text += "\n\(others.joined(separator: ", ")).\n" }
    return text
  }

  private func title(of judged: JudgedFinding) -> String {
    let finding = judged.finding
    var text = "\n### \(judged.number). \(MarkdownText.escaped(finding.title))\n\n"
    text += "**\(finding.severity.rawValue)** · \(MarkdownText.code(finding.rule.rawValue))"
    if let confidence = finding.confidence { text += ", \(confidence.rawValue)" }
    text += " · \(MarkdownText.code(judged.place.text.shortened(to: Limits.remark)))"
    if judged.standing == .belowThreshold { text += " · below the threshold" }
    if case .expired(let exception) = judged.standing {
      text += " · expired: \(MarkdownText.escaped(exception.text))"
    }
    if let fold = finding.fold {
      text += " · \(Counted.grouped(fold.count, "finding")) in one"
    }
    return text + "\n"
  }

  /// The lines around the places of a finding, each once.
  private static func code(of judged: JudgedFinding, _ sources: SourceLines) -> String {
    var shown: Set<String> = []
    var texts: [String] = []
    for step in judged.paths.lazy.flatMap(\.steps) where texts.count < excerptLimit {
      guard let excerpt = sources.excerpt(at: step, shown: &shown) else { continue }
      let place = excerpt.place.withVisibleControls
      texts.append(([place] + excerpt.text(width: codeWidth)).joined(separator: "\n"))
    }
    return texts.isEmpty ? "" : "\n" + MarkdownText.block(texts.joined(separator: "\n"))
  }

  private func evidence(of judged: JudgedFinding) -> String {
    MarkdownText.folded(
      "Evidence, and what helps",
      MarkdownText.block(judged.evidence.shortened(to: Self.evidenceLimit)))
  }

  private func excused(_ findings: [JudgedFinding]) -> String {
    guard !findings.isEmpty else { return "" }
    let rows = findings.map { judged in
      let why = (judged.standing.exception?.text ?? "").shortened(to: 200)
      let title = judged.finding.title.shortened(to: 200)
      return "| \(judged.number). \(MarkdownText.escaped(title)) | \(judged.standing.name) | "
        + "\(MarkdownText.escaped(why)) |\n"
    }
    let table = "| finding | standing | why |\n| --- | --- | --- |\n" + Self.list(rows)
    return "\n"
      + MarkdownText.folded("\(Counted.grouped(findings.count, "finding")) excused", table)
  }

  private var notes: String {
    let notes = ReportNotes(subject).all.filter { !$0.isViolation }
    guard !notes.isEmpty else { return "" }
    return "\n" + Self.list(notes.map { "- \(MarkdownText.escaped($0.text))\n" })
  }

  /// As many as fit into a part of the report, and how many more there are.
  private static func list(_ items: [String]) -> String {
    var room = listLimit
    let shown = items.prefix { item in
      room -= item.utf8.count
      return room >= 0
    }
    let rest = items.count - shown.count
    return shown.joined() + (rest > 0 ? "\nand \(rest) more\n" : "")
  }

  private var summary: String {
    let summary = subject.analysis.summary
    let counts = [
      Counted.grouped(summary.events, "event"), Counted.grouped(summary.threads, "thread"),
      "\(Counted.grouped(summary.locks, "lock")) in "
        + Counted.grouped(summary.classes, "class", "classes"),
      Counted.grouped(summary.dependencies, "dependency", "dependencies"),
    ]
    return "\n<sub>lockdep-check \(lockGraphVersion): \(counts.joined(separator: ", "))</sub>\n"
  }
}
