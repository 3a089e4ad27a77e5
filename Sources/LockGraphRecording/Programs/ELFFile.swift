#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A program file or library in the layout of the System V ABI, little-endian, 64 bits.
///
/// Every offset is checked: a damaged file says less, and is no crash. Stays mapped as long as
/// somebody has it.
package final class ELFFile {
  /// The bytes of the file, valid as long as the object is.
  package let content: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// A part of the file that is loaded, or tells something about it.
  package struct Segment {
    package var kind: UInt32
    package var isWritable: Bool
    package var isExecutable: Bool
    package var offset: UInt64
    package var address: UInt64
    package var fileSize: UInt64
    package var memorySize: UInt64
  }

  /// A part of the file as linkers see it.
  package struct Section {
    var name: UInt32
    var kind: UInt32
    var offset: Int
    var size: Int
    var link: Int
  }

  package let segments: [Segment]
  let sections: [Section]
  /// `e_machine`.
  package let machine: UInt16
  /// `e_type`: 2 has fixed addresses, 3 is moved as a whole.
  package let type: UInt16

  /// - Returns: `nil` if the file cannot be read or is no such file.
  package convenience init?(path: String) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size >= 64
    else { return nil }
    let size = Int(status.st_size)
    guard let bytes = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), bytes != MAP_FAILED else {
      return nil
    }
    self.init(UnsafeRawBufferPointer(start: bytes, count: size), isMapped: true)
  }

  /// - Parameter isMapped: whether the bytes are to be unmapped in the end.
  package init?(_ content: UnsafeRawBufferPointer, isMapped: Bool) {
    self.content = content
    self.isMapped = isMapped
    let bytes = CheckedBytes(content)
    // Seven things that must be there before anything else is believed.
    guard content.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]),
      let type = bytes.number(16, UInt16.self), let machine = bytes.number(18, UInt16.self),
      let segmentStart = bytes.number(32, UInt64.self),
      let sectionStart = bytes.number(40, UInt64.self),
      let segmentSize = bytes.number(54, UInt16.self),
      let segmentCount = bytes.number(56, UInt16.self),
      let sectionSize = bytes.number(58, UInt16.self),
      let sectionCount = bytes.number(60, UInt16.self)
    else {
      segments = []
      sections = []
      machine = 0
      type = 0
      return nil
    }
    self.type = type
    self.machine = machine
    segments = Self.segments(bytes, segmentStart, Int(segmentSize), Int(segmentCount))
    sections = Self.sections(bytes, sectionStart, Int(sectionSize), Int(sectionCount))
  }

  deinit {
    guard isMapped else { return }
    munmap(UnsafeMutableRawPointer(mutating: content.baseAddress), content.count)
  }

  private static func segments(
    _ bytes: CheckedBytes, _ start: UInt64, _ size: Int, _ count: Int
  ) -> [Segment] {
    guard size >= 56, start <= UInt64(bytes.count) else { return [] }
    return (0..<count).compactMap { index in
      let at = Int(start) + index * size
      guard let kind = bytes.number(at, UInt32.self), let flags = bytes.number(at + 4, UInt32.self),
        let offset = bytes.number(at + 8, UInt64.self),
        let address = bytes.number(at + 16, UInt64.self),
        let fileSize = bytes.number(at + 32, UInt64.self),
        let memorySize = bytes.number(at + 40, UInt64.self)
      else { return nil }
      return Segment(
        kind: kind, isWritable: flags & 2 != 0, isExecutable: flags & 1 != 0, offset: offset,
        address: address, fileSize: fileSize, memorySize: memorySize)
    }
  }

  private static func sections(
    _ bytes: CheckedBytes, _ start: UInt64, _ size: Int, _ count: Int
  ) -> [Section] {
    guard size >= 64, start > 0, start <= UInt64(bytes.count) else { return [] }
    return (0..<count).map { index in
      let at = Int(start) + index * size
      guard let name = bytes.number(at, UInt32.self), let kind = bytes.number(at + 4, UInt32.self),
        let offset = bytes.number(at + 24, UInt64.self),
        let length = bytes.number(at + 32, UInt64.self),
        let link = bytes.number(at + 40, UInt32.self), kind != Kind.noBits,
        offset <= UInt64(bytes.count), length <= UInt64(bytes.count) - offset
      else { return Section(name: 0, kind: 0, offset: 0, size: 0, link: 0) }
      return Section(
        name: name, kind: kind, offset: Int(offset), size: Int(length), link: Int(link))
    }
  }
}

extension ELFFile {
  /// Numbers of the format.
  package enum Kind {
    package static let load: UInt32 = 1
    static let dynamic: UInt32 = 2
    static let interpreter: UInt32 = 3
    package static let note: UInt32 = 4
    static let symbols: UInt32 = 2
    static let noBits: UInt32 = 8
    static let dynamicSymbols: UInt32 = 11
  }

  /// The bytes that a segment has in the file.
  package func bytes(of segment: Segment) -> UnsafeRawBufferPointer {
    let count = UInt64(content.count)
    guard segment.offset <= count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    let size = min(segment.fileSize, count - segment.offset)
    return UnsafeRawBufferPointer(
      rebasing: content[Int(segment.offset)..<Int(segment.offset + size)])
  }

