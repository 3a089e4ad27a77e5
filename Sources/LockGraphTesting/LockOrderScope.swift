import LockGraph
import Synchronization

/// The time in which a test runs, and the findings that are its own.
///
/// A finding belongs to the scope of the code that made its last event: a task that inherited the
/// scope, or a thread or block that such code started, as far as `ScopeInheritance` follows them.
///
/// Thread-safe.
final class LockOrderScope: Sendable {
  struct Entry: Sendable {
    var report: LockValidator.Report
    var isFailure: Bool
  }

  /// The scope of the code that asks.
  @TaskLocal static var current: LockOrderScope?

  private struct State {
    var isClosed = false
    var hasFindings = false
    var kept: [Entry] = []

    mutating func takeKept() -> [Entry] {
      defer { kept = [] }
      return kept
    }
  }

  /// What the validator knows it by.
  let number: UInt64
  let threshold: FailureThreshold
  let takesUnattributed: Bool
  /// The one within which it was opened in the same task.
  let outer: LockOrderScope?
  private let record: @Sendable (Entry) -> Bool
  private let state = Mutex(State())

  private static let numbers = Atomic<UInt64>(0)

  /// Opens a scope.
  ///
  /// - Parameters:
  ///   - takesUnattributed: what belongs to nobody is its own too.
  ///   - record: called with findings of the scope on the thread that caused them, before it waits;
  ///     false if they cannot be recorded there, and are to be kept until the scope closes.
  init(
    _ threshold: FailureThreshold, takesUnattributed: Bool = false,
    outer: LockOrderScope? = current,
    record: @escaping @Sendable (Entry) -> Bool = { _ in false }
  ) {
    number = Self.numbers.wrappingAdd(1, ordering: .relaxed).newValue
    self.threshold = threshold
    self.takesUnattributed = takesUnattributed
    self.outer = outer
    self.record = record
    OpenScopes.shared.open(self)
  }

  /// False if the validator could not be reached, so that nothing will be found.
  var isObserving: Bool { OpenScopes.shared.isObserving }

  /// True once there was anything to record.
  var hasFindings: Bool { state.withLock { $0.hasFindings } }

  /// Closes the scope.
  ///
  /// - Returns: what was kept; nothing if the scope was closed before.
  func close() -> [Entry] {
    LockValidator.deliverLateNews()
    OpenScopes.shared.close(self)
    return state.withLock { state in
      state.isClosed = true
      return state.takeKept()
    }
  }

  /// What was kept so far, for a test that may not end.
  func takeKept() -> [Entry] { state.withLock { $0.takeKept() } }

  /// Records a finding of this scope, or keeps it.
  func take(_ entry: Entry) {
    state.withLock { $0.hasFindings = true }
    // What was put off is told on a thread that may be another test's.
    if Self.current === self, !entry.report.isLate, record(entry) { return }
    let isKept = state.withLock { state in
      if !state.isClosed { state.kept.append(entry) }
      return !state.isClosed
    }
    guard !isKept else { return }
    var report = entry.report
    report.print()
  }
}
