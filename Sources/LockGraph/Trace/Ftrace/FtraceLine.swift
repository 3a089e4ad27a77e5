/// One event line of the kernel's trace text, cut into its parts:
/// `TASK-PID [CPU] FLAGS TIME: EVENT: REST`, with a `(TGID)` before the CPU if recorded, without FLAGS if not.
struct FtraceLine {
  enum Event {
    case acquire, acquired, contended, release
    /// Of no interest: contention_begin and _end carry the address of another structure, others are no
    /// lock events.
    case other
  }

  var task: UnsafeRawBufferPointer
  var pid: UInt32
  var cpu: UInt32
  /// The third column: in which context the event happened; `.` if there are no columns.
  var context: UInt8 = UInt8(ascii: ".")
  /// Digits and at most one point, or what some other clock of the tracer has.
  var time: UnsafeRawBufferPointer
  var event: Event
  var rest: UnsafeRawBufferPointer
  /// Where `rest` begins, in bytes from one.
  var restColumn: Int

  /// `nil` if the line is no event line.
  @inline(__always)
  init?(_ line: UnsafeRawBufferPointer) {
    guard line.count > 24, let base = line.baseAddress else { return nil }
    // Task names have at most 15 characters and are printed in 16, so the hyphen has its place; where it is
    // not there, the last one before the CPU is looked for.
    var position = 17
    var pid: UInt32 = 0
    var isFound = false
    if line[16] == UInt8(ascii: "-") {
      isFound =
        Self.number(base, line.count, &position, &pid) && line[position] == UInt8(ascii: " ")
      while position < line.count, line[position] == UInt8(ascii: " ") { position += 1 }
      isFound = isFound && position < line.count && line[position] == UInt8(ascii: "[")
    }
    var taskEnd = 16
    if !isFound {
      guard let place = Self.findProcess(line) else { return nil }
      taskEnd = place.hyphen
      position = taskEnd + 1
      pid = 0
      guard Self.number(base, line.count, &position, &pid) else { return nil }
      position = place.bracket
    }
    position += 1
    var cpu: UInt32 = 0
    guard Self.number(base, line.count, &position, &cpu), position + 2 < line.count,
      line[position] == UInt8(ascii: "]"), line[position + 1] == UInt8(ascii: " ")
    else { return nil }
    position += 2
    while position < line.count, line[position] == UInt8(ascii: " ") { position += 1 }
    guard position + 8 < line.count else { return nil }
    if line[position] < 0x30 || line[position] > 0x39 {
      context = line[position + 2]
      let start = position
      while position < line.count, line[position] != UInt8(ascii: " ") { position += 1 }
      guard (4...6).contains(position - start) else { return nil }
      while position < line.count, line[position] == UInt8(ascii: " ") { position += 1 }
    }
    // The time, with a fraction or as a counter.
    let timeStart = position
    while position < line.count,
      (0x30...0x39).contains(line[position]) || line[position] == UInt8(ascii: ".")
    {
      position += 1
    }
    guard position > timeStart, position + 2 < line.count, line[position] == UInt8(ascii: ":"),
      line[position + 1] == UInt8(ascii: " ")
    else { return nil }
    time = UnsafeRawBufferPointer(start: base + timeStart, count: position - timeStart)
    position += 2
    let nameStart = position
    event = Self.event(base, line.count, &position)
    if event == .other {
      while position < line.count, line[position] != UInt8(ascii: ":") { position += 1 }
      guard position > nameStart, position < line.count else { return nil }
      position = min(position + 2, line.count)
    }
    var end = line.count
    while end > position, line[end - 1] == UInt8(ascii: " ") { end -= 1 }
    rest = UnsafeRawBufferPointer(start: base + position, count: end - position)
    restColumn = position + 1
    task = UnsafeRawBufferPointer(start: base, count: taskEnd)
    self.pid = pid
    self.cpu = cpu
  }

  /// `CPU:0 [LOST 7529 EVENTS]`: how many, if the line is that.
  static func lostEvents(_ line: UnsafeRawBufferPointer) -> UInt64? {
    guard line.starts(with: "CPU:".utf8) else { return nil }
    let words = String(decoding: line.prefix(80), as: UTF8.self).split(separator: " ")
    guard words.count == 4, words[1] == "[LOST", words[3] == "EVENTS]" else { return nil }
    return UInt64(words[2])
  }

