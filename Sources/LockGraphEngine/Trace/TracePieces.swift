#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Cuts an input into pieces that several threads read, and has them told in order.
///
/// The caller's thread cuts and tells. What is next and nobody has begun to read it reads itself,
/// with nothing between. So much of an input is in memory as pieces are under way.
final class TracePieces<Piece: InputPiece> {
  private let jobs: Int
  /// How long a piece is at least, unless it is the last.
  private let pieceSize: Int
  private let makeReader: () -> OrderedWork<Piece>.Worker
  private var work: OrderedWork<Piece>?
  private var readers = ReaderNumbers()
  private var spare: [Piece] = []
  private var bytesRead = 0

  /// How many bytes there must be for threads to be worth their start.
  private var leastSize: Int { 4 * pieceSize }
  /// How many of them are read at once before.
  private var beginning: Int { pieceSize / 4 }

  /// - Parameter makeReader: makes a reader of pieces with a number of its own; called on each
  ///   thread.
  init(
    _ options: ReadingOptions,
    makeReader: @escaping (_ number: Int) -> OrderedWork<Piece>.Worker
  ) {
    jobs = options.jobs
    pieceSize = options.pieceSize
    let readers = readers
    self.makeReader = { makeReader(readers.next()) }
  }

  /// Gives out numbers from zero.
  private final class ReaderNumbers: @unchecked Sendable {
    private let monitor = Monitor()
    private var count = 0

    func next() -> Int {
      monitor.locked {
        count += 1
        return count - 1
      }
    }
  }

  /// Takes the bytes of a window, of which some may be told with the next one only.
  ///
  /// - Parameters:
  ///   - hasEvents: whether there was an event before.
  ///   - readNow: reads and tells what is next, to the end of its last whole line unless nothing
  ///     follows; returns how many bytes that was.
  ///   - replay: tells what is known of a piece.
  /// - Returns: how many bytes need not be shown again.
  func feed(
    _ window: ByteInput.Window, hasEvents: () -> Bool,
    readNow: (UnsafeRawBufferPointer, Bool) throws(TraceError) -> Int,
    replay: (Piece) throws(TraceError) -> Void
  ) throws(TraceError) -> Int {
    do throws(TraceError) {
      let used = try cut(window, hasEvents, readNow, replay)
      bytesRead += used
      return used
    } catch {
      stop()
      throw error
    }
  }

  private func cut(
    _ window: ByteInput.Window, _ hasEvents: () -> Bool,
    _ readNow: (UnsafeRawBufferPointer, Bool) throws(TraceError) -> Int,
    _ replay: (Piece) throws(TraceError) -> Void
  ) throws(TraceError) -> Int {
    var used = 0
    if work == nil {
      guard bytesRead + window.bytes.count >= leastSize else {
        return try readNow(window.bytes, window.isLast)
      }
      // So that an input without events is read by one.
      var size = beginning
      while !hasEvents() {
        guard used + size < window.bytes.count else {
          return used + (try readNow(window.bytes.from(used), window.isLast))
        }
        let read = try readNow(
          UnsafeRawBufferPointer(rebasing: window.bytes[used..<used + size]), false)
        size = read > 0 ? beginning : size * 2
        used += read
      }
      work = OrderedWork(helpers: jobs - 1, makeReader)
    }
    let work = work!
    while let end = pieceEnd(in: window, from: used) {
      let bytes = PieceBytes(
        UnsafeRawBufferPointer(rebasing: window.bytes[used..<end]), isLasting: window.isLasting)
      work.add(Piece(bytes, reusing: spare.popLast()))
      used = end
      while work.count > 2 * jobs { try tellNext(of: work, readNow, replay) }
    }
    guard window.isLast else { return used }
    while work.count > 0 { try tellNext(of: work, readNow, replay) }
    stop()
    return used + (try readNow(window.bytes.from(used), true))
  }

  private func tellNext(
    of work: OrderedWork<Piece>,
    _ readNow: (UnsafeRawBufferPointer, Bool) throws(TraceError) -> Int,
    _ replay: (Piece) throws(TraceError) -> Void
  ) throws(TraceError) {
    switch work.next() {
    case nil: return
    case .untouched(let piece): _ = try readNow(piece.bytes.buffer, false)
    case .done(let piece):
      try replay(piece)
      spare.append(piece)
    }
  }

  /// Where the piece ends that begins at a position: behind a line, and far enough, if there is so
  /// much.
  private func pieceEnd(in window: ByteInput.Window, from start: Int) -> Int? {
    let bytes = window.bytes
    guard let base = bytes.baseAddress, start < bytes.count else { return nil }
    let least = start + pieceSize
    if least < bytes.count, let newline = memchr(base + least, 0x0A, bytes.count - least) {
      return UnsafeRawPointer(newline) - base + 1
    }
    // What remains is short, or ends with a long line.
    guard window.isLast || window.isLasting else { return nil }
    var end = bytes.count
    while end > start, bytes[end - 1] != 0x0A { end -= 1 }
    return end > start ? end : nil
  }

  /// Nobody reads any more; what was not told is forgotten.
  func stop() {
    work?.end()
    work = nil
  }
}
