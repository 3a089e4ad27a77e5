#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Texts by rank: numbers that are ordered as the bytes are.
extension GraphContent {
  /// Replaces the numbers of texts by their ranks.
  ///
  /// - Returns: the number of the text of each rank.
  mutating func rankTexts() -> [UInt32] {
    var order = (0..<UInt32(texts.count)).map { $0 }
    let texts = texts
    texts.withAllBytes { bytes, start in
      order.sort { one, other in
        let (begin, otherBegin) = (start(one), start(other))
        return UnsafeRawBufferPointer(rebasing: bytes[begin..<start(one + 1)])
          .precedes(UnsafeRawBufferPointer(rebasing: bytes[otherBegin..<start(other + 1)]))
      }
    }
    var ranks = [Row<Text>](repeating: .none, count: order.count)
    for (rank, number) in order.enumerated() { ranks[Int(number)] = Row(rank) }
    renumber(Text.self, ranks)
    return order
  }

  /// Leaves out the texts that nothing refers to, and gives the others their final numbers.
  ///
  /// - Parameter order: the number of the text of each rank.
  mutating func compactTexts(_ order: [UInt32]) {
    let isUsed = referredRows(of: Text.self, count: order.count)
    var kept = ByteInterner()
    var numbers = [Row<Text>](repeating: .none, count: order.count)
    for rank in order.indices where isUsed[rank] {
      numbers[rank] = texts.withBytes(order[rank]) { Row(kept.intern($0).id) }
    }
    renumber(Text.self, numbers)
    texts = kept
  }
}

extension UnsafeRawBufferPointer {
  /// Byte for byte; a beginning precedes the whole.
  func precedes(_ other: UnsafeRawBufferPointer) -> Bool {
    let count = Swift.min(count, other.count)
    if count > 0 {
      let order = memcmp(baseAddress!, other.baseAddress!, count)
      if order != 0 { return order < 0 }
    }
    return self.count < other.count
  }
}
