import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a command left behind.
public struct ProcessResult: Sendable {
  /// By itself, or by a signal.
  public enum Status: Equatable, Sendable {
    case exited(Int32)
    case signaled(Int32)
  }

  /// How it ended.
  public var status: Status
  /// What it wrote on standard output.
  public var output: [UInt8]
  /// What it wrote on standard error.
  public var errors: [UInt8]

  /// Standard output as text.
  public var text: String { String(decoding: output, as: UTF8.self) }
  /// Standard error as text.
  public var messages: String { String(decoding: errors, as: UTF8.self) }
}

/// A command that could not be started, or did not end.
public struct ProcessFailure: Error, CustomStringConvertible {
  /// What failed.
  public var description: String

  /// - Parameter description: what failed.
  public init(description: String) { self.description = description }
}

/// Runs a command and feeds and drains all its pipes at once, so that none of them can fill up and
/// stop it.
public struct ProcessRunner: Sendable {
  /// A path, or a name that is looked for in PATH.
  public var executable: String
  /// What follows the name.
  public var arguments: [String]
  /// What it reads; `nil` is an empty standard input.
  public var input: [UInt8]?
  /// The whole environment; `nil` inherits this process's.
  public var environment: [String: String]?
  /// Where it runs; `nil` is where this process runs.
  public var directory: String?
  /// How long it may run before it is killed and the run fails.
  public var timeout: Duration = .seconds(60)

  /// A command with its arguments, to be run in a minute at most.
  public init(
    _ executable: String, _ arguments: [String], input: [UInt8]? = nil,
    environment: [String: String]? = nil, directory: String? = nil
  ) {
    self.executable = executable
    self.arguments = arguments
    self.input = input
    self.environment = environment
    self.directory = directory
  }

  /// Runs it to its end.
  public func run() throws -> ProcessResult {
    let process = try start()
    return try process.finish(writing: input ?? [], within: timeout)
  }

  /// Starts it with open pipes, for tests that do something while it runs.
  public func start() throws -> RunningProcess {
    try RunningProcess(self)
  }
}

/// A command that runs; use it from one thread.
public final class RunningProcess {
  private static let starting = Mutex(())

  /// Its process number.
  public let identifier: pid_t
  private var input: Int32
  private var output: Int32
  private var errors: Int32
  private var collectedOutput: [UInt8] = []
  private var collectedErrors: [UInt8] = []
  private var isFinished = false

  fileprivate init(_ runner: ProcessRunner) throws {
    // Writing to a command that has ended is reported by `write`, not by a signal.
    signal(SIGPIPE, SIG_IGN)
    // Between a pipe's making and its marking, another thread must not start a command that
    // inherits it.
    let (pipes, identifier) = try Self.starting.withLock { _ in
      let pipes = try (0..<3).map { _ in try Pipe() }
      let theirs = [pipes[0].reading, pipes[1].writing, pipes[2].writing]
      defer { for end in theirs { close(end) } }
      do {
        return (pipes, try Self.spawn(runner, theirs))
      } catch {
        for end in [pipes[0].writing, pipes[1].reading, pipes[2].reading] { close(end) }
        throw error
      }
    }
    self.identifier = identifier
    input = pipes[0].writing
    output = pipes[1].reading
    errors = pipes[2].reading
    // Writing more than fits must not wait while the command waits for its output to be read.
    _ = fcntl(input, F_SETFL, O_NONBLOCK)
  }

  deinit {
    for end in [input, output, errors] where end >= 0 { close(end) }
    guard !isFinished else { return }
    kill(identifier, SIGKILL)
    var status: Int32 = 0
    waitpid(identifier, &status, 0)
  }

  /// Sends it a signal.
  public func send(_ number: Int32) { kill(identifier, number) }

  /// Writes a few bytes to its standard input; what does not fit into the pipe is lost.
  public func write(_ bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes { Foundation.write(input, $0.baseAddress, $0.count) }
  }

  /// Stops reading what it writes, as a reader does that goes away.
  public func closeOutput() {
    close(output)
    output = -1
  }

