/// The trace formats that can be read.
public enum TraceFormat: String, Sendable, CaseIterable {
  /// LockGraph's own text format, version 1.
  case text
  /// The kernel's `/sys/kernel/tracing/trace` with events `lock:*`, or what `trace-cmd report`
  /// prints of them.
  case ftrace
  /// The events of the text format as JSON Lines, one object a line.
  case jsonl
  /// STD, the format of RAPID and its relatives: `THREAD|OPERATION(ARGUMENT)|LOCATION`.
  case std
  /// What `babeltrace2` prints of LTTng's wrapper of POSIX mutexes.
  case lttng
  /// What `perf script` prints of the kernel's events `lock:*`.
  case perf
  /// The kernel's `/proc/lockdep`: lock classes, their dependencies and how they were used.
  case lockdep
  /// The kernel's `/proc/lockdep_chains`: which classes were taken inside one another.
  case lockdepChains = "lockdep-chains"
  /// The kernel's log, with the reports of its own validator.
  case kernelLog = "kernel-log"
  /// What `lockdep-check record` leaves of a process.
  case recording
  /// What `lockdep-check merge` writes: orders with their evidence, and no events.
  case graph
}

extension TraceFormat {
  /// Recognises a format by how an input begins; what is nothing else is taken for text, whose
  /// reader then says what is wrong with it.
  ///
  /// - Complexity: O(bytes given), of which a few thousand are enough unless it is a log without
  ///   times.
  package static func recognize(_ beginning: UnsafeRawBufferPointer) -> TraceFormat {
    if RecordingMark.begins(beginning) { return .recording }
    if GraphFileMark.mayBegin(beginning) { return .graph }
    if let told = told(beginning) { return told }
    // Without times a log is told by its reports alone, however late they come.
    return holdsReport(beginning.prefix(reportSearch)) ? .kernelLog : .text
  }

  /// Whether what is there tells the format; a pipe may deliver more.
  ///
  /// - Complexity: O(bytes given).
  static func canRecognize(_ beginning: UnsafeRawBufferPointer) -> Bool {
    if beginning.starts(with: GraphFileMark.bytes) || RecordingMark.begins(beginning) {
      return true
    }
    guard let end = beginning.lastIndex(of: UInt8(ascii: "\n")) else { return false }
    return told(UnsafeRawBufferPointer(rebasing: beginning[..<end])) != nil
  }

  /// How far a report is looked for.
  private static let reportSearch = 16 << 20
  private static let examinedLines = 64

  /// The format that one of the first lines tells.
  private static func told(_ beginning: UnsafeRawBufferPointer) -> TraceFormat? {
    var rest = beginning.starts(with: [0xEF, 0xBB, 0xBF]) ? beginning.dropFirst(3) : beginning[...]
    var examined = 0
    var hasTimes = false
    while let line = nextLine(&rest), examined < examinedLines {
      guard let first = line.first(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") })
      else { continue }
      if first == UInt8(ascii: "#") {
        if line.starts(with: "# tracer:".utf8) { return .ftrace }
        if line.starts(with: "# lockgraph-trace".utf8) { return .text }
        continue
      }
      if line.starts(with: "//".utf8) { continue }
      if examined == 0 {
        if first == UInt8(ascii: "{") { return .jsonl }
        if STDLine.isRecognized(line) { return .std }
      }
      examined += 1
      if LTTngLine.isRecognized(line) { return .lttng }
      if isOfFtrace(line) { return .ftrace }
      if KernelEventLine(perf: line) != nil { return .perf }
      if let format = kernelFile(line) { return format }
      if isTextEvent(line) { return .text }
      switch KernelLogLine.sureness(of: line) {
      case .certain: return .kernelLog
      case .likely: hasTimes = true
      case .none: break
      }
      if KernelHeadline(KernelLogLine(line).text) != nil { return .kernelLog }
    }
    return hasTimes ? .kernelLog : nil
  }

  private static func isOfFtrace(_ line: UnsafeRawBufferPointer) -> Bool {
    KernelEventLine(ftrace: line) != nil || FtraceOtherLine.lostEvents(line) != nil
      || FtraceOtherLine.beginsReport(line) || FtraceOtherLine.lacksContext(line)
  }

  private static func nextLine(
    _ rest: inout Slice<UnsafeRawBufferPointer>
  ) -> UnsafeRawBufferPointer? {
    guard !rest.isEmpty else { return nil }
    let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
    var line = UnsafeRawBufferPointer(rebasing: rest[..<end])
    rest = end < rest.endIndex ? rest[(end + 1)...] : rest[end...]
    if line.last == 0x0D { line = UnsafeRawBufferPointer(rebasing: line.dropLast()) }
    return line
  }

  /// A file of the kernel's validator, by a line of it.
  private static func kernelFile(_ line: UnsafeRawBufferPointer) -> TraceFormat? {
    if line.elementsEqual(LockdepReader.header.utf8) { return .lockdep }
    if line.elementsEqual(LockdepChainsReader.header.utf8) { return .lockdepChains }
    if line.starts(with: LockdepChainsReader.chainMark.utf8) { return .lockdepChains }
    do throws(LockdepLine.Failure) {
      return try LockdepLine(lockClass: line).usage == nil ? nil : .lockdep
    } catch {
      return nil
    }
  }

  /// Whether a line is an event of the text format.
  private static func isTextEvent(_ line: UnsafeRawBufferPointer) -> Bool {
    var words = line.split(maxSplits: 3) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }[
      ...]
    // A time is one word there, which in the kernel's log it is late only.
    if words.first?.first == UInt8(ascii: "["), words.first?.last == UInt8(ascii: "]") {
      words = words.dropFirst()
    }
    guard let verb = words.dropFirst().first else { return false }
    return TextVocabulary.verb(UnsafeRawBufferPointer(rebasing: verb)) != nil
  }

  private static func holdsReport(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
    var rest = bytes
    while let line = nextLine(&rest) {
      if KernelHeadline(KernelLogLine(line).text) != nil { return true }
    }
    return false
  }
}
