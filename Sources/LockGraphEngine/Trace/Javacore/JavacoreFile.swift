extension TraceFormat {
  /// A javacore of Eclipse OpenJ9 or IBM's Java.
  public static let javacore = TraceFormat(named: "javacore")
}

/// Reads javacores of OpenJ9: who entered which monitors, who is blocked on them and who owns them.
struct JavacoreFile: ForeignReport {
  static var format: TraceFormat { .javacore }
  static var title: String { "a javacore of OpenJ9" }
  static var source: String { "javacore*.txt, which OpenJ9 writes for kill -3" }
  static var absence: String? {
    "a javacore in which no thread has a lock and waits, which shows that moment alone"
  }

  private var dump = ThreadDump()
  private var threads: [JavaThread] = []
  private var current: JavaThread?
  private var owners: [(lock: DumpedLock, owner: String, line: UInt64)] = []
  private var didSeeThread = false
  // Of the section about monitors.
  private var monitor: DumpedLock?
  private var isEntering = false
  private var waiting: [(thread: String, lock: DumpedLock, line: UInt64)] = []

  static func headline(in line: UnsafeRawBufferPointer) -> Int? {
    for mark in ["0SECTION", "1LKDEADLOCK", "3XMTHREADINFO", "2LKMONINUSE"] as [StaticString] {
      if let start = line.offset(of: mark) { return start }
    }
    return nil
  }

  var shortcoming: String? {
    didSeeThread || !owners.isEmpty ? nil : "is a javacore that is cut off before its first thread"
  }

  mutating func take(
    _ line: UnsafeRawBufferPointer, number: UInt64, isHeadline: Bool, into story: inout ReportStory
  ) {
    guard let blank = line.offset(of: " ") else { return }
    let tag = line.upTo(blank).text
    let text = line.from(blank).trimmed
    switch tag {
    case "3XMTHREADINFO":
      endThread()
      guard text.first == UInt8(ascii: "\""), let name = text.between("\"", "\" ") else { return }
      didSeeThread = true
      current = JavaThread(name: name.text, line: number)
      current!.isTimed = text.contains("state:P") && text.contains("timed")
    case "3XMTHREADBLOCK": takeBlock(text, number)
    case "4XESTACKTRACE":
      if text.hasPrefix("at ") {
        let frame = Self.dotted(text.from(3)).withUnsafeBytes { JavaText.frame($0) }
        current?.append(frame)
      }
    case "5XESTACKTRACE":
      if text.hasPrefix("(entered lock: "), let lock = Self.lock(text.from(15)) {
        current?.locks(lock, line: number)
      }
    case "3LKMONOBJECT": takeMonitor(text, number)
    case "3LKWAITERQ": isEntering = true
    case "3LKNOTIFYQ": isEntering = false
    case "3LKWAITER":
      if isEntering, let monitor, let name = text.between("\"", "\"") {
        waiting.append((name.text, monitor, number))
      }
    case "0SECTION": endThread()
    default: break
    }
  }

  /// Frames have slashes for dots: `com/example/Audit.visit(Audit.java:133)`.
  private static func dotted(_ text: UnsafeRawBufferPointer) -> [UInt8] {
    let end = text.offset(of: "(") ?? text.count
    return text.indices.map { index in
      index < end && text[index] == UInt8(ascii: "/") ? UInt8(ascii: ".") : text[index]
    }
  }

  /// `com/example/Ledger@0x00000000FFF: Flat locked by "auditor" (J9VMThread:0x…), entry count 1`
  private mutating func takeMonitor(_ text: UnsafeRawBufferPointer, _ number: UInt64) {
    isEntering = false
    monitor = Self.lock(text)
    guard let monitor, let owner = text.between("owner \"", "\"") ?? text.between("by \"", "\"")
    else { return }
    owners.append((monitor, owner.text, number))
  }

  /// `Blocked on: com/example/Ledger@0x… Owned by: "auditor" (J9VMThread:0x…, …)`
  private mutating func takeBlock(_ text: UnsafeRawBufferPointer, _ number: UInt64) {
    guard current != nil, let colon = text.offset(of: ": "),
      let lock = Self.lock(text.from(colon + 2))
    else { return }
    let owner = text.between("Owned by: \"", "\"")?.text
    if text.hasPrefix("Blocked on") {
      current!.waits(for: lock, line: number)
    } else if text.hasPrefix("Waiting on") {
      current!.waitsOnNotification(of: lock, line: number)
      return
    } else if text.hasPrefix("Parked on") {
      var parked = lock
      parked.kind = JavaText.parked(lock.name)
      if owner != nil { parked.kind = parked.kind ?? .recursive }
      current!.parks(for: parked, line: number)
      if let owner { owners.append((parked, owner, number)) }
      return
    }
    if let owner { owners.append((lock, owner, number)) }
  }

  /// `com/example/Ledger@0x00000000FFF01234`
  private static func lock(_ text: UnsafeRawBufferPointer) -> DumpedLock? {
    guard let at = text.offset(of: "@0x") else { return nil }
    let name = text.upTo(at).text.map { $0 == "/" ? "." : $0 }
    let digits = text.from(at + 3).prefix(while: isHexadecimalDigit).drop { $0 == 0x30 }
    return JavaText.lock(
      String(name), "<0x\(String(decoding: digits, as: UTF8.self).lowercased())>", kind: .recursive)
  }

  private mutating func endThread() {
    guard let thread = current else { return }
    current = nil
    threads.append(thread)
  }

  mutating func finish(into story: inout ReportStory) {
    endThread()
    var names = Set<String>()
    for thread in threads {
      names.insert(thread.name)
      dump.add(thread.dumped { _ in true })
    }
    // Without the section about threads those that wait are told by the monitors.
    for (name, lock, line) in waiting where names.insert(name).inserted {
      var thread = DumpedThread(name: name, line: line)
      thread.wait = .lock(lock, .write)
      thread.waitLine = line
      dump.add(thread)
    }
    for (lock, owner, line) in owners { dump.note(owner: owner, of: lock, line: line) }
    dump.end(into: &story)
  }
}
