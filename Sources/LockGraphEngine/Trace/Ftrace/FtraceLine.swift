// The layouts of the tracer's text and of `trace-cmd report`:
//
//     TASK-PID [(TGID)] [CPU] [FLAGS] TIME: EVENT: REST
//     TASK-PID CPUFLAGS TIMEus: EVENT: REST                           latency-format
//     TASK PID CPU FLAGS DEPTH INDEX [TIME] TIMEms (+DELAY): EVENT: REST   latency-format, verbose
extension KernelEventLine {
  /// `nil` if the line is no event line.
  @inline(__always)
  init?(ftrace line: UnsafeRawBufferPointer) {
    guard line.count > 24, let base = line.baseAddress,
      let head = Self.commonHead(line, base) ?? Self.otherHead(line, base)
    else { return nil }
    // The time, with a fraction or as a counter.
    var position = head.end
    while position < line.count,
      (0x30...0x39).contains(line[position]) || line[position] == UInt8(ascii: ".")
    {
      position += 1
    }
    guard position > head.end, position + 2 < line.count else { return nil }
    if line[position] != UInt8(ascii: ":") {
      guard let end = Self.endOfUnit(line, position) else { return nil }
      position = end
    }
    guard line[position + 1] == UInt8(ascii: " ") else { return nil }
    self.init(line, base, head, time: head.end..<position, at: position + 2)
  }

  /// `            init-1       [000] d..1.  `, with the hyphen in its place: task names have at
  /// most 15 characters and are printed in 16.
  @inline(__always)
  private static func commonHead(
    _ line: UnsafeRawBufferPointer, _ base: UnsafeRawPointer
  ) -> Head? {
    guard line[16] == UInt8(ascii: "-") else { return nil }
    var head = Head(task: 0..<16)
    var position = 17
    guard number(base, line.count, &position, &head.pid), line[position] == UInt8(ascii: " ")
    else { return nil }
    skipBlanks(line, &position)
    guard position < line.count, line[position] == UInt8(ascii: "["),
      readProcessor(line, base, position, &head)
    else { return nil }
    return head
  }

  /// `[000] d..1.  `, from the bracket on.
  @inline(__always)
  private static func readProcessor(
    _ line: UnsafeRawBufferPointer, _ base: UnsafeRawPointer, _ bracket: Int, _ head: inout Head
  ) -> Bool {
    var position = bracket + 1
    guard number(base, line.count, &position, &head.cpu), position + 2 < line.count,
      line[position] == UInt8(ascii: "]"), line[position + 1] == UInt8(ascii: " ")
    else { return false }
    position += 2
    skipBlanks(line, &position)
    guard position + 8 < line.count else { return false }
    if line[position] < 0x30 || line[position] > 0x39 {
      guard readFlags(line, &position, &head) else { return false }
    }
    head.end = position
    return true
  }

  /// `d..1.  `: four columns in older kernels, and more if a depth has two digits.
  @inline(__always)
  private static func readFlags(
    _ line: UnsafeRawBufferPointer, _ position: inout Int, _ head: inout Head
  ) -> Bool {
    guard position + 8 < line.count else { return false }
    head.columns = KernelStateColumns(masks: line[position], context: line[position + 2])
    let start = position
    while position < line.count, line[position] != UInt8(ascii: " ") { position += 1 }
    guard (4...6).contains(position - start) else { return false }
    skipBlanks(line, &position)
    return true
  }

  @inline(__always)
  private static func skipBlanks(_ line: UnsafeRawBufferPointer, _ position: inout Int) {
    while position < line.count, line[position] == UInt8(ascii: " ") { position += 1 }
  }

  @inline(never)
  private static func otherHead(
    _ line: UnsafeRawBufferPointer, _ base: UnsafeRawPointer
  ) -> Head? {
    latencyHead(line, base) ?? unalignedHead(line, base) ?? verboseHead(line, base)
  }

