import LockGraphRecording

/// How to get from a function's frame to its caller's, from `.eh_frame`: the tables that exceptions
/// are thrown with, which programs and libraries have without debug information, too.
struct FrameTable {
  /// Where a register of the caller is.
  enum Rule: Equatable {
    case undefined
    case sameValue
    /// In memory, relative to the frame's address.
    case saved(Int64)
    /// That much from the frame's address, itself.
    case value(Int64)
    case register(Int)
    case savedAt(expression: Range<Int>)
    case valueOf(expression: Range<Int>)
  }

  /// The frame's address: the caller's stack pointer.
  enum FrameAddress: Equatable {
    case register(Int, Int64)
    case expression(Range<Int>)
  }

  /// What holds at one instruction.
  struct Row {
    /// Where the function begins, in the file's own counting.
    var functionStart: UInt64 = 0
    var frameAddress: FrameAddress?
    var rules: [Int: Rule] = [:]
    var returnAddress = 0
    /// The frame that the kernel makes for a signal's handler: its caller was interrupted, and is
    /// not behind a call.
    var isSignalFrame = false
  }

  private struct Common {
    var codeFactor: UInt64 = 1
    var dataFactor: Int64 = 1
    var returnAddress = 0
    var pointerEncoding: UInt8 = 0
    var isSignalFrame = false
    var hasAugmentation = false
    var instructions: Range<Int> = 0..<0
  }

  private let file: ELFFile
  private let bytes: CheckedBytes
  private var index: ELFFile.Segment?
  /// Where functions begin and are described, where linkers wrote no index: in static programs.
  private var ownIndex: [(start: UInt64, description: Int)] = []

  init(_ file: ELFFile) {
    self.file = file
    bytes = CheckedBytes(file.content)
    index = file.segments.first { $0.kind == 0x6474_E550 }
    if index == nil { makeIndex() }
  }

  /// Reads all descriptions once.
  private mutating func makeIndex() {
    guard let section = file.sectionRanges[".eh_frame"], section.count < 32 << 20 else { return }
    var encodings: [Int: UInt8] = [:]
    var at = section.lowerBound
    while at + 8 <= section.upperBound, let length = bytes.number(at, UInt32.self),
      length < 0xFFFF_FFF0, Int(length) <= section.upperBound - at - 4
    {
      let next = at + 4 + Int(length)
      defer { at = next }
      guard length > 8, let back = bytes.number(at + 4, UInt32.self), back > 0,
        Int(back) <= at + 4 - section.lowerBound
      else { continue }
      let head = at + 4 - Int(back)
      if encodings[head] == nil { encodings[head] = common(at: head)?.pointerEncoding }
      var cursor = Cursor(bytes, at + 8, end: next)
      guard let encoding = encodings[head], let start = pointer(&cursor, encoding) else { continue }
      ownIndex.append((start, at))
    }
    ownIndex.sort { $0.start < $1.start }
  }

