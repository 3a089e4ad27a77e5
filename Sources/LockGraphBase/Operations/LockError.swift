#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a thread gave up waiting for a lock. It does not have the lock.
public enum LockError: Error, Sendable, Hashable {
  /// A signal handler ran while the thread waited, or its task was cancelled.
  case interrupted
  /// The program was asked to end: see `TerminationRequests`.
  case killed
  /// The time was over.
  case timedOut
  /// Locks cannot be used in a signal handler.
  case inSignalHandler

  /// The error number of the kernel's locks: `EINTR`, `ETIMEDOUT` or `EDEADLK`.
  public var errorNumber: Int32 {
    switch self {
    case .interrupted, .killed: EINTR
    case .timedOut: ETIMEDOUT
    case .inSignalHandler: EDEADLK
    }
  }
}

extension LockError: CustomStringConvertible {
  /// What happened, as a sentence without its end.
  public var description: String {
    switch self {
    case .interrupted: "the wait for the lock was interrupted"
    case .killed: "the wait for the lock was ended by a request to terminate"
    case .timedOut: "the wait for the lock timed out"
    case .inSignalHandler: "locks cannot be used in a signal handler"
    }
  }
}
