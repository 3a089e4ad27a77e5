import CLockGraph

// The flag words of the C part, read as the analyser's terms; nothing else knows their bits by
// heart.

/// The word of a lock that names its class, with flags beside it.
struct LockFlags {
  var rawValue: UInt32

  init(_ rawValue: UInt32) { self.rawValue = rawValue }

  init(of lock: UnsafeMutablePointer<lg_lock>) { rawValue = lg_lock_class(lock) }

  /// Its class, by its number in the registry.
  var classNumber: UInt32 { rawValue & LG_CLASS_MASK }
  /// Class and kind: what it takes to judge a nesting of classes.
  var classAndKind: UInt32 { rawValue & (LG_CLASS_MASK | LG_KIND_MASK) }
  var hasRank: Bool { rawValue & LG_HAS_RANK != 0 }
  /// Its nestings are no orders.
  var isUnordered: Bool { rawValue & LG_UNORDERED != 0 }
  var isSpin: Bool { rawValue & LG_KIND_MASK == LG_KIND_SPIN }
  var isRecursive: Bool { rawValue & LG_KIND_MASK == LG_KIND_RECURSIVE }
  var isReadWrite: Bool { rawValue & LG_KIND_MASK == LG_KIND_READ_WRITE }
  var isSemaphore: Bool { rawValue & LG_KIND_MASK == LG_KIND_SEMAPHORE }

  var kind: LockKind {
    switch rawValue & LG_KIND_MASK {
    case LG_KIND_RECURSIVE: .recursive
    case LG_KIND_SPIN: .spin
    case LG_KIND_READ_WRITE: .rwsem
    case LG_KIND_SEMAPHORE: .semaphore
    case LG_KIND_QUEUE: .queue
    default: .mutex
    }
  }
}

/// The word that says how a lock is taken or held.
package struct TakingFlags {
  var rawValue: UInt32

  init(_ rawValue: UInt32) { self.rawValue = rawValue }

  init(_ mode: LockMode) { rawValue = UInt32(mode.rawValue) }

  var mode: LockMode? { LockMode(rawValue: UInt8(rawValue & LG_MODE_MASK)) }
  /// Nobody else has it meanwhile.
  var isForWriting: Bool { rawValue & LG_MODE_MASK == 0 }
  var isTry: Bool { rawValue & LG_TRY != 0 }
  var isUnchecked: Bool { rawValue & LG_UNCHECKED != 0 }
  /// A lock is said to serialise it.
  var isNested: Bool { rawValue & LG_NESTED != 0 }
  /// The hold's `nest` is the task that took it.
  var hasTask: Bool { rawValue & LG_HAS_TASK != 0 }
  /// What tells nestings apart.
  var ofNesting: TakingFlags { TakingFlags(rawValue & ~LG_HAS_TASK) }
  /// It is taken by the code of a report, which is not validated.
  var isUnseen: Bool { rawValue & LG_UNSEEN != 0 }
  /// The nesting level.
  var subclass: UInt8 { UInt8((rawValue & LG_SUBCLASS_MASK) >> UInt32(LG_SUBCLASS_SHIFT)) }

  var options: AcquisitionOptions {
    var options: AcquisitionOptions = []
    if rawValue & LG_TRY != 0 { options.insert(.try) }
    if rawValue & LG_INTERRUPTIBLE != 0 { options.insert(.interruptible) }
    if rawValue & LG_KILLABLE != 0 { options.insert(.killable) }
    if rawValue & LG_TIMEOUT != 0 { options.insert(.timeout) }
    if rawValue & LG_UNCHECKED != 0 { options.insert(.unchecked) }
    if rawValue & LG_EXCLUSIVE != 0 { options.insert(.exclusive) }
    return options
  }

  /// The same by the code of a report.
  func unseen(_ isUnseen: Bool) -> TakingFlags {
    isUnseen ? TakingFlags(rawValue | LG_UNSEEN) : self
  }

  /// The same while nobody else can reach the locks.
  func exclusive(_ isExclusive: Bool) -> TakingFlags {
    isExclusive ? TakingFlags(rawValue | LG_EXCLUSIVE) : self
  }
}
