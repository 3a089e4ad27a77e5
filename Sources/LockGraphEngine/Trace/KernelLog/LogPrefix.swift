/// Takes what stands before the text of a line, piece by piece.
///
/// Each piece is one that some program writes: `dmesg` with its options, journalctl, syslog
/// daemons, netconsole, /dev/kmsg, consoles with clocks of their own, and what quotes lines. What
/// none of them writes is told by where a headline stands in its line: `LinePrefixShape`.
struct LogPrefix {
  private(set) var rest: UnsafeRawBufferPointer
  private(set) var caller: UnsafeRawBufferPointer?
  private(set) var isStamped = false
  private(set) var fragment: Int?
  private(set) var sureness = KernelLogLine.Sureness.none
  private(set) var hasDateOrLevel = false
  /// A time of day stood there, as loggers write it.
  private var hasClock = false
  /// A kernel's time was the last piece: only then callers and processors follow.
  private var isBehindTime = false
  private var hasKernelTime = false

  /// More pieces than any program writes.
  private static let mostPieces = 12

  init(_ line: UnsafeRawBufferPointer) { rest = line }

  mutating func strip() {
    for _ in 0..<Self.mostPieces {
      guard stripPiece() else { return }
    }
  }

  private mutating func stripPiece() -> Bool {
    if isBehindTime {
      isBehindTime = false
      if stripCaller() { return true }
    }
    // Blanks belong to the text, unless a piece follows.
    let before = rest
    while let first = rest.first, first == 0x20 || first == 0x09 { rest = rest.from(1) }
    if let first = rest.first {
      if let (name, length) = Self.bracketed(rest, caller: true) {
        caller = name
        return take(length)
      }
      if stripQuote(first) || stripLevel(first) || stripRecord(first) || stripTime(first)
        || stripDate(first) || stripLogger() || stripField(first)
      {
        return true
      }
    }
    rest = before
    return false
  }

  private mutating func take(_ length: Int, stamps: Bool = true) -> Bool {
    rest = rest.from(length)
    if stamps { isStamped = true }
    return true
  }

  // MARK: Quotes

  /// `>`, `|`, `JD>` and the like.
  private mutating func stripQuote(_ first: UInt8) -> Bool {
    if first == UInt8(ascii: ">") || first == UInt8(ascii: "|") {
      return take(1, stamps: false)
    }
    if first == UInt8(ascii: "#"), rest.count == 1 || rest[1] == 0x20 {
      return take(1, stamps: false)
    }
    guard isUpper(first) else { return false }
    var end = 1
    while end < rest.count, end < 4, isUpper(rest[end]) { end += 1 }
    return end < rest.count && rest[end] == UInt8(ascii: ">") ? take(end + 1, stamps: false) : false
  }

