extension TraceFormat {
  /// What ThreadSanitizer reports of locks.
  public static let tsan = TraceFormat(named: "tsan")
}

/// Reads ThreadSanitizer's reports of lock orders, of locks that are taken twice, given up without
/// being held, or destroyed while they are held. Races are none of its business.
///
/// An order names its thread, and both places if the program ran with `second_deadlock_stack=1`.
struct TSanReport: ForeignReport {
  static var format: TraceFormat { .tsan }
  static var title: String { "a report of ThreadSanitizer" }
  static var source: String { "what a program built with -fsanitize=thread prints" }
  static var absence: String? { "ThreadSanitizer's reports, none of which is about locks" }

  private enum Kind { case inversion, doubleLock, readOfWritten, unlock, destroy, other }

  private enum Section: Equatable {
    case offence, wanted, held, created, before, none
  }

  private struct Mutex {
    var name: String
    var address: UInt64?
    var created = ToldPlace()
    var frames: [String] = []
    var line: UInt64
  }

  private struct Side {
    var wanted: String
    var held: String
    var thread: String
    var wantedFrames: [String] = []
    var heldFrames: [String] = []
    var line: UInt64
    var heldLine: UInt64
  }

  private var kind: Kind?
  private var line: UInt64 = 0
  private var process = ""
  private var firstProcess: String?
  private var section = Section.none
  private var cycle: [String] = []
  private var sides: [Side] = []
  private var mutexes: [String: Mutex] = [:]
  private var order: [String] = []
  private var created: String?
  private var globals: [(name: String, start: UInt64, size: UInt64)] = []
  private var threads: [String: String] = [:]
  private var offence: [String] = []
  private var before: [String] = []
  private var isAnything = false
  /// The mutexes of which it was told where they were made.
  private var introduced: Set<String> = []

  private static let longestCycle = 1000
  private static let depth = 256

  static func headline(in line: UnsafeRawBufferPointer) -> Int? {
    line.offset(of: "WARNING: ThreadSanitizer: ")
  }

  var shortcoming: String? {
    isAnything
      ? "holds a report of ThreadSanitizer that is cut off: it tells neither locks nor places" : nil
  }

  mutating func take(
    _ line: UnsafeRawBufferPointer, number: UInt64, isHeadline: Bool, into story: inout ReportStory
  ) {
    let text = line.trimmed
    if isHeadline {
      end(into: &story, isCut: kind != nil)
      begin(text, number)
      return
    }
    guard kind != nil else { return }
    if let frame = TSanFrame.text(text) {
      append(frame)
    } else if text.hasPrefix("SUMMARY: ThreadSanitizer:") {
      end(into: &story, isCut: false)
    } else {
      takeMarker(text, number)
    }
  }

  private mutating func begin(_ text: UnsafeRawBufferPointer, _ number: UInt64) {
    let what = text.from(26)
    if what.hasPrefix("lock-order-inversion") {
      kind = .inversion
    } else if what.hasPrefix("double lock of a mutex") {
      kind = .doubleLock
    } else if what.hasPrefix("read lock of a write locked mutex") {
      kind = .readOfWritten
    } else if what.hasPrefix("unlock of an unlocked mutex") {
      kind = .unlock
    } else if what.hasPrefix("destroy of a locked mutex") {
      kind = .destroy
    } else {
      kind = .other
    }
    process = what.between("(pid=", ")")?.text ?? ""
    if firstProcess == nil { firstProcess = process }
    line = number
    section = .offence
  }

  private mutating func append(_ frame: String) {
    guard !frame.isEmpty else { return }
    switch section {
    case .offence: if offence.count < Self.depth { offence.append(frame) }
    case .before: if before.count < Self.depth { before.append(frame) }
    case .wanted:
      guard let last = sides.indices.last, sides[last].wantedFrames.count < Self.depth else {
        return
      }
      sides[last].wantedFrames.append(frame)
    case .held:
      guard let last = sides.indices.last, sides[last].heldFrames.count < Self.depth else { return }
      sides[last].heldFrames.append(frame)
    case .created:
      guard let created, mutexes[created]!.frames.count < Self.depth else { return }
      mutexes[created]!.frames.append(frame)
    case .none: break
    }
  }