  /// The time in nanoseconds; `nil` for a clock that counts something else and so has no fraction.
  var nanoseconds: Int64? {
    var value: Int64 = 0
    var decimals = -1
    for byte in time {
      if byte == UInt8(ascii: ".") {
        guard decimals < 0 else { return nil }
        decimals = 0
        continue
      }
      guard decimals < 9 else { return nil }
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int64(byte &- 0x30))
      guard !overflow, !carry else { return nil }
      value = sum
      if decimals >= 0 { decimals += 1 }
    }
    guard decimals > 0 else { return nil }
    for _ in decimals..<9 {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      value = tens
    }
    return value
  }

  @inline(__always)
  private static func number(
    _ base: UnsafeRawPointer, _ count: Int, _ position: inout Int, _ value: inout UInt32
  ) -> Bool {
    let start = position
    while position < count {
      let digit = base.load(fromByteOffset: position, as: UInt8.self) &- 0x30
      guard digit < 10 else { break }
      value = value &* 10 &+ UInt32(digit)
      position += 1
    }
    return position > start && position - start < 10 && position < count
  }

  /// Reads the name of a lock event, its colon and the blank behind it.
  @inline(__always)
  private static func event(
    _ base: UnsafeRawPointer, _ count: Int, _ position: inout Int
  ) -> Event {
    guard position + 15 < count else { return .other }
    let first = (base + position).loadUnaligned(as: UInt64.self)
    let second = (base + position + 8).loadUnaligned(as: UInt64.self)
    switch first {
    case Word.lock_acq:
      if second << 16 == Word.uire << 16 {
        position += 14
        return .acquire
      }
      if second << 8 == Word.uired << 8 {
        position += 15
        return .acquired
      }
    case Word.lock_rel:
      if second << 16 == Word.ease << 16 {
        position += 14
        return .release
      }
    case Word.lock_con:
      if second == Word.tended, position + 16 < count {
        position += 16
        return .contended
      }
    default: break
    }
    return .other
  }

  /// Eight bytes as a little-endian number.
  private enum Word {
    static let lock_acq: UInt64 = 0x7163_615F_6B63_6F6C
    static let lock_rel: UInt64 = 0x6C65_725F_6B63_6F6C
    static let lock_con: UInt64 = 0x6E6F_635F_6B63_6F6C
    /// `uire: ` and two bytes of whatever follows, which the comparison shifts out.
    static let uire: UInt64 = 0x0000_203A_6572_6975
    static let ease: UInt64 = 0x0000_203A_6573_6165
    static let uired: UInt64 = 0x0020_3A64_6572_6975
    static let tended: UInt64 = 0x203A_6465_646E_6574
  }

  /// The bracket of ` [CPU] `, and the last hyphen before it that a number follows.
  @inline(never)
  private static func findProcess(
    _ line: UnsafeRawBufferPointer
  ) -> (hyphen: Int, bracket: Int)? {
    var bracket = 1
    while bracket + 4 < line.count {
      defer { bracket += 1 }
      guard line[bracket] == UInt8(ascii: "["), line[bracket - 1] == UInt8(ascii: " ") else {
        continue
      }
      var end = bracket + 1
      while end < line.count, (0x30...0x39).contains(line[end]) { end += 1 }
      guard end > bracket + 1, end < line.count, line[end] == UInt8(ascii: "]") else { continue }
      var back = bracket - 1
      while back > 0, line[back] == UInt8(ascii: " ") { back -= 1 }
      if line[back] == UInt8(ascii: ")") {
        while back > 0, line[back] != UInt8(ascii: "(") { back -= 1 }
        if back > 0 { back -= 1 }
        while back > 0, line[back] == UInt8(ascii: " ") { back -= 1 }
      }
      let lastDigit = back
      while back > 0, (0x30...0x39).contains(line[back]) { back -= 1 }
      guard back < lastDigit, line[back] == UInt8(ascii: "-") else { continue }
      return (back, bracket)
    }
    return nil
  }
}