  private func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }

  // MARK: Levels

  /// `<4>`, or `kern  :warn  : `.
  private mutating func stripLevel(_ first: UInt8) -> Bool {
    if first == UInt8(ascii: "<"), rest.count > 2, isDigit(rest[1]) {
      var end = 2
      while end < rest.count, end < 5, isDigit(rest[end]) { end += 1 }
      guard end < rest.count, rest[end] == UInt8(ascii: ">") else { return false }
      sureness = .certain
      hasDateOrLevel = true
      return take(end + 1)
    }
    guard let colon = rest.upTo(12).offset(of: ":"), colon > 3,
      let end = rest.upTo(24).offset(of: ":", from: colon + 1),
      Self.isOneOf(Self.facilities, rest.upTo(colon).trimmed),
      Self.isOneOf(
        Self.levels, UnsafeRawBufferPointer(rebasing: rest[(colon + 1)..<end]).trimmed)
    else { return false }
    hasDateOrLevel = true
    return take(end + 1)
  }

  private static let facilities = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "cron", "authpriv", "local0",
  ]
  private static let levels = [
    "emerg", "alert", "crit", "err", "warn", "notice", "info", "debug",
  ]

  private static func isOneOf(_ words: [String], _ word: UnsafeRawBufferPointer) -> Bool {
    words.contains { word.elementsEqual($0.utf8) }
  }

  // MARK: Records

  /// `4,1073,209927862,-;` of /dev/kmsg and netconsole, perhaps with a version of the kernel before
  /// it and `caller=T1` in it.
  private mutating func stripRecord(_ first: UInt8) -> Bool {
    guard isDigit(first), let end = rest.upTo(Self.longestRecord).firstIndex(of: UInt8(ascii: ";"))
    else { return false }
    var fields = rest.upTo(end).split(
      separator: UInt8(ascii: ","), omittingEmptySubsequences: false)[...]
    func isNumber(_ field: Slice<UnsafeRawBufferPointer>) -> Bool {
      !field.isEmpty && field.allSatisfy(isDigit)
    }
    if let version = fields.first, !isNumber(version), version.contains(UInt8(ascii: ".")),
      fields.count > 4
    {
      fields = fields.dropFirst()
    }
    guard fields.count >= 4, fields.prefix(3).allSatisfy(isNumber),
      fields[fields.startIndex + 3].count <= 2
    else { return false }
    for field in fields.dropFirst(4) {
      let field = UnsafeRawBufferPointer(rebasing: field)
      if field.hasPrefix("caller=") { caller = field.from(7) }
      if field.hasPrefix("ncfrag=") {
        fragment = Int(field.from(7).prefix(while: isDigit).reduce(0) { $0 &* 10 &+ Int($1 & 0xF) })
      }
    }
    sureness = .certain
    return take(end + 1)
  }

  private static let longestRecord = 200

  // MARK: Times of the kernel

  /// `[   10.249990]` and what `dmesg` shows in its place.
  private mutating func stripTime(_ first: UInt8) -> Bool {
    guard first == UInt8(ascii: "[") else { return false }
    if let time = Self.timeLength(rest) {
      let isPadded = rest.count > 1 && rest[1] == 0x20
      // `[12345.678901]`
      noteTime(isPadded ? .certain : time >= 14 ? .likely : .none)
      isBehindTime = true
      hasKernelTime = true
      return take(time)
    }
    guard let end = rest.upTo(64).firstIndex(of: UInt8(ascii: "]")) else { return false }
    let inside = UnsafeRawBufferPointer(rebasing: rest[1..<end])
    if let date = Self.dateLength(inside), inside.from(date.length).isBlankOrDelta {
      // `[Sat Nov 22 10:00:00 2025]`
      noteTime(date.isOfDmesg ? .certain : .none)
      hasDateOrLevel = true
      isBehindTime = true
      return take(end + 1)
    }
    let word = inside.trimmed
    guard word.hasPrefix("+") || word.hasPrefix("<"),
      word.dropFirst().allSatisfy({
        isDigit($0) || $0 == 0x20 || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ">")
      }), word.contains(where: isDigit)
    else { return false }
    hasDateOrLevel = true
    isBehindTime = true
    return take(end + 1)
  }

  private mutating func noteTime(_ found: KernelLogLine.Sureness) {
    // What a logger or a quote wrote before it makes it no less sure.
    switch (sureness, found) {
    case (.certain, _), (.likely, .none): return
    default: sureness = isStamped && found == .likely ? .certain : found
    }
  }

  /// The length of `[   10.249990]`, in which `dmesg` may show how long before the last line was.
  private static func timeLength(_ text: UnsafeRawBufferPointer) -> Int? {
    var position = 1
    while position < text.count, text[position] == 0x20 { position += 1 }
    let seconds = position
    while position < text.count, isDigit(text[position]) { position += 1 }
    guard position > seconds, position < text.count, text[position] == UInt8(ascii: ".") else {
      return nil
    }
    let fraction = position + 1
    position = fraction
    while position < text.count, isDigit(text[position]) { position += 1 }
    guard (3...9).contains(position - fraction), position < text.count else { return nil }
    if text[position] == UInt8(ascii: "]") { return position + 1 }
    let rest = text.from(position).upTo(24)
    guard let end = rest.firstIndex(of: UInt8(ascii: "]")), rest.upTo(end).isBlankOrDelta else {
      return nil
    }
    return position + end + 1
  }

  // MARK: Callers

  /// `[   T57]` as the kernel writes it; `(0)[57:kworker/0:1]`, `[0:  swapper/0:    1]` and
  /// `c0     57` as kernels of vendors do.
  private mutating func stripCaller() -> Bool {
    let text = rest.trimmedStart
    guard let first = text.first else { return false }
    if let (name, length) = Self.bracketed(text, caller: true) {
      caller = name
      rest = text.from(length)
      isStamped = true
      return true
    }
    if first == UInt8(ascii: "("), let close = text.upTo(6).offset(of: ")["), close > 1,
      UnsafeRawBufferPointer(rebasing: text[1..<close]).allSatisfy(isDigit),
      let (name, length) = Self.bracketed(text.from(close + 1), caller: false)
    {
      caller = name
      rest = text.from(close + 1 + length)
      return true
    }
    let level = text.count > 1 && (0x41...0x5A).contains(first) && text[1] == UInt8(ascii: "[")
    if let (name, length) = Self.bracketed(level ? text.from(1) : text, caller: false) {
      caller = name
      rest = text.from(length + (level ? 1 : 0))
      return true
    }
    guard first == UInt8(ascii: "c"), text.count > 3, isDigit(text[1]) else { return false }
    var end = 2
    while end < text.count, isDigit(text[end]) { end += 1 }
    let start = end
    while end < text.count, text[end] == 0x20 { end += 1 }
    let number = end
    while end < text.count, isDigit(text[end]) { end += 1 }
    guard number > start, end > number, end < text.count, text[end] == 0x20 else { return false }
    caller = UnsafeRawBufferPointer(rebasing: text[number..<end])
    rest = text.from(end)
    return true
  }

  /// `[   T57]`, or `[57:NAME]` and `[CPU: NAME: 57]`.
  private static func bracketed(
    _ text: UnsafeRawBufferPointer, caller isCaller: Bool
  ) -> (name: UnsafeRawBufferPointer, length: Int)? {
    guard text.first == UInt8(ascii: "["),
      let end = text.upTo(48).firstIndex(of: UInt8(ascii: "]")), end > 1
    else { return nil }
    let inside = UnsafeRawBufferPointer(rebasing: text[1..<end]).trimmed
    guard let first = inside.first else { return nil }
    if isCaller {
      guard first == UInt8(ascii: "T") || first == UInt8(ascii: "C"), inside.count > 1,
        inside.dropFirst().allSatisfy(isDigit)
      else { return nil }
      return (inside, end + 1)
    }
    guard isDigit(first), let colon = inside.firstIndex(of: UInt8(ascii: ":")),
      inside[..<colon].allSatisfy(isDigit), colon + 1 < inside.count
    else { return nil }
    return (inside, end + 1)
  }

  // MARK: Dates

  /// The dates of system loggers, consoles and build servers, in brackets or not.
  private mutating func stripDate(_ first: UInt8) -> Bool {
    if let date = Self.dateLength(rest), date.length >= rest.count || isEnd(rest[date.length]) {
      hasClock = true
      hasDateOrLevel = hasDateOrLevel || date.hasDay
      return take(date.length)
    }
    guard first == UInt8(ascii: "("), rest.hasPrefix("(XEN)") || rest.hasPrefix("(d") else {
      return false
    }
    guard let close = rest.upTo(8).firstIndex(of: UInt8(ascii: ")")) else { return false }
    return take(close + 1)
  }

  private func isEnd(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x09, UInt8(ascii: ":"), UInt8(ascii: "|"), UInt8(ascii: ">"), UInt8(ascii: "["),
      UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: ";"):
      true
    default: false
    }
  }

  /// The length of a date, a time of day or both at the beginning of a text.
  private static func dateLength(
    _ text: UnsafeRawBufferPointer
  ) -> (length: Int, hasDay: Bool, isOfDmesg: Bool)? {
    guard let first = text.first else { return nil }
    if isDigit(first) {
      if text.count > 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") {
        // `2025-11-22T10:00:00,123456+00:00`
        guard isDigit(text[8]), text.count > 11,
          text[10] == UInt8(ascii: "T") || text[10] == 0x20 || text[10] == UInt8(ascii: "_"),
          let clock = clockLength(text.from(11))
        else { return nil }
        return (11 + clock, true, false)
      }
      if text.count > 14, text[2] == UInt8(ascii: "-"), text[5] == 0x20,
        let clock = clockLength(text.from(6))
      {
        // `11-22 10:00:00.000` of Android
        return (6 + clock, true, false)
      }
      if let clock = clockLength(text) { return (clock, false, false) }
      // `1763800000.123456`
      let seconds = text.prefix(while: isDigit).count
      guard seconds >= 10, text.count > seconds + 4, text[seconds] == UInt8(ascii: ".") else {
        return nil
      }
      let fraction = text.from(seconds + 1).prefix(while: isDigit).count
      return (3...9).contains(fraction) ? (seconds + 1 + fraction, true, false) : nil
    }
    // `Nov 22 10:00:00`, `Sat Nov 22 10:00:00 2025`, `Sat 2025-11-22 10:00:00 UTC`, `Nov22 10:00`
    var position = 0
    var words = 0
    var hasMonth = false
    while words < 5, position < text.count {
      let word = text.from(position)
      if let clock = clockLength(word), hasMonth {
        var end = position + clock
        for _ in 0..<2 {
          let next = text.from(end)
          if next.count > 4, next[0] == 0x20, next.from(1).upTo(4).allSatisfy(isDigit),
            next.count == 5 || !isDigit(next[5])
          {
            end += 5
          } else if let zone = zoneLength(next) {
            end += zone
          }
        }
        return (end, true, words > 1)
      }
      if word.count > 10, word[4] == UInt8(ascii: "-"), word[7] == UInt8(ascii: "-") {
        hasMonth = true
        position += 10
      } else if isMonthOrDay(word) {
        hasMonth = true
        position += 3
      } else if let first = word.first, isDigit(first), hasMonth {
        while position < text.count, isDigit(text[position]) { position += 1 }
      } else {
        return nil
      }
      if position < text.count, text[position] == UInt8(ascii: ",") { position += 1 }
      while position < text.count, text[position] == 0x20 { position += 1 }
      words += 1
    }
    return nil
  }

  /// ` UTC`, ` +0000`
  private static func zoneLength(_ text: UnsafeRawBufferPointer) -> Int? {
    guard text.count > 3, text[0] == 0x20 else { return nil }
    if text[1] == UInt8(ascii: "+") || text[1] == UInt8(ascii: "-") {
      return text.count > 5 && text.from(2).upTo(4).allSatisfy(isDigit) ? 6 : nil
    }
    var end = 1
    while end < text.count, (0x41...0x5A).contains(text[end]) { end += 1 }
    return (4...5).contains(end) && (end == text.count || text[end] == 0x20) ? end : nil
  }

  private static func isMonthOrDay(_ text: UnsafeRawBufferPointer) -> Bool {
    guard text.count > 3, text[3] == 0x20 || isDigit(text[3]) || text[3] == UInt8(ascii: ",") else {
      return false
    }
    return [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Mon",
      "Tue", "Wed", "Thu", "Fri", "Sat", "Sun",
    ].contains { text.starts(with: $0.utf8) }
  }

  /// The length of `10:00`, `10:00:00`, `10:00:00.123456Z`, `10:00:00,123+00:00`.
  private static func clockLength(_ text: UnsafeRawBufferPointer) -> Int? {
    guard text.count > 4, isDigit(text[0]), isDigit(text[1]), text[2] == UInt8(ascii: ":"),
      isDigit(text[3]), isDigit(text[4])
    else { return nil }
    var end = 5
    if text.count > 7, text[5] == UInt8(ascii: ":"), isDigit(text[6]), isDigit(text[7]) {
      end = 8
      if text.count > 9, text[8] == UInt8(ascii: ".") || text[8] == UInt8(ascii: ","),
        isDigit(text[9])
      {
        end = 9
        while end < text.count, isDigit(text[end]) { end += 1 }
      }
      if end < text.count, text[end] == UInt8(ascii: "Z") { return end + 1 }
      if text.count > end + 4, text[end] == UInt8(ascii: "+") || text[end] == UInt8(ascii: "-"),
        isDigit(text[end + 1]), isDigit(text[end + 2])
      {
        let minutes = text[end + 3] == UInt8(ascii: ":") ? end + 4 : end + 3
        if text.count > minutes + 1, isDigit(text[minutes]), isDigit(text[minutes + 1]) {
          return minutes + 2
        }
      }
    }
    return end
  }

  // MARK: Loggers

  /// `HOST kernel: `, `kernel[1]: `, `kernel - - - `, `/bsd: `, and all before a kernel's time.
  private mutating func stripLogger() -> Bool {
    let beginning = rest.upTo(KernelLogLine.longestPrefix)
    if !hasKernelTime, let time = Self.laterTime(in: beginning) {
      let isPadded = rest[time + 1] == 0x20
      rest = rest.from(time)
      if isPadded || hasClock { sureness = .certain }
      isStamped = true
      return true
    }
    for name in ["kernel", "/bsd", "/netbsd"] as [StaticString] {
      var start = 0
      while let found = beginning.offset(of: name, from: start) {
        start = found + name.utf8CodeUnitCount
        guard
          found == 0 || beginning[found - 1] == 0x20 || beginning[found - 1] == UInt8(ascii: "]")
        else { continue }
        guard let length = Self.tagLength(beginning.from(start)),
          isStamped || found == 0 || beginning.upTo(found).contains(":")
        else { continue }
        if hasClock { sureness = .certain }
        return take(start + length)
      }
    }
    return false
  }

  /// What may stand between a logger's name for the kernel and the text.
  private static func tagLength(_ text: UnsafeRawBufferPointer) -> Int? {
    if text.hasPrefix(":") { return 1 }
    if text.hasPrefix(" - - - ") { return 7 }
    if text.hasPrefix(" - - ") { return 5 }
    if text.hasPrefix("  :") || text.hasPrefix(" :") { return text.hasPrefix(" :") ? 2 : 3 }
    guard text.hasPrefix("["), let end = text.upTo(12).offset(of: "]:"),
      text[1..<end].allSatisfy(isDigit)
    else { return nil }
    return end + 2
  }

  private static func laterTime(in text: UnsafeRawBufferPointer) -> Int? {
    for position in text.indices.dropFirst() where text[position] == UInt8(ascii: "[") {
      if let length = timeLength(text.from(position)), length >= 10 { return position }
    }
    return nil
  }

  /// `MESSAGE=` of a journal that is shown in full, and `msg=` of the like.
  private mutating func stripField(_ first: UInt8) -> Bool {
    guard first == UInt8(ascii: "M"), rest.hasPrefix("MESSAGE=") else { return false }
    return take(8)
  }
}

extension UnsafeRawBufferPointer {
  /// Without blanks and tabs at its beginning.
  var trimmedStart: UnsafeRawBufferPointer {
    var start = 0
    while start < count, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
    return from(start)
  }

  /// Nothing, or `<    0.000012>`.
  fileprivate var isBlankOrDelta: Bool {
    let word = trimmed
    if word.isEmpty { return true }
    return word.hasPrefix("<") && word.hasSuffix(">")
      && word.dropFirst().dropLast().allSatisfy {
        isDigit($0) || $0 == 0x20 || $0 == UInt8(ascii: ".")
      }
  }
}
