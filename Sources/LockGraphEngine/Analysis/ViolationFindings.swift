extension ViolationStore {
  /// One for each sort of violation.
  ///
  /// - Parameters:
  ///   - tellingPlaces: of locks without a stated class, one for each of its places.
  ///   - isNone: what is not told.
  func findings(
    _ resolver: EvidenceResolver, tellingPlaces: Bool,
    without isNone: (Key) -> Bool = { _ in false }
  ) -> [Finding] {
    var findings: [Finding] = []
    var numbers: [String: Int] = [:]
    for violation in violations where !isNone(violation.key) {
      var finding = resolver.finding(violation)
      if tellingPlaces { finding = finding.tellingLocks() }
      if let number = numbers[finding.fingerprint] {
        findings[number].occurrences &+= finding.occurrences
      } else {
        numbers[finding.fingerprint] = findings.count
        findings.append(finding)
      }
    }
    return findings
  }
}

extension EvidenceResolver {
  func finding(_ violation: ViolationStore.Violation) -> Finding {
    let key = violation.key
    return .violation(
      key.variant, of: key.lockClass.map { table.name(of: $0) },
      and: key.otherClass.map { table.name(of: $0) }, in: key.context,
      events: violation.events.map(event), occurrences: violation.count)
  }
}

// A lock that may sleep in a signal handler: it cannot keep its own thread waiting where the signal
// is masked wherever the lock is held [semantics 16].
extension OrderRecord {
  func isMasked(_ key: ViolationStore.Key) -> Bool {
    guard key.variant == .waitsInContext, key.context == .signal, let lockClass = key.lockClass
    else { return false }
    return isMasked(lockClass)
  }

  private func isMasked(_ lockClass: LockClassID) -> Bool {
    guard table.classes[lockClass.index].isHeldMasked else { return false }
    let marks = contextMarks.marks(of: lockClass)
    return !marks.contains(.enabledExclusive, .signal) && !marks.contains(.enabledShared, .signal)
  }

  /// The findings of graph files and other validators that hold with all the inputs together.
  ///
  /// - Parameter predicting: whether they are as sure as what graph files keep of events makes
  ///   them.
  func importedReports(predicting: Bool) -> [ImportedFacts.Report] {
    predicting ? heldReports.map(recalled) : heldReports
  }

  private func recalled(_ report: ImportedFacts.Report) -> ImportedFacts.Report {
    // Of other cycles the graph tells, and these are asked for there.
    guard report.finding.isClosedByJoin else { return report }
    let fingerprint = report.finding.fingerprint
    let verdict = cycleVerdicts.verdict(
      of: CycleFingerprints(ofClasses: fingerprint, ofPlaces: fingerprint), input: report.input,
      tellsPlaces: true)
    var report = report
    if let verdict { report.finding.apply(.decided(verdict)) }
    return report
  }

  private var heldReports: [ImportedFacts.Report] {
    let doubtful = Set(
      imports.reports.filter { $0.finding.isOfSignalHandler }.map { $0.finding.classes[0] })
    guard !doubtful.isEmpty else { return imports.reports }
    let masked = Set(
      table.classes.indices.lazy.map { LockClassID(UInt32($0)) }
        .filter { doubtful.contains(table.name(of: $0)) && isMasked($0) }
        .map { table.name(of: $0) })
    return imports.reports.filter {
      !$0.finding.isOfSignalHandler || !masked.contains($0.finding.classes[0])
    }
  }
}

extension Finding {
  /// A lock that may sleep is taken in a signal handler.
  fileprivate var isOfSignalHandler: Bool {
    rule == .invalidWaitContext && context == .signal && classes.count == 1
      && events.first?.role == .acquire
  }
}
