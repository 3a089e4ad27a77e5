// The layouts of `perf script`: `COMMAND [PID/]TID [[CPU]] [MISC] [TIME:] [PERIOD] EVENT: REST`,
// whose parts its option `-F` turns on and off; with `-L` the CPU stands without brackets.
extension KernelEventLine {
  /// `nil` if the line is no event line.
  init?(perf line: UnsafeRawBufferPointer) {
    guard let base = line.baseAddress, line.count > 16 else { return nil }
    // Commands may hold colons, too, so the first one behind which everything else is right.
    var colon = 0
    var examined = 0
    while examined < 8, let found = Self.colon(line, from: colon) {
      if let event = Self.event(line, base, colon: found) {
        self = event
        return
      }
      colon = found + 1
      examined += 1
    }
    return nil
  }

  /// The next colon with a blank behind it.
  private static func colon(_ line: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var position = start
    while position + 1 < line.count {
      if line[position] == UInt8(ascii: ":"), line[position + 1] == UInt8(ascii: " ") {
        return position
      }
      position += 1
    }
    return nil
  }

  /// The event whose time, or whose name if there is no time, ends at a colon.
  private static func event(
    _ line: UnsafeRawBufferPointer, _ base: UnsafeRawPointer, colon: Int
  ) -> KernelEventLine? {
    var back = colon
    let word = lastWord(line, &back)
    if isTime(line[word]) {
      guard let head = head(line, base, end: back) else { return nil }
      var position = colon + 2
      skipBlanks(line, &position)
      let start = position
      while position < line.count, isDigit(line[position]) { position += 1 }
      if position > start, position < line.count, line[position] == UInt8(ascii: " ") {
        skipBlanks(line, &position)
      } else {
        position = start
      }
      guard !line[position...].starts(with: "PERF_RECORD_".utf8) else { return nil }
      skipSystem(line, &position)
      return KernelEventLine(line, base, head, time: word, at: position)
    }
    // Without a time the event itself must be one that there is no doubt about.
    var start = word.lowerBound
    guard skipSystem(line, &start), let head = head(line, base, end: back) else { return nil }
    return KernelEventLine(line, base, head, time: start..<start, at: start)
  }

  /// Skips the `lock:` of `lock:lock_acquire`; false if it is not there.
  @discardableResult
  private static func skipSystem(_ line: UnsafeRawBufferPointer, _ position: inout Int) -> Bool {
    guard line[position...].starts(with: "lock:".utf8) else { return false }
    position += 5
    return true
  }

  /// `COMMAND [PID/]TID [[CPU]] [MISC]`, read from its end.
  private static func head(
    _ line: UnsafeRawBufferPointer, _ base: UnsafeRawPointer, end: Int
  ) -> Head? {
    var back = end
    var word = lastWord(line, &back)
    // Where the sample was taken: `K`, `U`, `H` and the like.
    if !word.isEmpty, word.count <= 3, line[word].allSatisfy({ (0x41...0x5A).contains($0) }) {
      word = lastWord(line, &back)
    }
    var head = Head(task: 0..<0)
    if let cpu = bracketed(line, base, word) {
      head.cpu = cpu
      word = lastWord(line, &back)
    } else if let cpu = number(line, base, word), back + 4 == word.upperBound {
      // With `-L`, CPUs take three columns and thread numbers five.
      var former = back
      let other = lastWord(line, &former)
      if threadNumber(line, base, other) != nil {
        head.cpu = cpu
        (word, back) = (other, former)
      }
    }
    guard let pid = threadNumber(line, base, word) else { return nil }
    head.pid = pid
    var start = 0
    skipBlanks(line, &start)
    guard start < back else { return nil }
    head.task = start..<back
    return head
  }

  /// The word that ends at a position, which moves to the end of the one before.
  private static func lastWord(_ line: UnsafeRawBufferPointer, _ end: inout Int) -> Range<Int> {
    var start = end
    while start > 0, line[start - 1] != UInt8(ascii: " ") { start -= 1 }
    let word = start..<end
    while start > 0, line[start - 1] == UInt8(ascii: " ") { start -= 1 }
    end = start
    return word
  }

  private static func number(
    _ line: UnsafeRawBufferPointer, _ base: UnsafeRawPointer, _ word: Range<Int>
  ) -> UInt32? {
    var position = word.lowerBound
    var value: UInt32 = 0
    guard number(base, line.count, &position, &value), position == word.upperBound else {
      return nil
    }
    return value
  }

  /// `[001]`.
  private static func bracketed(
    _ line: UnsafeRawBufferPointer, _ base: UnsafeRawPointer, _ word: Range<Int>
  ) -> UInt32? {
    guard word.count > 2, line[word.lowerBound] == UInt8(ascii: "["),
      line[word.upperBound - 1] == UInt8(ascii: "]")
    else { return nil }
    return number(line, base, (word.lowerBound + 1)..<(word.upperBound - 1))
  }

  /// `4711`, or `4710/4711`, of which the second is the thread's.
  private static func threadNumber(
    _ line: UnsafeRawBufferPointer, _ base: UnsafeRawPointer, _ word: Range<Int>
  ) -> UInt32? {
    guard let slash = line[word].lastIndex(of: UInt8(ascii: "/")) else {
      return number(line, base, word)
    }
    guard number(line, base, word.lowerBound..<slash) != nil else { return nil }
    return number(line, base, (slash + 1)..<word.upperBound)
  }

  /// `1234.567890`, with six or nine decimals.
  private static func isTime(_ word: Slice<UnsafeRawBufferPointer>) -> Bool {
    guard let point = word.firstIndex(of: UInt8(ascii: ".")), point > word.startIndex else {
      return false
    }
    let decimals = word.endIndex - point - 1
    return (decimals == 6 || decimals == 9) && word[..<point].allSatisfy(isDigit)
      && word[(point + 1)...].allSatisfy(isDigit)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func skipBlanks(_ line: UnsafeRawBufferPointer, _ position: inout Int) {
    while position < line.count, line[position] == UInt8(ascii: " ") { position += 1 }
  }
}
