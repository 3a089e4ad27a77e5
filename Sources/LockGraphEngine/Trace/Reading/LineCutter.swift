#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Cuts bytes into lines, hands them to a reader, and deals with bad ones.
final class LineCutter {
  let name: String
  let keepGoing: Bool
  private(set) var lineNumber: UInt64 = 0
  private(set) var events: UInt64 = 0
  private(set) var skipped: UInt64 = 0
  private(set) var firstSkipped: TraceError?
  private(set) var warnings: [String] = []
  /// The last line was bad and had no end.
  private(set) var isCut = false
  /// Before the first event there was a carriage return that ends no line.
  private(set) var hasLoneReturns = false

  init(name: String, keepGoing: Bool) {
    self.name = name
    self.keepGoing = keepGoing
  }

  /// Reads all complete lines, and the rest too if it is the last; returns how many bytes that was.
  @inline(__always)
  func cut<Reader: LineReader & ~Copyable, Consumer: EventConsumer & ~Copyable>(
    _ bytes: UnsafeRawBufferPointer, isLast: Bool, for reader: inout Reader,
    into consumer: inout Consumer
  ) throws(TraceError) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    // Some editors begin a file with a byte-order mark, which is part of no name.
    var start = lineNumber == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    // Kept out of the object while lines are read.
    var number = lineNumber
    var events = self.events
    defer {
      lineNumber = number
      self.events = events
    }
    while start < bytes.count {
      var end = bytes.count
      var isCut = true
      if let newline = memchr(base + start, 0x0A, bytes.count - start) {
        end = UnsafeRawPointer(newline) - base
        isCut = false
      } else if !isLast {
        return start
      }
      number += 1
      var length = end - start
      if length > 0, bytes[start + length - 1] == 0x0D { length -= 1 }
      if events == 0 {
        noteLoneReturns(
          UnsafeRawBufferPointer(start: base + start, count: isCut ? end - start : length))
      }
      let line = UnsafeRawBufferPointer(start: base + start, count: length)
      do throws(LineFailure) {
        if try reader.read(line, number: number, into: &consumer) { events += 1 }
      } catch {
        lineNumber = number
        try fail(error, line, isCut: isCut)
      }
      start = end + 1
    }
    return bytes.count
  }

  /// Counts what others have cut and read.
  func count(lines: UInt64, events: UInt64) {
    lineNumber += lines
    self.events += events
  }

  private func noteLoneReturns(_ line: UnsafeRawBufferPointer) {
    guard !hasLoneReturns, let start = line.baseAddress, !line.isEmpty else { return }
    hasLoneReturns = memchr(start, 0x0D, line.count) != nil
  }

  private func fail(
    _ failure: LineFailure, _ line: UnsafeRawBufferPointer, isCut: Bool
  ) throws(TraceError) {
    try fail(failure, line, number: lineNumber, isCut: isCut)
  }

  /// Deals with a line that was refused.
  func fail(
    _ failure: LineFailure, _ line: UnsafeRawBufferPointer, number: UInt64, isCut: Bool = false
  ) throws(TraceError) {
    let excerpt = TraceError.excerpt(line, column: failure.column)
    let error = TraceError(
      input: name, line: number, column: failure.column, message: failure.message,
      text: excerpt.text, mark: excerpt.mark, expected: failure.expected)
    if isCut {
      // A program that crashed while it wrote.
      self.isCut = true
      warnings.append("line \(number), the last one, is cut off and was left out")
      return
    }
    guard keepGoing else { throw error }
    skipped += 1
    if firstSkipped == nil { firstSkipped = error }
  }
}
