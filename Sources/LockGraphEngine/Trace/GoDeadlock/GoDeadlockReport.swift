extension TraceFormat {
  /// What sasha-s/go-deadlock reports.
  public static let goDeadlock = TraceFormat(named: "go-deadlock")
}

/// Reads go-deadlock's reports of orders, of locks that a goroutine takes twice, and of locks that
/// are waited for too long.
///
/// It does not compare the goroutines of the two orders, so one may have done both. A lock is
/// called by the source line that takes it.
struct GoDeadlockReport: ForeignReport {
  static var format: TraceFormat { .goDeadlock }
  static var title: String { "a report of go-deadlock" }
  static var source: String { "what a program with github.com/sasha-s/go-deadlock prints" }
  static var absence: String? { "a log without reports of go-deadlock" }

  private enum Kind { case order, recursive, timeout }

  private struct Stack {
    var goroutine: Int?
    var lock: String?
    var frames: [String] = []
    /// What the source line calls.
    var call = ""
    var line: UInt64
  }

  private var kind: Kind?
  private var line: UInt64 = 0
  private var stacks: [Stack] = []
  private var takesFrames = false
  private var goroutine: (number: Int, lock: String)?
  private var isAnything = false
  /// Waits that went on too long, of all reports, as they may close a circle.
  private var dump = ThreadDump()
  private var threads: [Int: DumpedThread] = [:]

  private static let depth = 256

  static func headline(in line: UnsafeRawBufferPointer) -> Int? {
    guard let start = line.offset(of: "POTENTIAL DEADLOCK:") else { return nil }
    return start
  }

  var shortcoming: String? {
    isAnything ? "holds a report of go-deadlock that is cut off before its places" : nil
  }

  mutating func take(
    _ line: UnsafeRawBufferPointer, number: UInt64, isHeadline: Bool, into story: inout ReportStory
  ) {
    let text = line.trimmed
    if isHeadline {
      end(into: &story)
      isAnything = true
      self.line = number
      kind =
        text.contains("Recursive locking")
        ? .recursive
        : text.contains("Inconsistent locking") ? .order : .timeout
      takesFrames = false
      return
    }
    guard let kind else { return }
    if text.hasPrefix("Other goroutines holding locks:")
      || text.hasPrefix("All current goroutines:")
      || text.hasPrefix("Here is what goroutine")
    {
      takesFrames = false
      if kind != .timeout || text.hasPrefix("Other") { end(into: &story) }
    } else if text.hasPrefix("happened before") || text.hasPrefix("happened after")
      || text.hasPrefix("in another goroutine: happened before")
      || text.hasPrefix("Previous place where the lock was grabbed")
      || text.hasPrefix("Have been trying to lock it again")
    {
      guard stacks.count < 4 else { return }
      stacks.append(Stack(line: number))
      takesFrames = true
    } else if text.hasPrefix("goroutine ") || text.hasPrefix("current goroutine ") {
      takeGoroutine(text, number)
    } else if takesFrames {
      takeFrame(text)
    }
  }

  /// `goroutine 19 lock 0xc00001c0a8`
  private mutating func takeGoroutine(_ text: UnsafeRawBufferPointer, _ number: UInt64) {
    let isCurrent = text.hasPrefix("current ")
    guard let count = text.from(isCurrent ? 18 : 10).leadingNumber,
      let lock = text.offset(of: " lock 0x")
    else {
      takesFrames = false
      return
    }
    if isCurrent, stacks.isEmpty { stacks.append(Stack(line: number)) }
    guard let last = stacks.indices.last, stacks[last].frames.isEmpty else { return }
    stacks[last].goroutine = count
    stacks[last].lock = text.from(lock + 6).word.text
    takesFrames = true
  }

  /// `teller.go:19 main.book { account.Lock() } <<<<<`
  private mutating func takeFrame(_ text: UnsafeRawBufferPointer) {
    guard !text.isEmpty else { return takesFrames = stacks.last?.frames.isEmpty ?? false }
    guard let last = stacks.indices.last, let blank = text.offset(of: " "),
      stacks[last].frames.count < Self.depth
    else { return }
    let file = text.upTo(blank).text
    guard SourcePosition(file) != nil else { return }
    let rest = text.from(blank + 1)
    // Its own frame is the innermost one where calls are put into their callers.
    if rest.hasPrefix("go-deadlock.(") { return }
    let code = rest.offset(of: " {") ?? rest.offset(of: " ???") ?? rest.count
    if stacks[last].frames.isEmpty, let call = rest.between("{ ", " }") {
      stacks[last].call = call.text
    }
    stacks[last].frames.append("\(rest.upTo(code).trimmed.text) (\(file))")
  }

