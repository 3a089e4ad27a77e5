extension TraceFormat {
  /// What valgrind's Helgrind reports of locks.
  public static let helgrind = TraceFormat(named: "helgrind")
}

/// Reads Helgrind's reports of lock orders, and of locks that are taken twice, given up by others,
/// destroyed while they are held or kept beyond the end of a thread.
///
/// It tells the thread that took the locks in the second order and not that of the first.
struct HelgrindReport: ForeignReport {
  static var format: TraceFormat { .helgrind }
  static var title: String { "a report of Helgrind" }
  static var source: String { "what valgrind --tool=helgrind PROGRAM prints" }
  static var absence: String? { "Helgrind's output without reports about locks" }

  private enum Kind { case order, relock, unlockUnheld, unlockForeign, destroyed, ended }

  private struct Stack {
    var lock = ""
    var frames: [String] = []
    var line: UInt64 = 0
  }

  private enum Section { case offence, observed, first, lock, allocation, before, none }

  private var kind: Kind?
  private var line: UInt64 = 0
  private var thread = ""
  private var owner = ""
  private var section = Section.none
  /// What the report is about, without a lock's own stacks.
  private var offence = Stack()
  private var before = Stack()
  /// The acquisitions of the order that was broken, and then those of the order before it.
  private var observed: [Stack] = []
  private var required: [Stack] = []
  private var pair: (String, String)?
  private var described: String?
  /// The names and places that describe locks, of all reports: the second report of a lock may not
  /// repeat them.
  private var symbols: [String: String] = [:]
  private var allocations: [String: [String]] = [:]
  private var isToldOf: Set<String> = []
  private var isAnything = false
  private var didEnd = false

  private static let depth = 256

  static func headline(in line: UnsafeRawBufferPointer) -> Int? {
    guard line.hasPrefix("==") || line.contains("==") else { return nil }
    if let start = line.offset(of: "Helgrind, a thread error detector") { return start }
    guard let start = line.offset(of: "== Thread #"), line.contains(": lock order \"0x") else {
      return nil
    }
    return start + 3
  }

  var shortcoming: String? {
    isAnything
      ? "holds a report of Helgrind that is cut off: it tells neither locks nor places" : nil
  }

  mutating func take(
    _ line: UnsafeRawBufferPointer, number: UInt64, isHeadline: Bool, into story: inout ReportStory
  ) {
    let text = line.trimmed
    if text.hasPrefix("at 0x") || text.hasPrefix("by 0x") {
      append(text, number)
    } else if text.hasPrefix("Thread #") {
      takeThread(text, number, into: &story)
    } else if text.hasPrefix("------") || text.hasPrefix("---Thread-Announcement")
      || text.hasPrefix("ERROR SUMMARY:")
    {
      end(into: &story)
    } else {
      takeMarker(text, number)
    }
  }

  private mutating func takeThread(
    _ text: UnsafeRawBufferPointer, _ number: UInt64, into story: inout ReportStory
  ) {
    guard let count = text.from(8).leadingNumber else { return }
    if text.hasSuffix(" was created") || text.contains("program's root thread") { return }
    end(into: &story)
    thread = "thread #\(count)"
    line = number
    section = .offence
    if let order = text.offset(of: ": lock order \"") {
      kind = .order
      let rest = text.from(order + 14)
      if let middle = rest.offset(of: " before "), let last = rest.offset(of: "\"") {
        pair = (
          rest.upTo(middle).text,
          UnsafeRawBufferPointer(rebasing: rest[(middle + 8)..<max(middle + 8, last)]).text
        )
      }
    } else if text.contains("Attempt to re-lock a non-recursive lock") {
      kind = .relock
    } else if text.contains(" unlocked lock at "), text.contains(" currently held by thread #") {
      kind = .unlockForeign
      offence.lock = Self.address(text, behind: " unlocked lock at ")
      owner =
        text.offset(of: " held by thread #").flatMap { text.from($0 + 17).leadingNumber }
        .map { "thread #\($0)" } ?? ""
    } else if text.contains(" unlocked a not-locked lock at ")
      || text.contains(" unlocked an invalid lock at ")
    {
      kind = .unlockUnheld
      offence.lock = Self.address(text, behind: " lock at ")
    } else if text.contains("_destroy of a locked mutex") || text.contains(" of a locked ") {
      kind = .destroyed
    } else if text.contains("Exiting thread still holds") {
      kind = .ended
    } else {
      section = .none
    }
  }

