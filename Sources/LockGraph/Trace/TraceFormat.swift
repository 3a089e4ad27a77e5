/// The trace formats that can be read.
public enum TraceFormat: String, Sendable, CaseIterable {
  /// LockGraph's own text format, version 1.
  case text
  /// The kernel's `/sys/kernel/tracing/trace` with events `lock:*`, or what `trace-cmd report` prints of them.
  case ftrace
  /// The events of the text format as JSON Lines, one object a line.
  case jsonl
  /// STD, the format of RAPID and its relatives: `THREAD|OPERATION(ARGUMENT)|LOCATION`.
  case std
  /// What `babeltrace2` prints of LTTng's wrapper of POSIX mutexes.
  case lttng
  /// What `perf script` prints of the kernel's events `lock:*`.
  case perf

  /// Recognises a format by how a trace begins; what is nothing else is taken for text, whose reader then
  /// says what is wrong with it.
  ///
  /// - Complexity: O(bytes given), of which a few thousand are enough.
  package static func recognize(_ beginning: UnsafeRawBufferPointer) -> TraceFormat {
    var rest = beginning.starts(with: [0xEF, 0xBB, 0xBF]) ? beginning.dropFirst(3) : beginning[...]
    var examined = 0
    while !rest.isEmpty, examined < 64 {
      let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
      let line = UnsafeRawBufferPointer(rebasing: rest[..<end])
      rest = end < rest.endIndex ? rest[(end + 1)...] : rest[end...]
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
    }
    return .text
  }

  private static func isOfFtrace(_ line: UnsafeRawBufferPointer) -> Bool {
    KernelEventLine(ftrace: line) != nil || FtraceOtherLine.lostEvents(line) != nil
      || FtraceOtherLine.beginsReport(line) || FtraceOtherLine.lacksContext(line)
  }

  /// Whether there is a whole line that tells: a header, or one that is neither empty nor a comment.
  ///
  /// - Complexity: O(bytes given).
  static func canRecognize(_ beginning: UnsafeRawBufferPointer) -> Bool {
    var rest = beginning[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = rest[..<end]
      rest = rest[(end + 1)...]
      guard let first = line.first(where: { $0 > UInt8(ascii: " ") }) else { continue }
      if line.starts(with: "//".utf8) { continue }
      if first != UInt8(ascii: "#") || line.starts(with: "# tracer:".utf8)
        || line.starts(with: "# lockgraph-trace".utf8)
      {
        return true
      }
    }
    return false
  }
}
