/// Reads the kernel's log and makes findings of the reports of its validator and of its other
/// debugging of locks, events of a trace that it holds, and waits of its tasks that hang, whatever
/// else stands between their lines. No line is a bad one.
///
/// The way of a line: `LogLineDecoder` undoes escapes, `KernelLogLine` takes away what stands
/// before the text, `WrappedLine` tells where one was broken, and what is left goes to the report
/// of who printed it.
///
/// - Complexity: O(bytes) time; memory for the reports that are open, of which there are few.
struct KernelLogReader: LineReader, ~Copyable {
  /// After so many lines that are nothing to it, a report is over.
  private static let longestGap = 200
  /// Of more who print reports at once the oldest is given up.
  private static let mostOpen = 32
  /// No line is longer once it is put together.
  private static let longestLine = 4096

  /// What a line that was printed is, perhaps put together of several.
  private struct Line {
    var text: [UInt8]
    var key: [UInt8]
    var number: UInt64
    var isStamped: Bool
    /// Its prefix was told from the headline that follows it.
    var isGuess = false
  }

  /// What is being read of one who prints.
  private struct Open {
    var report: KernelReport
    var gap = 0
    /// A headline that somebody may only have written about.
    var isGuess = false
  }

  private var decoder = LogLineDecoder()
  private var pending: Line?
  private var isStamped = false
  /// Of the line before, and of the longest so far: where lines are broken none is longer.
  private var lastLength = 0
  private var longestLength = 0
  private var lastKey: [UInt8] = []
  /// What stands before lines, where no known program writes that.
  private var shape: LinePrefixShape?
  private var open: [[UInt8]: Open] = [:]
  private var hung = HungTasks()
  /// Who prints of tasks that hang.
  private var hungKey: [UInt8]?
  private var dump = FtraceDump()
  private var witness = WitnessReports()
  private var deadlockTool = PotentialDeadlocks()
  private var ending = ValidatorEnding()
  private(set) var facts: UInt64 = 0
  private var form = KernelLogForm()

  var shortcoming: String? {
    form.isThatOfALog ? nil : "has neither a report nor the lines of a kernel's log"
  }