  private static func address(
    _ text: UnsafeRawBufferPointer, behind words: StaticString
  ) -> String {
    text.offset(of: words).map { text.from($0 + words.utf8CodeUnitCount).word.text } ?? ""
  }

  private mutating func takeMarker(_ text: UnsafeRawBufferPointer, _ number: UInt64) {
    guard kind != nil else { return }
    if text.isEmpty { return }
    if text.hasPrefix("Observed (incorrect) order is: acquisition of lock at ") {
      begin(&observed, Self.address(text, behind: "lock at "), number)
      section = .observed
    } else if text.hasPrefix("Required order was established by acquisition of lock at ") {
      begin(&required, Self.address(text, behind: "lock at "), number)
      section = .first
    } else if text.hasPrefix("followed by a later acquisition of lock at ") {
      let lock = Self.address(text, behind: "lock at ")
      if required.isEmpty {
        begin(&observed, lock, number)
        section = .observed
      } else {
        begin(&required, lock, number)
        section = .first
      }
    } else if text.hasPrefix("Lock at ") || text.hasPrefix("Lock was previously acquired") {
      if text.hasPrefix("Lock at ") { described = Self.address(text, behind: "Lock at ") }
      if kind == .relock || kind == .destroyed, offence.lock.isEmpty, let described {
        offence.lock = described
      }
      section = text.contains("previously acquired") ? .before : .lock
    } else if text.hasPrefix("Address 0x") {
      describe(text)
    } else if text.contains("Block was alloc'd") || !text.hasPrefix("Thread") {
      section = section == .offence && offence.frames.isEmpty ? .offence : .none
    }
  }

  private func begin(_ stacks: inout [Stack], _ lock: String, _ line: UInt64) {
    guard stacks.count < 2 else { return }
    stacks.append(Stack(lock: lock, line: line))
  }

  /// `Address 0x10c040 is 0 bytes inside data symbol "account_lock"`, or a block and where it was
  /// allocated.
  private mutating func describe(_ text: UnsafeRawBufferPointer) {
    let lock = described ?? offence.lock
    section = .none
    guard !lock.isEmpty else { return }
    if let symbol = text.between("inside data symbol \"", "\"") {
      let offset = text.between(" is ", " bytes inside")?.text ?? "0"
      symbols[lock] = offset == "0" ? symbol.text : "\(symbol.text)+\(offset)"
    } else if text.contains(" bytes inside a block of size "), allocations[lock] == nil {
      allocations[lock] = []
      described = lock
      section = .allocation
    }
  }

  private mutating func append(_ text: UnsafeRawBufferPointer, _ number: UInt64) {
    guard kind != nil, let colon = text.offset(of: ": ") else { return }
    guard let frame = Self.frame(text.from(colon + 2)) else { return }
    switch section {
    case .offence:
      if offence.frames.count < Self.depth { offence.frames.append(frame) }
    case .before:
      if before.frames.count < Self.depth { before.frames.append(frame) }
      before.line = before.line == 0 ? number : before.line
    case .observed: Self.append(frame, to: &observed)
    case .first: Self.append(frame, to: &required)
    case .allocation:
      if let described, allocations[described, default: []].count < Self.depth {
        allocations[described, default: []].append(frame)
      }
    case .lock, .none: break
    }
  }

  private static func append(_ frame: String, to stacks: inout [Stack]) {
    guard let last = stacks.indices.last, stacks[last].frames.count < depth else { return }
    stacks[last].frames.append(frame)
  }

  /// `audit_run (audit.c:120)`, `??? (in /usr/lib/x.so)`
  private static func frame(_ text: UnsafeRawBufferPointer) -> String? {
    if let library = text.offset(of: " (in ") {
      let name = text.upTo(library).text
      return name == "???" ? "???" : name
    }
    return text.text
  }

  // MARK: Telling

  mutating func finish(into story: inout ReportStory) {
    if kind != nil { story.warn("Helgrind's report at line \(line) may be cut off") }
    end(into: &story)
  }

