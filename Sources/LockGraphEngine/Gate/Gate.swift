/// What decides whether a program is let through: from where on findings fail, and which are
/// excused.
///
/// A policy's ignores come before the baseline: a finding that an expired ignore means fails,
/// whatever the baseline says.
public struct Gate: Sendable {
  /// The least certain deadlock that fails, before what `grades` say.
  public var failOn: Confidence?
  /// From where on findings of a rule fail; without one, deadlocks from `ordering` on and others
  /// from warnings on.
  public var grades: [Rule: FailureGrade] = [:]
  /// What is excused by rule and classes.
  public var ignores: [GateIgnore] = []
  /// What is excused by comments in the source.
  package var comments: SourceComments?
  /// What was there before.
  public var baseline: Baseline?
  /// Whether findings whose classes only have other names than in the baseline are known.
  public var acceptsRenames = false
  /// The rules that were looked for: what is excused of others is neither unused nor fixed.
  public var rules = Set(Rule.allCases.filter(\.isChecked))
  /// How many findings of declared orders were left out because they are too many.
  public var omittedDeclaredOrders = 0
  /// How many findings of limits were left out because they are too many.
  public var omittedOverruns = 0
  /// What the policy declares of classes that were not there, one line each.
  public var unusedDeclarations: [String] = []
  /// Whether ignores and declarations that are of no use fail.
  public var failsOnUnused = false
  /// How many events there must be in all inputs, or facts of those that have facts instead; `nil`
  /// is one, but for inputs that say something without events, and 0 lets what is empty through.
  public var minimumEvents: UInt64?
  /// The day on which exceptions hold or have expired.
  public var today: CalendarDate

  /// A gate that excuses nothing.
  public init(today: CalendarDate = .today) { self.today = today }

  /// What it makes of an analysis.
  ///
  /// - Complexity: O(findings × (1 + ignores)), and O(entries) of the baseline.
  public func verdict(on analysis: Analysis) -> GateVerdict {
    let judgement = Judgement(self, analysis)
    let coverage = GateCoverage(analysis.inputs, minimum: minimumEvents)
    var remarks = coverage.remarks + omissionRemarks(analysis) + derivedRemarks(analysis)
    if coverage.extent == .checked {
      remarks += fixedRemarks(analysis, judgement) + renameRemarks(judgement)
      remarks += unusedRemarks(judgement)
    }
    return GateVerdict(
      standings: judgement.standings, remarks: remarks, coverage: coverage.extent)
  }

  /// A baseline of everything that would fail without one. What the present one says of a finding
  /// is kept; so are its entries of rules that were not looked for, or not to the end, and all of
  /// them if nothing was checked.
  ///
  /// - Parameter name: the file's name, for messages.
  public func baseline(recording analysis: Analysis, name: String) -> Baseline {
    let judgement = Judgement(self, analysis)
    var entries: [Baseline.Entry] = []
    var recorded: Set<String> = []
    for (number, finding) in analysis.findings.enumerated() {
      switch judgement.standings[number] {
      case .belowThreshold, .ignored: continue
      case .failing, .known, .expired: break
      }
      guard recorded.insert(finding.fingerprint).inserted else { continue }
      let known = judgement.claims[number].flatMap { baseline?.entries[$0] }
      entries.append(Baseline.Entry(finding, keeping: known))
    }
    let complete = completeRules(analysis)
    entries += (baseline?.entries ?? []).filter {
      !complete.contains($0.rule) && recorded.insert($0.fingerprint).inserted
    }
    return Baseline(name: name, entries: entries)
  }

  /// The present baseline without the entries whose findings are gone; `nil` if there are none, and
  /// if nothing was checked.
  public func prunedBaseline(after analysis: Analysis) -> Baseline? {
    guard var baseline else { return nil }
    let fixed = Set(fixedEntries(analysis, Judgement(self, analysis)))
    guard !fixed.isEmpty else { return nil }
    baseline.entries = baseline.entries.indices.filter { !fixed.contains($0) }
      .map { baseline.entries[$0] }
    return baseline
  }
}

extension Gate {
  /// What excuses a finding, of a policy or of a comment in the source.
  private struct Excuse {
    var exception: GateException
    var expires: CalendarDate?
  }

