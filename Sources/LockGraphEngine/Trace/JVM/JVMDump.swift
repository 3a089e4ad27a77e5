extension TraceFormat {
  /// A thread dump of a Java virtual machine, as `jstack`, `jcmd` and `kill -3` print it.
  public static let jvm = TraceFormat(named: "jvm")
}

/// Reads thread dumps of HotSpot and its relatives: those of `jstack`, `jcmd Thread.print` and
/// `kill -3`, with `-l` and without, and those of `jcmd Thread.dump_to_file`, plain and as JSON.
///
/// Monitors are told with the frame in which they were taken. Of locks of `java.util.concurrent` a
/// dump with `-l` tells the owner and neither place nor order. Several dumps of one input are the
/// same threads at later moments.
struct JVMDump: ForeignReport {
  static var format: TraceFormat { .jvm }
  static var title: String { "a Java thread dump" }
  static var source: String { "what jstack -l PID prints" }
  static var absence: String? {
    "a thread dump in which no thread has a lock and waits, which shows that moment alone"
  }
  static var hasCommentMarks: Bool { true }
  /// As JSON a dump may be on one line.
  static var longestLine: Int { .max }

  private var dump = ThreadDump()
  private var threads: [JavaThread] = []
  private var current: JavaThread?
  private var names: [String: String] = [:]
  private var section = Section.threads
  private var json: JVMJSONDump?
  private var didSeeThread = false
  /// In the part about deadlocks: whose wait is told.
  private var waiter: String?
  private var wanted: DumpedLock?
  private var owners: [(lock: DumpedLock, owner: String, line: UInt64)] = []

  private enum Section {
    case threads, synchronizers
    /// Circles that the machine found, and then their stacks, which stand above already.
    case circles, repeated
  }

