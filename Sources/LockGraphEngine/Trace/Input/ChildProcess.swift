#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Two ends of a pipe, which no other process inherits.
package struct PipeEnds {
  package var reading: Int32
  package var writing: Int32

  /// `nil` if there are no descriptors left; `errno` tells.
  package init?() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for index in ends.indices {
      // Numbers that a child's standard streams have would be in each other's way.
      if ends[index] <= 2 {
        let higher = fcntl(ends[index], F_DUPFD_CLOEXEC, 3)
        closeDescriptor(ends[index])
        ends[index] = higher
      }
      _ = fcntl(ends[index], F_SETFD, FD_CLOEXEC)
    }
    (reading, writing) = (ends[0], ends[1])
    guard reading >= 0, writing >= 0 else {
      close()
      return nil
    }
  }

  package func close() {
    closeDescriptor(reading)
    closeDescriptor(writing)
  }
}

package func closeDescriptor(_ number: Int32) {
  guard number >= 0 else { return }
  close(number)
}

/// A program that was started and has not been waited for.
package struct ChildProcess {
  package enum End: Equatable {
    case exited(Int32)
    case signaled(Int32)
    /// The caller's process does not keep the ends of its children.
    case unknown
  }

  private let identifier: pid_t

  /// Starts a program, looked for in PATH, with these descriptors as its standard streams and
  /// nothing else.
  ///
  /// Its environment is what it takes to find things, in the language of its source, so that what
  /// it says is the same everywhere.
  ///
  /// - Returns: `nil` if that fails; `code` says why.
  package init?(
    _ program: String, _ arguments: [String], streams: [Int32], code: inout Int32
  ) {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in streams.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, stream, Int32(number))
    }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Signals that this process ignores or blocks must end the child all the same.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for number in [SIGPIPE, SIGXFSZ, SIGXCPU, SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
      sigaddset(&signals, number)
    }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))

    var variables = ["LC_ALL=C"]
    for name in ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
      if let value = getenv(name) { variables.append("\(name)=\(String(cString: value))") }
    }
    var argumentList = ([program] + arguments).map { strdup($0) } + [nil]
    var environment = variables.map { strdup($0) } + [nil]
    defer { for text in argumentList + environment { free(text) } }
    var identifier: pid_t = 0
    code = posix_spawnp(
      &identifier, program, &actions, &attributes, &argumentList, &environment)
    guard code == 0 else { return nil }
    self.identifier = identifier
  }

  package func kill() { _ = killProcess(identifier, SIGKILL) }

  /// Waits for its end; to be called once.
  package func wait() -> End {
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0 {
      guard errno == EINTR else { return .unknown }
    }
    let signal = status & 0x7F
    return signal == 0 ? .exited(status >> 8 & 0xFF) : .signaled(signal)
  }
}

private func killProcess(_ identifier: pid_t, _ signal: Int32) -> Int32 {
  kill(identifier, signal)
}

/// Writes to a pipe whose reader may have gone: then -1 with EPIPE, and no signal whatever the
/// process does with those.
package func writeWithoutSignal(_ number: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  #if canImport(Darwin)
    return Darwin.write(number, bytes.baseAddress, bytes.count)
  #else
    var pipeSignal = sigset_t()
    var pending = sigset_t()
    var before = sigset_t()
    sigemptyset(&pipeSignal)
    sigaddset(&pipeSignal, SIGPIPE)
    sigpending(&pending)
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    pthread_sigmask(SIG_BLOCK, &pipeSignal, &before)
    let count = write(number, bytes.baseAddress, bytes.count)
    let code = errno
    if count < 0, code == EPIPE, !wasPending {
      var atOnce = timespec()
      while sigtimedwait(&pipeSignal, nil, &atOnce) < 0, errno == EINTR {}
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    errno = code
    return count
  #endif
}
