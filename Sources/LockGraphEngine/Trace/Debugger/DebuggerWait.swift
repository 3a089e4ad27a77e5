/// What a thread waits for, by the innermost frames of its stack.
struct DebuggerWait {
  enum What {
    case lock(DumpedLock, LockMode)
    case signal(String)
    /// Of the thread at an address.
    case end(String)
  }

  var what: What
  /// Of what is waited for, as far as the frames tell it.
  var address: String?
  var symbol: String?
  var isTimed = false

  /// - Returns: `nil` if it waits for nothing that is known.
  init?(_ frames: [DebuggerFrame], thread: String) {
    guard let (number, sort) = Self.wait(frames) else { return nil }
    let around = frames[...min(number + 2, frames.count - 1)]
    isTimed =
      frames[number].function.contains("timed")
      || frames[number].function.contains("clocklock")
    switch sort {
    case .mutex, .read, .write:
      let value = Self.value(
        around, ["mutex", "rwlock", "futex", "futex_word", "lock", "m", "unfair_lock"])
      symbol = value?.symbol
      address = value?.address
      let name = value.map { $0.symbol ?? $0.address } ?? "a lock that \(thread) waits for"
      let kind: LockKind = sort == .mutex ? .mutex : .rwlock
      what = .lock(
        DumpedLock(name: name, lockClass: value?.symbol, kind: kind),
        sort == .read ? .read : .write)
    case .signal:
      let value = Self.value(around, ["cond", "sem", "futex_word", "isem"])
      what = .signal(value.map { $0.symbol ?? $0.address } ?? "a signal for \(thread)")
    case .join:
      guard let id = Self.joined(around) else { return nil }
      what = .end(id)
    }
  }

  private enum Sort { case mutex, read, write, signal, join }

  /// The outermost frame of the function that waits, among the innermost frames.
  private static func wait(_ frames: [DebuggerFrame]) -> (Int, Sort)? {
    var found: (Int, Sort)?
    for (number, frame) in frames.prefix(12).enumerated() {
      if let sort = sort(of: frame.function) {
        // What waits is asked for by name further out: a mutex inside a condition's wait is not.
        if found == nil || sort != .mutex || found!.1 == .mutex { found = (number, sort) }
      } else if !NativeFrames.isLockCode(frame.text), !isInner(frame.function) {
        break
      }
    }
    return found
  }

  private static func isInner(_ function: String) -> Bool {
    function.isEmpty || function == "??" || function.contains("futex")
      || function.contains("psynch") || function.contains("ulock")
  }

  private static func sort(of function: String) -> Sort? {
    let name = function.drop { $0 == "_" }.replacingGI
    if name.contains("cond_wait") || name.contains("cond_timedwait")
      || name.contains("cond_clockwait") || name.contains("condition_variable")
      || name.contains("semwait") || name.hasPrefix("sem_wait") || name.hasPrefix("new_sem_wait")
      || name.hasPrefix("sem_timedwait") || name.contains("cvwait")
    {
      return .signal
    }
    if name.contains("rwlock_rdlock") || name.contains("rwlock_timedrdlock")
      || name.contains("rwlock_clockrdlock")
    {
      return .read
    }
    if name.contains("rwlock_wrlock") || name.contains("rwlock_timedwrlock")
      || name.contains("rwlock_clockwrlock")
    {
      return .write
    }
    if name.contains("pthread_mutex_lock") || name.contains("pthread_mutex_timedlock")
      || name.contains("pthread_mutex_clocklock") || name.contains("mutex_lock_full")
      || name.contains("lll_lock_wait") || name.contains("lll_mutex_lock")
      || name.contains("mutex_firstfit_lock") || name.contains("psynch_mutexwait")
      || name.contains("unfair_lock_lock") || name.contains("std::mutex::lock")
    {
      return .mutex
    }
    if name.contains("pthread_join") || name.contains("clockjoin") || name.contains("timedjoin") {
      return .join
    }
    return nil
  }

  /// The lock among the arguments; the outer frames have the lock itself, the inner ones a word of
  /// it.
  private static func value(
    _ frames: ArraySlice<DebuggerFrame>, _ names: [String]
  ) -> (address: String, symbol: String?)? {
    for name in names {
      for frame in frames.reversed() {
        if let value = frame.argument([name]) { return value }
      }
    }
    return nil
  }

  /// The thread of `threadid=140737343161920`.
  private static func joined(_ frames: ArraySlice<DebuggerFrame>) -> String? {
    for frame in frames {
      for name in ["threadid=", "th=", "thread="] {
        guard let start = frame.arguments.ranges(of: name).first else { continue }
        let value = frame.arguments[start.upperBound...]
        if value.hasPrefix("0x") {
          return "0x" + value.dropFirst(2).prefix { $0.isHexDigit }.drop { $0 == "0" }
        }
        if let number = UInt64(value.prefix { $0.isNumber }) {
          return "0x" + String(number, radix: 16)
        }
      }
    }
    return nil
  }

  /// The lock that a command shows: `*(pthread_mutex_t*)0x55555555a040`, `account_lock`, `*mutex`.
  static func lockName(of expression: String) -> String {
    if let start = expression.ranges(of: "0x").last {
      let digits = expression[start.upperBound...].prefix { $0.isHexDigit }.drop { $0 == "0" }
      return "0x\(digits)"
    }
    return String(expression.drop { "*&( ".contains($0) }.prefix { $0 != ")" && $0 != " " })
  }
}

extension Substring {
  /// Without the marks that the C library's own names begin with.
  fileprivate var replacingGI: Substring {
    var name = self
    if name.hasPrefix("GI_") { name = name.dropFirst(3) }
    return name.drop { $0 == "_" }
  }
}