  private mutating func takeMarker(_ text: UnsafeRawBufferPointer, _ number: UInt64) {
    if text.isEmpty {
      if section == .created || section == .offence && !offence.isEmpty { section = .none }
    } else if text.hasPrefix("Cycle in lock order graph: ") {
      takeCycle(text.from(27), number)
    } else if text.hasPrefix("Mutex ") || text.hasPrefix("RWMutex ") {
      takeMutex(text.from(text.hasPrefix("RW") ? 8 : 6), number)
    } else if text.hasPrefix("Location is global '"), let name = text.between("global '", "'") {
      guard let size = text.offset(of: " of size ").flatMap({ text.from($0 + 9).leadingNumber }),
        let at = text.offset(of: " at 0x"),
        let start = UInt64(text.from(at + 6).word.text, radix: 16)
      else { return }
      globals.append((name.text, start, UInt64(size)))
    } else if text.hasPrefix("Thread T"), let end = text.offset(of: " (") {
      let name = text.from(7).word.text
      if let quoted = text.upTo(end).offset(of: " '"), text.upTo(end).hasSuffix("'") {
        threads[name] =
          UnsafeRawBufferPointer(rebasing: text[(quoted + 2)..<max(quoted + 2, end - 1)]).text
      }
      section = .none
    } else if text.hasPrefix("and:") || text.hasPrefix("And:") {
      section = .before
    } else if !text.hasPrefix("Hint:") {
      section = .none
    }
  }

  /// `M21 (0x7b1000000040) => M22 (0x7b1000000080) => M21`
  private mutating func takeCycle(_ text: UnsafeRawBufferPointer, _ number: UInt64) {
    var rest = text
    while cycle.count < Self.longestCycle {
      let name = rest.word.text
      guard !name.isEmpty else { break }
      note(name, rest.from(name.utf8.count), number)
      cycle.append(name)
      guard let arrow = rest.offset(of: "=> ") else { break }
      rest = rest.from(arrow + 3)
    }
    if cycle.count > 1, cycle.last == cycle.first { cycle.removeLast() }
    section = .none
  }

  /// Notes a mutex and the address that may stand behind its name.
  private mutating func note(_ name: String, _ rest: UnsafeRawBufferPointer, _ number: UInt64) {
    if mutexes[name] == nil {
      mutexes[name] = Mutex(name: name, line: number)
      order.append(name)
    }
    guard rest.hasPrefix(" (0x") else { return }
    mutexes[name]!.address = UInt64(rest.from(4).word.text, radix: 16)
  }

  private mutating func takeMutex(_ text: UnsafeRawBufferPointer, _ number: UInt64) {
    let name = text.word.text
    guard !name.isEmpty else { return }
    let rest = text.from(name.utf8.count)
    note(name, rest, number)
    if let holding = rest.offset(of: " acquired here while holding mutex ") {
      let held = rest.from(holding + 35)
      let other = held.word.text
      guard !other.isEmpty, sides.count < Self.longestCycle else { return }
      note(other, held.from(other.utf8.count), number)
      let thread = held.offset(of: " in ").map { held.from($0 + 4) }
      var who = thread?.text ?? ""
      if who.hasSuffix(":") { who.removeLast() }
      if who.hasPrefix("thread ") { who.removeFirst(7) }
      sides.append(
        Side(wanted: name, held: other, thread: who, line: number, heldLine: number))
      section = .wanted
    } else if rest.contains(" previously acquired by the same thread here:") {
      guard let last = sides.indices.last, sides[last].held == name else {
        section = .none
        return
      }
      sides[last].heldLine = number
      section = .held
    } else if rest.contains(" created at:") {
      created = name
      section = .created
    } else {
      section = .none
    }
  }

  // MARK: Telling

  mutating func finish(into story: inout ReportStory) { end(into: &story, isCut: kind != nil) }

  private mutating func end(into story: inout ReportStory, isCut: Bool) {
    guard let kind else { return }
    defer {
      let processes = firstProcess
      let anything = isAnything
      let known = introduced
      self = TSanReport()
      introduced = known
      firstProcess = processes
      isAnything = anything
    }
    guard kind != .other else { return }
    isAnything = true
    let isWhole = kind == .inversion ? !cycle.isEmpty || !sides.isEmpty : !offence.isEmpty
    if isCut { story.warn("the report of ThreadSanitizer at line \(line) is cut off") }
    guard isWhole else { return }
    for name in order where introduced.insert(lock(name)).inserted {
      let mutex = mutexes[name]!
      story.tellInitialization(
        of: lock(name), by: Witness.unknownThread, lockClass: lockClass(name),
        place: NativeFrames.place(mutex.frames), line: mutex.line)
    }
    switch kind {
    case .inversion: tellOrders(into: &story)
    case .doubleLock: tellTwice(reads: false, into: &story)
    case .readOfWritten: tellTwice(reads: true, into: &story)
    case .unlock:
      var event = ToldEvent(
        verb: .release, thread: Witness.unknownThread, lock: offended, line: line)
      event.place = NativeFrames.place(offence)
      story.tell(event)
    case .destroy:
      let side = ToldOrder.Side(
        lock: offended, place: NativeFrames.place(before), line: line)
      story.tell(story.acquisition(of: side, by: Witness.unknownThread))
      var event = ToldEvent(
        verb: .destroy, thread: Witness.unknownThread, lock: offended, line: line)
      event.place = NativeFrames.place(offence)
      story.tell(event)
    case .other: break
    }
  }

