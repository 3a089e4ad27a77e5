/// Words and numbers of the small files that the kernel makes up, one after the other.
///
/// There is one line or more for each thread, so nothing is copied.
struct FileNumbers {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// A decimal number, with a sign or without; `nil` where something else stands.
  mutating func decimal() -> Int? {
    skipBlanks()
    let start = position
    let isNegative = take(UInt8(ascii: "-"))
    let first = position
    var value = 0
    while position < bytes.count, position - first < 18,
      case let digit = bytes[position] &- 0x30, digit < 10
    {
      value = value * 10 + Int(digit)
      position += 1
    }
    guard position > first, isAtBlank else {
      position = start
      return nil
    }
    return isNegative ? -value : value
  }

  /// A hexadecimal number with `0x` before it or without.
  mutating func hexadecimal() -> UInt64? {
    skipBlanks()
    if position + 1 < bytes.count, bytes[position] == 0x30, bytes[position + 1] == 0x78 {
      position += 2
    }
    let first = position
    var value: UInt64 = 0
    while position < bytes.count {
      let byte = bytes[position]
      let digit = byte < 0x3A ? byte &- 0x30 : byte &- 0x57
      guard digit < (byte < 0x3A ? 10 : 16) else { break }
      value = value << 4 | UInt64(digit)
      position += 1
    }
    return position > first ? value : nil
  }

  /// Goes over a byte, if it is the next one.
  mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  /// What stands before the next blank.
  mutating func word() -> UnsafeRawBufferPointer {
    skipBlanks()
    let first = position
    while !isAtBlank { position += 1 }
    return UnsafeRawBufferPointer(rebasing: bytes[first..<position])
  }

  /// What is left, without blanks before it.
  mutating func rest() -> UnsafeRawBufferPointer {
    skipBlanks()
    defer { position = bytes.count }
    return UnsafeRawBufferPointer(rebasing: bytes[position...])
  }

  private var isAtBlank: Bool {
    position >= bytes.count || bytes[position] == 0x20 || bytes[position] == 0x0A
  }

  private mutating func skipBlanks() {
    while position < bytes.count, isAtBlank { position += 1 }
  }
}
