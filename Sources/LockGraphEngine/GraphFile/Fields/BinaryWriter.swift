/// Writes numbers in as few bytes as they need (LEB128) and texts behind their lengths.
struct BinaryWriter {
  private(set) var bytes: [UInt8] = []

  @inline(__always)
  mutating func number(_ number: some FixedWidthInteger & UnsignedInteger) {
    var rest = UInt64(number)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  @inline(__always)
  mutating func number(_ number: Int) { self.number(UInt64(number)) }

  /// Small numbers of either sign are short.
  mutating func signed(_ number: Int64) {
    self.number(UInt64(bitPattern: number &<< 1 ^ number &>> 63))
  }

  mutating func byte(_ byte: UInt8) { bytes.append(byte) }

  mutating func flag(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

  mutating func raw(_ raw: some Sequence<UInt8>) { bytes.append(contentsOf: raw) }

  mutating func text(_ text: String) {
    number(text.utf8.count)
    raw(text.utf8)
  }

  mutating func digest(_ value: ContentDigest.Value) {
    for word in [value.first, value.second] {
      for shift in stride(from: 0, to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
  }
}