  /// Whether the command sleeps in the kernel, as it does when it waits for input; always true
  /// where there is no /proc to ask.
  public var isAsleep: Bool {
    guard let status = try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8),
      let name = status.lastIndex(of: ")")
    else { return true }
    return status[name...].dropFirst(2).first == "S"
  }

  /// What it has open of a folder that is not in its place yet: hidden files, and such without a
  /// name, which end in `(deleted)`.
  public func unfinishedFiles(in folder: String) -> [String] {
    let open = "/proc/\(identifier)/fd"
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: open)) ?? []
    return numbers.compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "\(open)/\($0)")
    }.filter { $0.hasPrefix(folder + "/.") || $0.hasPrefix(folder + "/#") }
  }

  /// Waits until it has so many of them open; false if that takes longer than a minute.
  public func waitForUnfinishedFiles(_ count: Int = 1, in folder: String) -> Bool {
    let deadline = ContinuousClock.now + .seconds(60)
    while unfinishedFiles(in: folder).count < count {
      guard ContinuousClock.now < deadline else { return false }
      usleep(1000)
    }
    return true
  }

  /// Waits until it has written something on standard output or standard error.
  ///
  /// - Returns: false if that took longer than it may, or the command closed both.
  public func waits(for text: String, within timeout: Duration) -> Bool {
    let deadline = ContinuousClock.now + timeout
    func hasWritten(_ bytes: [UInt8]) -> Bool {
      String(decoding: bytes, as: UTF8.self).contains(text)
    }
    while !hasWritten(collectedOutput), !hasWritten(collectedErrors) {
      guard output >= 0 || errors >= 0, ContinuousClock.now < deadline else { return false }
      var polled = [
        pollfd(fd: output, events: Int16(POLLIN), revents: 0),
        pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&polled, 2, 100) > 0 else { continue }
      if polled[0].revents != 0 { Self.drain(&output, into: &collectedOutput) }
      if polled[1].revents != 0 { Self.drain(&errors, into: &collectedErrors) }
    }
    return true
  }

  /// Waits for its end.
  ///
  /// - Parameter bytes: what is still to be written; `nil` leaves its standard input open until it
  ///   has ended.
  public func finish(
    writing bytes: [UInt8]? = [], within timeout: Duration = .seconds(60)
  ) throws -> ProcessResult {
    let deadline = ContinuousClock.now + timeout
    var rest = (bytes ?? [])[...]
    if bytes?.isEmpty == true { closeInput() }
    while output >= 0 || errors >= 0 {
      guard ContinuousClock.now < deadline else {
        kill(identifier, SIGKILL)
        throw ProcessFailure(description: "a command did not end in \(timeout)")
      }
      var polled = [
        pollfd(fd: rest.isEmpty ? -1 : input, events: Int16(POLLOUT), revents: 0),
        pollfd(fd: output, events: Int16(POLLIN), revents: 0),
        pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&polled, 3, 1000) > 0 else { continue }
      if polled[0].revents != 0 {
        let count = rest.withUnsafeBytes { Foundation.write(input, $0.baseAddress, $0.count) }
        if count > 0 { rest = rest.dropFirst(count) }
        let isBroken = count < 0 && errno != EAGAIN && errno != EINTR
        if isBroken || rest.isEmpty {
          rest = []
          closeInput()
        }
      }
      if polled[1].revents != 0 { Self.drain(&output, into: &collectedOutput) }
      if polled[2].revents != 0 { Self.drain(&errors, into: &collectedErrors) }
    }
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    isFinished = true
    closeInput()
    let signal = status & 0x7F
    return ProcessResult(
      status: signal == 0 ? .exited(status >> 8 & 0xFF) : .signaled(signal),
      output: collectedOutput, errors: collectedErrors)
  }

  private func closeInput() {
    guard input >= 0 else { return }
    close(input)
    input = -1
  }

  private static func drain(_ file: inout Int32, into bytes: inout [UInt8]) {
    let descriptor = file
    var count = 0
    let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, initialized in
      count = read(descriptor, buffer.baseAddress, buffer.count)
      initialized = max(0, count)
    }
    bytes += chunk
    if count == 0 || count < 0 && errno != EAGAIN && errno != EINTR {
      close(file)
      file = -1
    }
  }

  #if canImport(Darwin)
    private static let inheritsNothing = Int16(POSIX_SPAWN_CLOEXEC_DEFAULT)
  #else
    private static let inheritsNothing: Int16 = 0
  #endif

  private static func spawn(_ runner: ProcessRunner, _ ends: [Int32]) throws -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for (number, end) in ends.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, end, Int32(number))
    }
    // Whatever other tests of this process have open is not the command's, which may count its
    // descriptors.
    #if !canImport(Darwin)
      for number in Int32(3)..<256 { posix_spawn_file_actions_addclose(&actions, number) }
    #endif
    // The command starts as from a shell, whatever signals this process ignores or blocks.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for number in [SIGPIPE, SIGINT, SIGQUIT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK) | inheritsNothing)

    let variables = (runner.environment ?? ProcessInfo.processInfo.environment)
      .map { "\($0.key)=\($0.value)" }.sorted()
    var command = [runner.executable] + runner.arguments
    if let directory = runner.directory {
      // Changing the folder at the start of a command is not to be had everywhere.
      command = ["/bin/sh", "-c", #"cd "$1" && shift && exec "$@""#, "sh", directory] + command
    }
    var arguments = command.map { strdup($0) } + [nil]
    var environment = variables.map { strdup($0) } + [nil]
    defer { for text in arguments + environment { free(text) } }
    var identifier: pid_t = 0
    let code = posix_spawnp(
      &identifier, command[0], &actions, &attributes, &arguments, &environment)
    guard code == 0 else {
      throw ProcessFailure(
        description: "\(runner.executable) cannot be run: \(String(cString: strerror(code)))")
    }
    return identifier
  }

  /// A pipe that no command inherits; one that kept an end open would keep the other from ending.
  private struct Pipe {
    var reading: Int32
    var writing: Int32

    init() throws {
      var ends: [Int32] = [-1, -1]
      let code = pipe(&ends)
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      guard code == 0 else { throw ProcessFailure(description: "no pipe could be made") }
      (reading, writing) = (ends[0], ends[1])
    }
  }
}