  /// `    init-1         0d..1. `: eight characters of the name, and the CPU glued to the flags.
  private static func latencyHead(
    _ line: UnsafeRawBufferPointer, _ base: UnsafeRawPointer
  ) -> Head? {
    guard line[8] == UInt8(ascii: "-") else { return nil }
    var head = Head(task: 0..<8)
    var position = 9
    guard number(base, line.count, &position, &head.pid), line[position] == UInt8(ascii: " ")
    else { return nil }
    skipBlanks(line, &position)
    guard number(base, line.count, &position, &head.cpu), line[position] != UInt8(ascii: " "),
      readFlags(line, &position, &head)
    else { return nil }
    head.end = position
    return head
  }

  /// The default layout where the task is not in its place, or its thread group stands before the
  /// CPU: from the first ` [CPU]` back to the last hyphen that a number follows.
  private static func unalignedHead(
    _ line: UnsafeRawBufferPointer, _ base: UnsafeRawPointer
  ) -> Head? {
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
      var head = Head(task: 0..<back)
      var position = back + 1
      guard number(base, line.count, &position, &head.pid),
        readProcessor(line, base, bracket, &head)
      else { return nil }
      return head
    }
    return nil
  }

  /// `            init       1   0 0 00000001 00000000 [0020535c] `.
  private static func verboseHead(
    _ line: UnsafeRawBufferPointer, _ base: UnsafeRawPointer
  ) -> Head? {
    guard line[16] == UInt8(ascii: " ") else { return nil }
    var head = Head(task: 0..<16)
    var position = 16
    var flags: UInt32 = 0
    skipBlanks(line, &position)
    guard number(base, line.count, &position, &head.pid), line[position] == UInt8(ascii: " ")
    else { return nil }
    skipBlanks(line, &position)
    guard number(base, line.count, &position, &head.cpu), line[position] == UInt8(ascii: " ")
    else { return nil }
    skipBlanks(line, &position)
    guard number(base, line.count, &position, &flags), line[position] == UInt8(ascii: " ")
    else { return nil }
    guard let bracket = line[position...].firstIndex(of: UInt8(ascii: "[")),
      let end = line[bracket...].firstIndex(of: UInt8(ascii: "]")), end + 2 < line.count,
      line[position..<bracket].allSatisfy({ $0 == UInt8(ascii: " ") || isHexadecimal($0) }),
      line[(bracket + 1)..<end].allSatisfy(isHexadecimal)
    else { return nil }
    head.columns = KernelStateColumns(flags: flags)
    head.end = end + 2
    return head
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
  }

  /// The colon behind `us`, which a mark of a long delay may follow, or behind `ms (+0.012ms)` or
  /// ` (+12)`, with a byte behind it.
  @inline(never)
  private static func endOfUnit(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    var position = start
    let isMicroseconds = line[start] == UInt8(ascii: "u")
    if isMicroseconds || line[start] == UInt8(ascii: "m") {
      guard line[start + 1] == UInt8(ascii: "s") else { return nil }
      position += 2
    }
    if isMicroseconds {
      if position < line.count, line[position] != UInt8(ascii: ":") { position += 1 }
    } else {
      guard line[position...].starts(with: " (+".utf8),
        let end = line[position...].firstIndex(of: UInt8(ascii: ")"))
      else { return nil }
      position = end + 1
    }
    guard position + 1 < line.count, line[position] == UInt8(ascii: ":") else { return nil }
    return position
  }
}

extension KernelEventLine {
  /// A line of the buffer as it is printed into the log, in which blanks may be missing:
  /// `ldt-A-55 0d..1 10249683us : EVENT: REST`; `nil` if the line is none.
  init?(dumped line: UnsafeRawBufferPointer) {
    guard line.count > 24, let base = line.baseAddress else { return nil }
    // The time is the first number with its unit.
    var end = 0
    while end + 4 < line.count {
      defer { end += 1 }
      guard line[end] == UInt8(ascii: "u"), line[end + 1] == UInt8(ascii: "s"), end > 0,
        (0x30...0x39).contains(line[end - 1])
      else { continue }
      var time = end
      while time > 0, (0x30...0x39).contains(line[time - 1]) { time -= 1 }
      guard time > 2, line[time - 1] == 0x20, let head = Self.dumpedHead(line, base, before: time)
      else { return nil }
      var colon = end + 2
      while colon < line.count, colon < end + 5, line[colon] != UInt8(ascii: ":") { colon += 1 }
      guard colon + 2 < line.count, line[colon] == UInt8(ascii: ":"), line[colon + 1] == 0x20 else {
        return nil
      }
      self.init(line, base, head, time: time..<end, at: colon + 2)
      return
    }
    return nil
  }