  private func tellTwice(reads: Bool, into story: inout ReportStory) {
    let lock = offended
    story.tell(
      ToldEvent(verb: .acquire, thread: Witness.unknownThread, lock: lock, line: line))
    var again = ToldEvent(
      verb: .acquire, thread: Witness.unknownThread, lock: lock, line: line)
    again.mode = reads ? .read : .write
    again.place = NativeFrames.place(offence)
    story.tell(again)
    for _ in 0..<2 {
      story.tell(
        ToldEvent(verb: .release, thread: Witness.unknownThread, lock: lock, line: line))
    }
  }

  private func tellOrders(into story: inout ReportStory) {
    for side in sides {
      let wanted = NativeFrames.request(side.wantedFrames)
      let held = NativeFrames.request(side.heldFrames)
      story.tell(
        ToldOrder(
          thread: side.thread.isEmpty ? nil : thread(side.thread),
          held: ToldOrder.Side(
            lock: lock(side.held), lockClass: lockClass(side.held), kind: held.kind,
            mode: held.mode, place: NativeFrames.place(side.heldFrames), line: side.heldLine),
          wanted: ToldOrder.Side(
            lock: lock(side.wanted), lockClass: lockClass(side.wanted), kind: wanted.kind,
            mode: wanted.mode, isTry: wanted.isTry, place: NativeFrames.place(side.wantedFrames),
            line: side.line)))
    }
    // Of orders that are not shown the cycle alone tells.
    guard cycle.count > 1 else { return }
    for (number, name) in cycle.enumerated() {
      let next = cycle[(number + 1) % cycle.count]
      guard !sides.contains(where: { $0.held == name && $0.wanted == next }) else { continue }
      story.tell(
        ToldOrder(
          thread: nil,
          held: ToldOrder.Side(lock: lock(name), lockClass: lockClass(name), line: line),
          wanted: ToldOrder.Side(lock: lock(next), lockClass: lockClass(next), line: line)))
    }
  }

  /// The mutex that the report is about, where it is about one.
  private var offended: String { order.first.map(lock) ?? "a mutex at line \(line)" }

  private func lock(_ name: String) -> String {
    var text = name
    if let address = mutexes[name]?.address { text += " (0x\(String(address, radix: 16)))" }
    return process == firstProcess ? text : text + " of process \(process)"
  }

  /// The global variable that a mutex is or is in; a mutex of which nothing else is known has its
  /// place in the cycle.
  private func lockClass(_ name: String) -> String? {
    if let address = mutexes[name]?.address,
      let global = globals.first(where: { address >= $0.start && address - $0.start < $0.size })
    {
      let offset = address - global.start
      return offset == 0 ? global.name : "\(global.name)+\(offset)"
    }
    // A held mutex without a place is known by where it is asked for.
    if sides.contains(where: { $0.held == name && $0.heldFrames.isEmpty }),
      let other = sides.first(where: { $0.wanted == name && !$0.wantedFrames.isEmpty })
    {
      return NativeFrames.nameOfLock(takenAt: NativeFrames.place(other.wantedFrames))
    }
    let isPlaced =
      !(mutexes[name]?.frames.isEmpty ?? true)
      || sides.contains {
        $0.wanted == name && !$0.wantedFrames.isEmpty || $0.held == name && !$0.heldFrames.isEmpty
      } || kind != .inversion
    guard !isPlaced, let number = cycle.firstIndex(of: name) else { return nil }
    return "mutex \(number + 1) of a cycle"
  }

  private func thread(_ name: String) -> String {
    let text = threads[name].map { "\($0) (\(name))" } ?? name
    return process == firstProcess ? text : text + " of process \(process)"
  }
}
