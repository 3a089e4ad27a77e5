/// The report for people.
public struct TextReport {
  let width: Int
  let style: TextStyle
  /// The report, lines ended by newlines.
  public private(set) var text = ""

  /// The code that it shows, if it shows any.
  let sources: SourceLines?
  /// The places whose code the finding has shown already, and those of all findings.
  var shownCode: Set<String> = []
  var everShownCode: Set<String> = []

  /// - Parameters:
  ///   - verdict: with it, findings that a baseline or policy excuses are folded to a line each,
  ///     and those that they did excuse say so.
  ///   - settings: whether and from where it shows lines of the source; its places stay as the
  ///     inputs have them.
  ///   - width: characters a line; lines are broken to fit from 40 on, but for places that are
  ///     longer.
  ///   - isColored: with ANSI colours.
  public init(
    _ analysis: Analysis, verdict: GateVerdict? = nil, settings: ReportSettings = ReportSettings(),
    width: Int = 80, isColored: Bool = false
  ) {
    self.width = max(40, width)
    style = TextStyle(isColored: isColored)
    sources = SourceLines(settings)
    let findings = analysis.findings.enumerated().map { number, finding in
      NumberedFinding(number + 1, finding, verdict?.standings[number])
    }
    let (told, folded) = (findings.filter { !$0.isFolded }, findings.filter(\.isFolded))
    addIndex(told, folded.count)
    for finding in told { add(finding.finding, number: finding.number, finding.standing) }
    addFolded(folded)
    addWaiting(analysis)
    addMissingCode()
    addSummary(analysis, verdict?.coverage ?? .checked, excused: folded.count)
  }

  /// One finding, without a number and a summary.
  public init(finding: Finding, width: Int = 80, isColored: Bool = false) {
    self.width = max(40, width)
    style = TextStyle(isColored: isColored)
    sources = nil
    add(finding, number: nil, nil)
  }

  /// What still waits, and nothing else.
  package init(waitingIn analysis: Analysis, width: Int = 80, isColored: Bool = false) {
    self.width = max(40, width)
    style = TextStyle(isColored: isColored)
    sources = nil
    addWaiting(analysis)
  }

  /// One finding as the whole report shows it.
  init(_ judged: JudgedFinding) {
    width = 80
    style = TextStyle(isColored: false)
    sources = nil
    add(judged.finding, number: judged.number, judged.standing)
  }

  /// Nothing yet.
  init(width: Int) {
    self.width = max(40, width)
    style = TextStyle(isColored: false)
    sources = nil
  }

  mutating func line(_ text: String = "") {
    self.text += text
    self.text += "\n"
  }

  mutating func wrapped(_ text: String, indent: Int, hanging: Int = 0) {
    for part in TextLayout.wrap(text, width: width - indent, hanging: hanging) {
      line(String(repeating: " ", count: indent) + part)
    }
  }

  mutating func heading(_ text: String) {
    line()
    for part in TextLayout.wrap(text, width: width - 2) { line("  " + style.paint(part, .strong)) }
  }

  private mutating func add(
    _ finding: Finding, number: Int?, _ standing: GateVerdict.Standing?
  ) {
    let title = TextLayout.wrap(
      (number.map { "#\($0) " } ?? "")
        + "\(finding.severity.rawValue): \(finding.title.withVisibleControls)", width: width)
    for part in title { line(style.paint(part, finding.severity)) }
    shownCode = []
    faint("[\(finding.tag)]", indent: 3)
    if let standing, let exception = standing.exception {
      wrapped("\(standing.name): \(exception.text)", indent: 3, hanging: 2)
    }
    if let fold = finding.fold {
      wrapped(fold.text.withVisibleControls, indent: 3, hanging: 2)
    }
    switch finding.rule {
    case .deadlock where !finding.waiters.isEmpty: addDeadlock(finding)
    case _ where finding.isClosedByJoin: addJoinInversion(finding)
    case .contextInversion, .contextOrderInversion: addContextInversion(finding)
    case .declaredOrder: addDeclaredOrder(finding)
    case _ where !finding.edges.isEmpty: addInversion(finding)
    default: addEvents(finding)
    }
    line()
    let seen =
      finding.edges.isEmpty ? "seen \(Counted.grouped(finding.occurrences, "time")) · " : ""
    faint("\(seen)fingerprint \(finding.fingerprint)", indent: 2)
    line()
  }

