/// Frames of programs in C, C++, Swift and Rust.
enum NativeFrames {
  /// `function (file:line)`, or what of it is known; `nil` where nothing is.
  static func text(_ function: String, _ file: String?) -> String? {
    let isUnknown = function.isEmpty || function == "??" || function == "???"
    guard let file, !file.isEmpty else { return isUnknown ? nil : function }
    return isUnknown ? file : "\(function) (\(file))"
  }

  /// The place from the first frame on that is not the lock's own code; all of it if there is none.
  static func place(_ frames: [String]) -> ToldPlace {
    let own = frames.firstIndex { !isLockCode($0) } ?? 0
    var place = ToldPlace()
    for frame in frames.dropFirst(own) { place.append(frame) }
    return place
  }

  /// Whether a frame is one of a lock itself and of what wraps it in every program.
  static func isLockCode(_ frame: String) -> Bool {
    lockCode.contains { frame.hasPrefix($0) }
  }

  private static let lockCode = [
    "pthread_mutex_", "pthread_rwlock_", "pthread_spin_", "pthread_cond_", "pthread_join",
    "__pthread_", "___pthread_", "__GI_", "__lll_", "lll_", "futex_", "__futex_", "__gthread_",
    "_pthread_", "__psynch_", "__ulock_", "_os_unfair_lock", "os_unfair_lock", "syscall",
    "__interceptor_", "___interceptor_", "mutex_lock_WRK", "mutex_trylock_WRK", "sem_wait",
    "pthread_cond_wait_WRK", "pthread_rwlock_rdlock_WRK", "pthread_rwlock_wrlock_WRK",
    "__new_sem_wait", "do_futex_wait", "std::mutex::", "std::recursive_mutex::",
    "std::timed_mutex::", "std::recursive_timed_mutex::", "std::shared_mutex::",
    "std::shared_timed_mutex::", "std::__shared_mutex", "std::__mutex_base", "std::lock_guard<",
    "std::unique_lock<", "std::scoped_lock<", "std::shared_lock<", "std::lock<",
    "std::__detail::__lock_impl", "std::__1::", "std::condition_variable", "std::__condvar",
    "__glibcxx_", "void std::lock", "absl::", "std::sys::", "std::sync::", "parking_lot",
    "lock_api::", "tracing_mutex::", "core::", "std::backtrace", "<parking_lot", "<lock_api",
    "<tracing_mutex", "std::panicking", "__rust", "???", "/usr/libexec/valgrind",
  ]

  /// What a lock is called of which nothing is known but a place where it is taken; the same in
  /// every run.
  static func nameOfLock(takenAt place: ToldPlace) -> String? {
    guard let frame = place.frames.first else { return nil }
    let function = frame.ranges(of: " (").last.map { frame[..<$0.lowerBound] } ?? frame[...]
    return "lock taken in \(function)"
  }

  /// How a lock is asked for, by the innermost frames.
  static func request(_ frames: [String]) -> (mode: LockMode, kind: LockKind?, isTry: Bool) {
    for frame in frames.prefix(6) {
      let name = frame.prefix { $0 != " " && $0 != "(" }
      if name.contains("rwlock") || name.contains("shared_mutex") || name.contains("shared_lock") {
        let reads =
          name.contains("rdlock") || name.contains("lock_shared")
          || name.contains("shared_lock")
        return (reads ? .read : .write, .rwlock, name.contains("try"))
      }
      if name.contains("mutex") && name.contains("lock") {
        return (.write, nil, name.contains("trylock") || name.contains("try_lock"))
      }
    }
    return (.write, nil, false)
  }
}

// Words of lines.
extension UnsafeRawBufferPointer {
  /// What stands between two texts.
  func between(_ start: StaticString, _ end: StaticString) -> UnsafeRawBufferPointer? {
    guard let first = offset(of: start) else { return nil }
    let from = first + start.utf8CodeUnitCount
    guard let last = offset(of: end, from: from) else { return nil }
    return UnsafeRawBufferPointer(rebasing: self[from..<last])
  }

  /// Up to the first byte that belongs to no word: names of mutexes, addresses, numbers.
  var word: UnsafeRawBufferPointer {
    upTo(firstIndex { !(isDigit($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x5F) } ?? count)
  }

  /// The number that it begins with.
  var leadingNumber: Int? {
    let digits = prefix(while: isDigit)
    guard !digits.isEmpty, digits.count < 18 else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 & 0xF) }
  }
}