  /// What each finding counts for, and what excuses it.
  private struct Judgement {
    var standings: [GateVerdict.Standing] = []
    /// The baseline's entry of each finding.
    var claims: [Int?]
    var usedIgnores: Set<Int> = []
    var usedComments: Set<Int> = []
    var renames: [RenameMatching.Rename] = []

    init(_ gate: Gate, _ analysis: Analysis) {
      let findings = analysis.findings
      var excuses: [[Excuse]] = []
      for finding in findings {
        let ignores = gate.ignores(of: finding)
        let comments = gate.comments?.excuses(for: finding) ?? []
        usedIgnores.formUnion(ignores)
        usedComments.formUnion(comments)
        excuses.append(
          ignores.map { number in
            Excuse(
              exception: gate.ignores[number].exception, expires: gate.ignores[number].expires)
          }
            + comments.map { number in
              let comment = gate.comments!.all[number]
              return Excuse(exception: comment.exception, expires: comment.expires)
            })
      }
      let fails = findings.map(gate.fails)
      let isOpen = findings.indices.map { number in
        fails[number] && !excuses[number].contains { gate.holds($0.expires) }
      }
      claims =
        gate.baseline.map { BaselineMatching(findings, isOpen: isOpen, $0).claims }
        ?? Array(repeating: nil, count: findings.count)
      if let baseline = gate.baseline {
        renames =
          RenameMatching(
            findings, claims, isOpen: isOpen, baseline,
            classes: Set(analysis.graph.classes.map(\.name))
          ).renames
        if gate.acceptsRenames {
          for rename in renames { claims[rename.finding] = rename.entry }
        }
      }
      for number in findings.indices {
        standings.append(
          !fails[number]
            ? .belowThreshold : gate.standing(excuses: excuses[number], claim: claims[number]))
      }
    }
  }

  private func ignores(of finding: Finding) -> [Int] {
    guard !ignores.isEmpty else { return [] }
    let sets = finding.classSets
    return ignores.indices.filter { number in
      sets.allSatisfy { ignores[number].matches(finding.rule, $0) }
    }
  }

  private func standing(excuses: [Excuse], claim: Int?) -> GateVerdict.Standing {
    if let excuse = excuses.first(where: { holds($0.expires) }) {
      return .ignored(excuse.exception)
    }
    if let excuse = excuses.first { return .expired(excuse.exception) }
    guard let claim, let baseline else { return .failing }
    let entry = baseline.entries[claim]
    let exception = entry.exception(in: baseline.name)
    return holds(entry.expires) ? .known(exception) : .expired(exception)
  }

  private func holds(_ expires: CalendarDate?) -> Bool { expires.map { today <= $0 } ?? true }

  private func fails(_ finding: Finding) -> Bool {
    if let failOn, let confidence = finding.confidence { return confidence <= failOn }
    let grade =
      grades[finding.rule] ?? (finding.rule.hasConfidence ? .confidence(.ordering) : nil)
    switch grade {
    case .never: return false
    case .confidence(let least):
      return finding.confidence.map { $0 <= least } ?? (finding.severity != .note)
    case .severity(let least): return finding.severity.rank <= least.rank
    case nil: return finding.severity != .note
    }
  }
}

extension Gate {
  /// The rules whose findings are all known.
  private func completeRules(_ analysis: Analysis) -> Set<Rule> {
    let coverage = GateCoverage(analysis.inputs, minimum: minimumEvents)
    guard coverage.extent == .checked else { return [] }
    var complete = rules
    if analysis.summary.omittedFindings > 0 {
      complete.subtract([
        .deadlock, .lockOrderInversion, .recursiveAcquisition, .contextInversion,
        .contextOrderInversion,
      ])
    }
    if analysis.summary.uncoveredDependencies > 0 { complete.remove(.lockOrderInversion) }
    if omittedDeclaredOrders > 0 { complete.remove(.declaredOrder) }
    if omittedOverruns > 0 { complete.subtract([.longHold, .longWait]) }
    return complete
  }

