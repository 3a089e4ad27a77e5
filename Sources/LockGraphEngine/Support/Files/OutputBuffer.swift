#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes on their way out. The last ones, a window of them, stay here, where they can still be
/// changed, and nothing at all goes out before there are more.
struct OutputBuffer: ~Copyable {
  /// At least so much of what was written last can be changed.
  private let window: Int
  private var bytes: UnsafeMutableRawBufferPointer
  private var count = 0
  /// How much went out already.
  private var written = 0
  private let write: (UnsafeRawBufferPointer) -> Bool
  /// Bytes could not be written: all that follows is dropped.
  private(set) var isBroken = false
  /// How many texts were no UTF-8 and had to be mended.
  private(set) var mendedTexts: UInt64 = 0

  /// - Parameter write: takes bytes, and returns false if it cannot.
  init(window: Int = 4 << 20, _ write: @escaping (UnsafeRawBufferPointer) -> Bool) {
    self.window = window
    bytes = .allocate(byteCount: 3 * window, alignment: 16)
    self.write = write
  }

  /// For what is kept.
  init() {
    window = .max
    bytes = .allocate(byteCount: 4096, alignment: 16)
    write = { _ in true }
  }

  deinit { bytes.deallocate() }

  /// Where the next byte goes, counted from the beginning of the output.
  var position: Int { written + count }

  /// What is here of the output; valid until more is appended.
  @inline(__always)
  func content(from start: Int, to end: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[(start - written)..<(end - written)])
  }

  /// Called between lines.
  @inline(__always)
  mutating func writeIfFull() {
    if count > 2 * window { writeOut(count - window) }
  }

  /// Writes all that is there.
  mutating func flush() { writeOut(count) }

  @inline(never)
  private mutating func writeOut(_ length: Int) {
    if length > 0, !isBroken {
      isBroken = !write(UnsafeRawBufferPointer(rebasing: bytes[..<length]))
    }
    count -= length
    written += length
    memmove(bytes.baseAddress!, bytes.baseAddress! + length, count)
  }

  /// Writes over bytes that are there, if they are still here.
  mutating func replace(at position: Int, with word: StaticString) -> Bool {
    let start = position - written
    guard start >= 0, start + word.utf8CodeUnitCount <= count else { return false }
    (bytes.baseAddress! + start).copyMemory(
      from: word.utf8Start, byteCount: word.utf8CodeUnitCount)
    return true
  }

  @inline(__always)
  private mutating func makeRoom(_ length: Int) {
    if count + length > bytes.count { grow(length) }
  }

  /// For a line that is longer than a window.
  @inline(never)
  private mutating func grow(_ length: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(bytes.count * 2, count + length), alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    bytes.deallocate()
    bytes = larger
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    makeRoom(1)
    bytes[count] = byte
    count += 1
  }

  @inline(__always)
  mutating func append(_ text: StaticString) {
    append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  @inline(__always)
  mutating func append(_ more: UnsafeRawBufferPointer) {
    makeRoom(more.count)
    guard let source = more.baseAddress else { return }
    (bytes.baseAddress! + count).copyMemory(from: source, byteCount: more.count)
    count += more.count
  }

  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  mutating func append(number: some FixedWidthInteger) {
    if number < 0 { append(UInt8(ascii: "-")) }
    append(digits: UInt64(number.magnitude), atLeast: 1)
  }

  /// Nanoseconds as seconds, with no, three, six or nine decimals: what it takes.
  mutating func append(nanoseconds time: Int64) {
    let magnitude = time.magnitude
    if time < 0 { append(UInt8(ascii: "-")) }
    append(digits: magnitude / 1_000_000_000, atLeast: 1)
    var fraction = magnitude % 1_000_000_000
    guard fraction > 0 else { return }
    var decimals = 9
    while fraction % 1000 == 0 {
      fraction /= 1000
      decimals -= 3
    }
    append(UInt8(ascii: "."))
    append(digits: fraction, atLeast: decimals)
  }

  private mutating func append(digits number: UInt64, atLeast least: Int) {
    makeRoom(20)
    var length = least
    var bound: UInt64 = 10
    for _ in 1..<least { bound *= 10 }
    while number >= bound {
      length += 1
      let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
      if overflow { break }
      bound = next
    }
    var rest = number
    for index in (count..<count + length).reversed() {
      bytes[index] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    count += length
  }

  /// A JSON string with its quotes; control characters are escaped, and bytes that are no UTF-8
  /// replaced.
  mutating func append(jsonString text: UnsafeRawBufferPointer) {
    append(UInt8(ascii: "\""))
    var plain = 0
    var all: UInt8 = 0
    for index in text.indices {
      let byte = text[index]
      all |= byte
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
      else { continue }
      append(valid: UnsafeRawBufferPointer(rebasing: text[plain..<index]), isASCII: all < 0x80)
      append(escapeOf: byte)
      plain = index + 1
      all = 0
    }
    append(valid: UnsafeRawBufferPointer(rebasing: text[plain...]), isASCII: all < 0x80)
    append(UInt8(ascii: "\""))
  }

  /// Text as it is, except for bytes that are no UTF-8.
  @inline(__always)
  mutating func append(valid text: UnsafeRawBufferPointer, isASCII: Bool) {
    if isASCII { append(text) } else { appendMended(text) }
  }

  @inline(never)
  private mutating func appendMended(_ text: UnsafeRawBufferPointer) {
    guard String(validating: text, as: UTF8.self) == nil else { return append(text) }
    mendedTexts += 1
    append(String(decoding: text, as: UTF8.self))
  }

  private mutating func append(escapeOf byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"" as StaticString)
    case UInt8(ascii: "\\"): append("\\\\" as StaticString)
    case 0x0A: append("\\n" as StaticString)
    case 0x0D: append("\\r" as StaticString)
    case 0x09: append("\\t" as StaticString)
    default:
      append("\\u00" as StaticString)
      for digit in [byte >> 4, byte & 15] { append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
    }
  }
}
