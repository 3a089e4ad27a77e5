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
  /// A finding is a test's own in the task of the test and in tasks that inherit its task-local
  /// values: child tasks and `Task { }`. On other threads — detached tasks, threads, dispatch
  /// queues — nobody can tell which test it belongs to. It is recorded in every test with this
  /// trait that runs at that time, when that test ends; `withKnownIssue` in the test does not see
  /// it. Suites that start threads are best `.serialized`.
  ///
  /// A test with findings gets an attachment, `lock-order.trace`: the orders of locks that the
  /// process has shown so far, which `lockdep-check render` draws. `swift test --attachments-path`
  /// keeps it in a folder that must exist.
  ///
  /// Findings that were put off, because looking at what was known took more than 0.1 seconds,
  /// count as made on a thread that is not the test's.
  ///
  /// While a test with this trait runs, findings are not printed to standard error. With
  /// `LOCKGRAPH=off` in the environment there are none.
  public struct LockOrderTrait: TestTrait, SuiteTrait, TestScoping {
    let threshold: FailureThreshold

    /// True: every test in a suite has a scope of its own.
    public var isRecursive: Bool { true }

    /// Runs a test and records what is found meanwhile. Called by the testing library.
    ///
    /// - Throws: what the test throws.
    public func provideScope(
      for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
      let location = test.sourceLocation
      let scope = LockOrderScope(threshold) { Self.record($0, near: location) }
      if !scope.isObserving {
        Issue.record(
          "The lock validator is busy: this test was not checked", sourceLocation: location)
      }
      defer { Self.close(scope, near: location) }
      try await LockOrderScope.$current.withValue(scope) { try await function() }
    }

    private static func close(_ scope: LockOrderScope, near location: SourceLocation) {
      for entry in scope.close() { record(entry, near: location) }
      guard scope.hasFindings, let trace = LockValidator.orderTrace() else { return }
      Attachment.record(trace, named: "lock-order.trace", sourceLocation: location)
    }

    private static func record(_ entry: LockOrderScope.Entry, near location: SourceLocation) {
      var text = entry.report.text
      while text.last == "\n" { text.removeLast() }
      Issue.record(
        Comment(rawValue: text), severity: entry.isFailure ? .error : .warning,
        sourceLocation: SourcePlace(of: entry.report)?.location(near: location) ?? location)
    }
  }

  extension Trait where Self == LockOrderTrait {
    /// Fails tests that show an order of locks that can deadlock, or misuse a lock. Notes are
    /// recorded as warnings.
    public static var lockOrder: Self { lockOrder(failOn: .warning) }

    /// Fails tests with findings that are at least so bad; what is less bad is recorded as a
    /// warning, which does not fail the test.
    public static func lockOrder(failOn severity: Severity) -> Self {
      Self(threshold: .severity(severity))
    }

    /// Fails tests with deadlocks that are at least so sure, and with all misuse of locks but
    /// notes, which is never in doubt; what is less sure is recorded as a warning, which does not
    /// fail the test.
    public static func lockOrder(failOn confidence: Confidence) -> Self {
      Self(threshold: .confidence(confidence))
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
