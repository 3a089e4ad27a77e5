import LockGraphEngine
import LockGraphRecording

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a language's own tool says of a process.
package struct RuntimeAnswer: Sendable, Equatable {
  /// The command that was asked.
  package var command: String
  /// What it said, as far as it is about waiting; lines without ends.
  package var lines: [String]
  /// It found threads that wait for each other.
  package var isDeadlock: Bool

  /// More of it helps nobody.
  private static let limit = 200
  private static let patience = Duration.seconds(5)

  /// Asks the tool of a runtime, if there is one and it is installed.
  ///
  /// - Returns: `nil` if there is none, or it does not answer in five seconds: the process may be
  ///   what keeps it.
  static func ask(_ runtime: Runtime, about process: Int32) -> RuntimeAnswer? {
    guard let (tool, arguments) = runtime.question(process),
      let output = output(of: tool, arguments)
    else { return nil }
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let command = ([tool] + arguments).joined(separator: " ")
    switch runtime {
    case .java:
      let part = deadlocks(in: lines)
      return RuntimeAnswer(command: command, lines: part, isDeadlock: !part.isEmpty)
    case .python: return RuntimeAnswer(command: command, lines: cut(lines), isDeadlock: false)
    case .go: return nil
    }
  }

  /// The part of a Java thread dump that tells of deadlocks; empty if there are none.
  static func deadlocks(in lines: [String]) -> [String] {
    guard
      let start = lines.firstIndex(where: {
        $0.hasPrefix("Found ") && $0.contains("Java-level deadlock")
      })
    else { return [] }
    let rest = lines[start...]
    let end =
      rest.dropFirst().firstIndex {
        $0.hasPrefix("Found ") && ($0.hasSuffix(" deadlock.") || $0.hasSuffix(" deadlocks."))
      } ?? rest.endIndex - 1
    return cut(Array(rest[...end]))
  }

  private static func cut(_ lines: [String]) -> [String] {
    var lines = lines
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard lines.count > limit else { return lines }
    return lines.prefix(limit) + ["… \(lines.count - limit) lines more"]
  }

  private static func output(of tool: String, _ arguments: [String]) -> String? {
    let variable = getenv("PATH").map { String(cString: $0) }
    guard let path = try? CommandFile(named: tool, path: variable).path, let pipe = PipeEnds()
    else { return nil }
    let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { closeDescriptor(nothing) }
    var code: Int32 = 0
    let child = ChildProcess(
      path, arguments, streams: [nothing, pipe.writing, nothing], code: &code)
    closeDescriptor(pipe.writing)
    defer { closeDescriptor(pipe.reading) }
    guard let child else { return nil }
    let text = readAll(pipe.reading, until: .now + patience)
    if text == nil { child.kill() }
    return child.wait() == .exited(0) ? text : nil
  }

  /// Everything until the other side closes; `nil` if it does not in time.
  private static func readAll(
    _ descriptor: Int32, until deadline: ContinuousClock.Instant
  ) -> String? {
    var bytes: [UInt8] = []
    while true {
      let left = deadline - .now
      guard left > .zero, bytes.count < 64 << 20 else { return nil }
      let milliseconds =
        left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&request, 1, Int32(clamping: milliseconds + 1))
      if ready < 0, errno != EINTR { return nil }
      guard ready > 0 else { continue }
      let piece = [UInt8](unsafeUninitializedCapacity: 65536) { buffer, used in
        used = max(0, readDescriptor(descriptor, UnsafeMutableRawBufferPointer(buffer)))
      }
      if piece.isEmpty { return String(decoding: bytes, as: UTF8.self) }
      bytes += piece
    }
  }
}

extension Runtime {
  /// The command that knows.
  fileprivate func question(_ process: Int32) -> (tool: String, arguments: [String])? {
    switch self {
    case .java: ("jcmd", ["\(process)", "Thread.print"])
    case .python: ("py-spy", ["dump", "--nonblocking", "--pid", "\(process)"])
    case .go: nil
    }
  }
}

extension HangReport {
  /// Asks the tools of the languages that living processes run.
  package mutating func askRuntimes() {
    for index in processes.indices where !processes[index].isCore {
      let process = processes[index]
      processes[index].answers = process.runtimes.compactMap { runtime in
        RuntimeAnswer.ask(runtime, about: process.identifier)
      }
      let asked = processes[index].answers
      processes[index].runtimes.removeAll { runtime in
        asked.contains { answer in
          runtime.question(process.identifier).map { answer.command.hasPrefix($0.tool + " ") }
            ?? false
        }
      }
    }
  }
}
