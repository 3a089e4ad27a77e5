/// Gives byte strings dense numbers in the order of their first appearance; insert-only.
///
/// The bytes live end to end in one buffer. A slot keeps half of the hash beside the number, so
/// that a probe seldom touches bytes that do not match.
package struct ByteInterner: Sendable {
  private var slots: [UInt64]
  private var mask: Int
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  private static let empty = UInt64.max

  package init() {
    slots = Array(repeating: Self.empty, count: 64)
    mask = 63
  }

  package var count: Int { ends.count }
  /// How long all byte strings are together.
  package var byteCount: Int { bytes.count }

  /// The number of a byte string, and whether it is new.
  ///
  /// - Complexity: expected O(length).
  @inline(__always)
  package mutating func intern(_ string: UnsafeRawBufferPointer) -> (id: UInt32, isNew: Bool) {
    intern(string, hash: hashBytes(string, seed: 0))
  }

  @inline(__always)
  package mutating func intern(
    _ string: UnsafeRawBufferPointer, hash: UInt64
  ) -> (id: UInt32, isNew: Bool) {
    if let id = find(string, hash: hash) { return (id, false) }
    return (add(string, hash: hash), true)
  }

  /// The number of a byte string that has one.
  ///
  /// - Complexity: expected O(length).
  @inline(__always)
  package func number(of string: UnsafeRawBufferPointer) -> UInt32? {
    find(string, hash: hashBytes(string, seed: 0))
  }

  @inline(__always)
  private func find(_ string: UnsafeRawBufferPointer, hash: UInt64) -> UInt32? {
    let tag = hash >> 32
    return slots.withUnsafeBufferPointer { slots in
      let (position, isFound) = OpenAddressing.place(from: Int(truncatingIfNeeded: hash), mask) {
        let slot = slots[$0]
        if slot == Self.empty { return .free }
        return slot >> 32 == tag && isNumber(UInt32(truncatingIfNeeded: slot), of: string)
          ? .found : .other
      }
      return isFound ? UInt32(truncatingIfNeeded: slots[position]) : nil
    }
  }

  /// Whether a number that was given out is that of a byte string.
  @inline(__always)
  package func isNumber(_ id: UInt32, of string: UnsafeRawBufferPointer) -> Bool {
    let start = id == 0 ? 0 : ends[Int(id) - 1]
    guard ends[Int(id)] - start == string.count else { return false }
    return bytes.withUnsafeBytes { own in
      bytesAreEqual(own.baseAddress.map { $0 + start }, string.baseAddress, count: string.count)
    }
  }

  @inline(never)
  private mutating func add(_ string: UnsafeRawBufferPointer, hash: UInt64) -> UInt32 {
    if (ends.count + 1) * 2 > slots.count { grow() }
    let id = UInt32(ends.count)
    bytes.append(contentsOf: string)
    ends.append(bytes.count)
    place(hash, id)
    return id
  }

  private mutating func place(_ hash: UInt64, _ id: UInt32) {
    let (position, _) = OpenAddressing.place(from: Int(truncatingIfNeeded: hash), mask) {
      slots[$0] == Self.empty ? .free : .other
    }
    slots[position] = (hash >> 32) << 32 | UInt64(id)
  }

  private mutating func grow() {
    slots = Array(repeating: Self.empty, count: slots.count * 2)
    mask = slots.count - 1
    for id in 0..<ends.count {
      let hash = withBytes(UInt32(id)) { hashBytes($0, seed: 0) }
      place(hash, UInt32(id))
    }
  }

  /// The bytes of a number, for the time of the call.
  package func withBytes<Result>(
    _ id: UInt32, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    let start = id == 0 ? 0 : ends[Int(id) - 1]
    return bytes.withUnsafeBytes {
      body(UnsafeRawBufferPointer(rebasing: $0[start..<ends[Int(id)]]))
    }
  }

  /// The same numbers with other texts, of which several may be equal; so nothing is to be interned
  /// in it.
  ///
  /// - Parameter replacement: that of a byte string, or `nil` if it stays.
  /// - Complexity: O(bytes).
  func replacing(_ replacement: (UnsafeRawBufferPointer) -> String?) -> ByteInterner {
    var other = ByteInterner()
    for id in 0..<UInt32(count) {
      withBytes(id) { bytes in
        guard var text = replacement(bytes) else {
          _ = other.add(bytes, hash: hashBytes(bytes, seed: 0))
          return
        }
        text.withUTF8 {
          let bytes = UnsafeRawBufferPointer($0)
          _ = other.add(bytes, hash: hashBytes(bytes, seed: 0))
        }
      }
    }
    return other
  }

  /// All byte strings end to end, and where each number's begins, which is also where the one
  /// before it ends.
  package func withAllBytes<Result>(
    _ body: (UnsafeRawBufferPointer, (UInt32) -> Int) -> Result
  ) -> Result {
    bytes.withUnsafeBytes { bytes in
      ends.withUnsafeBufferPointer { ends in
        body(bytes) { $0 == 0 ? 0 : ends[Int($0) - 1] }
      }
    }
  }

  /// The text of a number; bytes that are no UTF-8 are shown as replacement characters.
  package func string(_ id: UInt32) -> String {
    withBytes(id) { String(decoding: $0, as: UTF8.self) }
  }

  package mutating func intern(_ string: String) -> UInt32 {
    var string = string
    return string.withUTF8 { intern(UnsafeRawBufferPointer($0)).id }
  }

  /// The number of a byte string that has one.
  @inline(__always)
  package func find(_ string: UnsafeRawBufferPointer) -> UInt32? {
    find(string, hash: hashBytes(string, seed: 0))
  }
}
