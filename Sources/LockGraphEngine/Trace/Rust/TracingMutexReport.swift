extension TraceFormat {
  /// The cycles that Rust's tracing-mutex panics about.
  public static let tracingMutex = TraceFormat(named: "tracing-mutex")
}

/// Reads "Found cycle in mutex dependency graph" of tracing-mutex, with a backtrace for each order
/// of the cycle where the program was built for that.
///
/// It tells neither locks nor threads: an order is known by the place where the second lock was
/// taken.
struct TracingMutexReport: ForeignReport {
  static var format: TraceFormat { .tracingMutex }
  static var title: String { "a report of tracing-mutex" }
  static var source: String { "the panic of a program with tracing-mutex and its backtraces" }
  static var absence: String? { "a log without reports of tracing-mutex" }

  private var isOpen = false
  private var line: UInt64 = 0
  private var stacks: [(trace: RustBacktrace, line: UInt64)] = []
  private var current = RustBacktrace()
  private var currentLine: UInt64 = 0
  private var reports = 0

  static func headline(in line: UnsafeRawBufferPointer) -> Int? {
    guard let start = line.offset(of: "Found cycle in mutex dependency graph") else { return nil }
    // Older ones stand in the line of the panic, and their stacks in lines of their own.
    return line.upTo(start).contains("panicked at") ? 0 : start
  }

  var shortcoming: String? { nil }

  mutating func take(
    _ line: UnsafeRawBufferPointer, number: UInt64, isHeadline: Bool, into story: inout ReportStory
  ) {
    if isHeadline {
      end(into: &story)
      isOpen = true
      self.line = number
      return
    }
    guard isOpen else { return }
    let text = line.trimmed
    if text.hasPrefix("stack backtrace:") || text.hasPrefix("note: ") {
      // What follows is the panic itself.
      end(into: &story)
      return
    }
    if current.beginsAnew(text) { endStack() }
    if current.take(text) {
      if currentLine == 0 { currentLine = number }
    } else if text.isEmpty {
      endStack()
    } else if !text.hasPrefix("disabled backtrace") {
      end(into: &story)
    }
  }

  private mutating func endStack() {
    current.end()
    if !current.frames.isEmpty, stacks.count < 1000 { stacks.append((current, currentLine)) }
    current = RustBacktrace()
    currentLine = 0
  }

  mutating func finish(into story: inout ReportStory) { end(into: &story) }

  private mutating func end(into story: inout ReportStory) {
    guard isOpen else { return }
    endStack()
    isOpen = false
    defer { stacks = [] }
    reports += 1
    let count = max(2, stacks.count)
    if stacks.count < 2 {
      story.warn(
        "the report of tracing-mutex at line \(line) has no backtraces: build it with its feature "
          + "'backtraces' and run it with RUST_BACKTRACE=1")
    }
    let places = (0..<count).map { number in
      NativeFrames.place(number < stacks.count ? stacks[number].trace.frames : [])
    }
    for (number, place) in places.enumerated() {
      let line = number < stacks.count ? stacks[number].line : self.line
      func side(_ number: Int, _ place: ToldPlace) -> ToldOrder.Side {
        // An order is shown where its second lock is taken, which the next order begins with.
        let taken = places[(number + count - 1) % count]
        return ToldOrder.Side(
          lock: "mutex \(number + 1) (report \(reports))",
          lockClass: NativeFrames.nameOfLock(takenAt: taken) ?? "mutex \(number + 1) of a cycle",
          place: place, line: line)
      }
      story.tell(
        ToldOrder(
          thread: nil, held: side(number, ToldPlace()), wanted: side((number + 1) % count, place)))
    }
  }
}
