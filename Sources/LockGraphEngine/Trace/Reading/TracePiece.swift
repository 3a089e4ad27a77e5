#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whole lines of an input that a thread may read before those in front of them.
///
/// Used by one thread at a time: the one that cuts, then the one that reads, then the first again.
final class TracePiece: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer
  private let copy: UnsafeMutableRawBufferPointer?
  /// What was read, empty before.
  let tape: EventTape
  /// Which reader read it.
  var reader = 0
  /// How many lines were read, and in how many of them an event was.
  fileprivate(set) var lines: UInt64 = 0
  fileprivate(set) var events: UInt64 = 0

  /// - Parameter isLasting: the bytes stay until the piece is gone.
  init(_ bytes: UnsafeRawBufferPointer, isLasting: Bool, tape: EventTape) {
    self.tape = tape
    guard !isLasting else {
      self.bytes = bytes
      copy = nil
      return
    }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
    copy.copyMemory(from: bytes)
    self.bytes = UnsafeRawBufferPointer(copy)
    self.copy = copy
  }

  deinit { copy?.deallocate() }
}

extension LineCutter {
  /// What lines of pieces are numbered from: above all that means something to a reader.
  private static var firstNumber: UInt64 { 1 << 40 }

  /// Reads a piece onto its tape. Where bad lines end the reading it ends with the first.
  ///
  /// Touches nothing of the cutter that ever changes: pieces are recorded side by side.
  @inline(__always)
  func record<Reader: LineReader & ~Copyable>(
    _ piece: TracePiece, by reader: inout Reader, in recorder: inout EventRecorder
  ) {
    recorder.change(to: piece.tape, lasting: piece.bytes)
    guard let base = piece.bytes.baseAddress else { return }
    var start = 0
    var number = Self.firstNumber
    var events: UInt64 = 0
    while start < piece.bytes.count {
      let newline = memchr(base + start, 0x0A, piece.bytes.count - start)
      let end = newline.map { UnsafeRawPointer($0) - base } ?? piece.bytes.count
      number += 1
      var length = end - start
      if length > 0, piece.bytes[start + length - 1] == 0x0D { length -= 1 }
      let line = UnsafeRawBufferPointer(start: base + start, count: length)
      do throws(LineFailure) {
        if try reader.read(line, number: number, into: &recorder) { events += 1 }
      } catch {
        recorder.add(error, line, number: number)
        if !keepGoing { break }
      }
      start = end + 1
    }
    piece.lines = number - Self.firstNumber
    piece.events = events
  }

  /// Tells what was read of a piece, which is the next.
  @inline(__always)
  func replay<Consumer: EventConsumer & ~Copyable>(
    _ piece: TracePiece, _ numbers: inout TapeNumbers, _ names: inout TraceNames,
    into consumer: inout Consumer
  ) throws(TraceError) {
    let linesBefore = lineNumber &- Self.firstNumber
    try piece.tape.replay(linesBefore: linesBefore, &numbers, &names, into: &consumer) {
      (failure) throws(TraceError) in
      try fail(failure.failure, failure.line, number: failure.number &+ linesBefore)
    }
    count(lines: piece.lines, events: piece.events)
  }
}
