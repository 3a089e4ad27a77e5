#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Texts by rank: numbers that are ordered as the bytes are.
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
    var ranks = [UInt32](repeating: 0, count: order.count)
    for (rank, number) in order.enumerated() { ranks[Int(number)] = UInt32(rank) }
    mapTexts { $0 == Self.none ? $0 : ranks[Int($0)] }
    return order
  }

  /// Leaves out the texts that nothing refers to, and gives the others their final numbers.
  ///
  /// - Parameter order: the number of the text of each rank.
  mutating func compactTexts(_ order: [UInt32]) {
    var isUsed = [Bool](repeating: false, count: order.count)
    mapTexts {
      if $0 != Self.none { isUsed[Int($0)] = true }
      return $0
    }
    var kept = ByteInterner()
    var numbers = [UInt32](repeating: Self.none, count: order.count)
    for rank in order.indices where isUsed[rank] {
      numbers[rank] = texts.withBytes(order[rank]) { kept.intern($0).id }
    }
    mapTexts { $0 == Self.none ? $0 : numbers[Int($0)] }
    texts = kept
  }

  /// Replaces every number of a text.
  private mutating func mapTexts(_ map: (UInt32) -> UInt32) {
    for row in inputs.indices {
      inputs[row].name = map(inputs[row].name)
      inputs[row].format = map(inputs[row].format)
      inputs[row].remarks = map(inputs[row].remarks)
    }
    for row in classes.indices { classes[row].name = map(classes[row].name) }
    for row in locks.indices { locks[row].name = map(locks[row].name) }
    for row in threads.indices { threads[row].name = map(threads[row].name) }
    for row in held.indices {
      held[row].place = map(held[row].place)
      held[row].stack = map(held[row].stack)
    }
    for row in records.indices {
      records[row].place = map(records[row].place)
      records[row].stack = map(records[row].stack)
    }
    for row in statements.indices {
      statements[row].heldPlace = map(statements[row].heldPlace)
      statements[row].heldStack = map(statements[row].heldStack)
      statements[row].place = map(statements[row].place)
      statements[row].stack = map(statements[row].stack)
    }
    for row in marks.indices {
      marks[row].place = map(marks[row].place)
      marks[row].stack = map(marks[row].stack)
    }
    for row in found.indices {
      found[row].fingerprint = map(found[row].fingerprint)
      found[row].finding = map(found[row].finding)
    }
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
