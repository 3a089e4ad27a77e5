/// Words by which a line may begin something: most lines of a log have none of them.
enum KernelLogWords {
  private static let words: [(first: UInt8, rest: StaticString)] = [
    (UInt8(ascii: "W"), "WARNING:"), (UInt8(ascii: "I"), "INFO: "), (UInt8(ascii: "B"), "BUG: "),
    (UInt8(ascii: "D"), "DEBUG_"), (UInt8(ascii: "D"), "Debug: sleeping"),
    (UInt8(ascii: "R"), "RTNL: "), (UInt8(ascii: "S"), "Show"),
    (UInt8(ascii: "t"), "turning off"), (UInt8(ascii: "t"), "trying to"),
    (UInt8(ascii: "t"), "task:"), (UInt8(ascii: "l"), "lock order reversal"),
    (UInt8(ascii: "l"), "locks still held"), (UInt8(ascii: "w"), "witness"),
    (UInt8(ascii: "j"), "just changed the state"), (UInt8(ascii: "L"), "Linux version "),
    (UInt8(ascii: "a"), "acquiring duplicate lock"), (UInt8(ascii: "P"), "Potential Deadlock"),
    (UInt8(ascii: "n"), "non-sleepable"), (UInt8(ascii: "M"), "Mutex error"),
    (UInt8(ascii: "R"), "Reader / writer lock error"), (UInt8(ascii: "l"), "lock error"),
    (UInt8(ascii: "S"), "Sleeping thread"), (UInt8(ascii: "l"), "locking against myself"),
  ]

  /// Where words begin, by their first letter.
  private static let isFirst: [Bool] = {
    var table = [Bool](repeating: false, count: 256)
    for word in words { table[Int(word.first)] = true }
    return table
  }()

  /// - Complexity: O(length).
  static func occur(in text: UnsafeRawBufferPointer) -> Bool {
    isFirst.withUnsafeBufferPointer { isFirst in
      for position in text.indices where isFirst[Int(text[position])] {
        let rest = text.from(position)
        if words.contains(where: { $0.first == rest[0] && rest.hasPrefix($0.rest) }) { return true }
      }
      return false
    }
  }
}
