extension TraceFormat {
  /// The stacks of all threads of a process, as gdb and lldb print them.
  public static let debugger = TraceFormat(named: "debugger")
}

/// Reads `thread apply all bt` of gdb, `bt all` of lldb, pstack and eu-stack: which thread waits
/// where for what, and who has it if the text shows the lock (`p *mutex`, with `__owner`).
///
/// Stacks do not tell what is held.
struct DebuggerBacktraces: ForeignReport {
  static var format: TraceFormat { .debugger }
  static var title: String { "a debugger's stacks of all threads" }
  static var source: String { "what gdb -p PID -batch -ex 'thread apply all bt' prints" }
  static var absence: String? {
    "stacks of which none waits for a lock, which shows that moment alone"
  }
  static var hasCommentMarks: Bool { true }

  private struct Thread {
    var name: String
    /// The system's number, by which owners are told, and the address by which it is joined.
    var number: Int?
    var address: String?
    var line: UInt64
    var frames: [DebuggerFrame] = []
  }

  private struct Value {
    /// `nil`: the command that showed it is not in the text.
    var expression: String?
    var owner: Int
    var isRecursive: Bool
    var line: UInt64
  }

  private var threads: [Thread] = []
  private var isOpen = false
  private var values: [Value] = []
  private var expression: String?
  private var pending: Value?
  private var dump = ThreadDump()

  private static let depth = 512

  static func headline(in line: UnsafeRawBufferPointer) -> Int? {
    if let start = line.offset(of: "Thread "), threadOfGDB(line.from(start)) != nil { return start }
    if let start = line.offset(of: "thread #"), threadOfLLDB(line.from(start)) != nil {
      // The thread that is selected is marked.
      return start >= 2 && line.from(start - 2).hasPrefix("* ") ? start - 2 : start
    }
    let text = line.trimmed
    let isOther =
      text.hasPrefix("TID ") && text.hasSuffix(":") && text.from(4).leadingNumber != nil
      || line.hasPrefix("(gdb) thread apply all") || line.hasPrefix("+thread apply all")
    return isOther ? 0 : nil
  }

  static func lack(in beginning: InputBeginning) -> String? {
    var examined = 0
    for line in beginning.lines {
      guard examined < 64 else { return nil }
      let text = line.trimmed
      guard !text.isEmpty else { continue }
      examined += 1
      let isFrame =
        text.hasPrefix("#") && (text.contains(" 0x") || text.contains(" at "))
        && text.contains("(") || text.contains("frame #0: 0x")
      if isFrame, DebuggerFrame(text) != nil {
        return "a debugger's stack of one thread, which lacks the line that names the thread; "
          + "'thread apply all bt' prints those of all"
      }
    }
    return nil
  }

  /// `Thread 3 (Thread 0x7ffff6d87640 (LWP 4714) "auditor"):`
  private static func threadOfGDB(_ text: UnsafeRawBufferPointer) -> Thread? {
    guard let number = text.from(7).leadingNumber, let open = text.offset(of: " ("), open < 20,
      text.hasSuffix(":"),
      text.contains("LWP ") || text.contains("(Thread 0x") || text.contains("(process ")
    else { return nil }
    let rest = text.from(open + 2)
    var thread = Thread(name: "thread \(number)", line: 0)
    if let lwp = text.offset(of: "LWP ") {
      thread.number = text.from(lwp + 4).leadingNumber
    } else if let process = text.offset(of: "(process ") {
      thread.number = text.from(process + 9).leadingNumber
    }
    if rest.hasPrefix("Thread 0x") {
      thread.address = "0x" + String(decoding: rest.from(9).word.drop { $0 == 0x30 }, as: UTF8.self)
    }
    if let name = text.between(" \"", "\"") {
      thread.name = "\(name.text) (\(number))"
    } else if let own = thread.number {
      thread.name = "thread \(number) (\(own))"
    }
    return thread
  }

  private static func threadOfLLDB(_ text: UnsafeRawBufferPointer) -> Thread? {
    let text = text.hasPrefix("* ") ? text.from(2) : text
    guard text.hasPrefix("thread #"), let number = text.from(8).leadingNumber,
      text.contains("tid = ") || text.contains("name = '") || text.contains("stop reason = ")
        || text.contains("queue = '")
    else { return nil }
    var thread = Thread(name: "thread \(number)", line: 0)
    if let tid = text.offset(of: "tid = ") {
      thread.number =
        text.from(tid + 6).hasPrefix("0x")
        ? Int(text.from(tid + 8).word.text, radix: 16) : text.from(tid + 6).leadingNumber
    }
    if let name = text.between("name = '", "'") { thread.name = "\(name.text) (\(number))" }
    return thread
  }

