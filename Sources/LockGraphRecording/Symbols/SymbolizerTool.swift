import LockGraphEngine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A process of `llvm-symbolizer` that answers questions until it is let go.
///
/// Questions are asked in groups that fit into a pipe, and all answers of one are read before the
/// next, so that neither side waits for the other.
package final class SymbolizerTool {
  /// A place in the source.
  package struct Frame {
    package var function: String
    package var file: String
    package var line: UInt32
    package var column: UInt32
  }

  /// What stands at an address of data.
  struct Datum {
    var name: String
    var start: UInt64
    var size: UInt64
  }

  private static let groupSize = 64

  private let process: ChildProcess
  private let questions: Int32
  private let answers: Int32
  private var buffer: [UInt8] = []
  private var position = 0
  /// It has gone, and nothing more is to be had.
  private(set) var isBroken = false

  /// Starts the tool.
  ///
  /// - Returns: `nil` if it is not there.
  package init?(_ path: String) {
    guard let input = PipeEnds() else { return nil }
    guard let output = PipeEnds() else {
      input.close()
      return nil
    }
    let errors = open("/dev/null", O_WRONLY | O_CLOEXEC)
    defer { closeDescriptor(errors) }
    var code: Int32 = 0
    let arguments = ["--output-style=LLVM", "--inlines", "--demangle", "--functions=linkage"]
    let process = ChildProcess(
      path, arguments, streams: [input.reading, output.writing, errors], code: &code)
    closeDescriptor(input.reading)
    closeDescriptor(output.writing)
    guard let process else {
      closeDescriptor(input.writing)
      closeDescriptor(output.reading)
      return nil
    }
    self.process = process
    questions = input.writing
    answers = output.reading
  }

  deinit {
    closeDescriptor(questions)
    closeDescriptor(answers)
    if isBroken { process.kill() }
    _ = process.wait()
  }

  /// The tool where it usually is: what the environment names, else one in PATH or in a tool-chain.
  package static var usualPath: String? {
    let variable = getenv("PATH").map { String(cString: $0) }
    var names = ["llvm-symbolizer"]
    names += (13...22).reversed().map { "llvm-symbolizer-\($0)" }
    for name in names {
      if let file = try? CommandFile(named: name, path: variable) { return file.path }
    }
    let toolchains = ["/opt/swift/usr/bin/llvm-symbolizer", "/usr/bin/llvm-symbolizer"]
    return toolchains.first { access($0, X_OK) == 0 }
  }

  /// The functions at addresses of a file, those that are inlined into others first; empty where
  /// nothing is known.
  package func frames(_ addresses: [UInt64], in path: String) -> [[Frame]] {
    ask(addresses, "CODE", path).map { lines in
      var frames: [Frame] = []
      var index = 0
      while index + 1 < lines.count {
        let (file, line, column) = Self.place(lines[index + 1])
        let function = lines[index] == "??" ? "" : lines[index]
        if !function.isEmpty || !file.isEmpty {
          frames.append(Frame(function: function, file: file, line: line, column: column))
        }
        index += 2
      }
      return frames
    }
  }

  /// What stands at addresses of data of a file.
  func data(_ addresses: [UInt64], in path: String) -> [Datum?] {
    ask(addresses, "DATA", path).map { lines in
      guard lines.count >= 2, lines[0] != "??" else { return nil }
      let numbers = lines[1].split(separator: " ").compactMap { UInt64($0) }
      guard numbers.count == 2, !lines[0].isEmpty else { return nil }
      return Datum(name: lines[0], start: numbers[0], size: numbers[1])
    }
  }

  private static func place(_ text: String) -> (String, UInt32, UInt32) {
    var parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count >= 3, let column = UInt32(parts.removeLast()),
      let line = UInt32(parts.removeLast())
    else { return ("", 0, 0) }
    let file = parts.joined(separator: ":")
    return file == "??" ? ("", 0, 0) : (file, line, column)
  }

  private func ask(_ addresses: [UInt64], _ kind: String, _ path: String) -> [[String]] {
    // What ends a question, or its name.
    guard !path.contains(where: { $0 == "\n" || $0 == "\"" }) else {
      return addresses.map { _ in [] }
    }
    var results: [[String]] = []
    var start = 0
    while start < addresses.count {
      let group = addresses[start..<min(addresses.count, start + Self.groupSize)]
      start += group.count
      let text = group.map { "\(kind) \"\(path)\" 0x\(String($0, radix: 16))\n" }.joined()
      write(text)
      for _ in group { results.append(answer()) }
    }
    return results
  }

  private func write(_ text: String) {
    guard !isBroken else { return }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { writeWithoutSignal(questions, $0) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        isBroken = true
        return
      }
      bytes = bytes.dropFirst(count)
    }
  }

  /// The lines up to an empty one.
  private func answer() -> [String] {
    var lines: [String] = []
    while let line = line(), !line.isEmpty { lines.append(line) }
    return lines
  }

  private func line() -> String? {
    guard !isBroken else { return nil }
    while true {
      if let end = buffer[position...].firstIndex(of: 0x0A) {
        defer { position = end + 1 }
        return String(decoding: buffer[position..<end], as: UTF8.self)
      }
      buffer.removeFirst(position)
      position = 0
      let piece = [UInt8](unsafeUninitializedCapacity: 65536) { buffer, used in
        used = max(0, readDescriptor(answers, UnsafeMutableRawBufferPointer(buffer)))
      }
      guard !piece.isEmpty else {
        isBroken = true
        return nil
      }
      buffer += piece
    }
  }
}
