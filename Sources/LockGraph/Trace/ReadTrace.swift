#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads one input, whatever its format, into a validator.
func readTrace(
  _ source: TraceSource, number: UInt32, options: TraceAnalyzer.Options,
  into validator: inout Validator, progress: ((Int) -> Void)?
) throws(TraceError) -> Analysis.Input {
  var lines = LineFeed(name: source.name, keepGoing: options.keepGoing)
  var format = options.format
  var text = TextTraceReader()
  var ftrace = FtraceReader()
  var bytesRead = 0
  try ByteInput.read(source) { (bytes, isLast) throws(TraceError) in
    if format == nil, bytesRead == 0 {
      // A pipe may have delivered too little to tell.
      if !isLast, bytes.count < 4096, !TraceFormat.canRecognize(bytes) { return 0 }
      format = TraceFormat.recognize(bytes)
    }
    if bytesRead == 0 {
      validator.beginInput(
        number, traits: Validator.Traits(classesAreMerelyNames: format == .ftrace))
    }
    let used =
      format == .ftrace
      ? try lines.feed(bytes, isLast: isLast, to: &ftrace, into: &validator)
      : try lines.feed(bytes, isLast: isLast, to: &text, into: &validator)
    bytesRead += used
    progress?(bytesRead)
    return used
  } prepare: { whole in
    if (format ?? TraceFormat.recognize(whole)) == .ftrace { ftrace.prepare(whole) }
  }
  return Analysis.Input(
    name: source.name, format: (format ?? .text).rawValue, events: lines.events,
    skipped: lines.skipped, firstSkipped: lines.firstSkipped,
    warnings: lines.warnings + ftrace.warnings)
}

/// Cuts bytes into lines, hands them to a reader, and deals with bad ones.
private struct LineFeed {
  let name: String
  let keepGoing: Bool
  var lineNumber: UInt64 = 0
  var events: UInt64 = 0
  var skipped: UInt64 = 0
  var firstSkipped: TraceError?
  var warnings: [String] = []

  init(name: String, keepGoing: Bool) {
    self.name = name
    self.keepGoing = keepGoing
  }

  /// Reads all complete lines, and the rest too if it is the last; returns how many bytes that was.
  mutating func feed<Reader: LineReader & ~Copyable>(
    _ bytes: UnsafeRawBufferPointer, isLast: Bool, to reader: inout Reader,
    into validator: inout Validator
  ) throws(TraceError) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    // Some editors begin a file with a byte-order mark, which is part of no name.
    var start = lineNumber == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < bytes.count {
      var end = bytes.count
      var isCut = true
      if let newline = memchr(base + start, 0x0A, bytes.count - start) {
        end = UnsafeRawPointer(newline) - base
        isCut = false
      } else if !isLast {
        return start
      }
      lineNumber += 1
      var length = end - start
      if length > 0, bytes[start + length - 1] == 0x0D { length -= 1 }
      let line = UnsafeRawBufferPointer(start: base + start, count: length)
      do throws(LineFailure) {
        if try reader.read(line, number: lineNumber, into: &validator) { events += 1 }
      } catch {
        try fail(error, line, isCut: isCut)
      }
      start = end + 1
    }
    return bytes.count
  }

  private mutating func fail(
    _ failure: LineFailure, _ line: UnsafeRawBufferPointer, isCut: Bool
  ) throws(TraceError) {
    let excerpt = TraceError.excerpt(line, column: failure.column)
    let error = TraceError(
      input: name, line: lineNumber, column: failure.column, message: failure.message,
      text: excerpt.text, mark: excerpt.mark, expected: failure.expected)
    if isCut {
      // A program that crashed while it wrote.
      warnings.append("line \(lineNumber), the last one, is cut off and was left out")
      return
    }
    guard keepGoing else { throw error }
    skipped += 1
    if firstSkipped == nil { firstSkipped = error }
  }
}
