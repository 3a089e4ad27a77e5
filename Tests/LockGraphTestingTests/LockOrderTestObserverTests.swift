import Synchronization
import Testing
import XCTest

@testable import LockGraphTesting

extension LockGraphTestingSuite {
  @Suite("XCTest observer")
  struct LockOrderTestObserverTests {
    struct Failure: Equatable {
      var description: String
      var file: String?
      var line: Int
    }

    /// Keeps the failures of one test case.
    private final class Witness: NSObject, XCTestObservation {
      var failures: [Failure] = []
      private let subject: XCTestCase

      init(_ subject: XCTestCase) { self.subject = subject }

      func testCase(
        _ testCase: XCTestCase, didFailWithDescription description: String,
        inFile filePath: String?,
        atLine lineNumber: Int
      ) {
        guard testCase === subject else { return }
        failures.append(Failure(description: description, file: filePath, line: lineNumber))
      }
    }

    private func failures(
      of locks: TwoLocks, _ threshold: FailureThreshold = .severity(.warning),
      _ body: @escaping () -> Void
    ) -> [Failure] {
      let observer = LockOrderTestObserver(threshold)
      let sample = XCTestCase(name: "sample") { _ in body() }
      let witness = Witness(sample)
      XCTestObservationCenter.shared.addTestObserver(witness)
      defer { XCTestObservationCenter.shared.removeTestObserver(witness) }
      observer.testCaseWillStart(sample)
      // Not run by XCTest, whose totals would count the failure.
      sample.run()
      observer.testCaseDidFinish(sample)
      return witness.failures
        .filter { $0.description.contains("\(locks.name).first") }
    }

    private func isAtInversion(_ failure: Failure) -> Bool {
      failure.file == "LockGraphTestingTests/TwoLocks.swift"
        && failure.line == TwoLocks.backwardLine
    }

    @Test("A finding fails the test case at the acquisition, on whatever thread")
    func fails() {
      let locks = TwoLocks("xctest")
      #expect(failures(of: locks) { locks.takeBothWays() }.map(isAtInversion) == [true])
      let others = TwoLocks("xctest.thread")
      let onOtherThread = failures(of: others) { onThread { others.takeBothWays() } }
      #expect(onOtherThread.map(isAtInversion) == [true])
    }

    @Test("What is not bad enough does not")
    func passes() {
      let locks = TwoLocks("xctest.warning")
      #expect(failures(of: locks, .severity(.error)) { locks.takeBothWays() } == [])
    }
  }
}