  private mutating func faint(_ text: String, indent: Int) {
    for part in TextLayout.wrap(text, width: width - indent) {
      line(style.paint(String(repeating: " ", count: indent) + part, .faint))
    }
  }

  mutating func addEvents(_ finding: Finding) {
    heading("What happened")
    addAll(finding.events, finding.context)
    heading("Why it counts")
    addDeclaration(finding)
    for paragraph in finding.meaningParagraphs { wrapped(paragraph, indent: 4) }
    guard let advice = finding.userSpaceWords?.advice ?? finding.rule.advice else { return }
    heading("What helps")
    wrapped(advice, indent: 4)
  }

  /// What happened, with the calls that led to it.
  mutating func addAll(_ events: [FindingEvent], _ context: InterruptContext?) {
    for event in events { add(event, context, indent: 4) }
  }

  mutating func add(_ event: FindingEvent, _ context: InterruptContext?, indent: Int) {
    wrapped(
      EventSentence.text(event, context: context).withVisibleControls + " "
        + Self.place(event.place, event.input, event.line), indent: indent, hanging: 2)
    addContext(at: event.at, stack: event.stack, indent: indent + 4)
  }

  private mutating func addSummary(
    _ analysis: Analysis, _ coverage: GateVerdict.Coverage, excused: Int
  ) {
    for input in analysis.inputs {
      let name = input.name.withVisibleControls
      if input.skipped > 0, let first = input.firstSkipped {
        wrapped(
          "\(name): \(Counted.grouped(input.skipped, "bad line")) skipped; the first:", indent: 0)
        for part in first.description.split(separator: "\n") {
          // What fits is quoted as it is, blanks and all.
          let part = String(part).withVisibleControls
          if part.count + 2 <= width {
            line("  " + part)
          } else {
            wrapped(part, indent: 2, hanging: 4)
          }
        }
      }
      for warning in input.warnings {
        wrapped("\(name): warning: \(warning.withVisibleControls)", indent: 0)
      }
    }
    let summary = analysis.summary
    if summary.omittedFindings > 0 || summary.uncoveredDependencies > 0 {
      var parts: [String] = []
      if summary.omittedFindings > 0 {
        parts.append(
          "\(Counted.grouped(summary.omittedFindings, "more cycle")) of one or two classes not listed"
        )
      }
      if summary.uncoveredDependencies > 0 {
        let count = Counted.grouped(summary.uncoveredDependencies, "dependency", "dependencies")
        parts.append("\(count) may lie on cycles that are not listed")
      }
      wrapped("The list is bounded: " + parts.joined(separator: "; ") + ".", indent: 0)
    }
    wrapped(Self.verdict(analysis, coverage, excused), indent: 0)
    wrapped(
      "\(Counted.grouped(summary.events, "event")), "
        + "\(Counted.grouped(summary.threads, "thread")), "
        + "\(Counted.grouped(summary.locks, "lock")) in "
        + "\(Counted.grouped(summary.classes, "class", "classes")), "
        + "\(Counted.grouped(summary.dependencies, "dependency", "dependencies")).", indent: 0)
    if let origins = summary.originText { wrapped(origins, indent: 0) }
    if let derived = summary.derivedCyclesText { wrapped("Not listed: \(derived).", indent: 0) }
  }

  private static func verdict(
    _ analysis: Analysis, _ coverage: GateVerdict.Coverage, _ excused: Int
  ) -> String {
    let waiting = analysis.waitingThreads
    let waits =
      waiting == 0
      ? "" : "\(Counted.grouped(waiting, "thread")) still wait\(waiting == 1 ? "s" : "")"
    guard !analysis.findings.isEmpty else {
      let nothing =
        coverage == .insufficient ? "Too little was checked" : "No violation found"
      return waits.isEmpty ? "\(nothing)." : "\(nothing), but \(waits)."
    }
    let counts = Severity.allCases.compactMap { severity -> String? in
      let count = analysis.findings.reduce(0) { $0 + ($1.severity == severity ? 1 : 0) }
      return count == 0 ? nil : Counted.grouped(count, severity.rawValue)
    }
    return "\(Counted.grouped(analysis.findings.count, "finding")): "
      + counts.joined(separator: ", ") + (excused > 0 ? "; \(excused) of them excused" : "")
      + (waits.isEmpty ? "." : "; \(waits).")
  }
}
