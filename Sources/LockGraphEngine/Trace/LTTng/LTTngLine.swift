/// One event as `babeltrace2` prints it:
/// `[TIME] (+DELTA) HOST PROVIDER:EVENT: { FIELDS }, { FIELDS }`, or with `timestamp =`, `name =`
/// and the names of the groups.
struct LTTngLine {
  enum Event {
    case request, acquired, tryLock, unlock
    /// An image was mapped into the process.
    case image
    case other
  }

  /// What stands between quotes is kept as it is: of the texts, places alone could hold an escape.
  struct Fields {
    var mutex: UnsafeRawBufferPointer?
    var status: Int64 = 0
    var vpid: UnsafeRawBufferPointer?
    var thread: UnsafeRawBufferPointer?
    var procname: UnsafeRawBufferPointer?
    var instruction: UInt64?
    var source: UnsafeRawBufferPointer?
    var function: UnsafeRawBufferPointer?
    /// Where the instruction is in its image, as babeltrace2 found out.
    var binary: UnsafeRawBufferPointer?
    var base: UInt64?
    var size: UInt64?
    var path: UnsafeRawBufferPointer?
    var isRelocated = true
    /// There are values that no name was printed for.
    var lackNames = false

    /// Which of the fields that can name a thread `thread` is; the least is the best.
    fileprivate var threadRank = 4
  }

  var event: Event
  /// Where the name of the event ends, in bytes from one.
  var column: Int
  private let line: UnsafeRawBufferPointer
  private let brace: Int

  /// `nil` if the line is no event.
  @inline(__always)
  init?(_ line: UnsafeRawBufferPointer) {
    guard Self.begins(line) else { return nil }
    // The colon in the event's name, with a letter on both sides: those of times have digits.
    var brace = 0
    var colon = 0
    while brace < line.count, line[brace] != UInt8(ascii: "{") {
      if line[brace] == UInt8(ascii: ":"), brace + 1 < line.count, line[brace + 1] > 0x39 {
        colon = brace
      }
      brace += 1
    }
    guard brace < line.count, colon > 0 else { return nil }
    self.line = line
    self.brace = brace
    var end = colon + 1
    while end < brace, Self.isWord(line[end]) { end += 1 }
    column = end
    let name = UnsafeRawBufferPointer(rebasing: line[(colon + 1)..<end])
    event = Self.event(name)
    if event != .other, event != .image,
      !UnsafeRawBufferPointer(rebasing: line[..<colon]).hasSuffix("ust_pthread")
    {
      event = .other
    }
  }

  /// Whether a line is the beginning of such a trace.
  static func isRecognized(_ line: UnsafeRawBufferPointer) -> Bool {
    if discardedEvents(line) != nil { return true }
    guard let found = LTTngLine(line) else { return false }
    guard found.event == .other else { return true }
    let header = line[..<found.brace]
    return line[found.brace - 2] == UInt8(ascii: ":") && line[found.brace - 1] == UInt8(ascii: " ")
      && !header.contains(UInt8(ascii: "\"")) && time(line) != nil
  }

  /// How many events the tracer could not write, if the line says so; 0 if it does not say how
  /// many.
  static func discardedEvents(_ line: UnsafeRawBufferPointer) -> UInt64? {
    guard line.count < 2000, let first = line.first,
      first == 0x1B || first | 0x20 == 0x77
        || first == UInt8(ascii: "[")
    else { return nil }
    let text = String(decoding: line.prefix(120), as: UTF8.self)
    let words = text.split(separator: " ")
    guard let tracer = words.firstIndex(where: { $0.hasSuffix("Tracer") }), tracer < 3,
      words.count > tracer + 2, words[..<tracer].joined().lowercased().contains("warning")
    else { return nil }
    if words[tracer + 1] == "may" { return 0 }
    return words[tracer + 1] == "discarded" ? UInt64(words[tracer + 2]) ?? 0 : nil
  }

  @inline(__always)
  private static func begins(_ line: UnsafeRawBufferPointer) -> Bool {
    line.count > 16
      && (line[0] == UInt8(ascii: "[") || line.starts(with: "timestamp = ".utf8))
  }

  @inline(__always)
  private static func event(_ name: UnsafeRawBufferPointer) -> Event {
    switch name.count {
    case 20:
      return TextVocabulary.matches(name, "pthread_mutex_unlock") ? .unlock : .other
    case 21:
      return TextVocabulary.matches(name, "pthread_mutex_trylock") ? .tryLock : .other
    case 22:
      if TextVocabulary.matches(name, "pthread_mutex_lock_req") { return .request }
      return TextVocabulary.matches(name, "pthread_mutex_lock_acq") ? .acquired : .other
    case 8: return TextVocabulary.matches(name, "bin_info") ? .image : .other
    case 4: return TextVocabulary.matches(name, "load") ? .image : .other
    default: return .other
    }
  }

  @inline(__always)
  private static func isWord(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_")
  }

