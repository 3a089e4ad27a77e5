/// A finding that was not reported yet, or is surer now, and what is known of its cause.
struct News: Sendable {
  var finding: Finding
  var isSurer: Bool
  /// Whose it is, if anybody's.
  var scope: UInt64
  /// It was put off: it was not caused by the thread on which it is told.
  var isLate: Bool
  /// The thread that caused it.
  var thread: String
  /// Where that thread was.
  var place: String?

  /// What those are told who want to know. Takes a while: it looks up the names of functions.
  func report() -> LockValidator.Report {
    let finding = finding.forPeople
    return LockValidator.Report(
      finding: finding, place: place, thread: thread, isSurer: isSurer,
      text: TextReport(finding: finding).text, isLate: isLate, scope: scope)
  }
}

extension Finding {
  /// The event that made a finding what it is.
  struct Cause {
    var line: UInt64
    var thread: String
    var place: String?
  }

  /// The event that made it a finding, or, if it was one before, that made it surer: the last one
  /// of its evidence.
  func cause(isSurer: Bool) -> Cause? {
    var causes = waiters.map { Cause(line: $0.line, thread: $0.thread, place: $0.at) }
    causes += events.map { Cause(line: $0.line, thread: $0.thread, place: $0.at) }
    for edge in edges {
      let deciding = edge.witnesses.filter { $0.kind == edge.decidingKind }
      let witnesses = (isSurer || deciding.isEmpty ? edge.witnesses : deciding).map {
        Cause(line: $0.line, thread: $0.thread, place: $0.wanted.at)
      }
      // A dependency is there from the first witness of its kind on.
      if isSurer {
        causes += witnesses
      } else if let first = witnesses.min(by: { $0.line < $1.line }) {
        causes.append(first)
      }
    }
    return causes.max { $0.line < $1.line }
  }
}
