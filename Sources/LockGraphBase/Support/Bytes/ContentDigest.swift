/// 128 bits by which contents are told apart, the same in every version and on every machine.
///
/// It finds what was damaged and what is another content; it is no protection against somebody who
/// wants to deceive. docs/graph-file.md says how it is computed.
package struct ContentDigest: Sendable {
  package struct Value: Hashable, Sendable {
    package var first: UInt64
    package var second: UInt64

    package init(first: UInt64, second: UInt64) {
      self.first = first
      self.second = second
    }
  }

  private var first: UInt64 = 0x6C6F_636B_6772_6170
  private var second: UInt64 = 0x6F72_6465_7273_2031
  private var length: UInt64 = 0
  /// What came after the last whole word, and how many bytes that is.
  private var rest: UInt64 = 0
  private var restCount: UInt64 = 0

  package init() {}

  /// - Complexity: O(bytes).
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var position = 0
    length &+= UInt64(bytes.count)
    while restCount > 0, position < bytes.count {
      add(byte: bytes[position])
      position += 1
    }
    while position + 8 <= bytes.count {
      add(
        word: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)))
      position += 8
    }
    while position < bytes.count {
      add(byte: bytes[position])
      position += 1
    }
  }

  private mutating func add(byte: UInt8) {
    rest |= UInt64(byte) << (8 * restCount)
    restCount += 1
    guard restCount == 8 else { return }
    add(word: rest)
    (rest, restCount) = (0, 0)
  }

  @inline(__always)
  private mutating func add(word: UInt64) {
    first = Self.rotated((first ^ word) &* 0x9E37_79B9_7F4A_7C15, by: 29)
    second = Self.rotated((second &+ word) &* 0xC2B2_AE3D_27D4_EB4F, by: 37)
  }

  /// The digest of what was added so far.
  package var value: Value {
    var copy = self
    copy.add(word: rest)
    copy.add(word: length)
    return Value(
      first: Self.mixed(copy.first ^ Self.rotated(copy.second, by: 32)),
      second: Self.mixed(copy.second &+ copy.first))
  }

  private static func rotated(_ word: UInt64, by count: UInt64) -> UInt64 {
    word &<< count | word &>> (64 - count)
  }

  private static func mixed(_ word: UInt64) -> UInt64 {
    var word = (word ^ word &>> 33) &* 0xFF51_AFD7_ED55_8CCD
    word = (word ^ word &>> 33) &* 0xC4CE_B9FE_1A85_EC53
    return word ^ word &>> 33
  }
}

extension ContentDigest.Value: Comparable {
  package static func < (one: ContentDigest.Value, other: ContentDigest.Value) -> Bool {
    (one.first, one.second) < (other.first, other.second)
  }
}
