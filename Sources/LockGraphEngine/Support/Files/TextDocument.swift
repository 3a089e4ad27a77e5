#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that people write and that is read as a whole, and errors at places of it.
package struct TextDocument: Sendable {
  /// What it is called in messages.
  package let name: String
  /// UTF-8, once `checkEncoding` let it pass.
  package let bytes: [UInt8]

  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// Without what some editors begin a file with.
  package var withoutByteOrderMark: TextDocument {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    guard bytes.starts(with: mark) else { return self }
    return TextDocument(name: name, bytes: Array(bytes.dropFirst(mark.count)))
  }

  /// Reads a file; `-` is standard input.
  ///
  /// - Parameter limit: how many bytes it may have.
  package init(contentsOf path: String, limit: Int) throws(TraceError) {
    name = path == "-" ? "<stdin>" : path
    bytes = try Self.read(path, name, limit)
  }

  private static func read(
    _ path: String, _ name: String, _ limit: Int
  ) throws(TraceError) -> [UInt8] {
    let file =
      path == "-" ? FileDescriptor.standardInput : try FileDescriptor.open(path)
    var bytes: [UInt8] = []
    while bytes.count <= limit {
      var count = 0
      let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, used in
        repeat {
          count = readDescriptor(file.number, UnsafeMutableRawBufferPointer(buffer))
        } while count < 0 && errno == EINTR
        used = max(0, count)
      }
      if count < 0 {
        throw TraceError(input: name, message: "cannot be read: \(systemErrorText(errno))")
      }
      if count == 0 { return bytes }
      bytes += piece
    }
    throw TraceError(
      input: name, message: "is larger than \(limit >> 20) MiB",
      expected: "a file that somebody can read")
  }

  /// Refuses what is not UTF-8, at the first byte that is not.
  package func checkEncoding() throws(TraceError) {
    let valid = bytes.withUnsafeBytes { bytes in
      String(validating: bytes, as: UTF8.self) == nil ? lengthOfValidUTF8(bytes) : nil
    }
    guard let valid else { return }
    throw error(at: valid, message: "bytes that are not UTF-8", expected: "UTF-8")
  }

  /// The line of a byte, from one.
  ///
  /// - Complexity: O(offset).
  package func line(of offset: Int) -> Int {
    bytes.withUnsafeBytes { bytes in
      var (line, position) = (1, 0)
      while position < min(offset, bytes.count) {
        if bytes[position] == UInt8(ascii: "\n") { line += 1 }
        position += 1
      }
      return line
    }
  }

  /// What is wrong at a byte, or at the end.
  ///
  /// - Complexity: O(offset).
  package func error(at offset: Int, message: String, expected: String) -> TraceError {
    let offset = min(max(0, offset), bytes.count)
    let (start, lineEnd) = bytes.withUnsafeBytes { bytes in
      (
        bytes[..<offset].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0,
        bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      )
    }
    var end = lineEnd
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    let column = offset - start + 1
    let (text, mark) = bytes.withUnsafeBytes { bytes in
      TraceError.excerpt(
        UnsafeRawBufferPointer(rebasing: bytes[start..<max(start, end)]), column: column)
    }
    return TraceError(
      input: name, line: UInt64(line(of: offset)), column: column, message: message,
      text: text, mark: mark, expected: expected)
  }
}

/// How many bytes at the beginning are UTF-8.
func lengthOfValidUTF8(_ bytes: UnsafeRawBufferPointer) -> Int {
  var decoder = UTF8()
  var iterator = bytes.makeIterator()
  var length = 0
  while case .scalarValue(let scalar) = decoder.decode(&iterator) { length += UTF8.width(scalar) }
  return length
}
