/// A report of the kernel's validator, as far as it was read.
struct KernelReport {
  enum Kind: Equatable {
    case orderCycle, sameClass, irqState, unsafeOrder, irqInversion, waitContext, nestNotTaken
    case unlock, contention, freed, heldAtExit, heldInUserSpace, rcu, assertion
    case neverInitialised, sleeping, scheduling, leakedByWork, spin(SpinTrouble)

    /// Whether the validator is off after it.
    var endsValidation: Bool {
      switch self {
      case .rcu, .sleeping, .scheduling, .leakedByWork, .spin, .assertion: false
      default: true
      }
    }
  }

  /// A class of a printed path of dependencies, and where it was acquired.
  struct Step {
    var lock: PrintedLock
    var stack = KernelStack()
    /// The task of the report acquired it just now.
    var isOwn = false
  }

  private(set) var kind: Kind
  /// Its headline is missing, so that how it goes on tells its kind.
  let isHeadless: Bool
  /// Something came behind its headline.
  private(set) var isGoingOn = false
  /// Of the headline.
  let line: UInt64
  /// `COMM/PID`
  var task: String?
  /// The lock that the report is about: asked for, released, freed.
  var wanted: PrintedLock?
  /// The one that is held already.
  var held: PrintedLock?
  /// All that the task holds.
  var heldLocks: [PrintedLock] = []
  /// How many it says the task holds.
  private(set) var heldCount: Int?
  private var lastHeldNumber: Int?
  /// The chain of an order cycle by its numbers.
  var chain: [Int: Step] = [:]
  var backtrace = KernelStack()
  /// The lock that is used in interrupts, and the one that is held with interrupts on.
  var safe: PrintedLock?
  var safeStack = KernelStack()
  var unsafe: PrintedLock?
  var unsafeStack = KernelStack()
  /// The interrupts that it is about, and whether readers are: of the lock that is used in them,
  /// and of the one that is held where they can come.
  private(set) var context: InterruptContext?
  private(set) var isUsedByReader = false
  private(set) var isEnabledForReader = false
  /// Of a state that changed: whether the other lock was taken after this one, or before.
  var isOtherAfter = true
  /// The state that the class had, `IN-HARDIRQ-W`, and the one that it gets.
  var usage: (old: String, new: String)?
  /// The paths of dependencies, in the order in which they are printed.
  var paths: [[Step]] = []
  var missingNest: PrintedLock?
  /// `kernel/fork.c:123`, of an assertion, and what it says.
  var place: String?
  var note: String?
  /// Of a work item: its function, and that it left a read section of RCU open.
  private(set) var workFunction: String?
  private(set) var leavesRCUOpen = false
  /// What it says of where it must not sleep.
  private(set) var isAtomic = false
  private(set) var hasInterruptsOff = false
  private(set) var isInsideRCU = false
  private(set) var spinLock: PrintedSpinLock?

  // How much of a report is kept, whatever the log holds.
  private static let longestPath = 64
  private static let longestChain = 1000

  /// What the next frames and locks belong to.
  private enum Section: Equatable {
    case none, wanted, held, heldLocks(Int), chain(Int), backtrace, safe, safeStack, unsafe
    case unsafeStack, path(Int), acquired(Int), missingNest, note
  }

  private var section = Section.none

  init(_ headline: KernelHeadline, line: UInt64, isHeadless: Bool = false) {
    kind = headline.kind
    self.isHeadless = isHeadless
    task = headline.task
    note = headline.note
    context = headline.context
    place = headline.place
    self.line = line
    if kind == .rcu { section = .note }
    if kind == .leakedByWork, !headline.rest.isEmpty {
      var rest = headline.rest
      rest.withUTF8 { _ = takeWork(UnsafeRawBufferPointer($0)) }
    }
  }

  enum Outcome { case taken, ignored, ended }

