/// What fails and what is below the threshold, a line each as Xcode reads the messages of scripts:
/// `FILE:LINE:COLUMN: error: TEXT`. Xcode takes absolute paths, so those below the source root are
/// made absolute.
///
/// A violation is an error, or a warning if its severity is one; what is below the threshold is a
/// note. What a baseline or policy excuses is left out.
public struct XcodeReport {
  private let subject: JudgedAnalysis

  /// The lines of an analysis and of what the gate makes of it.
  public init(_ subject: JudgedAnalysis) { self.subject = subject }

  /// The lines, in UTF-8, in the order of the analysis; nothing if there is nothing to say.
  ///
  /// - Complexity: O(length of the report).
  public var bytes: [UInt8] {
    let findings = subject.findings.lazy.filter { !$0.standing.isExcused }.map(line)
    let remarks = ReportNotes(subject).all.lazy.map {
      "\($0.isViolation ? "error" : "note"): \($0.text)"
    }
    return (Array(findings) + Array(remarks)).flatMap {
      Array($0.withVisibleControls.utf8) + [UInt8(ascii: "\n")]
    }
  }

  private func line(_ judged: JudgedFinding) -> String {
    let (place, narrative) = (judged.place, FindingNarrative(judged))
    let sentences = narrative.sentences { place, _ in place.text }
    let text = ([narrative.title + "."] + sentences).joined(separator: " ").shortened(to: 4000)
    return "\(absolute(place.path)):\(place.line):\(place.column ?? 1): "
      + "\(judged.messageLevel.rawValue): \(text) [\(judged.finding.tag)]"
  }

  private func absolute(_ path: String) -> String {
    guard path.utf8.first != UInt8(ascii: "/"), path != TraceSource.standardInput.name,
      let root = subject.settings.sourceRoots.first
    else { return path }
    return root.hasSuffix("/") ? root + path : "\(root)/\(path)"
  }
}

extension JudgedFinding {
  /// How a compiler would tell it, if it is not excused.
  var messageLevel: Severity {
    guard standing.isViolation else { return .note }
    return finding.severity == .error ? .error : .warning
  }
}
