#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How a command ended.
package enum CommandEnd: Equatable, Sendable {
  case exited(Int32)
  case signaled(Int32)

  /// As a shell has it: 128 and the number of the signal.
  package var status: Int32 {
    switch self {
    case .exited(let status): status
    case .signaled(let number): 128 + number
    }
  }
}

/// A command that runs in this process's place for everybody who looks at it: with its standard
/// streams, in its folder and in its process group, so that Ctrl-C on the terminal reaches it.
///
/// From its start until it is done with, this process ignores what the terminal sends, and hands on
/// what others do. Use it from the one thread that started it.
package final class SupervisedCommand {
  package let identifier: pid_t
  /// Until the command has ended.
  private var signals: WaitingSignals?

  /// Starts a command.
  ///
  /// - Parameters:
  ///   - arguments: with the name that the command is called by as the first.
  ///   - environment: the whole, as `NAME=VALUE`.
  package init(
    _ file: CommandFile, arguments: [CommandText], environment: [CommandText],
    signals: InheritedSignals
  ) throws(CommandFile.Failure) {
    self.signals = WaitingSignals(signals)
    Self.adoptOrphans()
    var (identifier, code) = Self.spawn(file.path, arguments, environment, signals)
    if code == ENOEXEC {
      // As `execvp` has it: what is neither a program nor names one is for the shell.
      let shell = [CommandText("sh"), CommandText(file.path)] + arguments.dropFirst()
      (identifier, code) = Self.spawn("/bin/sh", shell, environment, signals)
    }
    self.identifier = identifier
    guard code == 0 else {
      throw .unusable(String(cString: strerror(code)))
    }
  }

  private static func spawn(
    _ path: String, _ arguments: [CommandText], _ environment: [CommandText],
    _ signals: InheritedSignals
  ) -> (pid_t, Int32) {
    #if canImport(Darwin)
      var attributes: posix_spawnattr_t?
    #else
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var blocked = signals.blockedSet
    posix_spawnattr_setsigmask(&attributes, &blocked)
    var defaults = signals.defaultSet
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
    var argumentList = arguments.map { strdup($0.bytes) } + [nil]
    var variables = environment.map { strdup($0.bytes) } + [nil]
    defer { for text in argumentList + variables { free(text) } }
    var identifier: pid_t = 0
    let code = signals.restored {
      posix_spawn(&identifier, path, nil, &attributes, &argumentList, &variables)
    }
    return (identifier, code)
  }

  /// What the command starts and leaves behind becomes a child of this process, which so knows what
  /// is still there when the command has ended.
  private static func adoptOrphans() {
    #if os(Linux)
      // PR_SET_CHILD_SUBREAPER, <sys/prctl.h>.
      _ = processControl(36, 1, 0, 0, 0)
    #endif
  }

  /// The processes that commands have left behind and that still run. Whatever else this process
  /// has started must have ended.
  package static func leftBehind() -> [(identifier: pid_t, name: String)] {
    let own = getpid()
    var tree = ProcessTree()
    tree.add(own)
    return tree.identifiers.filter { $0 != own }.map { process in
      let name = contents(ofProcessFile: "/proc/\(process)/comm")?.split(separator: "\n").first
      return (process, name.map(String.init) ?? "?")
    }
  }

  /// Waits for the end, and hands on signals meanwhile.
  ///
  /// - Returns: `nil` if the time is over and the command is not.
  package func wait(for duration: Duration) -> CommandEnd? {
    let deadline = ContinuousClock.now + duration
    while true {
      var status: Int32 = 0
      var result = waitpid(-1, &status, WNOHANG)
      // Nobody else waits for those that the command left behind.
      while result > 0, result != identifier { result = waitpid(-1, &status, WNOHANG) }
      if result == identifier {
        signals = nil
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signaled(signal)
      }
      // Nobody keeps the ends of our children: then it is over, and nobody knows how.
      if result < 0, errno != EINTR { return .exited(0) }
      let left = deadline - .now
      guard left > .zero else { return nil }
      if let number = signals?.next(within: left), number != SIGCHLD { send(number) }
    }
  }

  /// Waits for the end, however long it takes.
  package func waitForEnd() -> CommandEnd {
    while true {
      if let end = wait(for: .seconds(3600)) { return end }
    }
  }

  /// Lets time go by, for what is no child of this process.
  package static func pause(_ duration: Duration) {
    var time = timespec()
    time.tv_sec = Int(duration.components.seconds)
    time.tv_nsec = Int(duration.components.attoseconds / 1_000_000_000)
    nanosleep(&time, nil)
  }

  /// Sends it a signal.
  package func send(_ number: Int32) { kill(identifier, number) }
}

/// The signals that are waited for beside the end of a command, until this goes out of scope.
private final class WaitingSignals {
  private static let fromTerminal = [SIGINT, SIGQUIT]
  private var awaited = sigset_t()
  private var maskBefore = sigset_t()
  private var actionsBefore: [(Int32, sigaction)] = []

  init(_ inherited: InheritedSignals) {
    sigemptyset(&awaited)
    sigaddset(&awaited, SIGCHLD)
    for number in [SIGTERM, SIGHUP, SIGUSR1, SIGUSR2] where !inherited.isIgnored(number) {
      sigaddset(&awaited, number)
    }
    pthread_sigmask(SIG_BLOCK, &awaited, &maskBefore)
    for number in Self.fromTerminal {
      var action = sigaction()
      sigaction(number, nil, &action)
      actionsBefore.append((number, action))
      signal(number, SIG_IGN)
    }
  }

  deinit {
    for (number, action) in actionsBefore {
      var action = action
      sigaction(number, &action, nil)
    }
    // What came for a command that is gone is not for us either.
    while next(within: .zero) != nil {}
    pthread_sigmask(SIG_SETMASK, &maskBefore, nil)
  }

  /// The number of one that came, or `nil` if none did.
  func next(within duration: Duration) -> Int32? {
    let (seconds, attoseconds) = duration.components
    var time = timespec()
    time.tv_sec = Int(seconds)
    time.tv_nsec = Int(attoseconds / 1_000_000_000)
    #if canImport(Darwin)
      nanosleep(&time, nil)
      return nil
    #else
      let number = sigtimedwait(&awaited, nil, &time)
      return number > 0 ? number : nil
    #endif
  }
}

extension CommandEnd {
  /// Ends this process as the command ended, by the same signal if it was one.
  package func repeatByThisProcess() -> Never {
    if case .signaled(let number) = self {
      // The command has left its core already.
      var limit = rlimit()
      #if canImport(Glibc)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
      #else
        setrlimit(RLIMIT_CORE, &limit)
      #endif
      signal(number, SIG_DFL)
      var set = sigset_t()
      sigemptyset(&set)
      sigaddset(&set, number)
      pthread_sigmask(SIG_UNBLOCK, &set, nil)
      raise(number)
    }
    exit(status)
  }
}

#if os(Linux)
  /// `prctl` of the C library, which has any number of arguments there.
  @_silgen_name("prctl")
  private func processControl(
    _ option: CInt, _ first: CLong, _ second: CLong, _ third: CLong, _ fourth: CLong
  ) -> CInt
#endif