  /// Takes a line, without what stands before its text.
  mutating func take(_ text: UnsafeRawBufferPointer, line: UInt64) -> Outcome {
    if text.isEmpty { return takeEmptyLine() }
    if let frame = KernelFrame(text, line: line), !isExpectingNote(text) {
      guard append(frame) else { return .ignored }
      isGoingOn = true
      return .taken
    }
    if section == .backtrace, !backtrace.isEmpty,
      text.hasPrefix("</TASK>") || text.hasPrefix("---[") || text.contains("cut here ]")
    {
      return .ended
    }
    if Self.beginsTrace(text) {
      // A second trace is of something else.
      guard backtrace.isEmpty else { return .ended }
      section = .backtrace
      if let frame = KernelFrame(text.from(11), line: line) { backtrace.append(frame) }
      return .taken
    }
    guard
      takeNumbered(text, line) || takeMarker(text, line) || takeOwn(text) || takeLock(text, line)
    else { return .ignored }
    isGoingOn = true
    return .taken
  }

  /// `net/x.c:12 suspicious usage!` looks like a frame that a decoder made.
  private func isExpectingNote(_ text: UnsafeRawBufferPointer) -> Bool {
    section == .note && text.upTo(text.firstIndex(of: 0x20) ?? 0).contains("/")
  }

  /// `Call Trace:`, on arm64 `Call trace:`, on arm `Backtrace:`.
  private static func beginsTrace(_ text: UnsafeRawBufferPointer) -> Bool {
    text.hasPrefix("Call Trace:") || text.hasPrefix("Call trace:") || text.hasPrefix("Backtrace:")
      || text.hasPrefix("Call Backtrace:")
  }

  /// What of an assertion follows in another line: where it stands.
  mutating func completes(with headline: KernelHeadline) -> Bool {
    guard kind == .assertion, headline.kind == .assertion, place == nil, backtrace.isEmpty,
      let place = headline.place, headline.note == nil || headline.note == note
    else { return false }
    self.place = place
    if task == nil { task = headline.task }
    return true
  }

  /// Its headline says all that matters.
  var saysAllInOneLine: Bool {
    switch kind {
    case .spin, .sleeping, .scheduling, .leakedByWork: true
    default: false
    }
  }

  /// The stack that ends it is there.
  var isOver: Bool { !backtrace.isEmpty }

  /// The same with names of classes that no boot decides; `nil` if they are so.
  func withoutClassNumbers() -> KernelReport? {
    var report = self
    var hasNumbers = false
    func rename(_ lock: inout PrintedLock) {
      let name = PrintedLock.withoutNumber(lock.name)
      if name.utf8.count != lock.name.utf8.count { hasNumbers = true }
      lock.name = name
    }
    func renameAny(_ lock: inout PrintedLock?) {
      guard var known = lock else { return }
      rename(&known)
      lock = known
    }
    renameAny(&report.wanted)
    renameAny(&report.held)
    renameAny(&report.safe)
    renameAny(&report.unsafe)
    renameAny(&report.missingNest)
    for number in report.heldLocks.indices { rename(&report.heldLocks[number]) }
    for number in Array(report.chain.keys) { rename(&report.chain[number]!.lock) }
    for path in report.paths.indices {
      for step in report.paths[path].indices { rename(&report.paths[path][step].lock) }
    }
    return hasNumbers ? report : nil
  }

  /// Gives a report without a headline the kind that what is there is of.
  mutating func settleKind() {
    guard isHeadless, kind == .orderCycle, chain.isEmpty, let wanted, let held,
      wanted.name == held.name
    else { return }
    kind = .sameClass
  }

  private mutating func takeEmptyLine() -> Outcome {
    switch section {
    case .backtrace: return backtrace.isEmpty ? .ignored : .ended
    case .heldLocks where kind == .heldInUserSpace: return heldLocks.isEmpty ? .ignored : .ended
    case .safeStack where !safeStack.isEmpty: section = .none
    case .unsafeStack where !unsafeStack.isEmpty: section = .none
    case .acquired: section = .none
    default: break
    }
    return .ignored
  }

  private mutating func append(_ frame: KernelFrame) -> Bool {
    switch section {
    case .chain(let number): chain[number]?.stack.append(frame)
    case .backtrace: backtrace.append(frame)
    case .safeStack: safeStack.append(frame)
    case .unsafeStack: unsafeStack.append(frame)
    case .acquired(let path):
      guard let last = paths[path].indices.last else { return false }
      paths[path][last].stack.append(frame)
    default: return false
    }
    return true
  }

