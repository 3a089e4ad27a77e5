/// A recording, opened: what it says as a whole, where its records are, and its tables.
///
/// Memory grows with its threads, sites, modules and names, and by 80 bytes a chunk. Use it from
/// one thread.
package final class Recording {
  package let name: String
  package let bytes: RecordingBytes
  package let header: RecordingHeader
  package let chunks: RecordingChunks
  package var tables: RecordingTables
  /// The process was there when the file was opened, so that what is behind a watermark may change.
  package let isRunning: Bool

  /// - Parameter name: what messages call it.
  package init(_ bytes: RecordingBytes, named name: String) throws(TraceError) {
    self.name = name
    self.bytes = bytes
    // Watermarks are read with the chunks, before any record is.
    header = try RecordingHeader(bytes.bytes(0, RecordingLayout.headerSize), of: name)
    isRunning = RecordedProcess(header).isRunning
    chunks = try RecordingChunks(bytes, named: name)
    tables = try RecordingTables(bytes, chunks, sealed: header.sealed, named: name)
  }

  /// Opens a file.
  package convenience init(contentsOf path: String) throws(TraceError) {
    try self.init(RecordingBytes.open(path), named: path)
  }

  /// The threads that wait for a lock as far as the file tells now, and where their waits stand in
  /// it: a thread that is at the same a while later has waited since. Semaphores are left out, for
  /// which threads wait that have nothing to do.
  ///
  /// - Complexity: O(threads), a chunk each.
  package func openWaits() -> [(thread: UInt32, offset: UInt64)] {
    var waits: [(thread: UInt32, offset: UInt64)] = []
    for thread in chunks.threads {
      guard let piece = thread.pieces.last else { continue }
      let start = piece.offset + RecordingLayout.chunkHeaderSize
      let content = bytes.bytes(start, Int(min(piece.end - start, 1 << 24)))
      var last: (word: UInt64, offset: UInt64)?
      content.withUnsafeBytes {
        let numbers = RecordedNumbers($0)
        var at = 0
        while at + 16 <= $0.count, numbers.u64(at) != 0 {
          last = (numbers.u64(at), start + UInt64(at))
          at += 16
        }
      }
      guard let last, last.word >> 56 == UInt64(RecordedOperation.wait.rawValue),
        RecordedFlags(rawValue: UInt8(truncatingIfNeeded: last.word >> 48)).kind != .semaphore
      else { continue }
      waits.append((thread.number, last.offset))
    }
    return waits
  }

  /// A number that changes when the process records something that is kept.
  package var progress: UInt64 {
    chunks.threads.reduce(0) { sum, thread in
      sum &+ (thread.pieces.last.map { $0.watermark &+ $0.acquisitions } ?? 0)
    }
  }
}