  mutating func finish(into story: inout ReportStory) {
    end(into: &story)
    for number in threads.keys.sorted() { dump.add(threads[number]!) }
    dump.end(into: &story)
  }

  // MARK: Telling

  private mutating func end(into story: inout ReportStory) {
    guard let kind else { return }
    defer {
      self.kind = nil
      stacks = []
      takesFrames = false
    }
    let complete = kind == .order ? 4 : 2
    if stacks.count < complete || stacks.contains(where: \.frames.isEmpty) {
      story.warn("the report of go-deadlock at line \(line) is cut off")
    }
    guard stacks.count >= 2 else { return }
    switch kind {
    case .order: tellOrders(into: &story)
    case .recursive:
      let name = stacks.compactMap(\.lock).first ?? "a lock at line \(line)"
      let thread = "goroutine \(stacks.compactMap(\.goroutine).first ?? 0)"
      story.tell(
        ToldOrder(
          thread: thread, held: side(stacks[1], name), wanted: side(stacks[0], name)))
    case .timeout: noteTimeout()
    }
  }

  private func tellOrders(into story: inout ReportStory) {
    let first = Self.lock(stacks[0].call) ?? "first lock"
    let second = Self.lock(stacks[1].call) ?? "second lock"
    let names = first == second ? (first, second + " (second)") : (first, second)
    let number = "(report at line \(line))"
    let locks = ("\(names.0) \(number)", "\(names.1) \(number)")
    // The other order is in the headline, even where its places are cut off: then the locks are
    // known by what the first one calls them.
    let isWhole = stacks.count == 4 && !stacks.contains { $0.frames.isEmpty }
    let other = stacks.count == 4 ? (stacks[2], stacks[3]) : (Stack(line: line), Stack(line: line))
    var orders = [
      ToldOrder(thread: nil, held: side(stacks[0], locks.0), wanted: side(stacks[1], locks.1)),
      ToldOrder(
        thread: "another goroutine", held: side(other.0, locks.1), wanted: side(other.1, locks.0)),
    ]
    if !isWhole {
      (orders[0].held.lockClass, orders[0].wanted.lockClass) = (names.0, names.1)
      (orders[1].held.lockClass, orders[1].wanted.lockClass) = (names.1, names.0)
    }
    for order in orders { story.tell(order) }
  }

  private func side(_ stack: Stack, _ lock: String) -> ToldOrder.Side {
    let isRead = stack.call.contains("RLock(")
    return ToldOrder.Side(
      lock: lock, kind: isRead ? .rwlock : nil, mode: isRead ? .read : .write,
      place: ToldPlace(frames: Array(stack.frames.prefix(ToldPlace.depth))), line: stack.line)
  }

  /// `account` of `account.Lock()`, `b.mu` of `defer b.mu.RLock()`.
  private static func lock(_ call: String) -> String? {
    for word in [".Lock(", ".RLock(", ".lock("] {
      guard let found = call.ranges(of: word).first else { continue }
      let name = call[..<found.lowerBound].split { " \t(;".contains($0) }.last
      return name.map(String.init)
    }
    return nil
  }

  private mutating func noteTimeout() {
    guard let holder = stacks[0].goroutine, let waiter = stacks[1].goroutine,
      let address = stacks[1].lock ?? stacks[0].lock
    else { return }
    let name = Self.lock(stacks[1].call).map { "\($0) \(address)" } ?? "lock \(address)"
    let known = locks[address] ?? name
    locks[address] = known
    let lock = DumpedLock(name: known)
    let place = { (stack: Stack) in
      ToldPlace(frames: Array(stack.frames.prefix(ToldPlace.depth)))
    }
    var held = threads[holder] ?? DumpedThread(name: "goroutine \(holder)", line: stacks[0].line)
    if !held.holds.contains(where: { $0.lock == lock }) {
      held.holds.append(
        DumpedThread.Hold(
          lock: lock, mode: stacks[0].call.contains("RLock(") ? .read : .write,
          place: place(stacks[0]), line: stacks[0].line))
    }
    threads[holder] = held
    var waiting =
      threads[waiter] ?? DumpedThread(name: "goroutine \(waiter)", line: stacks[1].line)
    waiting.wait = .lock(lock, stacks[1].call.contains("RLock(") ? .read : .write)
    waiting.waitPlace = place(stacks[1])
    waiting.waitLine = stacks[1].line
    threads[waiter] = waiting
  }

  private var locks: [String: String] = [:]
}
