import LockGraph
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A lock as the loops use it.
///
/// The loops are generic and specialised for each lock, so what differs between two figures is the
/// lock alone.
protocol MeasuredLock: ~Copyable, SendableMetatype {
  /// Bare locks ignore what they cannot know.
  init(lockClass: LockClass, rank: Int?)
  /// Takes the lock, runs the body with the value that it protects, and gives it up.
  borrowing func locked(_ body: (inout Int) -> Void)
}

struct BareMutex: ~Copyable, MeasuredLock {
  private let mutex = Mutex(0)

  init(lockClass: LockClass, rank: Int?) {}

  @inline(__always)
  borrowing func locked(_ body: (inout Int) -> Void) { mutex.withLock { body(&$0) } }
}

struct CheckedMutex: ~Copyable, MeasuredLock {
  private let mutex: ValidatedMutex<Int>

  init(lockClass: LockClass, rank: Int?) {
    mutex = ValidatedMutex(0, lockClass: lockClass, rank: rank)
  }

  @inline(__always)
  borrowing func locked(_ body: (inout Int) -> Void) { mutex.withLock { body(&$0) } }
}

/// Lock and value lie where a C program has them: in memory that a pointer tells.
struct BarePthread: ~Copyable, MeasuredLock {
  private struct Words {
    var mutex = pthread_mutex_t()
    var value = 0
  }
  private let words: UnsafeMutablePointer<Words>
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  init(lockClass: LockClass, rank: Int?) {
    words = .allocate(capacity: 1)
    words.initialize(to: Words())
    mutex = UnsafeMutableRawPointer(words).assumingMemoryBound(to: pthread_mutex_t.self)
    pthread_mutex_init(mutex, nil)
  }

  @inline(__always)
  borrowing func locked(_ body: (inout Int) -> Void) {
    pthread_mutex_lock(mutex)
    body(&words.pointee.value)
    pthread_mutex_unlock(mutex)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    words.deallocate()
  }
}

/// A lock object beside what it protects, as programs have it that used `NSLock`.
struct CheckedLock: ~Copyable, MeasuredLock {
  private let lock: ValidatedLock
  private let value: UnsafeMutablePointer<Int>

  init(lockClass: LockClass, rank: Int?) {
    lock = ValidatedLock(lockClass: lockClass, rank: rank)
    value = .allocate(capacity: 1)
    value.initialize(to: 0)
  }

  @inline(__always)
  borrowing func locked(_ body: (inout Int) -> Void) {
    lock.lock()
    body(&value.pointee)
    lock.unlock()
  }

  deinit { value.deallocate() }
}

/// Locks that stay where they are until the program ends.
struct LockArray<Lock: MeasuredLock & ~Copyable>: @unchecked Sendable {
  let start: UnsafeMutablePointer<Lock>
  let count: Int

  /// - Parameter isRanked: all are of one class, and their ranks rise; else each is of its own
  ///   class.
  init(count: Int, isRanked: Bool = false) {
    self.count = count
    start = .allocate(capacity: count)
    let shared = LockClass("ranked")
    for index in 0..<count {
      (start + index).initialize(
        to: isRanked
          ? Lock(lockClass: shared, rank: index)
          : Lock(lockClass: Classes.numbered[index], rank: nil))
    }
  }

  func destroy() {
    start.deinitialize(count: count)
    start.deallocate()
  }
}

/// Names are registered once, so that a figure never holds the making of a name.
enum Classes {
  static let numbered = (0..<10_000).map { LockClass("class \($0)") }
}
