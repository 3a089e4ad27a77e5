#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A program that decompresses an input while it is read: a child process between pipes.
///
/// A file that can be read from its beginning is the child's own standard input. Of anything else
/// the first bytes were read to see what it is, so all of it is handed to the child through a pipe,
/// at the same time as its output is read, so that neither waits for the other. Owned and used by
/// one thread. The child ends with this object.
final class Decompressor {
  /// How the archive ended.
  enum Outcome {
    case complete
    /// All of it could be read, and something is odd.
    case odd(String)
    case damaged(String)
  }

  private let compression: Compression
  private let name: String
  private let child: ChildProcess
  private var output: Int32
  private var messages: Int32
  /// Where the child's standard input is written, if it goes through here.
  private var input: Int32 = -1
  private var source: Int32 = -1
  private var pending: [UInt8] = []
  private var pendingStart = 0
  private var said: [UInt8] = []
  private var outcome: Outcome?

  /// Decompresses a file from its beginning.
  convenience init(
    _ compression: Compression, file: borrowing FileDescriptor, _ name: String
  ) throws(TraceError) {
    guard lseek(file.number, 0, SEEK_SET) == 0 else {
      throw TraceError(input: name, message: "cannot be read: \(systemErrorText(errno))")
    }
    try self.init(compression, reading: file.number, name)
  }

  /// Decompresses a stream whose beginning was read already. The stream must stay open as long as
  /// this is used.
  convenience init(
    _ compression: Compression, stream: borrowing FileDescriptor, beginning: [UInt8],
    _ name: String
  ) throws(TraceError) {
    guard let ends = PipeEnds() else { throw Self.noPipe(name) }
    defer { closeDescriptor(ends.reading) }
    do throws(TraceError) {
      try self.init(compression, reading: ends.reading, name)
    } catch {
      closeDescriptor(ends.writing)
      throw error
    }
    input = ends.writing
    _ = fcntl(input, F_SETFL, O_NONBLOCK)
    #if canImport(Darwin)
      _ = fcntl(input, F_SETNOSIGPIPE, 1)
    #endif
    source = stream.number
    pending = beginning
  }

  private init(
    _ compression: Compression, reading number: Int32, _ name: String
  ) throws(TraceError) {
    guard let outputEnds = PipeEnds() else { throw Self.noPipe(name) }
    guard let messageEnds = PipeEnds() else {
      outputEnds.close()
      throw Self.noPipe(name)
    }
    defer {
      closeDescriptor(outputEnds.writing)
      closeDescriptor(messageEnds.writing)
    }
    var code: Int32 = 0
    guard
      let child = ChildProcess(
        compression.program, ["-dc"],
        streams: [number, outputEnds.writing, messageEnds.writing], code: &code)
    else {
      closeDescriptor(outputEnds.reading)
      closeDescriptor(messageEnds.reading)
      throw Self.cannotStart(compression, code, name)
    }
    self.compression = compression
    self.name = name
    self.child = child
    output = outputEnds.reading
    messages = messageEnds.reading
  }

  deinit {
    guard outcome == nil else { return }
    child.kill()
    closeAll()
    _ = child.wait()
  }

  private static func noPipe(_ name: String) -> TraceError {
    TraceError(input: name, message: "cannot be decompressed: \(systemErrorText(errno))")
  }

  private static func cannotStart(
    _ compression: Compression, _ code: Int32, _ name: String
  ) -> TraceError {
    let program = compression.program
    guard code == ENOENT else {
      return TraceError(
        input: name,
        message: "cannot be decompressed: \(program) cannot be run: \(systemErrorText(code))")
    }
    return TraceError(
      input: name, message: "is compressed, and the program \(program) was not found",
      expected: "\(program) in PATH: install \(compression.package)")
  }

