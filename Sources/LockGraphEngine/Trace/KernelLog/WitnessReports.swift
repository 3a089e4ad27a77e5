/// What the BSDs' kernels find wrong with locks: `witness` of FreeBSD, DragonFly and OpenBSD, and
/// NetBSD's debugging of locks.
struct WitnessReports {
  private var report: WitnessReport?
  private var done: [Finding] = []
  private var gap = 0

  /// After so many lines that are nothing to it, a report is over.
  private static let longestGap = 60

  var isActive: Bool { report != nil }

  /// Takes a line.
  ///
  /// - Returns: whether it belongs to a report.
  mutating func take(_ text: UnsafeRawBufferPointer, _ line: UInt64) -> Bool {
    if let begun = WitnessReport(text, line: line) {
      finish()
      report = begun
      gap = 0
      return true
    }
    guard report != nil else { return false }
    if report!.take(text, line) {
      gap = 0
      return true
    }
    gap += 1
    if gap >= Self.longestGap || KernelHeadline(text) != nil { finish() }
    return false
  }

  mutating func finish() {
    guard let finished = report else { return }
    report = nil
    done += finished.findings
  }

  mutating func takeFindings() -> [Finding] {
    guard !done.isEmpty else { return [] }
    defer { done.removeAll() }
    return done
  }
}

/// One report of a BSD's kernel, as far as it was read.
struct WitnessReport {
  enum Kind { case order, duplicate, sleeping, inUserSpace, locksItself, notHeld, assertion }

  /// A lock as it is printed, and what its class is called.
  struct Lock {
    var name: String
    var lockClass: String
    var address: String?
    var place: String?
    var line: UInt64
  }

  private enum Section { case none, established, attempted, backtrace }

  let kind: Kind
  let line: UInt64
  private(set) var locks: [Lock] = []
  private(set) var established = KernelStack()
  private(set) var attempted = KernelStack()
  private(set) var backtrace = KernelStack()
  /// What is asserted, or in which function it is found.
  private(set) var detail = ""
  private var section = Section.none

  private static let mostLocks = 64

  /// `nil` if the line begins no report.
  init?(_ text: UnsafeRawBufferPointer, line: UInt64) {
    self.line = line
    let text = text.hasPrefix("witness: ") ? text.from(9) : text
    if text.hasPrefix("lock order reversal") {
      kind = .order
    } else if text.hasPrefix("acquiring duplicate lock of same type") {
      kind = .duplicate
      if let open = text.firstIndex(of: UInt8(ascii: "\"")),
        let close = text.lastIndex(of: UInt8(ascii: "\"")), open + 1 < close
      {
        detail = UnsafeRawBufferPointer(rebasing: text[(open + 1)..<close]).text
      }
    } else if text.hasSuffix("with the following non-sleepable locks held:")
      || text.hasPrefix("Sleeping thread (") && text.contains("owns a non-sleepable lock")
    {
      kind = .sleeping
    } else if text.hasSuffix("returning with the following locks held:") {
      kind = .inUserSpace
    } else if let start = text.offset(of: "rror: "),
      text.hasPrefix("Mutex error:") || text.hasPrefix("Reader / writer lock error:")
        || text.hasPrefix("lock error:")
    {
      let rest = text.from(start + 6)
      let reason = rest.from(rest.offset(of: ": ").map { $0 + 2 } ?? 0)
      detail = reason.text
      if reason.contains("locking against myself") {
        kind = .locksItself
      } else {
        kind = reason.contains("not held") || reason.contains("released") ? .notHeld : .assertion
      }
      section = .backtrace
    } else {
      return nil
    }
  }

  mutating func take(_ text: UnsafeRawBufferPointer, _ line: UInt64) -> Bool {
    if text.hasPrefix("1st ") || text.hasPrefix("2nd ") || text.hasPrefix("3rd ") {
      if var lock = Self.ordered(text.from(4), line) {
        if kind == .duplicate, !detail.isEmpty { lock.lockClass = detail }
        add(lock)
      }
      return true
    }
    if text.hasPrefix("exclusive ") || text.hasPrefix("shared ") {
      if let lock = Self.held(text, line) { add(lock) }
      return true
    }
    if text.hasPrefix("lock order "), text.contains("->") {
      let isFirst = text.contains("established at") || text.contains("first seen at")
      section =
        text.contains("attempted at")
        ? .attempted : isFirst && established.isEmpty ? .established : .attempted
      return true
    }
    if text.hasPrefix("KDB: stack backtrace") || text.hasPrefix("Stack backtrace")
      || text.hasPrefix("Starting stack trace") || text.hasPrefix("stack backtrace")
    {
      section = .backtrace
      return true
    }
    if kind == .locksItself || kind == .notHeld || kind == .assertion, takeDebugged(text, line) {
      return true
    }
    guard let frame = Self.frame(text, line) else { return false }
    switch section {
    case .established: established.append(frame)
    case .attempted: attempted.append(frame)
    case .backtrace: backtrace.append(frame)
    case .none: return false
    }
    return true
  }

  private mutating func add(_ lock: Lock) {
    if locks.count < Self.mostLocks { locks.append(lock) }
  }

