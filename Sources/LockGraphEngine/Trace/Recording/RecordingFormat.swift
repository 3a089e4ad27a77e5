// Numbers of the format of recordings [docs/recording-file.md].

/// What recordings begin with.
package enum RecordingMark {
  package static let bytes: [UInt8] = [0x89, 0x4C, 0x47, 0x54, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Whether an input begins as recordings do.
  static func begins(_ beginning: UnsafeRawBufferPointer) -> Bool {
    beginning.starts(with: bytes)
  }
}

/// Sizes and marks of the parts of a recording.
package enum RecordingLayout {
  static let version: UInt32 = 1
  package static let headerSize = 4096
  static let byteOrder: UInt32 = 0x0102_0304
  /// Chunks begin at multiples of it and are as long as some.
  package static let chunkUnit: UInt64 = 1024
  package static let chunkHeaderSize: UInt64 = 128
  /// `LGCH`.
  package static let chunkMagic: UInt32 = 0x4843_474C
  static let recordSize: UInt64 = 16
}

/// What a chunk has.
package enum RecordingChunkKind: UInt32 {
  case records = 1
  case tables = 2
  case sealing = 3
}

/// What a record tells.
package enum RecordedOperation: UInt8 {
  case wait = 1
  case acquire, held, failed, release, post, ownerDied, initialize, value, destroy
  case conditionMutex = 16
  case conditionWait, wake, signal, broadcast, barrier, barrierLeft
  case spawn = 32
  case start, end, joinWait, join, detach, fork, exec, process
  case dropped = 48
  case lost, wide, time
}

/// The kinds of locks as recordings number them.
package enum RecordedKind: UInt8 {
  case mutex, recursive, errorChecking, readersFirst, writersFirst, spin, semaphore, once
  case staticGuard, stream, loader, queue, condition, barrier, plainC11, recursiveC11

  /// The kind in the words of traces; `nil` for what is no lock.
  var lockKind: LockKind? {
    switch self {
    case .mutex, .errorChecking, .once, .staticGuard, .plainC11: .mutex
    case .recursive, .stream, .loader, .recursiveC11: .recursive
    // They sleep, which the kernel's kind of the name does not.
    case .readersFirst, .writersFirst: .rwsem
    case .spin: .spin
    case .semaphore: .semaphore
    case .queue: .queue
    case .condition, .barrier: nil
    }
  }
}

/// The flags of a record of a lock.
package struct RecordedFlags: Equatable, Sendable {
  package var rawValue: UInt8

  package var kind: RecordedKind { RecordedKind(rawValue: rawValue >> 4)! }
  package var isShared: Bool { rawValue & 1 != 0 }
  package var isTried: Bool { rawValue & 2 != 0 }
  package var isTimed: Bool { rawValue & 4 != 0 }
  /// It was given up directly after, and there is no release.
  package var isClosed: Bool { rawValue & 8 != 0 }

  /// How the lock is asked for.
  package var mode: LockMode {
    guard isShared else { return .write }
    return kind == .writersFirst ? .read : .recursiveRead
  }
}
