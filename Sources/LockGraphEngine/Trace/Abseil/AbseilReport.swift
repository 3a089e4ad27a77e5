extension TraceFormat {
  /// What Abseil's mutexes report of their order.
  public static let abseil = TraceFormat(named: "abseil")
}

/// Reads "Potential Mutex deadlock" of Abseil: a cycle in the order of its mutexes, with the stack
/// where each was taken. It tells no threads.
struct AbseilReport: ForeignReport {
  static var format: TraceFormat { .abseil }
  static var title: String { "a report of Abseil's mutexes" }
  static var source: String { "what a debug build with absl::Mutex prints" }
  static var absence: String? { "a log without reports of Abseil's mutexes" }

  private struct Stack {
    var mutex: String
    var frames: [String] = []
    var line: UInt64
  }

  private var isOpen = false
  private var line: UInt64 = 0
  private var asking: [String] = []
  private var wanted: String?
  private var held: [String] = []
  private var path: [Stack] = []
  private var isInCycle = false
  private var isAnything = false
  private var didAsk = false

  private static let longest = 1000
  private static let depth = 256

  static func headline(in line: UnsafeRawBufferPointer) -> Int? {
    line.contains("Potential Mutex deadlock:") || line.contains("Acquiring absl::Mutex 0x")
      || line.contains("Acquiring absl::Mutex@0x")
      ? 0 : nil
  }

  var shortcoming: String? {
    isAnything ? "holds a report of Abseil's mutexes that is cut off before its locks" : nil
  }

  mutating func take(
    _ line: UnsafeRawBufferPointer, number: UInt64, isHeadline: Bool, into story: inout ReportStory
  ) {
    let text = line.trimmed
    if text.contains("Potential Mutex deadlock:") {
      end(into: &story)
      isOpen = true
      isAnything = true
      self.line = number
    } else if text.contains("Acquiring absl::Mutex"), let found = text.offset(of: "absl::Mutex") {
      if wanted != nil || !isOpen {
        end(into: &story)
        isOpen = true
        isAnything = true
        self.line = number
      }
      takeAcquisition(text.from(found))
    } else if text.hasSuffix("RAW: Cycle:") || text.hasSuffix("Cycle:") {
      isInCycle = true
    } else if let found = text.offset(of: "mutex@"), text.hasSuffix("stack:") {
      guard isOpen, path.count < Self.longest else { return }
      isInCycle = true
      path.append(Stack(mutex: text.from(found + 6).word.text, line: number))
    } else if text.contains("dying due to potential deadlock") {
      end(into: &story)
    } else if let frame = Self.frame(text) {
      takeFrame(frame)
    }
  }

  /// `absl::Mutex 0x7ffd10c080 while holding  0x7ffd10c040 0x7ffd10c041; a cycle …`
  private mutating func takeAcquisition(_ text: UnsafeRawBufferPointer) {
    guard let holding = text.offset(of: "while holding") else { return }
    let end = text.offset(of: ";") ?? text.count
    wanted = Self.addresses(text.upTo(holding)).first
    held = Self.addresses(UnsafeRawBufferPointer(rebasing: text[holding..<max(holding, end)]))
    didAsk = true
  }

  private static func addresses(_ text: UnsafeRawBufferPointer) -> [String] {
    var found: [String] = []
    var start = 0
    while let next = text.offset(of: "0x", from: start), found.count < longest {
      let word = text.from(next).word
      found.append(word.text)
      start = next + max(2, word.count)
    }
    return found
  }

  /// `@ 0x55b6675d9f16 absl::Mutex::Lock()`
  private static func frame(_ text: UnsafeRawBufferPointer) -> String? {
    guard let mark = text.offset(of: "@ "), mark <= 200,
      let found = text.offset(of: "0x", from: mark)
    else { return nil }
    let address = text.from(found).word
    let name = text.from(found + address.count).trimmed.text
    return name.isEmpty || name == "(unknown)" ? address.text : name
  }

  private mutating func takeFrame(_ frame: String) {
    guard isOpen else { return }
    if isInCycle {
      guard let last = path.indices.last, path[last].frames.count < Self.depth else { return }
      path[last].frames.append(frame)
    } else if !didAsk, asking.count < Self.depth {
      asking.append(frame)
    }
  }

  mutating func finish(into story: inout ReportStory) { end(into: &story) }

  // MARK: Telling

  private mutating func end(into story: inout ReportStory) {
    guard isOpen else { return }
    defer {
      isOpen = false
      isInCycle = false
      didAsk = false
      asking = []
      wanted = nil
      held = []
      path = []
    }
    guard let wanted, let last = path.last?.mutex ?? held.first else {
      story.warn("the report of Abseil at line \(line) is cut off before its locks")
      return
    }
    if path.isEmpty || path[0].mutex != wanted {
      story.warn("the report of Abseil at line \(line) is cut off before its cycle")
    }
    // What is told of the cycle begins with the mutex that is asked for and ends with one that is
    // held. Where it is cut off, that there is one is all that is known.
    var cycle = path
    if cycle.first?.mutex != wanted { cycle.insert(Stack(mutex: wanted, line: line), at: 0) }
    if cycle.count < 2 {
      cycle.append(Stack(mutex: last == wanted ? held.first ?? last : last, line: line))
    }
    for (number, stack) in cycle.dropLast().enumerated() {
      story.tell(
        ToldOrder(thread: nil, held: side(stack), wanted: side(cycle[number + 1])))
    }
    let own = cycle[cycle.count - 1]
    var wantedSide = side(Stack(mutex: wanted, frames: asking, line: line))
    wantedSide.line = line
    // What else is held is told of this one alone.
    let others = held.filter { $0 != own.mutex && $0 != wanted }
    for other in others {
      story.tell(
        ToldEvent(verb: .acquire, thread: Self.thread, lock: name(other), options: .try, line: line)
      )
    }
    story.tell(ToldOrder(thread: Self.thread, held: side(own), wanted: wantedSide))
    for other in others {
      story.tell(ToldEvent(verb: .release, thread: Self.thread, lock: name(other), line: line))
    }
  }

  private static let thread = "reporting thread"

  private func side(_ stack: Stack) -> ToldOrder.Side {
    let place = NativeFrames.place(stack.frames)
    return ToldOrder.Side(
      lock: name(stack.mutex),
      lockClass: isNowhere(stack.mutex) ? standIn(stack.mutex) : nil, place: place,
      line: stack.line)
  }

  /// What stands for an address in a report without stacks.
  private func standIn(_ mutex: String) -> String {
    let number = mutex == wanted ? 0 : path.firstIndex { $0.mutex == mutex } ?? 1
    return "mutex \(number + 1) of a cycle"
  }

  /// Whether nothing but its address is known of a mutex.
  private func isNowhere(_ mutex: String) -> Bool {
    !(mutex == wanted && !asking.isEmpty)
      && !path.contains { $0.mutex == mutex && !$0.frames.isEmpty }
  }

  private func name(_ mutex: String) -> String { "mutex \(mutex)" }
}
