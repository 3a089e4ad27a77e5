#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whole lines of an input that a thread may read onto a tape before those in front of them.
///
/// Used by one thread at a time: the one that cuts, then the one that reads, then the first again.
final class TapedPiece: InputPiece, @unchecked Sendable {
  let bytes: PieceBytes
  /// What was read, empty before.
  let tape: EventTape
  /// Which reader read it.
  var reader = 0
  /// How many lines were read, and in how many of them an event was.
  fileprivate(set) var lines: UInt64 = 0
  fileprivate(set) var events: UInt64 = 0

  init(_ bytes: PieceBytes, reusing spare: TapedPiece?) {
    self.bytes = bytes
    tape = spare?.tape ?? EventTape()
    tape.clear()
  }
}

extension LineCutter {
  /// What lines of pieces are numbered from: above all that means something to a reader.
  private static var firstNumber: UInt64 { 1 << 40 }

  /// Reads a piece onto its tape. Where bad lines end the reading it ends with the first.
  ///
  /// Touches nothing of the cutter that ever changes: pieces are recorded side by side.
  @inline(__always)
  func record<Reader: LineReader & ~Copyable>(
    _ piece: TapedPiece, by reader: inout Reader, in recorder: inout EventRecorder
  ) {
    let bytes = piece.bytes.buffer
    recorder.change(to: piece.tape, lasting: bytes)
    guard let base = bytes.baseAddress else { return }
    var start = 0
    var number = Self.firstNumber
    var events: UInt64 = 0
    while start < bytes.count {
      let newline = memchr(base + start, 0x0A, bytes.count - start)
      let end = newline.map { UnsafeRawPointer($0) - base } ?? bytes.count
      number += 1
      var length = end - start
      if length > 0, bytes[start + length - 1] == 0x0D { length -= 1 }
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
    _ piece: TapedPiece, _ numbers: inout TapeNumbers, _ names: inout TraceNames,
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
