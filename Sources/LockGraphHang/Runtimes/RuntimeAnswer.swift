import LockGraphEngine

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

  /// Asks the tool of a runtime, if there is one and it is installed, and reads what it tells of
  /// threads.
  ///
  /// - Returns: `nil` if there is none, or it does not answer in five seconds: the process may be
  ///   what keeps it.
  static func ask(
    _ runtime: Runtime, about process: Int32
  ) -> (answer: RuntimeAnswer, threads: [RuntimeThread])? {
    guard let (tool, arguments) = runtime.question(process),
      case .answer(let output) = ToolQuestion.ask(tool, arguments)
    else { return nil }
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let command = ([tool] + arguments).joined(separator: " ")
    switch runtime {
    case .java:
      let part = deadlocks(in: lines)
      return (
        RuntimeAnswer(command: command, lines: part, isDeadlock: !part.isEmpty),
        RuntimeThread.java(lines)
      )
    case .python:
      let threads = RuntimeThread.python(lines)
      // What is told of the threads is not told again.
      return (
        RuntimeAnswer(
          command: command, lines: threads.isEmpty ? cut(lines) : [], isDeadlock: false),
        threads
      )
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
}

extension Runtime {
  /// The command that knows.
  fileprivate func question(_ process: Int32) -> (tool: String, arguments: [String])? {
    switch self {
    case .java: ("jcmd", ["\(process)", "Thread.print", "-l"])
    case .python: ("py-spy", ["dump", "--nonblocking", "--pid", "\(process)"])
    case .go: nil
    }
  }
}