  static func headline(in line: UnsafeRawBufferPointer) -> Int? {
    if let start = line.offset(of: "Full thread dump ") { return start }
    if line.contains(#""threadDump""#) { return 0 }
    return JVMThreadLine(line) == nil ? nil : 0
  }

  var shortcoming: String? {
    if let json { return json.shortcoming }
    return didSeeThread ? nil : "is a Java thread dump that is cut off before its first thread"
  }

  mutating func take(
    _ line: UnsafeRawBufferPointer, number: UInt64, isHeadline: Bool, into story: inout ReportStory
  ) {
    if json != nil {
      json!.take(line, number: number)
      return
    }
    let start = line.upTo(Self.longestText)
    if isHeadline, start.contains(#""threadDump""#) {
      json = JVMJSONDump()
      json!.take(line, number: number)
      return
    }
    takeText(start, number, isHeadline: isHeadline, into: &story)
  }

  private static let longestText = 1 << 16

  private mutating func takeText(
    _ line: UnsafeRawBufferPointer, _ number: UInt64, isHeadline: Bool,
    into story: inout ReportStory
  ) {
    let text = line.trimmed
    if isHeadline, let start = text.offset(of: "Full thread dump "), start == 0 {
      endDump(into: &story)
      return
    }
    if section == .threads || section == .synchronizers, let thread = JVMThreadLine(line) {
      endThread()
      didSeeThread = true
      section = .threads
      current = JavaThread(name: thread.name, key: thread.key, line: number)
      if let key = thread.key { names[key] = thread.name }
      return
    }
    if text.hasPrefix("Found "), text.contains("deadlock") {
      endThread()
      section = text.hasSuffix(":") ? .circles : .repeated
      return
    }
    if text.hasPrefix("Java stack information for the threads listed above") {
      section = .repeated
      return
    }
    switch section {
    case .threads: takeOfThread(text, number)
    case .synchronizers:
      if text.hasPrefix("- <"), let lock = Self.object(text.from(2), kind: .recursive) {
        current?.owns(lock, line: number)
      } else if text.isEmpty {
        section = .threads
      }
    case .circles: takeOfCircle(text, number)
    case .repeated: break
    }
  }

  private mutating func takeOfThread(_ text: UnsafeRawBufferPointer, _ number: UInt64) {
    guard current != nil, !text.isEmpty else { return }
    if text.hasPrefix("at ") {
      current!.append(JavaText.frame(text.from(3)))
    } else if text.hasPrefix("- ") {
      takeMark(text.from(2), number)
    } else if text.hasPrefix("java.lang.Thread.State: ") {
      current!.isTimed = text.contains("TIMED_WAITING")
    } else if text.hasPrefix("Locked ownable synchronizers:") {
      section = .synchronizers
    } else if text.hasPrefix("JNI global ref") {
      endThread()
    } else if text.last == UInt8(ascii: ")"), text.contains("("), !text.contains(": ") {
      // The plain form of `dump_to_file` of older machines has frames without a word before.
      current!.append(JavaText.frame(text))
    }
  }

  /// `locked <0x…> (a CLASS)` and the like, behind a frame.
  private mutating func takeMark(_ text: UnsafeRawBufferPointer, _ number: UInt64) {
    if text.hasPrefix("locked ") {
      guard let lock = Self.object(text.from(7), kind: .recursive) else { return }
      current!.locks(lock, line: number)
    } else if text.hasPrefix("waiting to lock ") {
      guard let lock = Self.object(text.from(16), kind: .recursive) else { return }
      current!.waits(for: lock, line: number)
    } else if text.hasPrefix("waiting to re-lock in wait() ") {
      guard let lock = Self.object(text.from(29), kind: .recursive) else { return }
      current!.waits(for: lock, line: number)
    } else if text.hasPrefix("waiting on ") {
      current!.waitsOnNotification(
        of: Self.object(text.from(11), kind: .recursive), line: number)
    } else if text.hasPrefix("parking to wait for ") {
      let text = text.from(20).trimmed
      guard var lock = Self.object(text, kind: nil) else { return }
      lock.kind = JavaText.parked(lock.name)
      current!.parks(for: lock, line: number)
      if let owner = text.offset(of: ", owner #") {
        let key = text.from(owner + 9).prefix(while: isDigit)
        noteOwner(lock, key: "#" + String(decoding: key, as: UTF8.self), number)
      }
    }
  }

  private var keyedOwners: [(lock: DumpedLock, key: String, line: UInt64)] = []

  private mutating func noteOwner(_ lock: DumpedLock, key: String, _ line: UInt64) {
    var lock = lock
    lock.kind = lock.kind ?? .recursive
    keyedOwners.append((lock, key, line))
  }

  /// `<0x00000000e0c1d2a8> (a com.example.Ledger)`, or `<com.example.Ledger@1b28cdfa>`.
  private static func object(_ text: UnsafeRawBufferPointer, kind: LockKind?) -> DumpedLock? {
    let text = text.trimmed
    guard text.first == UInt8(ascii: "<"), let end = text.offset(of: ">") else { return nil }
    let identity = UnsafeRawBufferPointer(rebasing: text[1..<end])
    guard !identity.isEmpty else { return nil }
    if let at = identity.lastIndex(of: UInt8(ascii: "@")), at > 0 {
      return lock(identity.upTo(at).text, identity.from(at).text, kind)
    }
    guard identity.hasPrefix("0x") else { return nil }
    let digits = identity.from(2).drop { $0 == 0x30 }
    let address = "<0x\(String(decoding: digits, as: UTF8.self))>"
    guard let open = text.offset(of: "(a ", from: end),
      let close = text.offset(of: ")", from: open)
    else { return lock("", address, kind) }
    return lock(
      UnsafeRawBufferPointer(rebasing: text[(open + 3)..<close]).text, address, kind)
  }

  private static func lock(_ name: String, _ identity: String, _ kind: LockKind?) -> DumpedLock {
    var lock = JavaText.lock(name, identity, kind: kind ?? .recursive)
    lock.kind = kind == nil ? nil : JavaText.parked(name) ?? kind
    return lock
  }

  // MARK: Circles

  /// What the machine says of a circle names owners that nothing else does.
  private mutating func takeOfCircle(_ text: UnsafeRawBufferPointer, _ number: UInt64) {
    if text.first == UInt8(ascii: "\""), text.count > 2, text.hasSuffix("\":") {
      waiter = UnsafeRawBufferPointer(rebasing: text[1..<(text.count - 2)]).text
    } else if text.hasPrefix("waiting to lock monitor "), let open = text.offset(of: "(object ") {
      // `(object 0x…, a CLASS)`
      wanted = Self.object(inCircle: text.from(open + 8), kind: .recursive)
    } else if text.hasPrefix("waiting for ownable synchronizer ") {
      wanted = Self.object(inCircle: text.from(33), kind: .recursive)
    } else if text.contains("which is held by \""), let start = text.offset(of: "held by \"") {
      let name = text.from(start + 9)
      guard let wanted, let end = name.firstIndex(of: UInt8(ascii: "\"")) else { return }
      owners.append((wanted, name.upTo(end).text, number))
      self.wanted = nil
    }
  }

  /// `0x00000000e0c1d2a8, (a CLASS)` or `0x00000000e0c1d2a8, a CLASS),`
  private static func object(
    inCircle text: UnsafeRawBufferPointer, kind: LockKind
  ) -> DumpedLock? {
    guard text.hasPrefix("0x"), let comma = text.offset(of: ","),
      let start = text.offset(of: "a ", from: comma)
    else { return nil }
    let digits = UnsafeRawBufferPointer(rebasing: text[2..<comma]).drop { $0 == 0x30 }
    let name = text.from(start + 2).prefix { $0 != UInt8(ascii: ")") && $0 != UInt8(ascii: ",") }
    return lock(
      String(decoding: name, as: UTF8.self), "<0x\(String(decoding: digits, as: UTF8.self))>", kind)
  }

  // MARK: Ends

  private mutating func endThread() {
    guard let thread = current else { return }
    current = nil
    threads.append(thread)
  }

  private mutating func endDump(into story: inout ReportStory) {
    endThread()
    section = .threads
    for (lock, key, line) in keyedOwners {
      if let owner = names[key] { owners.append((lock, owner, line)) }
    }
    let owned = Set(owners.map(\.lock.name))
    for thread in threads {
      var thread = thread.dumped { owned.contains($0.name) }
      if case .lock(var lock, let mode) = thread.wait, lock.kind == nil {
        lock.kind = .recursive
        thread.wait = .lock(lock, mode)
      }
      dump.add(thread)
    }
    for (lock, owner, line) in owners { dump.note(owner: owner, of: lock, line: line) }
    dump.end(into: &story)
    threads = []
    owners = []
    keyedOwners = []
    names = [:]
    waiter = nil
    wanted = nil
  }

  mutating func finish(into story: inout ReportStory) {
    if var json {
      json.finish(into: &story)
      self.json = json
      return
    }
    endDump(into: &story)
  }
}

/// The line that a thread begins with: `"name" #14 daemon prio=5 … nid=0x4e21 …`, or
/// `#14 "name" virtual RUNNABLE …`.
struct JVMThreadLine {
  var name: String
  var key: String?