  /// `0xffffffd0014ee928 vm map (user) (vm map (user), sx) @ FILE:LINE`, `0xd1 NAME (&map->lock)`
  private static func ordered(_ text: UnsafeRawBufferPointer, _ line: UInt64) -> Lock? {
    var text = text
    var lock = Lock(name: "", lockClass: "", line: line)
    if text.hasPrefix("0x"), let blank = text.firstIndex(of: 0x20) {
      lock.address = UnsafeRawBufferPointer(rebasing: text[2..<blank]).text
      text = text.from(blank + 1).trimmed
    }
    if let at = text.lastOffset(of: " @ ") {
      lock.place = text.from(at + 3).trimmed.text
      text = text.upTo(at).trimmed
    }
    if text.hasSuffix(")"), let open = text.openingOfLastParenthesis {
      lock.name = text.upTo(open).trimmed.text
      var inside = UnsafeRawBufferPointer(rebasing: text[(open + 1)..<(text.count - 1)])
      if let comma = inside.lastOffset(of: ", ") { inside = inside.upTo(comma) }
      lock.lockClass = inside.text
    } else {
      lock.name = text.text
    }
    if lock.lockClass.isEmpty { lock.lockClass = lock.name }
    return lock.lockClass.isEmpty ? nil : lock
  }

  /// `exclusive sleep mutex NAME (CLASS) r = 0 (0xADDRESS) locked @ FILE:LINE`
  private static func held(_ text: UnsafeRawBufferPointer, _ line: UInt64) -> Lock? {
    guard let end = text.offset(of: " r = ") else { return nil }
    var subject = text.upTo(end)
    for kind in [
      "exclusive ", "shared ", "sleep mutex ", "spin mutex ", "sx ", "rwlock ", "rrwlock ", "rw ",
      "rmlock ", "rm ", "lockmgr ", "mutex ", "kernel_lock ",
    ] as [StaticString] where subject.hasPrefix(kind) {
      subject = subject.from(kind.utf8CodeUnitCount)
    }
    var lock = Lock(name: "", lockClass: "", line: line)
    if subject.hasSuffix(")"), let open = subject.openingOfLastParenthesis {
      lock.name = subject.upTo(open).trimmed.text
      lock.lockClass =
        UnsafeRawBufferPointer(rebasing: subject[(open + 1)..<(subject.count - 1)]).text
    } else {
      lock.name = subject.trimmed.text
      lock.lockClass = lock.name
    }
    if let address = text.offset(of: "(0x", from: end) {
      lock.address = String(
        decoding: text.from(address + 3).prefix(while: isHexadecimalDigit), as: UTF8.self)
    }
    if let at = text.offset(of: " @ ", from: end) { lock.place = text.from(at + 3).trimmed.text }
    return lock.lockClass.isEmpty ? nil : lock
  }

  /// `lock address : 0xffff   type : sleep/adaptive` and `initialized : FUNCTION` of NetBSD.
  private mutating func takeDebugged(_ text: UnsafeRawBufferPointer, _ line: UInt64) -> Bool {
    func value(_ key: StaticString) -> UnsafeRawBufferPointer? {
      guard text.hasPrefix(key), let colon = text.firstIndex(of: UInt8(ascii: ":")) else {
        return nil
      }
      let rest = text.from(colon + 1).trimmed
      return rest.upTo(rest.firstIndex(of: 0x20) ?? rest.count)
    }
    if let address = value("lock address"), address.hasPrefix("0x"), locks.isEmpty {
      add(
        Lock(
          name: "unnamed lock", lockClass: "unnamed lock", address: address.from(2).text,
          line: line))
      return true
    }
    if let place = value("initialized"), !place.hasPrefix("0x"), let last = locks.indices.last {
      let name = "lock initialised in \(place.upTo(place.offset(of: "+") ?? place.count).text)"
      locks[last].name = name
      locks[last].lockClass = name
      return true
    }
    return false
  }

  /// `#0 0xffffffc00037d2c0 at witness_checkorder+0xd98`, `#1  f+0x4`, `f(1,2) at f+0x12/frame 0x1`
  private static func frame(_ text: UnsafeRawBufferPointer, _ line: UInt64) -> KernelFrame? {
    var text = text
    if text.hasPrefix("#") {
      text = text.from(1 + text.dropFirst().prefix(while: isDigit).count).trimmed
    }
    if let at = text.lastOffset(of: " at ") { text = text.from(at + 4) }
    if text.hasPrefix("netbsd:") { text = text.from(7) }
    if let frame = text.offset(of: "/frame ") { text = text.upTo(frame) }
    return KernelFrame(text, line: line)
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func lastOffset(of word: StaticString) -> Int? {
    var position = count - word.utf8CodeUnitCount
    while position >= 0 {
      if from(position).hasPrefix(word) { return position }
      position -= 1
    }
    return nil
  }

  /// Where the parenthesis opens that the last byte closes.
  fileprivate var openingOfLastParenthesis: Int? {
    var depth = 0
    for position in indices.reversed() {
      if self[position] == UInt8(ascii: ")") { depth += 1 }
      if self[position] == UInt8(ascii: "(") { depth -= 1 }
      if depth == 0 { return position }
    }
    return nil
  }
}
