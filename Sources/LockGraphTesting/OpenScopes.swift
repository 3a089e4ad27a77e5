import LockGraph
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The scopes that are open, to which findings are given, and what became of all findings of the
/// run: each is told once.
///
/// Thread-safe.
final class OpenScopes: Sendable {
  static let shared = OpenScopes()

  private struct State {
    /// In the order in which they were opened.
    var scopes: [LockOrderScope] = []
    var observation: LockValidator.Observation?
    /// What was told, by fingerprint, and whether as a failure.
    var failures: [String: Bool] = [:]
    /// What belongs to nobody, in the order in which it was found.
    var unattributed: [LockValidator.Report] = []
  }

  private enum Fate {
    case entry(LockOrderScope.Entry, LockOrderScope)
    case unattributed
    case print
    case nothing
  }

  private let state = Mutex(State())

  // MARK: Opening and closing

  /// False if the validator could not be reached.
  var isObserving: Bool { state.withLock { $0.observation != nil } }

  func open(_ scope: LockOrderScope) {
    _ = Self.prepare
    state.withLock { state in
      state.scopes.append(scope)
      ScopeInheritance.isOpen(true)
    }
    // It is out of reach only while it looks at something large.
    for _ in 0..<50 where !isObserving {
      state.withLock { state in
        guard state.observation == nil else { return }
        state.observation = LockValidator.observe { OpenScopes.shared.take($0) }
      }
    }
  }

  func close(_ scope: LockOrderScope) {
    state.withLock { state in
      state.scopes.removeAll { $0 === scope }
      guard state.scopes.isEmpty else { return }
      ScopeInheritance.isOpen(false)
      state.observation?.end()
      state.observation = nil
    }
  }

  // MARK: Findings

  /// Called by the validator on the thread that tells of a finding, mostly the one that caused it.
  func take(_ report: LockValidator.Report) {
    switch state.withLock({ fate(of: report, &$0) }) {
    case .entry(let entry, let scope): scope.take(entry)
    case .unattributed:
      #if canImport(Testing)
        if !report.isLate { LockOrderTrait.warn(of: report) }
      #endif
    case .print:
      var report = report
      report.print()
    case .nothing: break
    }
  }

  private func fate(of report: LockValidator.Report, _ state: inout State) -> Fate {
    // The last one was closed meanwhile.
    guard !state.scopes.isEmpty else { return .print }
    let fingerprint = report.finding.fingerprint
    let before = state.failures[fingerprint]
    guard let scope = owner(of: report, state.scopes) else {
      if before == nil {
        state.failures[fingerprint] = false
        if !report.isPrinted { state.unattributed.append(report) }
        return .unattributed
      }
      let index = state.unattributed.firstIndex { $0.finding.fingerprint == fingerprint }
      if let index { state.unattributed[index] = report }
      return .nothing
    }
    // What was told before is news again if it is sure enough to fail only now.
    let isFailure = scope.threshold.fails(report.finding)
    if report.isSurer || before != nil {
      guard isFailure, before != true else { return .nothing }
    }
    state.failures[fingerprint] = isFailure
    state.unattributed.removeAll { $0.finding.fingerprint == fingerprint }
    return .entry(LockOrderScope.Entry(report: report, isFailure: isFailure), scope)
  }

  /// Whose a finding is; what is nobody's is that of the first scope which wants it.
  private func owner(
    of report: LockValidator.Report, _ scopes: [LockOrderScope]
  ) -> LockOrderScope? {
    if let scope = scopes.first(where: { $0.number == report.scope }) { return scope }
    return scopes.first { scope in
      // The inner of two scopes of a task has taken the other's place.
      scope.takesUnattributed && !scopes.contains { $0.outer === scope }
    }
  }

  // MARK: The end

  private static let prepare: Void = {
    ScopeInheritance.prepare()
    LockValidator.attribute { LockOrderScope.current?.number ?? 0 }
    // Before the validator's own end, which tells its last news.
    atexit { OpenScopes.shared.summarise() }
  }()

  /// Tells what belongs to nobody, once the tests are over.
  private func summarise() {
    LockValidator.deliverLateNews()
    let reports = state.withLock { state in
      defer { state.unattributed = [] }
      return state.unattributed
    }
    guard !reports.isEmpty else { return }
    var text =
      "LockGraph: \(reports.count == 1 ? "a finding belongs" : "\(reports.count) findings belong")"
      + " to no test that is watched\n"
    for report in reports { text += report.text }
    LockValidator.say(text)
  }
}