  /// The nanoseconds of the line's time, since 1970, since midnight or since the clock's zero;
  /// `nil` if there is none.
  static func time(_ line: UnsafeRawBufferPointer) -> Int64? {
    var start = line[0] == UInt8(ascii: "[") ? 1 : 12
    var end = start
    while end < line.count, line[end] != UInt8(ascii: "]"), line[end] != UInt8(ascii: ",") {
      end += 1
    }
    var seconds: Int64 = 0
    // YYYY-MM-DD and a blank.
    if end > start + 11, line[start + 4] == UInt8(ascii: "-"), line[start + 10] == UInt8(ascii: " ")
    {
      guard let year = number(line, start, 4), let month = number(line, start + 5, 2),
        let day = number(line, start + 8, 2), (1...12).contains(month)
      else { return nil }
      seconds = daysSince1970(year, month, day) * 86400
      start += 11
    }
    if end > start + 9, line[start + 2] == UInt8(ascii: ":"), line[start + 5] == UInt8(ascii: ":") {
      guard let hours = number(line, start, 2), let minutes = number(line, start + 3, 2) else {
        return nil
      }
      seconds += hours * 3600 + minutes * 60
      start += 6
    } else if !line[start..<end].contains(UInt8(ascii: ".")) {
      // --clock-cycles; LTTng's clock counts nanoseconds.
      return Int64(String(decoding: line[start..<end], as: UTF8.self))
    }
    guard
      let rest = DecimalSeconds.nanoseconds(UnsafeRawBufferPointer(rebasing: line[start..<end]))
    else { return nil }
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = whole.addingReportingOverflow(rest)
    return overflow || carry ? nil : sum
  }

  private static func number(_ line: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int64? {
    var value: Int64 = 0
    for byte in line[start..<start + count] {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      value = value * 10 + Int64(byte - 0x30)
    }
    return value
  }

  /// In the Gregorian calendar, counted in years that begin with March, so that leap days come
  /// last.
  private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
  }

  /// Reads `KEY = VALUE` wherever it stands in the braces.
  @inline(__always)
  func fields() -> Fields {
    var fields = Fields()
    var index = brace
    while index < line.count {
      let byte = line[index]
      if byte == UInt8(ascii: "\"") {
        index = stringEnd(index) + 1
        continue
      }
      guard Self.isWord(byte) else {
        index += 1
        continue
      }
      let start = index
      while index < line.count, Self.isWord(line[index]) { index += 1 }
      guard index + 3 < line.count, line[index] == UInt8(ascii: " "),
        line[index + 1] == UInt8(ascii: "=")
      else {
        // A group's name has dots in it, an array's index is in brackets.
        if index < line.count, line[index] != UInt8(ascii: "."), line[index] != UInt8(ascii: "]") {
          fields.lackNames = true
        }
        continue
      }
      let key = UnsafeRawBufferPointer(rebasing: line[start..<index])
      index += 3
      take(key, &index, &fields)
    }
    return fields
  }

  @inline(__always)
  private func take(_ key: UnsafeRawBufferPointer, _ index: inout Int, _ fields: inout Fields) {
    guard index < line.count, line[index] != UInt8(ascii: "{"), line[index] != UInt8(ascii: "[")
    else { return }
    let value: UnsafeRawBufferPointer
    if line[index] == UInt8(ascii: "\"") {
      let end = stringEnd(index)
      value = UnsafeRawBufferPointer(rebasing: line[(index + 1)..<end])
      index = end + 1
    } else {
      let start = index
      while index < line.count, line[index] != UInt8(ascii: ","), line[index] != UInt8(ascii: " "),
        line[index] != UInt8(ascii: "}")
      {
        index += 1
      }
      value = UnsafeRawBufferPointer(rebasing: line[start..<index])
    }
    guard !value.isEmpty else { return }
    switch key.count {
    case 5:
      if TextVocabulary.matches(key, "mutex") { fields.mutex = value }
      if TextVocabulary.matches(key, "baddr") { fields.base = Self.integer(value) }
      if TextVocabulary.matches(key, "memsz") { fields.size = Self.integer(value) }
    case 6:
      if TextVocabulary.matches(key, "status") {
        fields.status = Int64(LineFailure.shown(value)) ?? -1
      }
      if TextVocabulary.matches(key, "is_pic") { fields.isRelocated = value[0] != 0x30 }
    case 4:
      if TextVocabulary.matches(key, "vtid") { takeThread(value, 0, &fields) }
      if TextVocabulary.matches(key, "vpid") { fields.vpid = value }
      if TextVocabulary.matches(key, "func") { fields.function = value }
      if TextVocabulary.matches(key, "path") { fields.path = value }
    case 2:
      if TextVocabulary.matches(key, "ip") { fields.instruction = Self.integer(value) }
    case 3:
      if TextVocabulary.matches(key, "tid") { takeThread(value, 2, &fields) }
      if TextVocabulary.matches(key, "src") { fields.source = value }
      if TextVocabulary.matches(key, "bin") { fields.binary = value }
    case 8:
      if TextVocabulary.matches(key, "procname") { fields.procname = value }
    case 10:
      if TextVocabulary.matches(key, "pthread_id") { takeThread(value, 1, &fields) }
    default: break
    }
  }

  @inline(__always)
  private func takeThread(
    _ value: UnsafeRawBufferPointer, _ rank: Int, _ fields: inout Fields
  ) {
    guard rank < fields.threadRank else { return }
    fields.threadRank = rank
    fields.thread = value
  }

  /// Where the closing quote of a string is, or the end of the line.
  @inline(__always)
  private func stringEnd(_ open: Int) -> Int {
    var index = open + 1
    while index < line.count, line[index] != UInt8(ascii: "\"") {
      index += line[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(index, line.count)
  }

  /// Hexadecimal with `0x`, or decimal.
  @inline(__always)
  static func integer(_ text: UnsafeRawBufferPointer) -> UInt64? {
    let isHexadecimal = text.count > 2 && text[0] == 0x30 && text[1] | 0x20 == UInt8(ascii: "x")
    var value: UInt64 = 0
    for byte in text.dropFirst(isHexadecimal ? 2 : 0) {
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46 where isHexadecimal: digit = byte - 0x37
      case 0x61...0x66 where isHexadecimal: digit = byte - 0x57
      default: return nil
      }
      let (product, overflow) = value.multipliedReportingOverflow(by: isHexadecimal ? 16 : 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return value
  }
}
