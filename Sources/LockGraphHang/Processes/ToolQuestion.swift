import LockGraphEngine
import LockGraphRecording

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Asks another program something that it answers on its standard output.
enum ToolQuestion {
  enum Outcome {
    case notInstalled
    /// It did not answer in time, or could not be started.
    case silence
    /// It failed, with its messages if they were asked for.
    case failure(String)
    case answer(String)
  }

  /// What is asked may hang itself.
  private static let patience = Duration.seconds(5)

  /// - Parameter takesMessages: standard error is part of the text.
  static func ask(
    _ tool: String, _ arguments: [String], takesMessages: Bool = false
  ) -> Outcome {
    let variable = getenv("PATH").map { String(cString: $0) }
    guard let path = try? CommandFile(named: tool, path: variable).path else {
      return .notInstalled
    }
    guard let pipe = PipeEnds() else { return .silence }
    let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { closeDescriptor(nothing) }
    var code: Int32 = 0
    let child = ChildProcess(
      path, arguments,
      streams: [nothing, pipe.writing, takesMessages ? pipe.writing : nothing], code: &code)
    closeDescriptor(pipe.writing)
    defer { closeDescriptor(pipe.reading) }
    guard let child else { return .silence }
    let text = readAll(pipe.reading, until: .now + patience)
    if text == nil { child.kill() }
    let status = child.wait()
    guard let text else { return .silence }
    return status == .exited(0) ? .answer(text) : .failure(text)
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
