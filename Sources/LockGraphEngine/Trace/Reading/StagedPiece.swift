#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A reader whose lines depend on those before them, but for what a line consists of. That is found
/// out side by side, and the lines are read in order.
protocol StagedReader: LineReader, ~Copyable {
  /// What a line consists of; it may point into the line.
  associatedtype Stage: BitwiseCopyable
  static func stage(_ line: UnsafeRawBufferPointer) -> Stage
  /// Reads a line of which that is known.
  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ stage: Stage, of line: UnsafeRawBufferPointer, number: UInt64, into consumer: inout Consumer
  ) throws(LineFailure) -> Bool
}

extension StagedReader where Self: ~Copyable {
  @inline(__always)
  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, number: UInt64, into consumer: inout Consumer
  ) throws(LineFailure) -> Bool {
    try read(Self.stage(line), of: line, number: number, into: &consumer)
  }
}

/// Whole lines of an input, cut and looked at by a thread before it is their turn.
///
/// Used by one thread at a time: the one that cuts, then the one that looks, then the first again.
final class StagedPiece<Stage: BitwiseCopyable>: InputPiece, @unchecked Sendable {
  fileprivate struct Line {
    var start: UInt32
    var count: UInt32
    var stage: Stage
  }

  let bytes: PieceBytes
  fileprivate var lines: [Line] = []

  init(_ bytes: PieceBytes, reusing spare: StagedPiece?) {
    self.bytes = bytes
    guard let spare else { return }
    swap(&lines, &spare.lines)
    lines.removeAll(keepingCapacity: true)
  }
}

extension LineCutter {
  /// Cuts a piece into lines, and finds out what they consist of.
  ///
  /// Touches nothing of the cutter: pieces are looked at side by side.
  @inline(__always)
  static func stage<Reader: StagedReader & ~Copyable>(
    _ piece: StagedPiece<Reader.Stage>, for reader: Reader.Type
  ) {
    let bytes = piece.bytes.buffer
    guard let base = bytes.baseAddress else { return }
    var start = 0
    while start < bytes.count {
      let newline = memchr(base + start, 0x0A, bytes.count - start)
      let end = newline.map { UnsafeRawPointer($0) - base } ?? bytes.count
      var length = end - start
      if length > 0, bytes[start + length - 1] == 0x0D { length -= 1 }
      let line = UnsafeRawBufferPointer(start: base + start, count: length)
      piece.lines.append(
        StagedPiece.Line(
          start: UInt32(start), count: UInt32(length), stage: Reader.stage(line)))
      start = end + 1
    }
  }

  /// Reads the lines of a piece, which is the next.
  @inline(__always)
  func read<Reader: StagedReader & ~Copyable, Consumer: EventConsumer & ~Copyable>(
    _ piece: StagedPiece<Reader.Stage>, by reader: inout Reader, into consumer: inout Consumer
  ) throws(TraceError) {
    guard let base = piece.bytes.buffer.baseAddress else { return }
    var number = lineNumber
    var events: UInt64 = 0
    for line in piece.lines {
      number += 1
      let text = UnsafeRawBufferPointer(start: base + Int(line.start), count: Int(line.count))
      do throws(LineFailure) {
        if try reader.read(line.stage, of: text, number: number, into: &consumer) { events += 1 }
      } catch {
        try fail(error, text, number: number)
      }
    }
    count(lines: UInt64(piece.lines.count), events: events)
  }
}
