#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which signals this process was started with as ignored or blocked: a command that it starts gets
/// them so, whatever the process itself does with them.
package struct InheritedSignals: Sendable {
  /// A bit a signal, from the lowest for number 1.
  private var ignored: UInt64 = 0
  private var blocked: UInt64 = 0

  /// As they are now; to be asked before any is changed.
  package init() {
    var mask = sigset_t()
    pthread_sigmask(SIG_BLOCK, nil, &mask)
    for number in Self.numbers {
      var action = sigaction()
      guard sigaction(number, nil, &action) == 0 else { continue }
      if Self.isIgnored(action) { ignored |= Self.bit(number) }
      if sigismember(&mask, number) == 1 { blocked |= Self.bit(number) }
    }
  }

  /// Those that a process can have anything done about.
  private static let numbers = (Int32(1)...64).filter { $0 != SIGKILL && $0 != SIGSTOP }

  private static func bit(_ number: Int32) -> UInt64 { 1 << UInt64(number - 1) }

  private static func isIgnored(_ action: sigaction) -> Bool {
    #if canImport(Darwin)
      let handler = action.__sigaction_u.__sa_handler
    #else
      let handler = action.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Whether a signal was ignored.
  package func isIgnored(_ number: Int32) -> Bool { ignored & Self.bit(number) != 0 }

  /// The signals that were blocked.
  var blockedSet: sigset_t { signalSet { blocked & Self.bit($0) != 0 } }

  /// The signals that did what they do by default.
  var defaultSet: sigset_t { signalSet { !isIgnored($0) } }

  private func signalSet(_ isMember: (Int32) -> Bool) -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for number in Self.numbers where isMember(number) { sigaddset(&set, number) }
    return set
  }

  /// Ignores those that were ignored as long as the body runs, which a process that it starts
  /// inherits.
  func restored<Result>(_ body: () -> Result) -> Result {
    var before: [(Int32, sigaction)] = []
    for number in Self.numbers where isIgnored(number) {
      var action = sigaction()
      guard sigaction(number, nil, &action) == 0, !Self.isIgnored(action) else { continue }
      before.append((number, action))
      signal(number, SIG_IGN)
    }
    defer {
      for (number, action) in before {
        var action = action
        sigaction(number, &action, nil)
      }
    }
    return body()
  }
}