  /// `-> #1 (LOCK):`, `-> (LOCK) {`, `#0: LOCK`
  private mutating func takeNumbered(_ text: UnsafeRawBufferPointer, _ line: UInt64) -> Bool {
    if text.hasPrefix("-> #") {
      guard let (number, end) = Self.number(text.from(4)), number < Self.longestChain,
        let lock = PrintedLock(text.from(4 + end).trimmed, line: line)
      else { return false }
      if chain[number] == nil {
        chain[number] = Step(lock: lock)
        if let tail = lock.tail, let frame = KernelFrame(named: tail, line: line) {
          chain[number]?.stack.append(frame)
        }
      }
      section = .chain(number)
      return true
    }
    if text.hasPrefix("-> ") {
      guard let path = paths.indices.last, paths[path].count < Self.longestPath,
        let lock = PrintedLock(text.from(3), line: line)
      else { return false }
      paths[path].append(Step(lock: lock))
      section = .path(path)
      return true
    }
    guard case .heldLocks(let expected) = section, text.hasPrefix("#"),
      let (number, end) = Self.number(text.from(1)), text.from(1 + end).hasPrefix(":"),
      let lock = PrintedLock(text.from(1 + end + 1).trimmed, line: line)
    else { return false }
    if lastHeldNumber == number, let last = heldLocks.indices.last {
      // A decoder wrote a line for each function that was inlined; the last is the function itself.
      heldLocks[last] = lock
    } else if heldLocks.count < min(expected, Self.longestPath) {
      heldLocks.append(lock)
      lastHeldNumber = number
    }
    return true
  }

  private static func number(_ text: UnsafeRawBufferPointer) -> (number: Int, length: Int)? {
    let digits = text.prefix { isDigit($0) }
    guard !digits.isEmpty, digits.count < 6 else { return nil }
    return (digits.reduce(0) { $0 * 10 + Int($1 & 0xF) }, digits.count)
  }

  /// A lock or name on a line of its own, where one is expected.
  private mutating func takeLock(_ text: UnsafeRawBufferPointer, _ line: UInt64) -> Bool {
    switch section {
    case .missingNest:
      missingNest = PrintedLock(name: text.text, line: line)
      section = .none
      return true
    case .note:
      guard let colon = text.offset(of: ":"), let (_, length) = Self.number(text.from(colon + 1)),
        text.from(colon + 1 + length).hasPrefix(" "), !text.upTo(colon).contains(" ")
      else { return false }
      place = text.upTo(colon + 1 + length).text
      note = text.from(colon + 2 + length).text
      section = .none
      return true
    default: break
    }
    guard let lock = PrintedLock(text, line: line) else { return false }
    switch section {
    case .wanted: wanted = lock
    case .held: held = lock
    case .safe: safe = lock
    case .unsafe: unsafe = lock
    default: return false
    }
    // The line of the function in which it was inlined follows.
    if !text.hasSuffix("[inline]") { section = .none }
    return true
  }

  /// What reports of other parts of the kernel say in lines of their own.
  private mutating func takeOwn(_ text: UnsafeRawBufferPointer) -> Bool {
    switch kind {
    case .sleeping:
      if text.hasPrefix("in_atomic():") { return takeAtomic(text) }
      if text.hasPrefix("RCU nest depth: "),
        let (depth, length) = Self.number(text.from(16)),
        let expected = text.offset(of: "expected: ", from: 16 + length),
        let (usual, _) = Self.number(text.from(expected + 10))
      {
        isInsideRCU = depth > usual
        return true
      }
      return false
    case .leakedByWork: return takeWork(text)
    case .spin:
      guard spinLock == nil, let lock = PrintedSpinLock(text) else { return false }
      spinLock = lock
      return true
    default: return false
    }
  }

  /// `in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 757, name: dd`
  private mutating func takeAtomic(_ text: UnsafeRawBufferPointer) -> Bool {
    func value(_ key: StaticString) -> UnsafeRawBufferPointer? {
      text.offset(of: key).map { text.from($0 + key.utf8CodeUnitCount).trimmedStart }
    }
    isAtomic = value("in_atomic():").map { $0.first != UInt8(ascii: "0") } ?? false
    hasInterruptsOff = value("irqs_disabled():").map { $0.first != UInt8(ascii: "0") } ?? false
    if let name = value("name:"), let process = value("pid:"), !name.isEmpty {
      let number = process.prefix(while: isDigit)
      task = "\(name.trimmed.text)/\(String(decoding: number, as: UTF8.self))"
    }
    return true
  }

