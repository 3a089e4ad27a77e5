/// A mutex as glibc lays it out since 2.4, the same on x86-64 and aarch64.
///
/// Believed only if all its fields can be those of a mutex.
struct GlibcMutex {
  static let size = 40
  /// Where its word is, as seen from its place in a thread's list of robust ones.
  static let wordFromListed: Int64 = -32

  let word: UInt32
  let count: UInt32
  let owner: UInt32
  let kind: UInt32

  init?(at address: UInt64, in process: any ObservedProcess) {
    guard address & 7 == 0 else { return nil }
    let bytes = process.read(address, Self.size)
    guard bytes.count == Self.size else { return nil }
    self.init(bytes[...])
  }

  init?(_ bytes: ArraySlice<UInt8>) {
    func number(_ offset: Int) -> UInt32 {
      bytes.withUnsafeBytes {
        UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      }
    }
    word = number(0)
    count = number(4)
    owner = number(8)
    let users = number(12)
    kind = number(16)
    guard kind & ~Kind.all == 0, count < 1 << 24, users < 1 << 24,
      owner <= OwnerWord.largest || isInconsistent
    else { return nil }
    let protects = kind & Kind.ceiling != 0
    if isByKernel {
      guard word & OwnerWord.mask <= OwnerWord.largest else { return nil }
    } else if !protects {
      guard word <= 2 else { return nil }
    }
    // Only robust ones are in a list.
    if kind & (Kind.robust | Kind.inheriting) == 0 {
      guard (24..<40).allSatisfy({ bytes[bytes.startIndex + $0] == 0 }) else { return nil }
    }
    if count > 1, traits.repeats != .recursive { return nil }
  }

  private enum Kind {
    static let repeats: UInt32 = 3
    static let robust: UInt32 = 16
    static let inheriting: UInt32 = 32
    static let ceiling: UInt32 = 64
    static let shared: UInt32 = 128
    /// Whether locking is left to the processor's transactions.
    static let elision: UInt32 = 256 | 512
    static let all = repeats | robust | inheriting | ceiling | shared | elision
  }

  var traits: MutexTraits {
    MutexTraits(
      repeats: MutexTraits.Repeats(rawValue: UInt8(kind & Kind.repeats)) ?? .normal,
      isRobust: kind & Kind.robust != 0, isInheriting: kind & Kind.inheriting != 0)
  }

  /// The kernel reads the owner from the word itself.
  private var isByKernel: Bool { kind & (Kind.robust | Kind.inheriting) != 0 }

  /// Every robust mutex has the bit, whoever uses it.
  var isProcessShared: Bool { kind & Kind.shared != 0 }
  var ownerDied: Bool { isByKernel && word & OwnerWord.ownerDied != 0 }

  /// Who has it took it over from an owner that had ended, and has not said since that all is well:
  /// then the word alone names it.
  var isInconsistent: Bool { kind & Kind.robust != 0 && owner == Int32.max }

  /// The thread that has it.
  var holder: Int32? {
    isByKernel ? OwnerWord.thread(word) : word != 0 ? OwnerWord.thread(owner) : nil
  }
}