  /// What was not listed, and so not judged, fails the gate: any of it could be a violation.
  private func omissionRemarks(_ analysis: Analysis) -> [GateVerdict.Remark] {
    var remarks: [GateVerdict.Remark] = []
    let summary = analysis.summary
    if canOmissionFail(.lockOrderInversion)
      && (summary.omittedFindings > 0 || summary.uncoveredDependencies > 0)
      || canOmissionFail(.recursiveAcquisition) && summary.omittedFindings > 0
    {
      remarks.append(.init(isViolation: true, text: "more cycles than can be listed"))
    }
    if omittedDeclaredOrders > 0, grades[.declaredOrder] != .never {
      remarks.append(
        .init(isViolation: true, text: "more violations of declared orders than can be listed"))
    }
    if omittedOverruns > 0, grades[.longHold] != .never || grades[.longWait] != .never {
      remarks.append(
        .init(isViolation: true, text: "more long holds and waits than can be listed"))
    }
    return remarks
  }

  /// What classes have that were worked out, and no locks: it fails only where orders of classes
  /// were asked for by `failOn`.
  private func derivedRemarks(_ analysis: Analysis) -> [GateVerdict.Remark] {
    guard let text = analysis.summary.derivedCyclesText,
      rules.contains(.lockOrderInversion) || rules.contains(.recursiveAcquisition)
    else { return [] }
    return [.init(isViolation: failOn.map { $0 >= .ordering } ?? false, text: text)]
  }

  /// Whether a finding of a rule that was not listed could fail the gate.
  private func canOmissionFail(_ rule: Rule) -> Bool {
    guard rules.contains(rule) else { return false }
    return switch failOn.map({ .confidence($0) }) ?? grades[rule] {
    case .never: false
    case .confidence(let least): least >= .feasible
    case .severity, nil: true
    }
  }

  private func fixedEntries(_ analysis: Analysis, _ judgement: Judgement) -> [Int] {
    guard let baseline else { return [] }
    let claimed = Set(judgement.claims.compactMap(\.self)).union(judgement.renames.map(\.entry))
    let complete = completeRules(analysis)
    return baseline.entries.indices.filter {
      !claimed.contains($0) && complete.contains(baseline.entries[$0].rule)
    }
  }

  private func fixedRemarks(
    _ analysis: Analysis, _ judgement: Judgement
  ) -> [GateVerdict.Remark] {
    guard let baseline else { return [] }
    return fixedEntries(analysis, judgement).map { number in
      let entry = baseline.entries[number]
      let source = entry.exception(in: baseline.name).source
      return GateVerdict.Remark(
        isViolation: false,
        text: "\(source): fixed: \(RemarkText.shown(entry.title)) [\(entry.rule.rawValue)]")
    }
  }

  /// One for each name that seems to have become another.
  private func renameRemarks(_ judgement: Judgement) -> [GateVerdict.Remark] {
    guard let baseline else { return [] }
    var seen: Set<[String]> = []
    let hint = acceptsRenames ? "" : "; --accept-renames takes such findings as known"
    return judgement.renames.flatMap { rename in
      rename.names.filter { seen.insert([$0.old, $0.new]).inserted }.map { name in
        GateVerdict.Remark(
          isViolation: false,
          text: "\(baseline.entries[rename.entry].exception(in: baseline.name).source): "
            + "\(RemarkText.shown(name.old)) may now be \(RemarkText.shown(name.new)): same places"
            + hint)
      }
    }
  }

  private func unusedRemarks(_ judgement: Judgement) -> [GateVerdict.Remark] {
    ignores.indices.filter {
      !judgement.usedIgnores.contains($0) && rules.contains(ignores[$0].rule)
    }.map { number in
      let ignore = ignores[number]
      let classes = RemarkText.shown(ignore.classes.map(\.text).joined(separator: ", "))
      let end = holds(ignore.expires) ? "" : ", and has expired"
      return GateVerdict.Remark(
        isViolation: failsOnUnused,
        text: "\(ignore.exception.source): unused: ignores \(ignore.rule.rawValue) of \(classes)"
          + ", which was not found\(end)")
    } + unusedDeclarations.map { .init(isViolation: failsOnUnused, text: $0) }
      + unusedComments(judgement)
  }

  private func unusedComments(_ judgement: Judgement) -> [GateVerdict.Remark] {
    let all = comments?.all ?? []
    return all.indices.filter { number in
      !judgement.usedComments.contains(number) && all[number].rules.contains(where: rules.contains)
    }.map { number in
      let names = all[number].rules.map(\.rawValue).joined(separator: ", ")
      let end = holds(all[number].expires) ? "" : ", and has expired"
      return GateVerdict.Remark(
        isViolation: failsOnUnused,
        text: "\(all[number].exception.source): unused: ignores \(names) here, which was not found"
          + end)
    }
  }
}
