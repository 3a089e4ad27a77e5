/// Finds the mutexes that threads hold: one pass over memory that can be written.
struct HeldMutexes {
  /// What one pass reads at most, in bytes.
  static let limit: UInt64 = 256 << 20
  private static let pieceSize: UInt64 = 1 << 20

  let process: any ObservedProcess
  let threads: Set<Int32>
  /// Memory was left out because there is too much.
  private(set) var isIncomplete = false
  private var left = HeldMutexes.limit

  init(_ process: any ObservedProcess, threads: Set<Int32>) {
    self.process = process
    self.threads = threads
  }

  /// Those of a thread's own list that are robust mutexes, and name it.
  static func robust(
    _ addresses: [UInt64], of thread: Int32, in process: any ObservedProcess
  ) -> [HeldLock] {
    var held: [HeldLock] = []
    for address in addresses where !held.contains(where: { $0.lock == address }) {
      guard let mutex = GlibcMutex(at: address, in: process), mutex.traits.isRobust,
        mutex.holder == thread
      else { continue }
      held.append(HeldLock(lock: address, kind: .mutex(mutex.traits)))
    }
    return held
  }

  /// The mutexes with an owner among the threads, by owner.
  ///
  /// - Complexity: O(bytes of memory that can be written), up to a limit.
  mutating func find() -> [Int32: [HeldLock]] {
    var found: [Int32: [HeldLock]] = [:]
    for mapping in process.mappings
    where mapping.isWritable && mapping.isReadable && !mapping.path.hasPrefix("/dev/") {
      for range in process.populated(mapping) {
        var start = range.lowerBound
        while start < range.upperBound {
          guard left > 0 else {
            isIncomplete = true
            return found
          }
          let size = min(Self.pieceSize, range.upperBound - start, left)
          // A mutex may reach into the next piece.
          let overlap = min(UInt64(GlibcMutex.size), mapping.end - start - size)
          let bytes = process.read(start, Int(size + overlap))
          search(bytes, at: start, upTo: Int(size), &found)
          left -= size
          start += size
        }
      }
    }
    return found
  }

  private func search(
    _ bytes: [UInt8], at start: UInt64, upTo size: Int, _ found: inout [Int32: [HeldLock]]
  ) {
    bytes.withUnsafeBytes { buffer in
      var at = 0
      let end = min(size, buffer.count - GlibcMutex.size + 1)
      while at < end {
        defer { at += 8 }
        // Most memory is left at the first two comparisons.
        let owner = buffer.loadUnaligned(fromByteOffset: at + 8, as: UInt32.self)
        guard owner != 0, owner <= OwnerWord.largest, threads.contains(Int32(owner)) else {
          continue
        }
        let word = buffer.loadUnaligned(fromByteOffset: at, as: UInt32.self)
        guard word == 1 || word == 2 || word & OwnerWord.mask == owner,
          buffer.loadUnaligned(fromByteOffset: at + 12, as: UInt32.self) > 0,
          let mutex = GlibcMutex(bytes[at..<at + GlibcMutex.size]), mutex.holder == Int32(owner)
        else { continue }
        found[Int32(owner), default: []].append(
          HeldLock(lock: start + UInt64(at), kind: .mutex(mutex.traits)))
      }
    }
  }
}
