extension TraceFormat {
  /// The threads of an Android application that does not respond.
  public static let android = TraceFormat(named: "android")
}

/// Reads what Android's runtime writes for an application that does not respond (`/data/anr`,
/// bug reports, Play Console): who holds which monitors, and who waits for whom.
struct AndroidTraces: ForeignReport {
  static var format: TraceFormat { .android }
  static var title: String { "threads of an Android application" }
  static var source: String { "a file of /data/anr, or an ANR of a bug report" }
  static var absence: String? {
    "threads of which none has a lock and waits, which shows that moment alone"
  }

  /// By process, as what tells its threads and monitors from those of the first one.
  private var dumps: [String: ThreadDump] = [:]
  private var process = ""
  private var firstProcess: Int?
  private var threads: [JavaThread] = []
  private var current: JavaThread?
  private var names: [Int: String] = [:]
  private var owners: [(lock: DumpedLock, thread: Int, line: UInt64)] = []
  private var didSeeThread = false

  static func headline(in line: UnsafeRawBufferPointer) -> Int? {
    if let start = line.offset(of: "----- pid "), line.contains(" at ") { return start }
    return AndroidThreadLine(line) == nil ? nil : 0
  }

  var shortcoming: String? {
    didSeeThread ? nil : "holds Android's threads, cut off before the first of them"
  }

  mutating func take(
    _ line: UnsafeRawBufferPointer, number: UInt64, isHeadline: Bool, into story: inout ReportStory
  ) {
    let text = line.trimmed
    if text.hasPrefix("----- pid ") || text.hasPrefix("----- end ") {
      endProcess(into: &story)
      if let number = text.from(10).leadingNumber {
        firstProcess = firstProcess ?? number
        process = number == firstProcess ? "" : " of process \(number)"
      }
      return
    }
    if let thread = AndroidThreadLine(line) {
      endThread()
      didSeeThread = true
      let name = thread.name + process
      current = JavaThread(name: name, key: String(thread.number), line: number)
      current!.isTimed = thread.state == "TimedWaiting"
      names[thread.number] = name
      return
    }
    guard current != nil else { return }
    if text.isEmpty {
      endThread()
    } else if text.hasPrefix("at ") {
      current!.append(JavaText.frame(text.from(3)))
    } else if text.hasPrefix("- locked "), let lock = self.lock(text.from(9)) {
      current!.locks(lock, line: number)
    } else if text.hasPrefix("- waiting on "), let lock = self.lock(text.from(13)) {
      current!.waitsOnNotification(of: lock, line: number)
    } else if text.hasPrefix("- waiting to lock ") {
      let lock =
        self.lock(text.from(18))
        ?? DumpedLock(name: "a monitor that \(current!.name) waits for", kind: .recursive)
      current!.waits(for: lock, line: number)
      if let holder = text.offset(of: " held by thread "),
        let thread = text.from(holder + 16).leadingNumber
      {
        owners.append((lock, thread, number))
      }
    }
  }

  /// `<0x0734e62f> (a com.example.Ledger)`
  private func lock(_ text: UnsafeRawBufferPointer) -> DumpedLock? {
    guard text.hasPrefix("<0x"), let end = text.offset(of: ">") else { return nil }
    let digits = UnsafeRawBufferPointer(rebasing: text[3..<end]).drop { $0 == 0x30 }
    let name = text.between("(a ", ")")?.text ?? ""
    // `java.lang.Class<com.example.Bank>`
    let lockClass =
      name.hasPrefix("java.lang.Class<")
      ? "java.lang.Class for " + name.dropFirst(16).dropLast()
      : name
    let address = "<0x\(String(decoding: digits, as: UTF8.self))>"
    return JavaText.lock(lockClass, address + process, kind: .recursive)
  }

  private mutating func endThread() {
    guard let thread = current else { return }
    current = nil
    threads.append(thread)
  }

  private mutating func endProcess(into story: inout ReportStory) {
    endThread()
    guard !threads.isEmpty else { return }
    var dump = dumps[process] ?? ThreadDump()
    for thread in threads { dump.add(thread.dumped { _ in false }) }
    for (lock, thread, line) in owners {
      dump.note(owner: names[thread] ?? "thread \(thread)\(process)", of: lock, line: line)
    }
    dump.end(into: &story)
    dumps[process] = dump
    threads = []
    owners = []
    names = [:]
  }

  mutating func finish(into story: inout ReportStory) { endProcess(into: &story) }
}

/// The line that a thread begins with: `"main" prio=5 tid=1 Blocked`.
struct AndroidThreadLine {
  var name: String
  var number: Int
  var state: String

  init?(_ line: UnsafeRawBufferPointer) {
    guard line.first == UInt8(ascii: "\""), let tid = line.offset(of: " tid="),
      line.upTo(tid).contains("\" "), line.contains("prio="),
      let number = line.from(tid + 5).leadingNumber
    else { return nil }
    let rest = line.from(tid + 5).drop(while: isDigit)
    state = String(decoding: rest.drop { $0 == 0x20 }, as: UTF8.self)
    guard !state.isEmpty, state.utf8.allSatisfy({ ($0 | 0x20) &- 0x61 < 26 }) else { return nil }
    let end = line.offset(of: "\" ")!
    name = UnsafeRawBufferPointer(rebasing: line[1..<max(1, end)]).text
    self.number = number
  }
}
