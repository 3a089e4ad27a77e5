extension TraceFormat {
  /// A dump of a Go program's goroutines.
  public static let go = TraceFormat(named: "go")
}

/// Reads the goroutines that a Go program prints when all of them are asleep, at a panic, for
/// SIGQUIT or in `debug/pprof/goroutine?debug=2`: which waits where, for what and how long.
///
/// A dump does not tell who has a lock.
struct GoroutineDump: ForeignReport {
  static var format: TraceFormat { .go }
  static var title: String { "a dump of goroutines" }
  static var source: String { "what a Go program prints for SIGQUIT, with GOTRACEBACK=all" }
  static var absence: String? {
    "goroutines of which none waits for a lock, which shows that moment alone"
  }

  fileprivate struct Goroutine {
    var name: String
    var state: String
    var line: UInt64
    var frames: [String] = []
    /// The function whose place is in the next line.
    var function: String?
    /// What is locked, where the frames tell it for sure.
    var lock: String?
    var call = ""
  }

  private var current: Goroutine?
  private var goroutines: [Goroutine] = []
  private var asleep: UInt64?
  private var dump = ThreadDump()

  private static let depth = 256

  static func headline(in line: UnsafeRawBufferPointer) -> Int? {
    if let start = line.offset(of: "fatal error: all goroutines are asleep - deadlock!") {
      return start
    }
    guard let start = line.offset(of: "goroutine "), start <= 200 else { return nil }
    return Goroutine(line.from(start)) == nil ? nil : start
  }

  var shortcoming: String? {
    asleep == nil ? nil : "is a dump of goroutines that is cut off before its first goroutine"
  }

  mutating func take(
    _ line: UnsafeRawBufferPointer, number: UInt64, isHeadline: Bool, into story: inout ReportStory
  ) {
    if isHeadline {
      endGoroutine()
      if line.hasPrefix("fatal error:") {
        endDump(into: &story)
        asleep = number
      } else if var goroutine = Goroutine(line) {
        goroutine.line = number
        current = goroutine
      }
      return
    }
    guard current != nil else { return }
    let text = line.trimmed
    if text.isEmpty {
      endGoroutine()
    } else if line.first == 0x09 || line.first == 0x20, let function = current!.function {
      // `\t/app/teller.go:20 +0x85`
      current!.function = nil
      let file = text.upTo(text.offset(of: " +0x") ?? text.count).text
      guard current!.frames.count < Self.depth else { return }
      current!.frames.append(NativeFrames.text(function, file) ?? "??")
    } else if text.hasPrefix("created by ") {
      let rest = text.from(11)
      current!.function = rest.upTo(rest.offset(of: " in goroutine ") ?? rest.count).text
    } else if text.last == UInt8(ascii: ")"), let open = Self.arguments(text) {
      let name = text.upTo(open).text
      current!.function = name
      noteLock(name, UnsafeRawBufferPointer(rebasing: text[(open + 1)..<(text.count - 1)]))
    }
  }

  /// Where the arguments begin: `sync.(*Mutex).lockSlow(0xc00001c0a8)`.
  private static func arguments(_ text: UnsafeRawBufferPointer) -> Int? {
    text.lastIndex(of: UInt8(ascii: "("))
  }

  /// A value with a question mark may be what stood there before.
  private mutating func noteLock(_ function: String, _ arguments: UnsafeRawBufferPointer) {
    guard function.hasPrefix("sync.(*"), current!.lock == nil || function.contains("RWMutex") else {
      return
    }
    current!.call = function
    let first = arguments.upTo(arguments.offset(of: ",") ?? arguments.count)
    guard first.hasPrefix("0x"), first.last != UInt8(ascii: "?"), first.count > 3 else { return }
    current!.lock = first.text
  }

  mutating func finish(into story: inout ReportStory) {
    endGoroutine()
    endDump(into: &story)
  }

  private mutating func endGoroutine() {
    guard let goroutine = current else { return }
    current = nil
    goroutines.append(goroutine)
  }