  private func ownDescription(of address: UInt64) -> Int? {
    var (low, high) = (0, ownIndex.count)
    while low < high {
      let middle = (low + high) / 2
      if ownIndex[middle].start <= address { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? ownIndex[low - 1].description : nil
  }

  /// What holds at an address of the file's own counting; `nil` if the tables do not tell.
  ///
  /// - Complexity: O(log *n*) in the number of functions.
  func row(at address: UInt64) -> Row? {
    guard let description = description(of: address) else { return nil }
    return row(at: address, description)
  }

  /// The value of an expression of a row.
  func value(
    of range: Range<Int>, _ registers: Registers, first: UInt64?,
    read: @escaping (UInt64) -> UInt64?
  ) -> UInt64? {
    FrameExpression(registers: registers, read: read).value(of: range, in: bytes, first: first)
  }

  /// Where in the file the description of a function is, by the sorted index.
  private func description(of address: UInt64) -> Int? {
    guard let index else { return ownDescription(of: address) }
    guard index.offset <= UInt64(bytes.count) else { return nil }
    let base = Int(index.offset)
    // A pointer and a count of four bytes, then pairs of offsets of four bytes: what linkers write.
    guard bytes.number(base, UInt8.self) == 1, let pointer = bytes.number(base + 1, UInt8.self),
      bytes.number(base + 2, UInt8.self) == 0x03, bytes.number(base + 3, UInt8.self) == 0x3B,
      pointer & 0x0F == 0x0B || pointer & 0x0F == 0x03,
      let count = bytes.number(base + 8, UInt32.self), Int(count) <= bytes.count / 8
    else { return nil }
    func start(_ entry: Int) -> UInt64? {
      bytes.number(base + 12 + entry * 8, Int32.self).map {
        index.address &+ UInt64(bitPattern: Int64($0))
      }
    }
    var (low, high) = (0, Int(count))
    while low < high {
      let middle = (low + high) / 2
      guard let start = start(middle) else { return nil }
      if start <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0, let offset = bytes.number(base + 12 + (low - 1) * 8 + 4, Int32.self) else {
      return nil
    }
    return file.fileOffset(of: index.address &+ UInt64(bitPattern: Int64(offset))).map(Int.init)
  }

  private func row(at address: UInt64, _ description: Int) -> Row? {
    guard let length = bytes.number(description, UInt32.self), length > 4, length < 0xFFFF_FFF0,
      let back = bytes.number(description + 4, UInt32.self), back > 0,
      Int(back) <= description + 4, let common = common(at: description + 4 - Int(back))
    else { return nil }
    let end = description + 4 + Int(length)
    guard end <= bytes.count else { return nil }
    var cursor = Cursor(bytes, description + 8, end: end)
    guard
      let start = pointer(&cursor, common.pointerEncoding),
      let size = pointer(&cursor, common.pointerEncoding & 0x0F), address >= start,
      address - start < size
    else { return nil }
    if common.hasAugmentation {
      guard let count = cursor.unsigned() else { return nil }
      cursor.skip(count)
    }
    var program = FrameProgram(
      bytes, codeFactor: common.codeFactor, dataFactor: common.dataFactor, start: start,
      encoding: common.pointerEncoding)
    guard program.run(common.instructions, until: .max) else { return nil }
    program.keepInitial()
    guard program.run(cursor.position..<end, until: address) else { return nil }
    var row = program.row
    row.functionStart = start
    row.returnAddress = common.returnAddress
    row.isSignalFrame = common.isSignalFrame
    return row
  }

  private func common(at position: Int) -> Common? {
    guard let length = bytes.number(position, UInt32.self), length > 4, length < 0xFFFF_FFF0,
      bytes.number(position + 4, UInt32.self) == 0,
      position + 4 + Int(length) <= bytes.count,
      let version = bytes.number(position + 8, UInt8.self),
      version == 1 || version == 3
    else { return nil }
    let end = position + 4 + Int(length)
    var cursor = Cursor(bytes, position + 9, end: end)
    var augmentation: [UInt8] = []
    while let letter = cursor.byte(), letter != 0 { augmentation.append(letter) }
    var common = Common()
    guard let code = cursor.unsigned(), let data = cursor.signed(),
      let column = version == 1 ? cursor.byte().map(UInt64.init) : cursor.unsigned(), column < 64
    else { return nil }
    (common.codeFactor, common.dataFactor, common.returnAddress) = (code, data, Int(column))
    if augmentation.first == UInt8(ascii: "z") {
      common.hasAugmentation = true
      guard let count = cursor.unsigned(), count <= UInt64(end - cursor.position) else {
        return nil
      }
      let behind = cursor.position + Int(count)
      for letter in augmentation.dropFirst() {
        switch letter {
        case UInt8(ascii: "R"):
          guard let encoding = cursor.byte() else { return nil }
          common.pointerEncoding = encoding
        case UInt8(ascii: "P"):
          guard let encoding = cursor.byte(), pointer(&cursor, encoding & 0x0F) != nil else {
            return nil
          }
        case UInt8(ascii: "L"): _ = cursor.byte()
        case UInt8(ascii: "S"): common.isSignalFrame = true
        default: break
        }
      }
      cursor = Cursor(bytes, behind, end: end)
    } else if !augmentation.isEmpty {
      return nil
    }
    common.instructions = cursor.position..<end
    return common
  }

  /// A pointer in one of the encodings that files are written with.
  private func pointer(_ cursor: inout Cursor, _ encoding: UInt8) -> UInt64? {
    let position = cursor.position
    let value: UInt64?
    switch encoding & 0x0F {
    case 0x00, 0x04, 0x0C: value = cursor.number(UInt64.self)
    case 0x02: value = cursor.number(UInt16.self).map(UInt64.init)
    case 0x03: value = cursor.number(UInt32.self).map(UInt64.init)
    case 0x0A:
      value = cursor.number(Int16.self).map { UInt64(bitPattern: Int64($0)) }
    case 0x0B:
      value = cursor.number(Int32.self).map { UInt64(bitPattern: Int64($0)) }
    default: value = nil
    }
    guard let value else { return nil }
    switch encoding & 0x70 {
    case 0x00: return value
    case 0x10: return ownAddress(ofOffset: position).map { $0 &+ value }
    default: return nil
    }
  }

  private func ownAddress(ofOffset offset: Int) -> UInt64? {
    let offset = UInt64(offset)
    let segment = file.segments.first { segment in
      segment.kind == ELFFile.Kind.load && offset >= segment.offset
        && offset - segment.offset < segment.fileSize
    }
    return segment.map { $0.address &+ (offset - $0.offset) }
  }
}

/// Reads bytes one after the other, up to an end.
struct Cursor {
  /// Read from here, and not by functions of another module that fit all kinds of numbers:
  /// debugging information is long.
  private let bytes: UnsafeRawBufferPointer
  private(set) var position: Int
  private let end: Int

  init(_ bytes: CheckedBytes, _ position: Int, end: Int) {
    self.bytes = bytes.part(0, bytes.count) ?? UnsafeRawBufferPointer(start: nil, count: 0)
    self.position = position
    self.end = min(end, self.bytes.count)
  }

  var isAtEnd: Bool { position >= end }

  mutating func number<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
    let size = MemoryLayout<Number>.size
    guard position >= 0, position <= end - size else { return nil }
    defer { position += size }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
  }

  mutating func byte() -> UInt8? { number(UInt8.self) }

  mutating func skip(_ count: UInt64) {
    position += Int(min(count, UInt64(max(0, end - position))))
  }

  /// A number of seven bits a byte.
  mutating func unsigned() -> UInt64? {
    var (value, shift): (UInt64, UInt64) = (0, 0)
    while let byte = byte() {
      if shift < 64 { value |= UInt64(byte & 0x7F) << shift }
      shift += 7
      if byte & 0x80 == 0 { return value }
    }
    return nil
  }

  mutating func signed() -> Int64? {
    var (value, shift): (UInt64, UInt64) = (0, 0)
    while let byte = byte() {
      if shift < 64 { value |= UInt64(byte & 0x7F) << shift }
      shift += 7
      if byte & 0x80 == 0 {
        if byte & 0x40 != 0, shift < 64 { value |= ~0 << shift }
        return Int64(bitPattern: value)
      }
    }
    return nil
  }
}
