/// A read-write lock as glibc lays it out since 2.25.
struct GlibcReadWriteLock {
  let address: UInt64
  let readers: UInt32
  let writer: UInt32
  let flags: UInt32
  let isProcessShared: Bool
  /// All that is always zero is, and no reader waits for its turn.
  private let isPlain: Bool

  init?(at address: UInt64, in process: any ObservedProcess) {
    guard address & 7 == 0 else { return nil }
    let bytes = process.read(address, 56)
    guard bytes.count == 56 else { return nil }
    func number(_ offset: Int) -> UInt32 {
      bytes.withUnsafeBytes {
        UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      }
    }
    self.address = address
    readers = number(0)
    writer = number(24)
    let shared = number(28)
    // What has no name, and two words of room.
    isPlain =
      number(4) == 0 && number(16) == 0 && number(20) == 0
      && (29..<48).allSatisfy { bytes[$0] == 0 } && number(52) == 0
    flags = number(48)
    isProcessShared = shared == 1
    // Waiting words hold 0, 1 and a mark, or 2 and a mark; preferences are 0, 1 and 2.
    guard writer <= OwnerWord.largest, shared <= 1, flags <= 2, number(4) < 1 << 31,
      readers >> 3 < 1 << 20, number(8) <= 3, number(12) <= 3
    else { return nil }
  }

  /// The lock that a word belongs to that is waited for as long as it has a value.
  static func around(
    _ word: UInt64, _ value: UInt32, in process: any ObservedProcess
  ) -> GlibcReadWriteLock? {
    // Only the count of readers is ever greater than a mark and a bit.
    let offsets: [UInt64] = value > 3 ? [0, 8, 12] : [8, 12, 0]
    for offset in offsets {
      if let lock = GlibcReadWriteLock(at: word &- offset, in: process), lock.isInUse {
        return lock
      }
    }
    return nil
  }

  /// The lock of a word that is waited for, and how, where no function tells that it is one.
  static func around(
    _ call: FutexCall, threads: Set<Int32>, in process: any ObservedProcess
  ) -> (lock: GlibcReadWriteLock, kind: WaitKind)? {
    guard call.command == .waitBits, call.value == 2 || call.value == 3,
      let lock = around(call.address, call.value, in: process), lock.isPlain,
      lock.readers & 0xE != 0,
      lock.writer == 0 || OwnerWord.thread(lock.writer).map(threads.contains) ?? false
    else { return nil }
    switch call.address &- lock.address {
    // In the writers' turn readers wait for its end, in the readers' the next writer does.
    case 8: return (lock, lock.readers & 1 == 1 ? .read : .write)
    case 12: return (lock, .write)
    default: return nil
    }
  }

  /// How many have it for reading, or wait to have it next.
  var readerCount: Int { Int(readers >> 3) }

  /// A writer has it, or has asked and waits for the readers.
  var isWriteLocked: Bool { readers & 2 != 0 }

  /// It is read, and a writer that has asked goes before further readers, who wait on the count.
  func isBehindWriter(_ word: UInt64) -> Bool {
    word == address && isWriteLocked && readers & 1 == 0 && readerCount > 0
  }

  /// The word on which the writer who is next waits for the readers; all others wait elsewhere.
  var writersTurn: UInt64 { address + 8 }

  private var isInUse: Bool { readers != 0 || writer != 0 }
}