  mutating func take(
    _ line: UnsafeRawBufferPointer, number: UInt64, isHeadline: Bool, into story: inout ReportStory
  ) {
    var text = line.trimmed
    var isCommand = false
    while text.hasPrefix("(gdb) ") || text.hasPrefix("(lldb) ") {
      text = text.from(text.hasPrefix("(gdb) ") ? 6 : 7).trimmed
      isCommand = true
    }
    // Commands that are echoed; those of other commands are indented by a mark more.
    if line.first == UInt8(ascii: "+") {
      text = line.from(line.firstIndex { $0 != UInt8(ascii: "+") } ?? line.count)
      isCommand = true
    }
    if isCommand {
      takeCommand(text, into: &story)
      return
    }
    if isHeadline {
      let known =
        text.hasPrefix("Thread ")
        ? Self.threadOfGDB(text)
        : text.hasPrefix("TID ") ? Self.threadOfELFUtils(text) : Self.threadOfLLDB(text)
      guard var thread = known else { return }
      thread.line = number
      threads.append(thread)
      isOpen = true
    } else if isOpen, let frame = DebuggerFrame(text) {
      guard threads[threads.count - 1].frames.count < Self.depth else { return }
      threads[threads.count - 1].frames.append(frame)
    } else if text.isEmpty {
      isOpen = false
    } else {
      takeValue(text, number)
    }
  }

  private static func threadOfELFUtils(_ text: UnsafeRawBufferPointer) -> Thread? {
    guard let number = text.from(4).leadingNumber else { return nil }
    return Thread(name: "thread \(number)", number: number, line: 0)
  }

  // MARK: Values

  private mutating func takeCommand(
    _ text: UnsafeRawBufferPointer, into story: inout ReportStory
  ) {
    // Of a thread whose name stands before.
    if text.hasPrefix("bt"), !text.hasPrefix("bt all") { return }
    isOpen = false
    expression = nil
    if text.hasPrefix("thread apply all") || text.hasPrefix("bt all") {
      // Another look at the same process.
      if !threads.isEmpty { endDump(into: &story) }
    } else if let blank = text.offset(of: " "),
      ["p", "print", "p/x", "output", "inspect"].contains(text.upTo(blank).text)
    {
      expression = text.from(blank + 1).trimmed.text
    }
  }

  /// `$1 = {__data = {__lock = 2, …, __owner = 4713, …, __kind = 0, …`, on one line or on several.
  private mutating func takeValue(_ text: UnsafeRawBufferPointer, _ number: UInt64) {
    if text.first == UInt8(ascii: "$"), text.contains(" = ") {
      endValue()
      pending = Value(expression: expression, owner: 0, isRecursive: false, line: number)
      expression = nil
    }
    guard pending != nil else { return }
    for name in ["__owner = ", "__cur_writer = "] as [StaticString] {
      if let owner = text.offset(of: name), pending!.owner == 0 {
        pending!.owner = text.from(owner + name.utf8CodeUnitCount).leadingNumber ?? 0
      }
    }
    if let kind = text.offset(of: "__kind = "), let value = text.from(kind + 9).leadingNumber {
      pending!.isRecursive = value & 3 == 1
    }
  }

  private mutating func endValue() {
    guard let value = pending else { return }
    pending = nil
    if value.owner > 0, values.count < 100_000 { values.append(value) }
  }

  // MARK: Telling

  mutating func finish(into story: inout ReportStory) { endDump(into: &story) }

  private mutating func endDump(into story: inout ReportStory) {
    endValue()
    defer {
      threads = []
      values = []
      isOpen = false
    }
    var byNumber: [Int: String] = [:]
    var byAddress: [String: String] = [:]
    for thread in threads {
      if let number = thread.number { byNumber[number] = thread.name }
      if let address = thread.address { byAddress[address] = thread.name }
    }
    let owners = self.owners(into: &story)
    var waiting: [DumpedThread] = []
    for thread in threads {
      var dumped = DumpedThread(name: thread.name, line: thread.line)
      guard let wait = DebuggerWait(thread.frames, thread: thread.name) else { continue }
      dumped.waitLine = thread.line
      dumped.waitPlace = NativeFrames.place(thread.frames.map(\.text))
      dumped.isTimed = wait.isTimed
      switch wait.what {
      case .lock(var lock, let mode):
        let names = [wait.address, wait.symbol].compactMap(\.self)
        if let owner = names.lazy.compactMap({ owners[$0] }).first {
          if owner.isRecursive { lock.kind = .recursive }
          let name = byNumber[owner.number] ?? "thread of number \(owner.number)"
          dump.note(owner: name, of: lock, line: owner.line)
        }
        dumped.wait = .lock(lock, mode)
      case .signal(let name): dumped.wait = .signal(name)
      case .end(let address):
        guard let other = byAddress[address] else { continue }
        dumped.wait = .end(of: other)
      }
      waiting.append(dumped)
    }
    for thread in waiting { dump.add(thread) }
    // Signals alone are where programs are idle.
    let isStuck = waiting.contains {
      switch $0.wait {
      case .lock, .end: true
      default: false
      }
    }
    if isStuck { dump.end(into: &story) } else { dump = ThreadDump() }
  }

  private struct Owner {
    var number: Int
    var isRecursive: Bool
    var line: UInt64
  }

  /// Owners by the address or the symbol of the lock that the command named.
  private func owners(into story: inout ReportStory) -> [String: Owner] {
    var owners: [String: Owner] = [:]
    var unnamed = 0
    for value in values {
      let owner = Owner(number: value.owner, isRecursive: value.isRecursive, line: value.line)
      guard let expression = value.expression else {
        unnamed += 1
        continue
      }
      owners[DebuggerWait.lockName(of: expression)] = owner
    }
    if unnamed > 0 {
      story.warn(
        "\(Counted.plain(UInt64(unnamed), "lock is", "locks are")) shown without the command that "
          + "shows which: 'set trace-commands on' before it has gdb print it")
    }
    return owners
  }
}
