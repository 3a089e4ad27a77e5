import Dispatch
import LockGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What locks cost that are not mutexes, against the system's locks of the same kind.
struct OtherLock {
  var name: String
  var peer: String
  var time: Double
  var peerTime: Double

  static func measure(_ options: Options) -> [OtherLock] {
    let readWrite = ReadWriteLock(name: "other: table")
    let recursive = RecursiveMutex(name: "other: recursive")
    let spin = SpinLock(name: "other: spin")
    let semaphore = Semaphore(value: 1, name: "other: semaphore")
    let queue = SerialQueue(label: "other: queue")
    let dispatchSemaphore = DispatchSemaphore(value: 1)
    let dispatchQueue = DispatchQueue(label: "other: bare queue")
    let table = UnsafeMutablePointer<pthread_rwlock_t>.allocate(capacity: 1)
    pthread_rwlock_init(table, nil)
    let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    var attributes = pthread_mutexattr_t()
    pthread_mutexattr_init(&attributes)
    pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE))
    pthread_mutex_init(mutex, &attributes)
    let spinning = UnsafeMutablePointer<pthread_spinlock_t>.allocate(capacity: 1)
    pthread_spin_init(spinning, 0)
    let box = LockedValueBox(0, name: "other: box")
    let allocated = AllocatedLock(uncheckedState: 0, name: "other: allocated")
    let condition = ValidatedCondition(name: "other: condition")
    let plain = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    pthread_mutex_init(plain, nil)
    let signalled = Condition()
    let bareCondition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    pthread_cond_init(bareCondition, nil)
    let count = RefCount(name: "other: count")
    nonisolated(unsafe) var value = 0

    let pairs: [(String, (Int) -> Int, String, (Int) -> Int)] = [
      (
        "ReadWriteLock, read", { repeated($0) { readWrite.withReadLock { value &+= 1 } } },
        "pthread_rwlock_t",
        {
          repeated($0) {
            pthread_rwlock_rdlock(table)
            value &+= 1
            pthread_rwlock_unlock(table)
          }
        }
      ),
      (
        "ReadWriteLock, write", { repeated($0) { readWrite.withWriteLock { value &+= 1 } } },
        "pthread_rwlock_t",
        {
          repeated($0) {
            pthread_rwlock_wrlock(table)
            value &+= 1
            pthread_rwlock_unlock(table)
          }
        }
      ),
      (
        "RecursiveMutex", { repeated($0) { recursive.withLock { value &+= 1 } } },
        "pthread_mutex_t, recursive",
        {
          repeated($0) {
            pthread_mutex_lock(mutex)
            value &+= 1
            pthread_mutex_unlock(mutex)
          }
        }
      ),
      (
        "RecursiveMutex, twice",
        { repeated($0) { recursive.withLock { recursive.withLock { value &+= 1 } } } },
        "pthread_mutex_t, recursive",
        {
          repeated($0) {
            pthread_mutex_lock(mutex)
            pthread_mutex_lock(mutex)
            value &+= 1
            pthread_mutex_unlock(mutex)
            pthread_mutex_unlock(mutex)
          }
        }
      ),
      (
        "SpinLock", { repeated($0) { spin.withLock { value &+= 1 } } }, "pthread_spinlock_t",
        {
          repeated($0) {
            pthread_spin_lock(spinning)
            value &+= 1
            pthread_spin_unlock(spinning)
          }
        }
      ),
      (
        "Semaphore",
        {
          repeated($0) {
            semaphore.wait()
            value &+= 1
            semaphore.signal()
          }
        }, "DispatchSemaphore",
        {
          repeated($0) {
            dispatchSemaphore.wait()
            value &+= 1
            dispatchSemaphore.signal()
          }
        }
      ),
      (
        "LockedValueBox", { repeated($0) { box.withLockedValue { $0 &+= 1 } } }, "pthread_mutex_t",
        {
          repeated($0) {
            pthread_mutex_lock(plain)
            value &+= 1
            pthread_mutex_unlock(plain)
          }
        }
      ),
      (
        "AllocatedLock", { repeated($0) { allocated.withLockUnchecked { $0 &+= 1 } } },
        "pthread_mutex_t",
        {
          repeated($0) {
            pthread_mutex_lock(plain)
            value &+= 1
            pthread_mutex_unlock(plain)
          }
        }
      ),
      (
        "ValidatedCondition", { repeated($0) { condition.withLock { value &+= 1 } } },
        "pthread_mutex_t",
        {
          repeated($0) {
            pthread_mutex_lock(plain)
            value &+= 1
            pthread_mutex_unlock(plain)
          }
        }
      ),
      (
        "Condition, signal, nobody waits", { repeated($0) { signalled.signal() } },
        "pthread_cond_t", { repeated($0) { pthread_cond_signal(bareCondition) } }
      ),
      (
        "RefCount, up and down",
        {
          repeated($0) {
            count.retain()
            _ = count.release()
          }
        }, "pthread_mutex_t",
        {
          repeated($0) {
            pthread_mutex_lock(plain)
            value &+= 1
            pthread_mutex_unlock(plain)
          }
        }
      ),
      (
        "AsyncMutex", { inTask($0 / 10) { await Tasks.mutex.withLock { $0 &+= 1 } } },
        "an actor's method", { inTask($0 / 10) { await Tasks.actor.increment() } }
      ),
      (
        "AsyncSemaphore",
        {
          inTask($0 / 10) {
            await Tasks.semaphore.wait()
            Tasks.semaphore.signal()
          }
        }, "an actor's method", { inTask($0 / 10) { await Tasks.actor.increment() } }
      ),
      (
        "SerialQueue, sync", { repeated($0 / 10) { queue.sync { value &+= 1 } } },
        "DispatchQueue", { repeated($0 / 10) { dispatchQueue.sync { value &+= 1 } } }
      ),
    ]
    let results = inTurns(
      options,
      pairs.flatMap { pair in
        [pair.1, pair.3].map { loop in { times in nanoseconds { loop(times) } } }
      })
    return pairs.enumerated().map { index, pair in
      OtherLock(
        name: pair.0, peer: pair.2, time: results[index * 2],
        peerTime: results[index * 2 + 1])
    }
  }
}

@inline(__always)
private func repeated(_ times: Int, _ body: () -> Void) -> Int {
  for _ in 0..<times { body() }
  return times
}

/// What tasks take.
private enum Tasks {
  static let mutex = AsyncMutex(0, name: "other: async mutex")
  static let semaphore = AsyncSemaphore(value: 1, name: "other: async semaphore")
  static let actor = Counter()

  actor Counter {
    private var value = 0
    func increment() { value &+= 1 }
  }
}

/// The same in a task that the thread waits for.
private func inTask(_ times: Int, _ body: @escaping @Sendable () async -> Void) -> Int {
  let isDone = DispatchSemaphore(value: 0)
  Task.detached {
    for _ in 0..<times { await body() }
    isDone.signal()
  }
  isDone.wait()
  return times
}
