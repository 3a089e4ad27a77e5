/// How a lock is asked for or held.
public enum LockMode: UInt8, Sendable, CaseIterable {
  /// Exclusive.
  case write
  /// Shared; a waiting writer blocks it.
  case read
  /// Shared; only a writer that has the lock blocks it.
  case recursiveRead
  /// Shared with readers, and may become exclusive: a writer, another one of this mode and a
  /// waiting writer block it. Taking the lock for writing while it is held so is the upgrade, which
  /// waits for its readers alone.
  case upgradable

  /// The word the trace format and the reports use.
  public var name: String {
    switch self {
    case .write: "write"
    case .read: "read"
    case .recursiveRead: "recursive-read"
    case .upgradable: "upgradable"
    }
  }

  /// Held so that nobody else can hold it.
  @inlinable public var isExclusive: Bool { self == .write }
}

extension LockMode {
  /// Whether who asks for the lock has to wait for another thread that holds it in a mode.
  @inlinable @inline(__always)
  package func waits(for held: LockMode) -> Bool {
    self == .write || held == .write || self == .upgradable && held == .upgradable
  }

  /// Whether who asks for the lock waits behind a writer that waits for those who hold it.
  @inlinable package var waitsBehindWriters: Bool { self == .read || self == .upgradable }

  /// Whether it is held for reading alone.
  @inlinable package var isRead: Bool { self == .read || self == .recursiveRead }
}
