#if canImport(XCTest)
  public import LockGraph
  import Synchronization
  public import XCTest

  /// Fails tests of XCTest that show locks in an order that can deadlock, or that misuse a lock,
  /// whether or not anything went wrong in this run.
  ///
  /// ```swift
  /// override class func setUp() { LockOrderTestObserver.install() }
  /// ```
  ///
  /// A failure is recorded for each finding that is new in the process, at the line of the
  /// acquisition that makes it one, once the test method has ended and before `tearDown()`. XCTest
  /// runs one test at a time, so everything that any thread does belongs to the test that runs.
  /// A deadlock that happens is printed to standard error at once, because the test may never end.
  /// What is found between tests, in `tearDown()` too, is printed to standard error, and so is what
  /// is not bad enough to fail a test.
  public final class LockOrderTestObserver: NSObject, XCTestObservation, Sendable {
    private static let isInstalled = Mutex(false)

    private let threshold: FailureThreshold
    private let open = Mutex<[ObjectIdentifier: LockOrderScope]>([:])

    /// Observes all tests that begin from now on. Only the first call in a process does anything.
    ///
    /// - Parameter severity: what fails a test; everything but notes if it is not given.
    public static func install(failOn severity: Severity = .warning) {
      install(.severity(severity))
    }

    /// Observes all tests that begin from now on. Only the first call in a process does anything.
    ///
    /// - Parameter confidence: how sure a deadlock must be to fail a test; misuse of locks is never
    ///   in doubt.
    public static func install(failOn confidence: Confidence) {
      install(.confidence(confidence))
    }

    private static func install(_ threshold: FailureThreshold) {
      let isFirst = isInstalled.withLock { isInstalled in
        defer { isInstalled = true }
        return !isInstalled
      }
      guard isFirst else { return }
      XCTestObservationCenter.shared.addTestObserver(LockOrderTestObserver(threshold))
    }

    init(_ threshold: FailureThreshold) {
      self.threshold = threshold
    }

    /// Begins to look. Called by XCTest.
    public func testCaseWillStart(_ testCase: XCTestCase) {
      let scope = LockOrderScope(threshold, takesUnattributed: true, outer: nil)
      open.withLock { $0[ObjectIdentifier(testCase)] = scope }
      // Run by the test case itself, on its thread. A failure that is recorded when it has finished
      // ends the process.
      nonisolated(unsafe) let testCase = testCase
      testCase.addTeardownBlock { Self.record(scope.close(), in: testCase) }
    }

    /// Ends the look at a test that never got to its end. Called by XCTest.
    public func testCaseDidFinish(_ testCase: XCTestCase) {
      let scope = open.withLock { $0.removeValue(forKey: ObjectIdentifier(testCase)) }
      for entry in scope?.close() ?? [] { Self.print(entry) }
    }

    private static func record(_ entries: [LockOrderScope.Entry], in testCase: XCTestCase) {
      for entry in entries {
        guard entry.isFailure else {
          print(entry)
          continue
        }
        let place = SourcePlace(of: entry.report)
        testCase.recordFailure(
          withDescription: entry.report.text, inFile: place?.file ?? "<unknown>",
          atLine: place?.line ?? 0, expected: true)
      }
    }

    private static func print(_ entry: LockOrderScope.Entry) {
      var report = entry.report
      report.print()
    }
  }
#endif
