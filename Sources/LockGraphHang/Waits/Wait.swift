/// What a thread waits for.
package struct Wait: Sendable {
  package var kind: WaitKind
  /// Where the lock is in the process.
  package var lock: UInt64
  /// The word that the system watches for it.
  var word: UInt64
  package var owner: Owner
  /// The wait ends by itself some time.
  package var isTimed = false
  /// Threads of other processes may have the lock.
  package var isProcessShared = false
  /// The mutex that a wait on a condition takes when it ends.
  package var mutex: UInt64?
  /// What the program calls it: a queue's label.
  package var label: String?
  /// How often a read-write lock is held for reading, where that is why it is waited for.
  var readers: Int?
  /// It wants to read what is read, but a writer asked before.
  var isBehindWriter = false
  /// It is the writer who is next, once the readers are gone.
  var isNextWriter = false
  /// More about its state, in words.
  package var detail: String?

  /// Who can end the wait.
  package enum Owner: Equatable, Sendable {
    /// By the number that the process itself knows.
    case thread(Int32)
    /// It has an owner by its nature, and at this moment nobody or somebody who is not known yet.
    case unsettled
    /// The lock does not say who has it.
    case unknown
    /// Anybody may: it is signalled rather than owned.
    case anybody
  }
}

/// What sort of thing a thread waits for.
package enum WaitKind: Equatable, Sendable {
  case mutex(MutexTraits)
  case read, write
  case semaphore, condition, barrier, join, once, staticGuard, spin
  /// A stream of the C library.
  case stream
  case swiftMutex, swiftOnce
  case queue, queueSemaphore, queueGroup
  case rustMutex, rustRead, rustWrite, rustCondition, rustOnce
  /// What C++ waits for that has no owner: a latch, a future, another value of an atomic variable.
  case latch, future, atomic
  /// A lock of a language, as its own tool knows it: an object's monitor, or one of a library.
  case monitor, runtimeLock
  /// A thread that sleeps until another one wakes it.
  case park
  /// What looks like a lock of two states and a mark for waiters, of whatever library.
  case twoStateLock
  /// A word that somebody will change.
  case word
}

/// What a mutex is made for.
package struct MutexTraits: Equatable, Sendable {
  package enum Repeats: UInt8, Sendable { case normal, recursive, errorChecking, adaptive }

  package var repeats: Repeats = .normal
  package var isRobust = false
  package var isInheriting = false

  /// `mutex`, with what is special about it.
  package var text: String {
    var words: [String] = []
    if isRobust { words.append("robust") }
    if isInheriting { words.append("priority-inheriting") }
    switch repeats {
    case .normal: break
    case .recursive: words.append("recursive")
    case .errorChecking: words.append("error-checking")
    case .adaptive: words.append("adaptive")
    }
    return (words + ["mutex"]).joined(separator: " ")
  }
}

extension WaitKind {
  /// What it is called.
  package var text: String {
    switch self {
    case .mutex(let traits): traits.text
    case .read, .write: "read-write lock"
    case .semaphore: "semaphore"
    case .condition: "condition"
    case .barrier: "barrier"
    case .join: "the end of a thread"
    case .once: "one-time initialization"
    case .staticGuard: "initialization of a static variable"
    case .spin: "spin lock"
    case .stream: "lock of a stream"
    case .swiftMutex: "Swift mutex"
    case .swiftOnce: "Swift one-time initialization"
    case .queue: "dispatch queue"
    case .queueSemaphore: "dispatch semaphore"
    case .queueGroup: "dispatch group"
    case .rustMutex: "Rust mutex"
    case .rustRead, .rustWrite: "Rust read-write lock"
    case .rustCondition: "Rust condition"
    case .rustOnce: "Rust one-time initialization"
    case .latch: "latch"
    case .future: "future"
    case .atomic: "atomic variable"
    case .monitor: "monitor"
    case .runtimeLock: "lock"
    case .park: "being unparked"
    case .twoStateLock: "word that looks like a lock,"
    case .word: "futex"
    }
  }

  /// A stable name for machines.
  package var identifier: String {
    switch self {
    case .mutex: "mutex"
    case .read: "rwlock-read"
    case .write: "rwlock-write"
    case .semaphore: "semaphore"
    case .condition: "condition"
    case .barrier: "barrier"
    case .join: "join"
    case .once: "once"
    case .staticGuard: "static-guard"
    case .spin: "spin"
    case .stream: "stream"
    case .swiftMutex: "swift-mutex"
    case .swiftOnce: "swift-once"
    case .queue: "dispatch-queue"
    case .queueSemaphore: "dispatch-semaphore"
    case .queueGroup: "dispatch-group"
    case .rustMutex: "rust-mutex"
    case .rustRead: "rust-rwlock-read"
    case .rustWrite: "rust-rwlock-write"
    case .rustCondition: "rust-condition"
    case .rustOnce: "rust-once"
    case .latch: "latch"
    case .future: "future"
    case .atomic: "atomic"
    case .monitor: "monitor"
    case .runtimeLock: "runtime-lock"
    case .park: "park"
    case .twoStateLock: "unowned-lock"
    case .word: "futex"
    }
  }

  /// Some thread has it, and must give it up: it is held and not signalled.
  var isHeld: Bool {
    switch self {
    case .mutex, .read, .write, .once, .staticGuard, .spin, .stream, .swiftMutex, .swiftOnce,
      .queue, .rustMutex, .rustRead, .rustWrite, .rustOnce, .monitor, .runtimeLock:
      true
    case .semaphore, .condition, .barrier, .join, .queueSemaphore, .queueGroup, .rustCondition,
      .latch, .future, .atomic, .park, .twoStateLock, .word:
      false
    }
  }
}
