extension TraceFormat {
  /// The deadlocks that parking_lot's detector found.
  public static let parkingLot = TraceFormat(named: "parking-lot")
}

/// Reads what programs print of `parking_lot::deadlock::check_deadlock()` as its documentation does
/// it: for each deadlock the threads of a circle, with their stacks.
///
/// It tells no locks, and of more than two threads not who waits for whom; the circle is told in
/// the order in which they are listed.
struct ParkingLotReport: ForeignReport {
  static var format: TraceFormat { .parkingLot }
  static var title: String { "a report of parking_lot's deadlock detector" }
  static var source: String {
    "what check_deadlock() of parking_lot returns, as its example prints it"
  }
  static var absence: String? { "a log without deadlocks of parking_lot" }

  private struct Thread {
    var name: String
    var trace = RustBacktrace()
    var line: UInt64
  }

  private var threads: [Thread] = []
  private var deadlocks = 0
  private var line: UInt64 = 0
  private var isAnything = false

  static func headline(in line: UnsafeRawBufferPointer) -> Int? {
    if let start = line.offset(of: "Deadlock #"), line.from(start + 10).leadingNumber != nil {
      return start
    }
    guard let start = line.offset(of: " deadlocks detected"), start > 0,
      isDigit(line[start - 1])
    else { return nil }
    return 0
  }

  var shortcoming: String? {
    isAnything ? "holds a deadlock of parking_lot that is cut off before its threads" : nil
  }

  mutating func take(
    _ line: UnsafeRawBufferPointer, number: UInt64, isHeadline: Bool, into story: inout ReportStory
  ) {
    let text = line.trimmed
    if isHeadline {
      end(into: &story)
      isAnything = true
      self.line = number
    } else if text.hasPrefix("Thread Id ") {
      guard isAnything, threads.count < 1000 else { return }
      threads.append(Thread(name: "thread \(text.from(10).text)", line: number))
    } else if let last = threads.indices.last {
      _ = threads[last].trace.take(text)
    }
  }

  mutating func finish(into story: inout ReportStory) { end(into: &story) }

  private mutating func end(into story: inout ReportStory) {
    guard !threads.isEmpty else { return }
    defer { threads = [] }
    deadlocks += 1
    var dump = ThreadDump()
    for (number, thread) in threads.enumerated() {
      var trace = thread.trace
      trace.end()
      let place = NativeFrames.place(trace.frames)
      let next = threads[(number + 1) % threads.count].name
      let lock = DumpedLock(name: "lock that \(thread.name) waits for (deadlock \(deadlocks))")
      var dumped = DumpedThread(name: thread.name, line: thread.line)
      dumped.wait = .lock(lock, .write)
      dumped.waitPlace = place
      dumped.waitLine = thread.line
      dump.add(dumped)
      dump.note(owner: next, of: lock, line: thread.line)
    }
    dump.end(into: &story)
    if threads.count > 2 {
      story.warn(
        "the deadlock at line \(line) is told without its locks: who of its \(threads.count) threads "
          + "waits for whom is not known")
    }
  }
}
