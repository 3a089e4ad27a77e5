import Foundation
import LockGraph
import Testing

/// Two locks of classes that no other test knows, and what can be done wrong with them.
final class TwoLocks: Sendable {
  let name: String
  private let first: ValidatedLock
  private let second: ValidatedLock

  init(_ name: String) {
    // Names of other tests' locks begin with something else.
    let name = "LockGraphTesting.\(name)"
    self.name = name
    first = ValidatedLock(name: "\(name).first")
    second = ValidatedLock(name: "\(name).second")
  }

  func takeForward() {
    first.withLock { second.withLock {} }
  }

  /// The line of the acquisition that makes it an inversion, if the locks were taken forward
  /// before.
  static let backwardLine = #line + 2
  func takeBackward() {
    second.withLock { first.withLock {} }
  }

  /// By one thread: only the order tells that it can go wrong.
  func takeBothWays() {
    takeForward()
    takeBackward()
  }

  func isSubject(of finding: Finding) -> Bool {
    finding.classes == ["\(name).first", "\(name).second"]
  }

  /// The issue is about these locks, at the acquisition that inverts them.
  func isSubject(of issue: Issue) -> Bool {
    guard let location = issue.sourceLocation,
      issue.comments.contains(where: { $0.rawValue.contains("\(name).first") })
    else { return false }
    return location.fileID == #fileID && location.line == Self.backwardLine
  }
}

/// Runs something on a thread that knows nothing of the task, to its end.
func onThread(_ body: @escaping @Sendable () -> Void) {
  let end = DispatchSemaphore(value: 0)
  Thread.detachNewThread {
    body()
    end.signal()
  }
  end.wait()
}