  /// The loader that a dynamic program asks for.
  package var interpreter: String? {
    segments.first { $0.kind == Kind.interpreter }.map {
      String(decoding: bytes(of: $0).prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// Whether it is linked at run time at all; a program that is and has no interpreter loads
  /// nothing.
  package var isDynamic: Bool { segments.contains { $0.kind == Kind.dynamic } }

  /// The names of the libraries that it needs.
  package var neededLibraries: [String] {
    guard let dynamic = segments.first(where: { $0.kind == Kind.dynamic }) else { return [] }
    let table = CheckedBytes(bytes(of: dynamic))
    var names: [UInt64] = []
    var strings: UInt64?
    var at = 0
    while let tag = table.number(at, UInt64.self), let value = table.number(at + 8, UInt64.self),
      tag != 0
    {
      if tag == 1 { names.append(value) }
      if tag == 5 { strings = value }
      at += 16
    }
    guard let start = strings.flatMap(fileOffset) else { return [] }
    return names.compactMap { name in
      let (offset, overflows) = start.addingReportingOverflow(name)
      return overflows ? nil : text(at: offset)
    }
  }

  /// Where an address of the file's own counting is in the file.
  package func fileOffset(of address: UInt64) -> UInt64? {
    for segment in segments
    where segment.kind == Kind.load && address >= segment.address
      && address - segment.address < segment.fileSize
    {
      let (offset, overflows) = segment.offset.addingReportingOverflow(address - segment.address)
      return overflows ? nil : offset
    }
    return nil
  }

  /// The text at an offset, up to its end and 4,096 bytes at most.
  func text(at offset: UInt64) -> String? {
    guard offset < UInt64(content.count) else { return nil }
    return String(
      decoding: content[Int(offset)...].prefix(4096).prefix { $0 != 0 }, as: UTF8.self)
  }

  /// Whether a text stands in what is loaded.
  func contains(_ text: String) -> Bool {
    let pattern = Array(text.utf8)
    return segments.contains { segment in
      guard segment.kind == Kind.load else { return false }
      var rest = bytes(of: segment)[...]
      while let start = rest.firstIndex(of: pattern[0]) {
        if rest[start...].starts(with: pattern) { return true }
        rest = rest[(start + 1)...]
      }
      return false
    }
  }

  /// The section of a name.
  package func section(named name: String) -> Section? {
    guard let index = CheckedBytes(content).number(62, UInt16.self), Int(index) < sections.count
    else { return nil }
    let names = sections[Int(index)]
    return sections.first {
      $0.kind != 0 && text(at: UInt64(names.offset) + UInt64($0.name)) == name
    }
  }

  /// Whether a table of symbols has one of this name, defined or not.
  func hasDynamicSymbol(named wanted: Set<String>) -> Bool {
    guard let table = sections.first(where: { $0.kind == Kind.dynamicSymbols }),
      table.link < sections.count
    else { return false }
    let names = sections[table.link]
    let bytes = CheckedBytes(content)
    for index in 0..<table.size / 24 {
      guard let name = bytes.number(table.offset + index * 24, UInt32.self),
        Int(name) < names.size,
        let text = text(at: UInt64(names.offset) + UInt64(name))
      else { continue }
      if wanted.contains(text) { return true }
    }
    return false
  }

  /// What tells builds of a file apart, in lower-case hexadecimal digits; `nil` if it has none.
  package var buildIdentifier: String? {
    for segment in segments where segment.kind == Kind.note {
      let notes = CheckedBytes(bytes(of: segment))
      var at = 0
      while let nameSize = notes.number(at, UInt32.self),
        let size = notes.number(at + 4, UInt32.self), let kind = notes.number(at + 8, UInt32.self)
      {
        let start = at + 12 + (Int(nameSize) + 3) & ~3
        guard let value = notes.part(start, Int(size)) else { break }
        let isOfGNU = notes.part(at + 12, Int(nameSize))?.elementsEqual("GNU\0".utf8) == true
        if kind == 3, isOfGNU { return value.map { hexadecimal($0) }.joined() }
        at = start + (Int(size) + 3) & ~3
      }
    }
    return nil
  }
}

/// Two lower-case hexadecimal digits.
func hexadecimal(_ byte: UInt8) -> String {
  (byte < 16 ? "0" : "") + String(byte, radix: 16)
}

/// Numbers of bytes that may not be there.
package struct CheckedBytes {
  private let bytes: UnsafeRawBufferPointer

  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  package var count: Int { bytes.count }

  /// A little-endian number, or `nil` where the bytes end.
  package func number<Number: FixedWidthInteger>(_ offset: Int, _: Number.Type) -> Number? {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<Number>.size else { return nil }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
  }

  /// So many bytes from there on, or `nil` where they end.
  package func part(_ offset: Int, _ count: Int) -> UnsafeRawBufferPointer? {
    guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else {
      return nil
    }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }
}
