/// The records of one thread, one after the other.
///
/// Reads a piece at a time. What belongs together is one event: a time and what happened then, a
/// lock and its permits, a condition wait and its mutex; a thread that could not be created is
/// none.
package struct RecordingCursor {
  private struct Raw {
    var first: UInt64
    var second: UInt64
    /// Where it is in the file.
    var offset: UInt64

    var operation: UInt8 { UInt8(truncatingIfNeeded: first >> 56) }
    var number: UInt64 { first & 0xFFFF_FFFF_FFFF }
    var flags: UInt8 { UInt8(truncatingIfNeeded: first >> 48) }
  }

  /// The recording's number for the thread.
  package let thread: UInt32
  private let bytes: RecordingBytes
  private let pieces: [RecordingChunks.Piece]
  /// Behind it, in the last chunk, records may still change and are left out.
  private let respectsWatermark: Bool
  private var nextPiece = 0
  private let buffer: UnsafeMutableRawBufferPointer
  private var position = 0
  private var filled = 0
  /// Where the next bytes are read, and where those of the chunk end.
  private var offset: UInt64 = 0
  private var end: UInt64 = 0
  /// The records of the chunk came to their end, and not the chunk.
  private var hasEnd = true
  private var order: UInt64 = 0
  private var lastOrder: UInt64 = 0
  private var kept: Raw?
  /// A chunk is missing that nobody was told of yet.
  private var lacksChunk = false
  /// The piece before which one is missing, once that was noticed.
  private var toldGap = -1
  /// How many records have an operation that is not known.
  package private(set) var unknown: UInt64 = 0
  /// How many times a chunk was missing.
  package private(set) var gaps = 0
  /// The next event, unless it is at the end.
  private(set) var current = RecordedEvent(
    operation: .held, flags: RecordedFlags(rawValue: 0), address: 0, site: 0, order: 0)
  private(set) var isAtEnd = false
  /// The next event; `nil` at the end.
  package var event: RecordedEvent? { isAtEnd ? nil : current }

  /// At the first event. `close` ends it.
  ///
  /// - Parameter bufferSize: how much is read at a time, a multiple of 16.
  init(
    _ thread: RecordingChunks.Thread, _ bytes: RecordingBytes, respectsWatermark: Bool,
    bufferSize: Int = 4096, named name: String
  ) throws(TraceError) {
    self.thread = thread.number
    self.bytes = bytes
    pieces = thread.pieces
    self.respectsWatermark = respectsWatermark
    buffer = .allocate(byteCount: bufferSize, alignment: 16)
    do throws(TraceError) {
      try advance(name)
    } catch {
      buffer.deallocate()
      throw error
    }
  }

  /// Gives the memory back.
  func close() { buffer.deallocate() }

  /// Goes on to the next event.
  @inline(__always)
  mutating func advance(_ name: String) throws(TraceError) {
    // Nearly all records are one of these two, and have nothing before or behind them.
    guard position < filled, kept == nil else { return try advanceFurther(name) }
    let first = buffer.load(fromByteOffset: position, as: UInt64.self).littleEndian
    let operation: RecordedOperation
    switch UInt8(truncatingIfNeeded: first >> 56) {
    case RecordedOperation.acquire.rawValue: operation = .acquire
    case RecordedOperation.release.rawValue: operation = .release
    default: return try advanceFurther(name)
    }
    let second = buffer.load(fromByteOffset: position + 8, as: UInt64.self).littleEndian
    let number = order | second & 0xFFFF_FFFF
    guard number >= lastOrder, second != .max else { return try advanceFurther(name) }
    position += 16
    lastOrder = number
    current = RecordedEvent(
      operation: operation, flags: RecordedFlags(rawValue: UInt8(truncatingIfNeeded: first >> 48)),
      address: first & 0xFFFF_FFFF_FFFF, site: UInt32(second >> 32), order: number)
  }

  @inline(never)
  private mutating func advanceFurther(_ name: String) throws(TraceError) {
    var time: UInt64?
    var mutex: UInt64 = 0
    while let raw = next() {
      guard let operation = RecordedOperation(rawValue: raw.operation) else {
        unknown += 1
        continue
      }
      switch operation {
      case .wide:
        order = raw.number << 32
        continue
      case .time:
        time = raw.number
        continue
      case .conditionMutex:
        mutex = raw.number
        continue
      case .value: continue
      default: break
      }
      let number = order | raw.second & 0xFFFF_FFFF
      if operation != .held, raw.second != .max {
        guard number >= lastOrder else { throw Self.damage(name, raw.offset, number, lastOrder) }
        lastOrder = number
      }
      var event = RecordedEvent(
        operation: operation, flags: RecordedFlags(rawValue: raw.flags), address: raw.number,
        site: UInt32(raw.second >> 32), order: operation == .held ? .max : lastOrder, time: time)
      if operation == .conditionWait { event.mutex = mutex }
      if operation == .initialize || operation == .spawn {
        guard addFollowing(&event) else { continue }
      }
      current = event
      return
    }
    isAtEnd = true
  }

  /// Takes in what belongs to an event; false if that makes it none.
  private mutating func addFollowing(_ event: inout RecordedEvent) -> Bool {
    guard let following = next() else { return true }
    switch RecordedOperation(rawValue: following.operation) {
    case .value where event.operation == .initialize: event.value = following.number
    case .failed where event.operation == .spawn: return false
    default: kept = following
    }
    return true
  }

  @inline(__always)
  private mutating func next() -> Raw? {
    if let raw = kept {
      kept = nil
      return raw
    }
    while true {
      if position < filled {
        let at = position
        let first = buffer.load(fromByteOffset: at, as: UInt64.self).littleEndian
        if first != 0 {
          position += 16
          return Raw(
            first: first,
            second: buffer.load(fromByteOffset: at + 8, as: UInt64.self).littleEndian,
            offset: offset - UInt64(filled - at))
        }
        // The thread went on in its next chunk.
        offset = end
        hasEnd = true
      }
      guard fill() else {
        // As if the recorder had said it.
        guard lacksChunk else { return nil }
        lacksChunk = false
        gaps += 1
        return Raw(
          first: UInt64(RecordedOperation.lost.rawValue) << 56 | 1, second: .max, offset: offset)
      }
    }
  }

  /// Reads on, in the next chunk where this one is over; false at the end, and at a gap.
  private mutating func fill() -> Bool {
    position = 0
    filled = 0
    while true {
      let size = Int(min(UInt64(buffer.count), end - offset)) & ~15
      if size > 0 {
        let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<size])
        filled = bytes.read(offset, into: piece) & ~15
        if filled > 0 {
          offset += UInt64(filled)
          return true
        }
        // The file became shorter while it was read.
        offset = end
      }
      guard nextPiece < pieces.count else {
        // It may have done more: what it holds is not known.
        lacksChunk = !hasEnd
        hasEnd = true
        return false
      }
      let piece = pieces[nextPiece]
      let expected = nextPiece == 0 ? 0 : pieces[nextPiece - 1].number &+ 1
      if piece.number != expected, toldGap != nextPiece {
        toldGap = nextPiece
        lacksChunk = true
        return false
      }
      nextPiece += 1
      offset = piece.offset + RecordingLayout.chunkHeaderSize
      end = piece.end
      if respectsWatermark, nextPiece == pieces.count { end = min(end, piece.watermark) }
      end = max(end, offset)
      hasEnd = respectsWatermark && nextPiece == pieces.count
      order = piece.order
    }
  }

  private static func damage(
    _ name: String, _ offset: UInt64, _ number: UInt64, _ last: UInt64
  ) -> TraceError {
    TraceError(
      input: name,
      message:
        "is damaged at byte \(offset): the order of a record falls from \(last) to \(number)",
      expected: "numbers that grow")
  }
}
