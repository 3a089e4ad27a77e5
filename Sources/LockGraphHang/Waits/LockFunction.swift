/// What functions on a stack tell of the wait inside them.
enum LockFunction: Equatable {
  case mutex, read, write, semaphore, condition, barrier, join, once, staticGuard, spin, stream
  case swiftMutex, swiftOnce
  case queue, queueSemaphore, queueGroup
  case rustMutex, rustRead, rustWrite, rustCondition, rustOnce, park
  /// What C++ 20 builds upon the waiting of atomic variables.
  case atomic, latch, treeBarrier, countingSemaphore
  case future

  /// Whether functions around it tell nothing more.
  var isDecisive: Bool {
    switch self {
    case .mutex, .read, .write, .condition, .barrier, .join: true
    default: false
    }
  }

  /// - Parameter name: without the underscores that libraries set before.
  init?(_ name: Substring) {
    switch name {
    case "pthread_mutex_lock", "pthread_mutex_timedlock", "pthread_mutex_clocklock",
      "pthread_mutex_lock_full", "pthread_mutex_cond_lock", "mtx_lock", "mtx_timedlock":
      self = .mutex
    case "pthread_rwlock_rdlock", "pthread_rwlock_timedrdlock", "pthread_rwlock_clockrdlock":
      self = .read
    case "pthread_rwlock_wrlock", "pthread_rwlock_timedwrlock", "pthread_rwlock_clockwrlock":
      self = .write
    case "pthread_cond_wait", "pthread_cond_timedwait", "pthread_cond_clockwait", "cnd_wait",
      "cnd_timedwait":
      self = .condition
    case "sem_wait", "sem_timedwait", "sem_clockwait", "new_sem_wait", "new_sem_wait_slow64",
      "new_sem_wait_slow64.constprop.0", "new_sem_wait_slow.constprop.0":
      self = .semaphore
    case "pthread_barrier_wait": self = .barrier
    case "pthread_join", "pthread_timedjoin_np", "pthread_clockjoin_np", "pthread_clockjoin_ex",
      "thrd_join", "pthread_tryjoin_np":
      self = .join
    case "pthread_once", "pthread_once_slow", "call_once", "pthread_once_full": self = .once
    case "cxa_guard_acquire": self = .staticGuard
    case "pthread_spin_lock": self = .spin
    case "flockfile", "IO_flockfile": self = .stream
    case "swift_once": self = .swiftOnce
    case "dispatch_sync_wait", "DISPATCH_WAIT_FOR_QUEUE__", "dispatch_thread_event_wait_slow",
      "dispatch_sync_f_slow", "dispatch_barrier_sync_f":
      self = .queue
    case "dispatch_semaphore_wait", "dispatch_semaphore_wait_slow": self = .queueSemaphore
    case "dispatch_group_wait", "dispatch_group_wait_slow": self = .queueGroup
    default:
      guard let function = LockFunction(partOf: name) else { return nil }
      self = function
    }
  }

  /// Names of what has no function of its own in the C library; of the two libraries' of C++.
  private init?(ofCPlusPlus name: Substring) {
    if name.contains("std::latch::") || name.contains("std::__1::latch::") {
      self = .latch
    } else if name.contains("_barrier<"), name.contains(">::") {
      self = .treeBarrier
    } else if name.contains("counting_semaphore<") && name.contains(">::")
      || name.contains("std::__atomic_semaphore::")
    {
      self = .countingSemaphore
    } else if name.hasPrefix("std::__atomic_futex_unsigned") {
      self = .future
    } else if name.contains("std::__detail::__platform_wait") || name.contains("std::__atomic_wait")
      || name.contains("std::__1::__libcpp_atomic_wait")
    {
      self = .atomic
    } else {
      return nil
    }
  }

  /// Names of Swift and Rust, demangled or not.
  private init?(partOf name: Substring) {
    if name.contains("std::"), let function = LockFunction(ofCPlusPlus: name) {
      self = function
    } else if name.contains("threading_impl::once_slow") {
      self = .swiftOnce
    } else if name.contains("MutexHandle") {
      self = .swiftMutex
    } else if name.contains("lock_contended") {
      self = .rustMutex
    } else if name.contains("read_contended") {
      self = .rustRead
    } else if name.contains("write_contended") {
      self = .rustWrite
    } else if name.contains("condvar"), name.contains("wait") || name.contains("futex") {
      self = .rustCondition
    } else if name.contains("once"), name.contains("futex"), name.contains("call") {
      self = .rustOnce
    } else if name.contains("park"), name.contains("thread") || name.contains("Parker") {
      self = .park
    } else {
      return nil
    }
  }
}
