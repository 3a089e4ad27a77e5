/// Many texts to be put in the order of their bytes.
///
/// Names of one program begin alike, and to ask a `String` for byte after byte takes ten times what
/// comparing does: here all texts lie end to end, and the first eight bytes decide as a number.
struct ByteOrder {
  private struct Key {
    var first: UInt64
    var start: Int
    var count: Int
    var index: Int
  }

  private var bytes: [UInt8] = []
  private var keys: [Key] = []

  mutating func reserve(_ count: Int) { keys.reserveCapacity(count) }

  /// Adds a text, which gets the next index from zero.
  mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      var first: UInt64 = 0
      for position in 0..<8 {
        first = first << 8 | (position < utf8.count ? UInt64(utf8[position]) : 0)
      }
      keys.append(Key(first: first, start: bytes.count, count: utf8.count, index: keys.count))
      bytes.append(contentsOf: utf8)
    }
  }

  /// The indices of the texts in order; equal ones keep theirs.
  ///
  /// - Complexity: O(n log n) comparisons.
  consuming func sorted() -> [Int] {
    let bytes = bytes
    return bytes.withUnsafeBytes { bytes in
      keys.sorted { one, other in
        guard one.first == other.first else { return one.first < other.first }
        let order = Self.order(bytes, one, other)
        return order == 0 ? one.index < other.index : order < 0
      }.map(\.index)
    }
  }

  /// Negative if the one comes before the other, 0 if they are equal.
  private static func order(_ bytes: UnsafeRawBufferPointer, _ one: Key, _ other: Key) -> Int {
    let common = min(one.count, other.count)
    var position = 0
    while position + 8 <= common {
      func word(_ key: Key) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: key.start + position, as: UInt64.self).bigEndian
      }
      let (left, right) = (word(one), word(other))
      if left != right { return left < right ? -1 : 1 }
      position += 8
    }
    while position < common {
      let (left, right) = (bytes[one.start + position], bytes[other.start + position])
      if left != right { return left < right ? -1 : 1 }
      position += 1
    }
    return one.count - other.count
  }
}
