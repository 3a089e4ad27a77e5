/// Where the chunks of a recording are.
package struct RecordingChunks {
  /// A chunk of records.
  package struct Piece {
    package var offset: UInt64
    /// Where its records end at the latest: where the chunk does, or the file.
    package var end: UInt64
    /// How many chunks of its thread come before it.
    var number: UInt32
    /// The upper half of order numbers, in place.
    var order: UInt64
    /// An offset in the file; what is before it does not change any more.
    var watermark: UInt64
    package var isLast: Bool
    package var acquisitions: UInt64
    package var omitted: UInt64
  }

  /// The chunks of one thread, in their order.
  package struct Thread {
    /// The recording's number for it.
    package var number: UInt32
    /// The system's.
    package var identifier: UInt32
    package var pieces: [Piece]
  }

  /// By their numbers.
  package private(set) var threads: [Thread] = []
  /// Those with tables, in the order of the file.
  package private(set) var tables: [(offset: UInt64, end: UInt64)] = []
  /// Those that sealing added.
  package private(set) var sealing: [(offset: UInt64, end: UInt64)] = []
  /// One chunk is longer than the rest of the file.
  package private(set) var isCut = false
  /// Behind the last chunk.
  package private(set) var end = UInt64(RecordingLayout.headerSize)

  /// Finds all chunks.
  ///
  /// - Complexity: O(length of the file in pages) at most, O(chunks) of a whole one.
  package init(_ bytes: RecordingBytes, named name: String) throws(TraceError) {
    var numbers: [UInt32: Int] = [:]
    var offset = UInt64(RecordingLayout.headerSize)
    while offset < bytes.count, bytes.count - offset >= RecordingLayout.chunkHeaderSize {
      let header = bytes.bytes(offset, Int(RecordingLayout.chunkHeaderSize))
      guard let length = header.withUnsafeBytes({ Self.length(RecordedNumbers($0), at: offset) })
      else {
        offset += RecordingLayout.chunkUnit
        continue
      }
      let left = bytes.count - offset
      if length > left { isCut = true }
      let end = offset + min(length, left)
      header.withUnsafeBytes { add(RecordedNumbers($0), offset, end, &numbers) }
      self.end = max(self.end, end)
      offset = end
    }
    threads.sort { $0.number < $1.number }
    for index in threads.indices { try sort(index, name) }
  }

  private static func length(_ header: RecordedNumbers, at offset: UInt64) -> UInt64? {
    let length = header.u64(16)
    guard header.u32(0) == RecordingLayout.chunkMagic, header.u64(8) == offset, length > 0,
      length % RecordingLayout.chunkUnit == 0, length <= UInt64(Int64.max)
    else { return nil }
    return length
  }

  private mutating func add(
    _ header: RecordedNumbers, _ offset: UInt64, _ end: UInt64, _ numbers: inout [UInt32: Int]
  ) {
    switch RecordingChunkKind(rawValue: header.u32(4)) {
    case .tables: tables.append((offset, end))
    case .sealing: sealing.append((offset, end))
    case .records:
      let watermark = min(max(header.u64(48), RecordingLayout.chunkHeaderSize), end - offset)
      let piece = Piece(
        offset: offset, end: end, number: header.u32(56), order: header.u64(32) & ~0xFFFF_FFFF,
        watermark: offset + watermark, isLast: header.u32(60) & 1 != 0,
        acquisitions: header.u64(64), omitted: header.u64(72))
      let number = header.u32(24)
      if let index = numbers[number] {
        threads[index].pieces.append(piece)
      } else {
        numbers[number] = threads.count
        threads.append(Thread(number: number, identifier: header.u32(28), pieces: [piece]))
      }
    // Of a later version.
    case nil: break
    }
  }

  private mutating func sort(_ index: Int, _ name: String) throws(TraceError) {
    threads[index].pieces.sort { $0.number < $1.number }
    let pieces = threads[index].pieces
    for (one, next) in zip(pieces, pieces.dropFirst()) where one.number == next.number {
      throw TraceError(
        input: name,
        message: "is damaged at byte \(next.offset + 56): thread \(threads[index].number) has two "
          + "chunks of number \(next.number)",
        expected: "each number once")
    }
  }
}
