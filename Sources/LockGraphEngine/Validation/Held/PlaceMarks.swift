// Marks for places, so that what the same locks show at another place is other evidence where
// places are what findings are known by [semantics 26].

enum PlaceMark {
  /// How many frames tell places apart, and how many bytes of them are looked at.
  private static let (depth, limit) = (3, 1024)

  /// Equal for places that are not told apart, but for chance; never 0. Offsets in functions, and
  /// lines where the function is told, are left out.
  static func of(_ at: some Sequence<UInt8>, _ stack: some Sequence<UInt8>) -> UInt32 {
    var hash: UInt32 = 0x811C_9DC5
    func add(_ bytes: some Sequence<UInt8>) {
      for byte in bytes { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    }
    var frames: [UInt8] = []
    var count = 0
    for byte in stack.prefix(limit) {
      if byte == UInt8(ascii: ";") {
        count += 1
        guard count < depth else { break }
      }
      frames.append(byte)
    }
    var index = 0
    var isInPlace = false
    while index < frames.count {
      let byte = frames[index]
      if byte == UInt8(ascii: ";") { isInPlace = false }
      if byte == UInt8(ascii: "(") || byte == UInt8(ascii: " ") { isInPlace = true }
      let skipped = moving(frames[index...], isInPlace: isInPlace)
      if skipped == 0 { add(CollectionOfOne(byte)) }
      index += max(1, skipped)
    }
    add(CollectionOfOne(0xFF))
    let place = Array(at.prefix(limit))
    let isFunctionKnown = !frames.isEmpty
    let end = isFunctionKnown ? place.firstIndex(of: UInt8(ascii: ":")) : nil
    add(place[..<(end ?? place.endIndex)])
    return max(1, hash)
  }

  /// How many bytes at the beginning are an offset in a function or the number of a line.
  private static func moving(_ text: ArraySlice<UInt8>, isInPlace: Bool) -> Int {
    if isInPlace, text.first == UInt8(ascii: ":") {
      let digits = text.dropFirst().prefix(while: isDigit).count
      return digits == 0 ? 0 : digits + 1
    }
    guard text.starts(with: "+0x".utf8) else { return 0 }
    let digits = text.dropFirst(3).prefix(while: isHexadecimalDigit).count
    return (1...3).contains(digits) ? digits + 3 : 0
  }
}

extension EvidenceStore {
  func placeMark(of held: HeldRecord) -> UInt32 {
    places.withBytes(held.place) { at in
      places.withBytes(held.stack) { stack in PlaceMark.of(at, stack) }
    }
  }
}
