// Marks for places, so that what the same locks show at another place is other evidence where
// places are what findings are known by [semantics 26].

enum PlaceMark {
  /// How many frames tell places apart, and how many bytes of them are looked at.
  private static let (depth, limit) = (3, 1024)

  /// Equal for places that are not told apart, but for chance; never 0. Offsets in functions, and
  /// lines where the function is told, are left out.
  static func of(_ at: some Sequence<UInt8>, _ stack: some Sequence<UInt8>) -> UInt32 {
    withBytes(of: at) { at in withBytes(of: stack) { stack in mark(at, stack) } }
  }

  @inline(__always)
  private static func withBytes(
    of bytes: some Sequence<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> UInt32
  ) -> UInt32 {
    bytes.withContiguousStorageIfAvailable(body)
      ?? Array(bytes).withUnsafeBufferPointer(body)
  }

  private static func mark(
    _ at: UnsafeBufferPointer<UInt8>, _ stack: UnsafeBufferPointer<UInt8>
  ) -> UInt32 {
    var hash: UInt32 = 0x811C_9DC5
    @inline(__always)
    func add(_ byte: UInt8) { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    let end = min(limit, stack.count)
    var frames = 1
    var isInPlace = false
    var index = 0
    while index < end {
      let byte = stack[index]
      if byte == UInt8(ascii: ";") {
        frames += 1
        if frames > depth { break }
        isInPlace = false
      }
      if byte == UInt8(ascii: "(") || byte == UInt8(ascii: " ") { isInPlace = true }
      let skipped = moving(stack, from: index, to: end, isInPlace: isInPlace)
      if skipped == 0 { add(byte) }
      index += max(1, skipped)
    }
    let isFunctionKnown = index > 0
    add(0xFF)
    for byte in at.prefix(limit) {
      if isFunctionKnown, byte == UInt8(ascii: ":") { break }
      add(byte)
    }
    return max(1, hash)
  }

  /// How many bytes at an index are an offset in a function or the number of a line.
  @inline(__always)
  private static func moving(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, isInPlace: Bool
  ) -> Int {
    if isInPlace, text[start] == UInt8(ascii: ":") {
      var index = start + 1
      while index < end, isDigit(text[index]) { index += 1 }
      return index == start + 1 ? 0 : index - start
    }
    guard text[start] == UInt8(ascii: "+"), start + 3 < end, text[start + 1] == UInt8(ascii: "0"),
      text[start + 2] == UInt8(ascii: "x")
    else { return 0 }
    var index = start + 3
    while index < end, isHexadecimalDigit(text[index]) { index += 1 }
    let digits = index - start - 3
    return (1...3).contains(digits) ? index - start : 0
  }
}

/// Marks that were asked for before: to find one again takes an eighth of what making it takes.
struct PlaceMarkCache {
  private static let capacity = 1 << 8

  private var keys = [UInt64](repeating: 0, count: capacity)
  private var marks = [UInt32](repeating: 0, count: capacity)

  /// What a place is looked up by; equal for equal places, and else but for chance different.
  @inline(__always)
  static func key(_ at: UnsafeRawBufferPointer, _ stack: UnsafeRawBufferPointer) -> UInt64 {
    max(1, hashBytes(stack, seed: hashBytes(at, seed: UInt64(at.count))))
  }

  /// The mark of the place that has a key, made where it was not asked for before.
  @inline(__always)
  mutating func mark(_ key: UInt64, make: () -> UInt32) -> UInt32 {
    let index = Int(truncatingIfNeeded: key) & (Self.capacity - 1)
    if keys[index] == key { return marks[index] }
    let mark = make()
    keys[index] = key
    marks[index] = mark
    return mark
  }
}

extension EvidenceStore {
  func placeMark(of held: HeldRecord) -> UInt32 {
    places.withBytes(held.place) { at in
      places.withBytes(held.stack) { stack in PlaceMark.of(at, stack) }
    }
  }
}