  /// Reads up to a buffer's length; 0 at the end, which `finish` tells the nature of.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int {
    while output >= 0 {
      guard try isOutputReady(timeout: -1) else { continue }
      let count = readDescriptor(output, buffer)
      if count > 0 { return count }
      guard count < 0 else { break }
      guard errno == EINTR else {
        throw TraceError(input: name, message: "cannot be read: \(systemErrorText(errno))")
      }
    }
    return 0
  }

  /// Feeds the child and listens to it until there is output or its end, or the time is over.
  private func isOutputReady(timeout: Int32) throws(TraceError) -> Bool {
    var polled = [
      pollfd(fd: output, events: Int16(POLLIN), revents: 0),
      pollfd(fd: messages, events: Int16(POLLIN), revents: 0),
    ]
    let isFed = input >= 0
    let hasPending = pendingStart < pending.count
    if isFed {
      polled.append(
        hasPending
          ? pollfd(fd: input, events: Int16(POLLOUT), revents: 0)
          : pollfd(fd: source, events: Int16(POLLIN), revents: 0))
    }
    guard poll(&polled, nfds_t(polled.count), timeout) >= 0 else {
      if errno == EINTR { return false }
      throw TraceError(input: name, message: "cannot be read: \(systemErrorText(errno))")
    }
    if polled[1].revents != 0 { listen() }
    if isFed, polled[2].revents != 0 {
      if hasPending { writePending() } else { try readSource() }
    }
    return polled[0].revents != 0
  }

  private func writePending() {
    let count = pending.withUnsafeBytes {
      writeWithoutSignal(input, UnsafeRawBufferPointer(rebasing: $0[pendingStart...]))
    }
    if count >= 0 {
      pendingStart += count
    } else if errno != EINTR, errno != EAGAIN {
      // The child has seen enough; its exit status tells whether that is good.
      closeInput()
    }
  }

  private func readSource() throws(TraceError) {
    let room = 1 << 16
    var count = 0
    pending = [UInt8](unsafeUninitializedCapacity: room) { buffer, used in
      count = readDescriptor(source, UnsafeMutableRawBufferPointer(buffer))
      used = max(0, count)
    }
    pendingStart = 0
    if count == 0 {
      closeInput()
    } else if count < 0, errno != EINTR, errno != EAGAIN {
      throw TraceError(input: name, message: "cannot be read: \(systemErrorText(errno))")
    }
  }

  /// Keeps the beginning of what the program says.
  private func listen() {
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = bytes.withUnsafeMutableBytes { readDescriptor(messages, $0) }
    if count > 0 {
      said.append(contentsOf: bytes.prefix(min(count, max(0, 2048 - said.count))))
    } else if count == 0 || errno != EINTR {
      closeDescriptor(messages)
      messages = -1
    }
  }

  private func closeInput() {
    closeDescriptor(input)
    input = -1
  }

  private func closeAll() {
    closeInput()
    closeDescriptor(output)
    closeDescriptor(messages)
    (output, messages) = (-1, -1)
  }

  /// How the archive ended, once all output was read.
  func finish() -> Outcome {
    if let outcome { return outcome }
    closeInput()
    while messages >= 0 { listen() }
    closeAll()
    let result = judge(child.wait())
    outcome = result
    return result
  }

  private func judge(_ end: ChildProcess.End) -> Outcome {
    let words = wordsOfProgram
    func saying(_ otherwise: String) -> String {
      "\(compression.program)\(words.map { ": \($0)" } ?? " \(otherwise)")"
    }
    return switch end {
    case .exited(0): .complete
    case .exited(let status) where compression.isWarning(exitStatus: status):
      .odd(saying("ended with status \(status)"))
    case .exited(let status): .damaged(saying("ended with status \(status)"))
    case .signaled(let number): .damaged(saying("was ended by signal \(number)"))
    case .unknown: words == nil ? .complete : .damaged(saying(""))
    }
  }

  /// The first lines that it said, on one, without the names that it gives itself and a nameless
  /// input.
  private var wordsOfProgram: String? {
    let names = ["\(compression.program):", "stdin:", "(stdin):", "/*stdin*\\ :", "/*stdin*\\:"]
    let lines = String(decoding: said, as: UTF8.self).split(whereSeparator: \.isNewline).map {
      line in
      var words = line.split(separator: " ").joined(separator: " ")[...]
      while let name = names.first(where: { words.hasPrefix($0) }) {
        words = words.dropFirst(name.count).drop { $0 == " " }
      }
      return words
    }
    let text = lines.filter { !$0.isEmpty }.prefix(3).joined(separator: "; ").prefix(400)
    return text.isEmpty ? nil : String(text).withVisibleControls
  }

  /// What is wrong with a damaged archive.
  func error(_ words: String) -> TraceError {
    TraceError(
      input: name, message: "cannot be decompressed: \(words)", expected: compression.wholeArchive)
  }

  /// Whether the archive turns out to be damaged further on: then that is why its text makes no
  /// sense.
  func damageAhead() -> TraceError? {
    let start = ContinuousClock.now
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { buffer.deallocate() }
    while output >= 0 {
      let left = Duration.seconds(2) - (ContinuousClock.now - start)
      guard left > .zero else { return nil }
      guard let isReady = try? isOutputReady(timeout: 100) else { return nil }
      guard isReady else { continue }
      let count = readDescriptor(output, buffer)
      if count == 0 { break }
      if count < 0, errno != EINTR { return nil }
    }
    if case .damaged(let words) = finish() { return error(words) }
    return nil
  }
}