  var warnings: [String] { ending.warnings + dump.warnings }

  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, number: UInt64, into consumer: inout Consumer
  ) throws(LineFailure) -> Bool {
    guard decoder.changes(line) else { return take(line, number, into: &consumer) }
    var hasEvent = false
    for line in decoder.lines(of: line) {
      line.withUnsafeBytes { bytes in
        if take(bytes, number, into: &consumer) { hasEvent = true }
      }
    }
    return hasEvent
  }

  mutating func finish<Consumer: EventConsumer & ~Copyable>(into consumer: inout Consumer) {
    processPending(into: &consumer)
    for key in Array(open.keys) { flush(key, into: &consumer) }
    witness.finish()
    deadlockTool.finish()
    handOver(witness.takeFindings() + deadlockTool.takeFindings(), into: &consumer)
    facts += hung.finish(firstLock: dump.lockCount, afterEvents: dump.hasEvents, into: &consumer)
  }

  // MARK: From lines to texts

  private mutating func take<Consumer: EventConsumer & ~Copyable>(
    _ bytes: UnsafeRawBufferPointer, _ number: UInt64, into consumer: inout Consumer
  ) -> Bool {
    let line = KernelLogLine(bytes)
    form.note(line)
    let fits = lastLength + 1 + WrappedLine.firstWord(bytes) <= longestLength
    lastLength = bytes.count
    longestLength = max(longestLength, lastLength)
    var text = line.text
    var isStamped = line.isStamped
    // Where the kernel's lines have something before them, an empty one without is not of it.
    if text.isEmpty, !isStamped, self.isStamped, shape == nil { return false }
    if dump.isActive || dump.begins(text) {
      processPending(into: &consumer)
      if let isEvent = dump.take(line.indented, number, into: &consumer) { return isEvent }
    }
    let isWatching =
      pending != nil || !open.isEmpty || hungKey != nil || witness.isActive
      || deadlockTool.isActive
    guard isWatching || KernelLogWords.occur(in: text) else {
      note(line)
      return false
    }
    var isGuess = false
    if let known = shape, let length = known.length(in: text) {
      text = text.from(length).trimmed
      isStamped = true
    } else if KernelHeadline(text) != nil {
      shape = nil
    } else if let start = KernelHeadline.position(in: text) {
      shape = LinePrefixShape(text.upTo(start))
      text = text.from(start)
      isStamped = true
      isGuess = true
    }
    let key = line.caller.map(Array.init) ?? (isStamped || !self.isStamped ? [] : lastKey)
    if continues(text, key, isStamped: isStamped, fits: fits, fragment: line.fragment) {
      pending!.text += (line.fragment == nil ? [0x20] : []) + Array(text)
    } else {
      processPending(into: &consumer)
      pending = Line(
        text: Array(text.upTo(Self.longestLine)), key: key, number: number, isStamped: isStamped,
        isGuess: isGuess)
    }
    note(line)
    return false
  }

  private mutating func note(_ line: KernelLogLine) {
    guard line.isStamped else { return }
    isStamped = true
    if let caller = line.caller {
      if !lastKey.elementsEqual(caller) { lastKey = Array(caller) }
    } else if !lastKey.isEmpty {
      lastKey = []
    }
  }

  /// Whether a text is the rest of the one before it.
  ///
  /// - Parameter fits: its first word would have fitted into the line before.
  private func continues(
    _ text: UnsafeRawBufferPointer, _ key: [UInt8], isStamped: Bool, fits: Bool, fragment: Int?
  ) -> Bool {
    guard let pending, pending.text.count < Self.longestLine else { return false }
    if let fragment { return fragment > 0 && pending.key == key }
    guard !text.isEmpty, !isStamped || !pending.isStamped, pending.key == key else { return false }
    return pending.text.withUnsafeBytes { before in
      WrappedLine.isIncomplete(before)
        || pending.isStamped && !before.isEmpty
          && (WrappedLine.isTail(text) || !fits && !WrappedLine.standsAlone(text))
    }
  }

  private mutating func processPending<Consumer: EventConsumer & ~Copyable>(
    into consumer: inout Consumer
  ) {
    guard let line = pending else { return }
    pending = nil
    line.text.withUnsafeBytes { process($0, line, into: &consumer) }
  }

  // MARK: From texts to reports

  private mutating func process<Consumer: EventConsumer & ~Copyable>(
    _ text: UnsafeRawBufferPointer, _ line: Line, into consumer: inout Consumer
  ) {
    var line = line
    adoptKey(of: &line)
    if ending.note(text, line.number) { hung.beginBoot() }
    if witness.take(text, line.number) || deadlockTool.take(text, line.number) {
      flush(line.key, into: &consumer)
      handOver(witness.takeFindings() + deadlockTool.takeFindings(), into: &consumer)
      return
    }
    handOver(witness.takeFindings() + deadlockTool.takeFindings(), into: &consumer)
    if HungTasks.begins(text) {
      flush(line.key, into: &consumer)
      hungKey = line.key
    } else if let headline = KernelHeadline(text) {
      begin(headline, line, into: &consumer)
      return
    } else if let kind = KernelReport.headless(text), wantsReport(line.key, text) {
      begin(KernelHeadline(kind), line, isHeadless: true, into: &consumer)
    }
    if open[line.key] != nil {
      passOn(text, line, into: &consumer)
    } else if hungKey == line.key, !hung.take(text, line.number) {
      hungKey = nil
    }
  }

  /// Where only some lines name who prints, a report is that of the one who is named.
  private mutating func adoptKey(of line: inout Line) {
    guard open[line.key] == nil else { return }
    if line.key.isEmpty {
      if open.count == 1, let only = open.keys.first { line.key = only }
    } else if let nameless = open.removeValue(forKey: []) {
      open[line.key] = nameless
    }
  }

  private mutating func begin<Consumer: EventConsumer & ~Copyable>(
    _ headline: KernelHeadline, _ line: Line, isHeadless: Bool = false,
    into consumer: inout Consumer
  ) {
    if open[line.key]?.report.completes(with: headline) == true { return }
    flush(line.key, into: &consumer)
    if open.count >= Self.mostOpen,
      let oldest = open.min(by: { $0.value.report.line < $1.value.report.line })?.key
    {
      flush(oldest, into: &consumer)
    }
    if hungKey == line.key { hungKey = nil }
    open[line.key] = Open(
      report: KernelReport(headline, line: line.number, isHeadless: isHeadless),
      isGuess: line.isGuess)
  }

  /// Whether a line that only reports have is not one of the report that is open.
  private func wantsReport(_ key: [UInt8], _ text: UnsafeRawBufferPointer) -> Bool {
    guard let report = open[key]?.report else { return true }
    return report.task != nil && report.wanted != nil && report.isOver
  }

  private mutating func passOn<Consumer: EventConsumer & ~Copyable>(
    _ text: UnsafeRawBufferPointer, _ line: Line, into consumer: inout Consumer
  ) {
    switch open[line.key]!.report.take(text, line: line.number) {
    case .taken: open[line.key]!.gap = 0
    case .ended: flush(line.key, into: &consumer)
    case .ignored:
      open[line.key]!.gap += 1
      if open[line.key]!.gap >= Self.longestGap { flush(line.key, into: &consumer) }
    }
  }

  private mutating func flush<Consumer: EventConsumer & ~Copyable>(
    _ key: [UInt8], into consumer: inout Consumer
  ) {
    guard var finished = open.removeValue(forKey: key) else { return }
    if finished.isGuess, !finished.report.isGoingOn, !finished.report.saysAllInOneLine { return }
    finished.report.settleKind()
    if finished.report.kind.endsValidation { ending.noteReport(finished.report) }
    if case .spin(.lockup) = finished.report.kind {
      hung.noteLockup(finished.report)
      return
    }
    handOver(finished.report.findings, into: &consumer)
  }

  private mutating func handOver<Consumer: EventConsumer & ~Copyable>(
    _ findings: [Finding], into consumer: inout Consumer
  ) {
    for finding in findings {
      facts += 1
      consumer.consume(.finding(finding))
    }
  }
}