  private mutating func end(into story: inout ReportStory) {
    guard let kind else { return }
    isAnything = true
    defer {
      self.kind = nil
      section = .none
      offence = Stack()
      before = Stack()
      observed = []
      required = []
      pair = nil
      described = nil
      owner = ""
    }
    switch kind {
    case .order: tellOrders(into: &story)
    case .relock:
      guard !offence.lock.isEmpty || !offence.frames.isEmpty else { return }
      introduce(lock, into: &story)
      let first = ToldOrder.Side(
        lock: name(lock), lockClass: symbols[lock], place: NativeFrames.place(before.frames),
        line: line)
      let second = ToldOrder.Side(
        lock: name(lock), lockClass: symbols[lock], place: NativeFrames.place(offence.frames),
        line: line)
      story.tell(ToldOrder(thread: thread, held: first, wanted: second))
    case .unlockUnheld, .unlockForeign:
      introduce(lock, into: &story)
      if kind == .unlockForeign, !owner.isEmpty {
        story.tell(ToldEvent(verb: .acquire, thread: owner, lock: name(lock), line: line))
      }
      var event = ToldEvent(verb: .release, thread: thread, lock: name(lock), line: line)
      event.place = NativeFrames.place(offence.frames)
      story.tell(event)
      if kind == .unlockForeign, !owner.isEmpty {
        story.tell(ToldEvent(verb: .release, thread: owner, lock: name(lock), line: line))
      }
    case .destroyed:
      introduce(lock, into: &story)
      let held = ToldOrder.Side(
        lock: name(lock), lockClass: symbols[lock], place: NativeFrames.place(before.frames),
        line: line)
      story.tell(story.acquisition(of: held, by: thread))
      var event = ToldEvent(verb: .destroy, thread: thread, lock: name(lock), line: line)
      event.place = NativeFrames.place(offence.frames)
      story.tell(event)
    case .ended:
      let place = NativeFrames.place(offence.frames)
      story.tell(
        .violation(
          .exited, of: nil,
          events: [
            FindingEvent(
              role: .exit, thread: thread, lock: nil, at: nil, stack: place.frames, input: "",
              line: line)
          ], isReported: true))
    }
  }

  /// The lock that the report is about, where it is about one.
  private var lock: String { offence.lock.isEmpty ? "at line \(line)" : offence.lock }

  private mutating func tellOrders(into story: inout ReportStory) {
    // Of an order that is cut off, the headline tells that there is one.
    let before = pair.map { [$0.0, $0.1] } ?? required.map(\.lock)
    guard before.count == 2 else { return }
    for lock in before { introduce(lock, into: &story) }
    story.tell(order(required, before[0], before[1], thread: nil))
    story.tell(order(observed, before[1], before[0], thread: thread))
  }

  private func order(
    _ stacks: [Stack], _ held: String, _ wanted: String, thread: String?
  ) -> ToldOrder {
    func side(_ lock: String) -> ToldOrder.Side {
      let stack = stacks.first { $0.lock == lock }
      let request = NativeFrames.request(stack?.frames ?? [])
      let isNameless = symbols[lock] == nil && (stack?.frames.isEmpty ?? true)
      let known = symbols[lock] ?? (isNameless ? fallback(lock) : nil)
      return ToldOrder.Side(
        lock: name(lock), lockClass: known, kind: request.kind, mode: request.mode,
        isTry: request.isTry, place: NativeFrames.place(stack?.frames ?? []),
        line: stack?.line ?? line)
    }
    return ToldOrder(thread: thread, held: side(held), wanted: side(wanted))
  }

  /// A class for a lock of which a report that is cut off tells nothing but the address.
  private func fallback(_ lock: String) -> String? {
    let isPlaced = (observed + required).contains { $0.lock == lock && !$0.frames.isEmpty }
    guard !isPlaced, let pair else { return nil }
    return lock == pair.0 ? "lock 1 of an order" : "lock 2 of an order"
  }

  private mutating func introduce(_ lock: String, into story: inout ReportStory) {
    guard isToldOf.insert(lock).inserted else { return }
    let frames = (allocations[lock] ?? []).drop { Self.isAllocation($0) }
    story.tellInitialization(
      of: name(lock), by: Witness.unknownThread, lockClass: symbols[lock],
      place: ToldPlace(frames: Array(frames.prefix(ToldPlace.depth))), line: line)
  }

  private static func isAllocation(_ frame: String) -> Bool {
    ["malloc", "calloc", "realloc", "operator new", "memalign", "posix_memalign", "???"].contains {
      frame.hasPrefix($0)
    }
  }

  private func name(_ lock: String) -> String { "lock \(lock)" }
}