  /// `ldt-A-55 0d..1 `
  private static func dumpedHead(
    _ line: UnsafeRawBufferPointer, _ base: UnsafeRawPointer, before end: Int
  ) -> Head? {
    var flags = end
    while flags > 0, line[flags - 1] == 0x20 { flags -= 1 }
    let flagsEnd = flags
    while flags > 0, line[flags - 1] != 0x20 { flags -= 1 }
    guard flags > 1 else { return nil }
    var position = flags
    var head = Head(task: 0..<0)
    guard number(base, line.count, &position, &head.cpu), (4...6).contains(flagsEnd - position)
    else { return nil }
    head.columns = KernelStateColumns(masks: line[position], context: line[position + 2])
    var taskEnd = flags
    while taskEnd > 0, line[taskEnd - 1] == 0x20 { taskEnd -= 1 }
    guard let hyphen = line[..<taskEnd].lastIndex(of: UInt8(ascii: "-")), hyphen > 0 else {
      return nil
    }
    var digits = hyphen + 1
    guard number(base, line.count, &digits, &head.pid), digits == taskEnd else { return nil }
    head.task = 0..<hyphen
    head.end = end
    return head
  }
}

/// The other lines of the tracer's text and of `trace-cmd report`.
enum FtraceOtherLine {
  /// `CPU:0 [LOST 7529 EVENTS]`, `CPU:1 [EVENTS DROPPED]`, `CPU:1 [12 EVENTS DROPPED]`: how many,
  /// zero if that is not said.
  static func lostEvents(_ line: UnsafeRawBufferPointer) -> UInt64? {
    guard line.starts(with: "CPU:".utf8) else { return nil }
    let words = String(decoding: line.prefix(80), as: UTF8.self).split(separator: " ").dropFirst()
    switch words.joined(separator: " ") {
    case "[LOST EVENTS]", "[EVENTS DROPPED]": return 0
    default: break
    }
    guard words.count == 3, let first = words.first, let last = words.last else { return nil }
    let middle = words[words.startIndex + 1]
    if first == "[LOST", last == "EVENTS]" { return UInt64(middle) }
    guard first.hasPrefix("["), middle == "EVENTS", last == "DROPPED]" else { return nil }
    return UInt64(first.dropFirst())
  }

  /// `cpus=2` and `CPU 0 is empty`, which begin a report of trace-cmd.
  static func beginsReport(_ line: UnsafeRawBufferPointer) -> Bool {
    guard line.count < 40 else { return false }
    let text = String(decoding: line, as: UTF8.self)
    if text.hasPrefix("cpus=") { return UInt32(text.dropFirst(5)) != nil }
    guard text.hasPrefix("CPU "), text.hasSuffix(" is empty") else { return false }
    return UInt32(text.dropFirst(4).dropLast(9)) != nil
  }

  /// `<stack trace>` and ` => do_syscall_64`, which belong to the event above.
  static func isOfStack(_ line: UnsafeRawBufferPointer) -> Bool {
    let text = line.prefix(200).drop { $0 == UInt8(ascii: " ") }
    if text.starts(with: "=> ".utf8) { return true }
    let shown = String(decoding: text, as: UTF8.self)
    return shown.contains("stack trace>") || shown.contains("<stack trace")
  }

  /// An event without the columns before its name.
  static func lacksContext(_ line: UnsafeRawBufferPointer) -> Bool {
    ["acquire: ", "release: ", "acquired: ", "contended: "].contains {
      line.starts(with: "lock_\($0)".utf8)
    }
  }
}