  /// `last function: F [MODULE]`, `preempt=0x00000000 lock=0->0 RCU=0->1 workfn=F [MODULE]`
  private mutating func takeWork(_ text: UnsafeRawBufferPointer) -> Bool {
    for key in ["last function: ", "workfn="] as [StaticString] {
      guard let start = text.offset(of: key) else { continue }
      let word = KernelFrame.withoutAddress(text.from(start + key.utf8CodeUnitCount).trimmed)
      workFunction = word.text
      if let counts = text.offset(of: "RCU="), let arrow = text.offset(of: "->", from: counts) {
        let before = UnsafeRawBufferPointer(rebasing: text[(counts + 4)..<arrow])
        let after = text.from(arrow + 2).prefix(while: isDigit)
        leavesRCUOpen = !before.elementsEqual(after)
      }
      return true
    }
    return false
  }

  private mutating func takeMarker(_ text: UnsafeRawBufferPointer, _ line: UInt64) -> Bool {
    if takeTask(text, line) { return true }
    if text.hasPrefix("but task is already holding") || text.hasPrefix("and this task is already") {
      section = .held
    } else if text.hasPrefix("stack backtrace:") {
      section = backtrace.isEmpty ? .backtrace : .none
    } else if text.hasPrefix("CPU: "), let comm = text.offset(of: " Comm: "),
      let pid = text.offset(of: " PID: ")
    {
      takeProcess(text, pid: pid, comm: comm)
    } else if text.hasPrefix("but this new dependency connects a") {
      section = .safe
      noteContext(text)
    } else if text.hasPrefix("... which became"), text.hasSuffix("-safe at:") {
      section = .safeStack
    } else if text.hasPrefix("... which became"), text.hasSuffix("-unsafe at:") {
      section = .unsafeStack
    } else if text.hasPrefix("to a "), text.hasSuffix("-unsafe lock:") {
      section = .unsafe
      noteContext(text)
    } else if text.hasPrefix("but this lock took another") {
      section = .unsafe
      noteContext(text)
    } else if text.hasPrefix("but this lock was taken by another") {
      isOtherAfter = false
      section = .safe
      noteContext(text)
    } else if text.hasPrefix("the dependencies between")
      || text.hasPrefix("the shortest dependencies between")
    {
      if paths.count < 2 { paths.append([]) }
      section = .none
    } else if text.hasPrefix("... acquired at:"), let path = paths.indices.last {
      section = .acquired(path)
    } else if text.hasPrefix("inconsistent {"), let arrow = text.offset(of: "} -> {"),
      let end = text.offset(of: "} usage", from: arrow + 6)
    {
      usage = (
        UnsafeRawBufferPointer(rebasing: text[14..<arrow]).text,
        UnsafeRawBufferPointer(rebasing: text[(arrow + 6)..<end]).text
      )
    } else if text.hasPrefix("{"), text.hasSuffix("state was registered at:") {
      section = .safeStack
    } else if text.hasPrefix("but this task is not holding:") {
      section = .missingNest
    } else if Self.endsSection(text) {
      section = .none
    } else {
      return false
    }
    return true
  }

  /// `HARDIRQ-irq-safe`, `SOFTIRQ-READ-irq-unsafe`
  private mutating func noteContext(_ text: UnsafeRawBufferPointer) {
    if context == nil { context = KernelHeadline.context(in: text) }
    guard text.contains("-READ-") else { return }
    if text.contains("-unsafe") { isEnabledForReader = true } else { isUsedByReader = true }
  }

  private static func endsSection(_ text: UnsafeRawBufferPointer) -> Bool {
    text.hasPrefix("other info that might help") || text.hasPrefix("... key ")
      || text.hasSuffix("-W at:") || text.hasSuffix("-R at:") || text.hasPrefix("INITIAL USE at:")
      || text.hasPrefix("INITIAL READ USE at:") || text.hasPrefix("Possible ")
      || text.hasPrefix("irq event stamp:") || text.hasPrefix("which ")
      || text.hasPrefix("Preemption disabled at:")
      || text.hasPrefix("the existing dependency chain")
  }

