import LockGraph
import Synchronization

/// The time in which a test runs, and the findings that are its own.
///
/// A finding in the scope's task, or in one that inherited its task-local values, is the scope's
/// and is recorded at once. One where no scope is known, as on a thread that the test started, may
/// be anybody's: it is kept in all open scopes until they close.
///
/// Thread-safe.
final class LockOrderScope: Sendable {
  struct Entry: Sendable {
    var report: LockValidator.Report
    var isFailure: Bool
  }

  /// The scope of the task that asks.
  @TaskLocal static var current: LockOrderScope?

  private struct State {
    var isClosed = false
    /// Scopes within this one in the same task; they take what cannot be attributed.
    var innerScopes = 0
    var observation: LockValidator.Observation?
    /// What was recorded or kept, by fingerprint, and whether as a failure.
    var failures: [String: Bool] = [:]
    var kept: [Entry] = []
  }

  private let threshold: FailureThreshold
  private let outer: LockOrderScope?
  private let record: @Sendable (Entry) -> Void
  private let state = Mutex(State())

  /// Opens a scope.
  ///
  /// - Parameter record: called with findings of the scope's task on the thread that caused them,
  ///   before it waits.
  init(
    _ threshold: FailureThreshold, outer: LockOrderScope? = current,
    record: @escaping @Sendable (Entry) -> Void = { _ in }
  ) {
    self.threshold = threshold
    self.outer = outer
    self.record = record
    outer?.state.withLock { $0.innerScopes += 1 }
    // The validator is out of reach only while it looks at something large.
    for _ in 0..<50 {
      let observation = LockValidator.observe { [weak self] in
        if let self { self.take($0) } else { $0.print() }
      }
      guard let observation else { continue }
      state.withLock { $0.observation = observation }
      return
    }
  }

  /// False if the validator could not be reached, so that nothing will be found.
  var isObserving: Bool { state.withLock { $0.observation != nil } }

  /// True once there was anything to record.
  var hasFindings: Bool { state.withLock { !$0.failures.isEmpty } }

  /// Closes the scope.
  ///
  /// - Returns: what was kept; nothing if the scope was closed before.
  func close() -> [Entry] {
    LockValidator.deliverLateNews()
    let (observation, kept, wasClosed) = state.withLock { state in
      defer {
        state.isClosed = true
        state.kept = []
      }
      return (state.observation, state.kept, state.isClosed)
    }
    guard !wasClosed else { return [] }
    observation?.end()
    outer?.state.withLock { $0.innerScopes -= 1 }
    return kept
  }

  private enum Fate {
    case record(Entry)
    case print
    case nothing
  }

  /// Called by the validator on the thread that caused a finding.
  func take(_ report: LockValidator.Report) {
    // What the validator put off is news of nobody knows whom.
    let current = report.isLate ? nil : Self.current
    let isOwn = current === self
    if !isOwn, let current, current.isOpen { return }
    let fate = state.withLock { state -> Fate in
      if state.isClosed { return .print }
      guard state.innerScopes == 0 || isOwn, let entry = judge(report, &state) else {
        return .nothing
      }
      if isOwn { return .record(entry) }
      state.kept.append(entry)
      return .nothing
    }
    switch fate {
    case .record(let entry): record(entry)
    case .print: report.print()
    case .nothing: break
    }
  }

  private var isOpen: Bool { state.withLock { !$0.isClosed } }

  /// A finding that was reported before is news again if it is sure enough to fail only now.
  private func judge(_ report: LockValidator.Report, _ state: inout State) -> Entry? {
    let isFailure = threshold.fails(report.finding)
    let before = state.failures[report.finding.fingerprint]
    if report.isSurer || before != nil {
      guard isFailure, before != true else { return nil }
    }
    state.failures[report.finding.fingerprint] = isFailure
    return Entry(report: report, isFailure: isFailure)
  }
}
