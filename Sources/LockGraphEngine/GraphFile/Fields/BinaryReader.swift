/// Reads what `BinaryWriter` writes, and trusts nothing of it.
struct BinaryReader {
  private let bytes: UnsafeRawBufferPointer
  /// Where the bytes stand in the file.
  private let origin: Int
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer, at origin: Int) {
    self.bytes = bytes
    self.origin = origin
  }

  var offset: Int { origin + position }
  var remaining: Int { bytes.count - position }

  func failure(_ message: String) -> GraphFileFailure {
    GraphFileFailure(offset: offset, message: message)
  }

  @inline(__always)
  mutating func byte() throws(GraphFileFailure) -> UInt8 {
    guard position < bytes.count else { throw failure("the section ends too early") }
    defer { position += 1 }
    return bytes[position]
  }

  @inline(__always)
  mutating func number() throws(GraphFileFailure) -> UInt64 {
    let first = try byte()
    if first < 0x80 { return UInt64(first) }
    return try longNumber(first)
  }

  private mutating func longNumber(_ first: UInt8) throws(GraphFileFailure) -> UInt64 {
    var number = UInt64(first & 0x7F)
    var shift: UInt64 = 7
    while true {
      let next = try byte()
      guard shift < 63 || next <= 1 else { throw failure("a number has more than 64 bits") }
      number |= UInt64(next & 0x7F) << shift
      // One way to write each number, so that equal contents are equal bytes.
      guard next != 0 else { throw failure("a number is longer than it needs to be") }
      if next < 0x80 { return number }
      shift += 7
    }
  }

  mutating func signed() throws(GraphFileFailure) -> Int64 {
    let number = try self.number()
    return Int64(bitPattern: number &>> 1) ^ -Int64(bitPattern: number & 1)
  }

  /// A number below a bound, such as one of a table's rows.
  @inline(__always)
  mutating func number(below bound: Int, _ what: String) throws(GraphFileFailure) -> UInt32 {
    let number = try self.number()
    guard number < UInt64(bound) else {
      throw failure("\(what) number \(number) where there are \(bound)")
    }
    return UInt32(number)
  }

  /// The sum of a number and one that came before, which stays below 2^32 - 1.
  @inline(__always)
  mutating func number(after base: UInt32) throws(GraphFileFailure) -> UInt32 {
    let number = try self.number()
    guard number < UInt64(UInt32.max - base) else {
      throw failure("a number that is too great")
    }
    return base + UInt32(number)
  }

  /// How many of something follow that take at least so many bytes each.
  mutating func count(eachOf size: Int = 1) throws(GraphFileFailure) -> Int {
    let number = try self.number()
    guard number <= UInt64(remaining / size) else {
      throw failure("\(number) of something in \(remaining) bytes")
    }
    return Int(number)
  }

  /// How often something happened.
  mutating func quantity() throws(GraphFileFailure) -> UInt64 {
    let number = try self.number()
    guard number <= GraphFile.greatestCount else { throw failure("a count of \(number)") }
    return number
  }

  mutating func flag() throws(GraphFileFailure) -> Bool {
    let byte = try self.byte()
    guard byte <= 1 else { throw failure("\(byte) where 0 or 1 is possible") }
    return byte == 1
  }

  /// A byte of which some bits mean something.
  mutating func bits(_ mask: UInt8) throws(GraphFileFailure) -> UInt8 {
    let byte = try self.byte()
    guard byte & ~mask == 0 else { throw failure("a bit that means nothing") }
    return byte
  }

  /// The next bytes, valid as long as the whole is.
  mutating func raw(_ count: Int) throws(GraphFileFailure) -> UnsafeRawBufferPointer {
    guard count <= remaining else { throw failure("the section ends too early") }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  mutating func text() throws(GraphFileFailure) -> String {
    String(decoding: try raw(try count()), as: UTF8.self)
  }

  mutating func digest() throws(GraphFileFailure) -> ContentDigest.Value {
    let raw = try self.raw(GraphFile.digestLength)
    func word(_ start: Int) -> UInt64 {
      UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    }
    return ContentDigest.Value(first: word(0), second: word(8))
  }

  func expectEnd() throws(GraphFileFailure) {
    guard remaining == 0 else { throw failure("\(remaining) bytes too many") }
  }
}