  private mutating func endDump(into story: inout ReportStory) {
    defer { goroutines = [] }
    guard !goroutines.isEmpty else { return }
    var waiting: [(goroutine: Goroutine, thread: DumpedThread)] = []
    for goroutine in goroutines {
      guard let wait = Self.wait(goroutine) else { continue }
      var thread = DumpedThread(name: goroutine.name, line: goroutine.line)
      thread.wait = wait
      thread.waitLine = goroutine.line
      thread.waitPlace = Self.place(goroutine.frames)
      waiting.append((goroutine, thread))
    }
    let isStuck = waiting.contains {
      if case .lock = $0.thread.wait { true } else { false }
    }
    if let asleep { tellAsleep(waiting.map(\.thread), asleep, into: &story) }
    guard isStuck || asleep != nil else { return }
    for (_, thread) in waiting { dump.add(thread) }
    dump.end(into: &story)
    story.warn(
      "a dump of goroutines does not tell who has a lock: it shows what waits, and no circle")
  }

  private static func place(_ frames: [String]) -> ToldPlace {
    let own =
      frames.firstIndex {
        !($0.hasPrefix("sync.") || $0.hasPrefix("runtime.")
          || $0.hasPrefix("internal/"))
      } ?? 0
    var place = ToldPlace()
    for frame in frames.dropFirst(own) { place.append(frame) }
    return place
  }

  private static func wait(_ goroutine: Goroutine) -> DumpedThread.Wait? {
    let call = goroutine.call
    let isReadWrite = call.contains("RWMutex") || goroutine.state.hasPrefix("sync.RWMutex")
    let isMutex = call.contains("(*Mutex)") || goroutine.state.hasPrefix("sync.Mutex")
    if isReadWrite || isMutex {
      let name = goroutine.lock.map { "\(isReadWrite ? "RWMutex" : "Mutex") \($0)" }
      let isRead = call.contains("RLock") || goroutine.state.contains("RLock")
      return .lock(
        DumpedLock(
          name: name ?? "the lock that \(goroutine.name) waits for",
          kind: isReadWrite ? .rwlock : .mutex), isRead ? .read : .write)
    }
    switch goroutine.state {
    case "semacquire", "sync.WaitGroup.Wait", "sync.Cond.Wait", "chan receive", "chan send",
      "select", "select (no cases)", "chan receive (nil chan)", "chan send (nil chan)":
      return .signal("\(goroutine.state) of \(goroutine.name)")
    default: return nil
    }
  }

  /// The run-time itself says that nobody can go on.
  private func tellAsleep(
    _ threads: [DumpedThread], _ line: UInt64, into story: inout ReportStory
  ) {
    guard !threads.isEmpty else { return }
    var events: [FindingEvent] = []
    for thread in threads.prefix(Self.shown) {
      events.append(
        FindingEvent(
          role: .request, thread: thread.name, lock: nil, at: nil, stack: thread.waitPlace.frames,
          input: "", line: thread.line))
    }
    story.tell(.allAsleep(events, count: threads.count))
  }

  private static let shown = 20
}

extension GoroutineDump.Goroutine {
  /// `goroutine 19 [sync.Mutex.Lock, 2 minutes]:`, also with `gp=… m=nil` before the state.
  fileprivate init?(_ text: UnsafeRawBufferPointer) {
    guard text.hasPrefix("goroutine "), let number = text.from(10).leadingNumber,
      let open = text.offset(of: " ["), open < 120, let close = text.offset(of: "]:", from: open)
    else { return nil }
    let inside = UnsafeRawBufferPointer(rebasing: text[(open + 2)..<close])
    let parts = inside.text.split(separator: ",", omittingEmptySubsequences: true)
    state = parts.first.map(String.init) ?? ""
    let time = parts.dropFirst().first { $0.contains("minute") || $0.contains("hour") }
    name = "goroutine \(number)" + (time.map { " (\($0.drop { $0 == " " }))" } ?? "")
    line = 0
  }
}