  /// Lines that begin with the task.
  private mutating func takeTask(_ text: UnsafeRawBufferPointer, _ line: UInt64) -> Bool {
    for word in [" is trying to release lock (", " is trying to contend lock ("] as [StaticString] {
      guard let found = text.offset(of: word) else { continue }
      setTask(text.upTo(found))
      let name = text.from(found + word.utf8CodeUnitCount)
      if let end = name.offset(of: ") at:") {
        wanted = PrintedLock(name: name.upTo(end).text, line: line)
        let site = KernelFrame.withoutAddress(name.from(end + 5).trimmed)
        if !site.isEmpty { wanted?.site = site.text }
      }
      return true
    }
    if let found = text.offset(of: " locks held by ") ?? text.offset(of: " lock held by "),
      let (count, length) = Self.number(text), length == found
    {
      guard heldLocks.isEmpty else {
        section = .none
        return true
      }
      heldCount = count
      section = .heldLocks(count)
      if task == nil, kind == .heldAtExit || kind == .heldInUserSpace || kind == .leakedByWork,
        let by = text.offset(of: " held by ")
      {
        task = text.from(by + 9).withoutColon.text
      }
      return true
    }
    if text.hasPrefix("no locks held by ") {
      heldCount = 0
      section = .none
      return true
    }
    for word in [
      " is trying to acquire", " is trying to lock:", " just changed the state of lock:",
      " is freeing memory ", " is leaving the kernel with locks still held",
      " is exiting with locks still held",
    ] as [StaticString] {
      guard let found = text.offset(of: word) else { continue }
      setTask(text.upTo(found))
      section = .wanted
      return true
    }
    if kind == .irqState || kind == .orderCycle && isHeadless, text.hasSuffix(" takes:") {
      setTask(text.upTo(text.count - 7))
      section = .wanted
      return true
    }
    return false
  }

  /// `COMM/PID`, perhaps with the state of interrupts behind it.
  private mutating func setTask(_ text: UnsafeRawBufferPointer) {
    let name = text.offset(of: " [HC").map(text.upTo) ?? text
    if !name.isEmpty { task = name.trimmed.text }
  }

  /// `CPU: 0 [UID: 0] PID: 57 Comm: ldt-B Tainted: …`
  private mutating func takeProcess(_ text: UnsafeRawBufferPointer, pid: Int, comm: Int) {
    guard task == nil, pid < comm else { return }
    let number = text.from(pid + 6).prefix { isDigit($0) }
    let rest = text.from(comm + 7)
    let end =
      rest.offset(of: " Tainted:") ?? rest.offset(of: " Not tainted") ?? rest.offset(of: " ")
    let name = rest.upTo(end ?? rest.count).trimmed
    guard !name.isEmpty, !number.isEmpty else { return }
    task = "\(name.text)/\(String(decoding: number, as: UTF8.self))"
  }

  // MARK: Reports whose beginning is missing

  /// The kind of the report that a line belongs to, which has no headline.
  static func headless(_ text: UnsafeRawBufferPointer) -> Kind? {
    let kinds: [(StaticString, Kind)] = [
      (" is trying to acquire lock:", .orderCycle), (" is trying to lock:", .waitContext),
      (" is trying to release lock (", .unlock), (" is trying to contend lock (", .contention),
      (" just changed the state of lock:", .irqInversion),
      (" is leaving the kernel with locks still held", .heldInUserSpace),
    ]
    guard let (phrase, kind) = kinds.first(where: { text.contains($0.0) }),
      let start = text.offset(of: phrase), isTask(text.upTo(start))
    else { return nil }
    return kind
  }

  /// `COMM/PID`
  private static func isTask(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let slash = text.lastIndex(of: UInt8(ascii: "/")), slash > 0, slash + 1 < text.count,
      text.count < 40
    else { return false }
    return text[(slash + 1)...].allSatisfy(isDigit)
  }
}

extension UnsafeRawBufferPointer {
  /// Without a colon at its end.
  fileprivate var withoutColon: UnsafeRawBufferPointer {
    let text = trimmed
    return text.hasSuffix(":") ? text.upTo(text.count - 1) : text
  }
}
