/// The report as JUnit XML, as CI systems read it: a test for each finding, and one that passes for
/// each rule that was looked for and found nothing; none of these if too little was checked.
///
/// A violation has failed; what a baseline or policy excuses was skipped; what is below the
/// threshold has passed and tells of itself in its output. There are no times, so that equal
/// findings are equal bytes.
public struct JUnitReport {
  private let subject: JudgedAnalysis

  /// The report of an analysis and of what the gate makes of it.
  public init(_ subject: JudgedAnalysis) { self.subject = subject }

  /// The report, in UTF-8 with a newline at its end.
  ///
  /// - Complexity: O(length of the report).
  public var bytes: [UInt8] {
    let tests = self.tests
    let counts =
      XMLText.attribute("tests", "\(tests.count)")
      + XMLText.attribute("failures", "\(tests.count { $0.outcome.isFailure })")
      + XMLText.attribute("errors", "0")
      + XMLText.attribute("skipped", "\(tests.count { $0.outcome.isSkipped })")
      + XMLText.attribute("time", "0")
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="lockdep-check"\(counts)>
        <testsuite name="lockgraph"\(counts)>

      """
    for test in tests { text += test.text }
    let notes = ReportNotes(subject).all.filter { !$0.isViolation }.map(\.text)
    if !notes.isEmpty {
      text += "    <system-out>\(XMLText.content(notes.joined(separator: "\n")))</system-out>\n"
    }
    text += "  </testsuite>\n</testsuites>\n"
    return Array(text.utf8)
  }

  private var tests: [JUnitTest] {
    // GitLab drops a test whose class and name were there before.
    var names = UniqueNames()
    let found = Set(subject.analysis.findings.map(\.rule))
    let passed =
      subject.verdict.coverage == .insufficient
      ? []
      : Rule.allCases.filter {
        subject.settings.checkedRules.contains($0) && !found.contains($0)
      }
    var tests = passed.map {
      JUnitTest(group: $0.rawValue, name: $0.rawValue, outcome: .passed(nil))
    }
    for judged in subject.findings {
      let finding = judged.finding
      tests.append(
        JUnitTest(
          group: finding.rule.rawValue,
          name: names.unique("\(finding.rule.rawValue): \(finding.subject)"),
          place: judged.place,
          outcome: outcome(of: judged)))
    }
    for remark in subject.verdict.remarks where remark.isViolation {
      let text = remark.text.shortened(to: Limits.remark)
      tests.append(
        JUnitTest(
          group: "gate", name: names.unique(text),
          outcome: .failed(message: text, type: "gate", body: text)))
    }
    return tests
  }

  private func outcome(of judged: JudgedFinding) -> JUnitTest.Outcome {
    let finding = judged.finding
    switch judged.standing {
    case .known(let exception), .ignored(let exception):
      return .skipped("\(judged.standing.name): \(exception.text)")
    case .belowThreshold: return .passed(body(of: judged))
    case .failing, .expired:
      return .failed(
        message: "\(finding.title) (\(finding.tag))", type: finding.rule.rawValue,
        body: body(of: judged))
    }
  }

  /// Everything, because GitLab shows nothing else.
  private func body(of judged: JudgedFinding) -> String {
    (judged.place.text + "\n" + judged.evidence).shortened(to: 32_768)
  }
}

/// A test case of JUnit.
private struct JUnitTest {
  enum Outcome {
    case passed(String?)
    case skipped(String)
    case failed(message: String, type: String, body: String)

    var isFailure: Bool { if case .failed = self { true } else { false } }
    var isSkipped: Bool { if case .skipped = self { true } else { false } }
  }

  var group: String
  var name: String
  var place: ReportPlace?
  var outcome: Outcome

  var text: String {
    var start =
      "    <testcase" + XMLText.attribute("classname", "lockgraph.\(group)")
      + XMLText.attribute("name", name)
    if let place {
      start += XMLText.attribute("file", place.path)
      start += XMLText.attribute("line", "\(place.line)")
    }
    start += XMLText.attribute("time", "0")
    let child: String
    switch outcome {
    case .passed(nil): return start + "/>\n"
    case .passed(let output?):
      child = "<system-out>\(XMLText.content(output))</system-out>"
    case .skipped(let message): child = "<skipped\(XMLText.attribute("message", message))/>"
    case .failed(let message, let type, let body):
      child =
        "<failure" + XMLText.attribute("message", message) + XMLText.attribute("type", type)
        + ">\(XMLText.content(body))</failure>"
    }
    return "\(start)>\n      \(child)\n    </testcase>\n"
  }
}
