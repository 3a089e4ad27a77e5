/// Takes the bytes of graph files, one behind the other, as they come, and gives their contents.
final class GraphFileDecoder {
  private enum Expectation {
    case header
    case section(Int)
  }

  private let name: String
  /// What is not decoded yet.
  private var buffer: [UInt8] = []
  /// Where in the input that begins.
  private var offset = 0
  private var expectation = Expectation.header
  private var digest = ContentDigest()
  private var reader = GraphFileReader()
  private var isAfterFile = false
  /// The classes and dependencies of the files that were read.
  private(set) var facts: UInt64 = 0

  /// - Parameter name: that of the input.
  init(name: String) { self.name = name }

  /// Takes more bytes.
  ///
  /// - Parameters:
  ///   - isLast: they are the last ones.
  ///   - take: called with the content of each file that is complete.
  /// - Throws: what is wrong with them, by the number of the byte from the beginning.
  func decode(
    _ bytes: UnsafeRawBufferPointer, isLast: Bool, take: (consuming GraphContent) -> Void
  ) throws(TraceError) {
    buffer.append(contentsOf: bytes)
    do throws(GraphFileFailure) {
      while let used = try decodePart(take) {
        buffer.removeFirst(used)
        offset += used
      }
      guard isLast, !isAfterFile || !buffer.isEmpty else { return }
    } catch {
      if let expected = error.expected {
        throw TraceError(input: name, message: error.message, expected: expected)
      }
      throw TraceError(
        input: name, message: "is damaged at byte \(error.offset): \(error.message)",
        expected: "a graph file as lockdep-check merge writes it")
    }
    throw TraceError(
      input: name, message: "is cut off at byte \(offset + buffer.count), in \(part)",
      expected: "a complete graph file, as lockdep-check merge writes it")
  }

  private var part: String {
    switch expectation {
    case .header: "its header"
    case .section(let number): "the section of \(GraphFile.Section.allCases[number].name)"
    }
  }

  /// Decodes one header or section; `nil` if more bytes are needed.
  private func decodePart(
    _ take: (consuming GraphContent) -> Void
  ) throws(GraphFileFailure) -> Int? {
    let result = buffer.withUnsafeBytes { bytes -> Result<Int?, GraphFileFailure> in
      do throws(GraphFileFailure) {
        switch expectation {
        case .header: return .success(try decodeHeader(bytes))
        case .section(let number): return .success(try decodeSection(number, bytes, take))
        }
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private func decodeHeader(_ bytes: UnsafeRawBufferPointer) throws(GraphFileFailure) -> Int? {
    guard !bytes.isEmpty else { return nil }
    guard GraphFileMark.bytes.starts(with: bytes.prefix(GraphFileMark.bytes.count)) else {
      throw GraphFileFailure(
        offset: offset, message: isAfterFile ? "something follows the end" : "no graph file begins")
    }
    guard let (version, start) = try Self.number(in: bytes, at: GraphFileMark.bytes.count, offset)
    else { return nil }
    guard version == GraphFile.version else {
      throw GraphFileFailure(
        offset: offset + GraphFileMark.bytes.count,
        message: "is a graph file of version \(version), which is not known",
        expected: "version \(GraphFile.version): merge the traces again, with \(Self.reader)")
    }
    let end = start + GraphFile.schemaLength
    guard bytes.count >= end else { return nil }
    let schema = GraphSchema.name(Array(bytes[start..<end]))
    guard schema == GraphFile.schema.name else {
      throw GraphFileFailure(
        offset: offset + start,
        message: "is a graph file of schema \(schema), written before version \(version) was final",
        expected:
          "schema \(GraphFile.schema.name): merge the traces again, with \(Self.reader)")
    }
    digest = ContentDigest()
    digest.add(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
    reader = GraphFileReader()
    isAfterFile = false
    expectation = .section(0)
    return end
  }

  private func decodeSection(
    _ number: Int, _ bytes: UnsafeRawBufferPointer, _ take: (consuming GraphContent) -> Void
  ) throws(GraphFileFailure) -> Int? {
    guard let tag = bytes.first else { return nil }
    let section = GraphFile.Section.allCases[number]
    guard tag == section.rawValue else {
      throw GraphFileFailure(
        offset: offset, message: "the section of \(section.name) does not begin")
    }
    guard let (length, start) = try Self.number(in: bytes, at: 1, offset) else { return nil }
    guard length <= UInt64(Int.max - start) else {
      throw GraphFileFailure(offset: offset + 1, message: "a section of \(length) bytes")
    }
    let end = start + Int(length)
    guard bytes.count >= end else { return nil }
    let payload = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    var binary = BinaryReader(payload, at: offset + start)
    guard section == .end else {
      try reader.read(section, from: &binary)
      digest.add(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
      expectation = .section(number + 1)
      return end
    }
    let stated = try binary.digest()
    try binary.expectEnd()
    guard stated == digest.value else {
      throw GraphFileFailure(
        offset: offset + start, message: "the digest at the end is not that of the bytes before it")
    }
    if let flaw = reader.flaw { throw GraphFileFailure(offset: offset, message: flaw) }
    facts += UInt64(reader.content.classes.count + reader.content.edges.count)
    isAfterFile = true
    expectation = .header
    take(reader.content)
    reader = GraphFileReader()
    return end
  }

  private static var reader: String { "lockdep-check \(lockGraphVersion)" }

  /// A number and where it ends; `nil` if its end is not there yet.
  private static func number(
    in bytes: UnsafeRawBufferPointer, at start: Int, _ offset: Int
  ) throws(GraphFileFailure) -> (UInt64, end: Int)? {
    guard bytes.count > start else { return nil }
    let isComplete = bytes[start...].prefix(10).contains { $0 < 0x80 }
    guard isComplete || bytes.count >= start + 10 else { return nil }
    var reader = BinaryReader(
      UnsafeRawBufferPointer(rebasing: bytes[start...]), at: offset + start)
    let number = try reader.number()
    return (number, start + reader.position)
  }
}
