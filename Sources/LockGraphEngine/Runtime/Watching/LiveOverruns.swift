import CLockGraph

/// The shortest of all limits: what takes no longer is not looked at.
struct ShortestLimits {
  /// `nil` where nothing is limited.
  var hold: UInt64?
  var wait: UInt64?

  init(_ limits: [LockValidator.DurationLimit]) {
    hold = limits.compactMap { $0.hold?.wholeNanoseconds }.min()
    wait = limits.compactMap { $0.wait?.wholeNanoseconds }.min()
  }
}

/// For how long locks of the running program may be held and waited for, and what took longer: of
/// each class and place where it began the longest.
struct LiveOverruns {
  private struct Key: Hashable {
    var isWait: Bool
    var lockClass: LockClassID
    var place: UInt32
  }

  private let limits: [(pattern: ClassPattern, limit: LockValidator.DurationLimit)]
  /// By class, once it was asked for.
  private var known: [LockClassID: DurationLimits] = [:]
  private var overruns: [Key: DurationOverrun] = [:]

  init(_ limits: [LockValidator.DurationLimit]) {
    self.limits = limits.map { (ClassPattern($0.classes), $0) }
  }

  var isEmpty: Bool { overruns.isEmpty }
  var all: [DurationOverrun] { Array(overruns.values) }

  /// What a class may take; of several patterns that match it the one that means it most.
  mutating func limit(
    of lockClass: LockClassID, named text: String, isWait: Bool
  ) -> DurationLimits.Limit? {
    if known[lockClass] == nil {
      let name = ClassName(text)
      known[lockClass] = DurationLimits(
        hold: limit(name, \.hold, "is held for"), wait: limit(name, \.wait, "is waited for"))
    }
    return isWait ? known[lockClass]!.wait : known[lockClass]!.hold
  }

  private func limit(
    _ name: ClassName, _ bound: KeyPath<LockValidator.DurationLimit, Duration?>, _ what: String
  ) -> DurationLimits.Limit? {
    var best: (pattern: ClassPattern, nanoseconds: UInt64)?
    for (pattern, limit) in limits where pattern.matches(name) {
      guard let duration = limit[keyPath: bound] else { continue }
      // Of two that mean it alike the first holds.
      if let best, !pattern.means(name, moreThan: best.pattern) { continue }
      best = (pattern, duration.wholeNanoseconds)
    }
    return best.map { pattern, nanoseconds in
      DurationLimits.Limit(
        nanoseconds: nanoseconds,
        declaration: Finding.Declaration(
          text: "limits: \(pattern.text) \(what) \(DurationText.short(nanoseconds)) at most",
          source: "LockValidator.configuration"))
    }
  }

  /// - Returns: whether it is the first of its class and place.
  mutating func add(
    _ overrun: DurationOverrun, _ lockClass: LockClassID, place: UInt32
  ) -> Bool {
    let key = Key(isWait: overrun.isWait, lockClass: lockClass, place: place)
    guard let before = overruns[key] else {
      overruns[key] = overrun
      return true
    }
    overruns[key] = overrun.nanoseconds > before.nanoseconds ? overrun : before
    overruns[key]!.count = before.count + 1
    return false
  }
}

extension LiveValidator {
  /// Looks whether a hold or wait took longer than it may.
  ///
  /// - Parameters:
  ///   - use: how it began.
  ///   - end: where it ended, if that is known.
  mutating func note(
    _ thread: UnsafeMutablePointer<lg_thread>, _ use: LockUse, took nanoseconds: UInt64,
    isWait: Bool, end: lg_site?
  ) {
    catchUp()
    let lockClass = names.lockClass(use, in: &validator.record.table)
    let className = validator.record.table.name(of: lockClass)
    guard let limit = overruns.limit(of: lockClass, named: className, isWait: isWait),
      nanoseconds > limit.nanoseconds
    else { return }
    let id = names.thread(thread, in: &validator)
    let began = event(isWait ? .request : .acquire, id, use)
    let lock = validator.resolveLock(began)
    var over = use
    over.taking.site = end ?? lg_site(file: nil, line: 0, column: 0)
    let ended = event(isWait ? .acquire : .release, id, over)
    let overrun = DurationOverrun(
      isWait: isWait, lockClass: className, nanoseconds: nanoseconds, limit: limit, count: 1,
      events: [
        shown(isWait ? .request : .acquire, began, lock, lockClass, thread),
        shown(isWait ? .acquire : .release, ended, lock, lockClass, thread),
      ])
    if overruns.add(overrun, lockClass, place: names.place(use.taking.site)) {
      watch.hasNews = true
    }
  }

  private func shown(
    _ role: EventRole, _ event: LockEvent, _ lock: LockID, _ lockClass: LockClassID,
    _ thread: UnsafeMutablePointer<lg_thread>
  ) -> FindingEvent {
    let table = validator.record.table
    let at = event.at.map { String(decoding: $0, as: UTF8.self) }
    return FindingEvent(
      role: role, thread: ThreadName.ofEvidence(thread),
      lock: WitnessedLock(
        lock: table.name(of: lock), lockClass: table.name(of: lockClass),
        mode: event.mode ?? .write, at: at, stack: [], line: event.line,
        kind: table.kind(of: lockClass), classOrigin: table.origin(of: lockClass)),
      at: at, stack: [], input: name, line: event.line)
  }
}

extension Duration {
  /// Whole nanoseconds, none for negative ones, and as many as there can be for those that are
  /// more.
  var wholeNanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let (product, isTooMuch) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, isMore) = product.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
    return isTooMuch || isMore ? .max : sum
  }
}
