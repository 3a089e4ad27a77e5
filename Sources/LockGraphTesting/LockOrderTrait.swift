#if canImport(Testing)
  public import LockGraph
  public import Testing

  /// Fails a test that shows locks in an order that can deadlock, or that misuses a lock, whether
  /// or not anything went wrong in this run. On a suite it holds for every test in it, and in
  /// suites within it.
  ///
  /// ```swift
  /// @Test(.lockOrder) func transfer() {
  ///   accounts.withLock { … ledger.withLock { … } }
  /// }
  /// ```
  ///
  /// An issue is recorded for each finding that is new in the process, at the acquisition that
  /// makes it one, before the thread waits. So `withKnownIssue` around that acquisition applies. A
  /// finding that another test made before is not new, not even in the next case of a parameterised
  /// test; one that turns out surer, and fails only now, is.
  ///
  /// A finding belongs to the test whose code made its last event: its task and tasks that inherit
  /// its task-local values, which are child tasks and `Task { }`, and what these start: on Linux
  /// `Thread`s, `pthread_create`, and blocks of dispatch. On a thread the finding is recorded when
  /// the test ends; `withKnownIssue` in the test does not see it. Elsewhere, in detached tasks and
  /// on threads of pools, nobody can tell whose it is: it is told at the end of the run on standard
  /// error, and fails only tests that include what is unattributed. So is what tests without this
  /// trait make while one with it runs, which is a warning in those tests too.
  ///
  /// A deadlock that happens is printed to standard error at once, whoever it belongs to, because
  /// the test may never end. With a time-out the test fails then.
  ///
  /// A test with findings gets an attachment, `lock-order.graph`: the orders of locks that the
  /// process has shown so far, which `lockdep-check render` draws. `swift test --attachments-path`
  /// keeps it in a folder that must exist.
  ///
  /// Findings that were put off, because looking at what was known took more than half a second of
  /// processor time, are recorded when the test ends.
  ///
  /// While a test with this trait runs, other findings are not printed to standard error. With
  /// `LOCKGRAPH=off` in the environment there are none.
  public struct LockOrderTrait: TestTrait, SuiteTrait, TestScoping {
    let threshold: FailureThreshold
    var timeout: Duration?
    var includesUnattributed = false

    /// True: every test in a suite has a scope of its own.
    public var isRecursive: Bool { true }

    /// Runs a test and records what is found meanwhile. Called by the testing library.
    ///
    /// - Throws: what the test throws.
    public func provideScope(
      for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
      let location = test.sourceLocation
      let scope = LockOrderScope(threshold, takesUnattributed: includesUnattributed) { entry in
        // Threads that the test started know the scope, and not the test.
        guard Test.current?.id == test.id else { return false }
        Self.record(entry, near: location)
        return true
      }
      if !scope.isObserving {
        Issue.record(
          "The lock validator is busy: this test was not checked", sourceLocation: location)
      }
      defer { Self.close(scope, near: location) }
      try await LockOrderScope.$current.withValue(scope) {
        guard let timeout else { return try await function() }
        try await TestDeadline.run(timeout, function) {
          Self.tellHanging(test, scope, after: timeout)
        }
      }
    }

    private static func close(_ scope: LockOrderScope, near location: SourceLocation) {
      for entry in scope.close() { record(entry, near: location) }
      guard scope.hasFindings, let graph = LockValidator.graphFile() else { return }
      Attachment.record(graph, named: "lock-order.graph", sourceLocation: location)
    }

    /// A test has not ended in time: fails it with all that is known, also on standard error.
    private static func tellHanging(_ test: Test, _ scope: LockOrderScope, after timeout: Duration)
    {
      LockValidator.deliverLateNews()
      let location = test.sourceLocation
      var text = "\(test.name) has not ended after \(timeout)\n"
      let waits = LockValidator.openWaits
      text += waits.isEmpty ? "LockGraph: no thread waits for a lock\n" : waits
      let kept = scope.takeKept()
      LockValidator.say(
        "LockGraph: " + text + kept.filter { !$0.report.isPrinted }.map(\.report.text).joined())
      Issue.record(Comment(rawValue: trimmed(text)), sourceLocation: location)
      for entry in kept { record(entry, near: location) }
    }

    /// Warns of what belongs to no test that is watched, in the test that makes it if the testing
    /// library knows which one that is. Without one it would repeat the warning for all suites.
    static func warn(of report: LockValidator.Report) {
      guard let test = Test.current else { return }
      let location = SourcePlace(of: report)?.location(near: test.sourceLocation)
      Issue.record(
        Comment(rawValue: trimmed(report.text)), severity: .warning,
        sourceLocation: location ?? test.sourceLocation)
    }

    private static func trimmed(_ text: String) -> String {
      var text = text
      while text.last == "\n" { text.removeLast() }
      return text
    }

    private static func record(_ entry: LockOrderScope.Entry, near location: SourceLocation) {
      Issue.record(
        Comment(rawValue: trimmed(entry.report.text)),
        severity: entry.isFailure ? .error : .warning,
        sourceLocation: SourcePlace(of: entry.report)?.location(near: location) ?? location)
    }
  }

  extension Trait where Self == LockOrderTrait {
    /// Fails tests that show an order of locks that can deadlock, or misuse a lock. Notes are
    /// recorded as warnings.
    public static var lockOrder: Self { lockOrder(failOn: .warning) }

    /// Fails tests with findings that are at least so bad; what is less bad is recorded as a
    /// warning, which does not fail the test.
    ///
    /// - Parameters:
    ///   - severity: everything but notes if it is not given.
    ///   - timeout: how long a test may take. At the bound it fails with what is known: which
    ///     threads wait for which locks, since when, who holds them, and what was found and not
    ///     told yet. The same goes to standard error, and the test's task is cancelled, so that
    ///     interruptible waits in it end. A thread that waits otherwise cannot be ended: it stays,
    ///     and the test, and with it the run, ends when the wait does.
    ///   - includingUnattributed: what is found while the test runs, and belongs to no test, is
    ///     its own too. Of several tests that say so and run at once, the first one's.
    public static func lockOrder(
      failOn severity: Severity = .warning, timeout: Duration? = nil,
      includingUnattributed: Bool = false
    ) -> Self {
      Self(
        threshold: .severity(severity), timeout: timeout,
        includesUnattributed: includingUnattributed)
    }

    /// Fails tests with deadlocks that are at least so sure, and with all misuse of locks but
    /// notes, which is never in doubt; what is less sure is recorded as a warning, which does not
    /// fail the test.
    ///
    /// - Parameters:
    ///   - confidence: how sure a deadlock must be.
    ///   - timeout: how long a test may take; at the bound it fails and is cancelled, as with a
    ///     severity.
    ///   - includingUnattributed: what is found while the test runs, and belongs to no test, is
    ///     its own too.
    public static func lockOrder(
      failOn confidence: Confidence, timeout: Duration? = nil, includingUnattributed: Bool = false
    ) -> Self {
      Self(
        threshold: .confidence(confidence), timeout: timeout,
        includesUnattributed: includingUnattributed)
    }
  }

  extension SourcePlace {
    /// The place for the testing library, which insists on `Module/File.swift`.
    ///
    /// - Parameter test: the test's place; the paths of files other than its own are not known.
    func location(near test: SourceLocation) -> SourceLocation {
      if file == test.fileID {
        return SourceLocation(fileID: file, filePath: test.filePath, line: line, column: column)
      }
      let parts = file.split(separator: "/")
      let isFileID = parts.count >= 2 && !file.hasPrefix("/")
      return SourceLocation(
        fileID: isFileID ? file : "\(test.moduleName)/\(parts.last ?? "unknown")", filePath: file,
        line: line, column: column)
    }
  }
#endif