  init?(_ line: UnsafeRawBufferPointer) {
    guard let first = line.first else { return nil }
    if first == UInt8(ascii: "#") {
      let digits = line.from(1).prefix(while: isDigit).count
      let rest = line.from(1 + digits)
      guard digits > 0, rest.hasPrefix(" \""), let end = Self.endOfName(rest.from(1)) else {
        return nil
      }
      name = UnsafeRawBufferPointer(rebasing: rest[2..<end]).text
      key = line.upTo(1 + digits).text
      let after = rest.from(end + 1).trimmed
      guard after.isEmpty || after.hasPrefix("virtual") || after.first.map(Self.isUpper) ?? false
      else { return nil }
      if name.isEmpty { name = key! }
      return
    }
    guard first == UInt8(ascii: "\""), let end = Self.endOfName(line) else { return nil }
    let rest = line.from(end)
    guard rest.contains(" nid=") || rest.contains(" tid=0x") || rest.contains(" os_prio=") else {
      return nil
    }
    name = UnsafeRawBufferPointer(rebasing: line[1..<(end - 1)]).text
    if let number = rest.offset(of: "#"), number < 3 {
      let digits = rest.from(number + 1).prefix(while: isDigit)
      key = "#" + String(decoding: digits, as: UTF8.self)
    }
    if name.isEmpty { name = key ?? "a thread" }
  }

  /// Behind the quotation mark that ends a name; names may hold some.
  private static func endOfName(_ line: UnsafeRawBufferPointer) -> Int? {
    guard line.count > 1 else { return nil }
    var end: Int?
    var index = 1
    while index < line.count {
      if line[index] == UInt8(ascii: "\""),
        index + 1 == line.count || line[index + 1] == 0x20
      {
        end = index + 1
        break
      }
      index += 1
    }
    return end
  }

  private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
}
