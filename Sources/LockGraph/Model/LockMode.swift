/// How a lock is asked for or held.
public enum LockMode: UInt8, Sendable, CaseIterable {
  /// Exclusive.
  case write
  /// Shared; a waiting writer blocks it.
  case read
  /// Shared; only a writer that has the lock blocks it.
  case recursiveRead

  /// The word the trace format and the reports use.
  public var name: String {
    switch self {
    case .write: "write"
    case .read: "read"
    case .recursiveRead: "recursive-read"
    }
  }

  /// Held so that nobody else can hold it.
  @inlinable public var isExclusive: Bool { self == .write }
}
