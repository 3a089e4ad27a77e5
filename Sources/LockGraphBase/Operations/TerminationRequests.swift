import CLockGraph
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Requests to end the program, which end killable waits.
///
/// The kernel ends a killable wait when the process is about to die. A process that handles
/// `SIGTERM`, `SIGINT`, `SIGHUP` and `SIGQUIT` to end in order does not die of them, so it has to
/// say what counts:
///
/// ```swift
/// TerminationRequests.install()
/// ```
///
/// From then on those signals set a flag instead of ending the process, and every wait by
/// `lockKillable()` ends with `LockError.killed`, at most 10 ms later. Any other signal leaves it
/// waiting.
///
/// Thread-safe.
public enum TerminationRequests {
  private static let pendingSignal = Atomic<Int32>(0)

  /// The signals that ask a program to end.
  public static let signals: [Int32] = [SIGTERM, SIGINT, SIGHUP, SIGQUIT]

  /// Handles the signals. Those of them that are ignored stay so.
  ///
  /// - Parameter signals: which ones.
  public static func install(_ signals: [Int32] = TerminationRequests.signals) {
    // The flag exists before a handler can need it.
    _ = pendingSignal.load(ordering: .relaxed)
    for number in signals {
      lg_handle_signal(number) { TerminationRequests.request($0) }
    }
  }

  /// Asks the program to end, as a signal would. Safe in signal handlers.
  public static func request(_ signal: Int32) {
    pendingSignal.store(signal, ordering: .sequentiallyConsistent)
  }

  /// The signal that asked the program to end, if one did.
  public static var pending: Int32? {
    let signal = pendingSignal.load(ordering: .sequentiallyConsistent)
    return signal == 0 ? nil : signal
  }

  static var isPending: Bool { pendingSignal.load(ordering: .relaxed) != 0 }

  /// The request was heeded, or is not; killable waits wait again.
  public static func clear() { pendingSignal.store(0, ordering: .sequentiallyConsistent) }
}
