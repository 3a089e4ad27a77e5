import LockGraphEngine

/// One event of a random trace that need not make sense, with what the rules of balance, lifetime
/// and wait types look at.
public enum SoupEvent: Sendable {
  case acquire(Int, LockMode, options: AcquisitionOptions, nest: Int?)
  case request(Int, LockMode, nest: Int?, isCompleted: Bool)
  case release(Int), initialize(Int), destroy(Int)
  case downgrade(Int)
  case assert(Int, String)
  case pin(Int), unpin(Int)
  /// A wait that gives up the lock, and its end.
  case wait(Int)
  case enter(InterruptContext, isUnthreaded: Bool), leave(InterruptContext)
  case maskSoftirq, unmaskSoftirq
  case sleep, exit
}

/// The rules of balance, lifetime, assertions and wait types by their letter: semantics 1, 5, 8, 10
/// and 15 to 18.
public struct BalanceModel {
  /// A violation: the rule, and the class that it is about.
  public struct Violation: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var rule: Rule
    public var lockClass: String

    public init(_ rule: Rule, _ lockClass: String = "") {
      self.rule = rule
      self.lockClass = lockClass
    }

    public static func < (left: Violation, right: Violation) -> Bool {
      (left.rule, left.lockClass) < (right.rule, right.lockClass)
    }

    public var description: String { "\(rule.rawValue) \(lockClass)" }
  }

  private struct Held {
    var lock: Int
    /// Which of the locks that had the name, one after the other.
    var instance: Int
    var mode: LockMode
    /// The instance that serialises it.
    var nest: Int?
    /// How many contexts were entered when it was taken; -1 once the last of them was left.
    var depth: Int
    var count = 1
    var pins = 0
  }

  private struct Context {
    var context: InterruptContext
    var isUnthreaded: Bool
  }

  private struct ThreadState {
    var held: [Held] = []
    var contexts: [Context] = []
    var softirqMasks = 0
  }

  private let kinds: [LockKind?]
  private var threads: [ThreadState]
  /// The instance of each lock, counted over all locks.
  private var instances: [Int]
  private var instanceCount: Int
  public private(set) var violations: Set<Violation> = []

  public init(kinds: [LockKind?], threads: Int) {
    self.kinds = kinds
    instances = Array(kinds.indices)
    instanceCount = kinds.count
    self.threads = Array(repeating: ThreadState(), count: threads)
  }

  public static func name(of lock: Int) -> String { "C\(lock)" }

  private mutating func report(_ rule: Rule, _ lock: Int? = nil) {
    violations.insert(Violation(rule, lock.map(Self.name) ?? ""))
  }

  /// Whether nothing says what an event means: it takes a lock that its thread has already, and
  /// that it may not take again, so that later events are about either; it ends a thread that has
  /// locks pinned; it masks or waits inside a context, or enters one that cannot interrupt.
  public func isAmbiguous(_ event: SoupEvent, by thread: Int) -> Bool {
    switch event {
    case .exit: threads[thread].held.contains { $0.pins > 0 }
    case .maskSoftirq, .unmaskSoftirq, .wait: !threads[thread].contexts.isEmpty
    case .enter(let context, _):
      threads[thread].contexts.contains {
        $0.context == .hardirq || $0.context == context || context == .signal
      }
    case .acquire(let lock, let mode, _, _), .request(let lock, let mode, _, true):
      !isReentry(lock, mode, thread) && lastHold(lock, thread) != nil
    default: false
    }
  }

  public mutating func run(_ event: SoupEvent, by thread: Int) {
    switch event {
    case .acquire(let lock, let mode, let options, let nest):
      ask(lock, mode, options, nest.map { instances[$0] }, thread)
      take(lock, mode, nest.map { instances[$0] }, thread)
    case .request(let lock, let mode, let nest, let isCompleted):
      ask(lock, mode, [], nest.map { instances[$0] }, thread)
      if isCompleted { take(lock, mode, nest.map { instances[$0] }, thread) }
    case .release(let lock): release(lock, thread)
    case .initialize(let lock), .destroy(let lock):
      guard threads.indices.contains(where: { lastHold(lock, $0) != nil }) else { return }
      report(.destroyedWhileHeld, lock)
      instances[lock] = instanceCount
      instanceCount += 1
    case .downgrade(let lock):
      if let index = lastHold(lock, thread) {
        if !threads[thread].held[index].mode.isRead { threads[thread].held[index].mode = .read }
      } else {
        releaseUnheld(lock, thread)
      }
    case .assert(let lock, let claim): assert(lock, claim, thread)
    case .pin(let lock):
      if let index = lastHold(lock, thread) {
        threads[thread].held[index].pins += 1
      } else {
        report(.pinViolated, lock)
      }
    case .unpin(let lock):
      if let index = threads[thread].held.lastIndex(where: {
        $0.instance == instances[lock] && $0.pins > 0
      }) {
        threads[thread].held[index].pins -= 1
      } else {
        report(.pinViolated, lock)
      }
    case .wait(let lock): wait(lock, thread)
    case .enter(let context, let isUnthreaded):
      threads[thread].contexts.append(Context(context: context, isUnthreaded: isUnthreaded))
    case .leave(let context): leave(context, thread)
    case .maskSoftirq: threads[thread].softirqMasks += 1
    case .unmaskSoftirq:
      if threads[thread].softirqMasks == 0 {
        report(.unbalancedContext)
      } else {
        threads[thread].softirqMasks -= 1
      }
    case .sleep:
      if limit(thread) < .sleep { violations.insert(Violation(.invalidWaitContext, "sleep")) }
    case .exit:
      for held in threads[thread].held { report(.heldAtExit, held.lock) }
      if !threads[thread].contexts.isEmpty { report(.unbalancedContext) }
      threads[thread] = ThreadState()
    }
  }

  private func lastHold(_ lock: Int, _ thread: Int) -> Int? {
    threads[thread].held.lastIndex { $0.instance == instances[lock] }
  }

  private func isReentry(_ lock: Int, _ mode: LockMode, _ thread: Int) -> Bool {
    let holds = threads[thread].held.filter { $0.instance == instances[lock] }
    guard kinds[lock]?.isReentrant == true, !holds.isEmpty else { return false }
    return mode.isRead
      || holds.contains { $0.mode == .write || $0.mode == .upgradable && mode == .upgradable }
  }

  private mutating func ask(
    _ lock: Int, _ mode: LockMode, _ options: AcquisitionOptions, _ nest: Int?, _ thread: Int
  ) {
    guard !isReentry(lock, mode, thread) else { return }
    if let nest, !threads[thread].held.contains(where: { $0.instance == nest }) {
      report(.nestNotHeld, lock)
    }
    guard !options.contains(.try), let outer = outerType(kinds[lock]) else { return }
    if outer > limit(thread) { report(.invalidWaitContext, lock) }
  }

  private mutating func take(_ lock: Int, _ mode: LockMode, _ nest: Int?, _ thread: Int) {
    if isReentry(lock, mode, thread) {
      threads[thread].held[lastHold(lock, thread)!].count += 1
    } else {
      threads[thread].held.append(
        Held(
          lock: lock, instance: instances[lock], mode: mode, nest: nest,
          depth: threads[thread].contexts.count))
    }
  }

  private mutating func release(_ lock: Int, _ thread: Int) {
    guard let index = lastHold(lock, thread) else { return releaseUnheld(lock, thread) }
    if threads[thread].held[index].count > 1 {
      threads[thread].held[index].count -= 1
      return
    }
    giveUp(index, thread)
  }

  /// What was destroyed while it was held may still be given up: that was said then.
  private mutating func releaseUnheld(_ lock: Int, _ thread: Int) {
    if let index = threads[thread].held.lastIndex(where: { $0.lock == lock }) {
      threads[thread].held.remove(at: index)
    } else {
      report(.releaseNotHeld, lock)
    }
  }

  private mutating func giveUp(_ index: Int, _ thread: Int) {
    let held = threads[thread].held.remove(at: index)
    if held.pins > 0 { report(.pinViolated, held.lock) }
    guard !threads[thread].held.contains(where: { $0.instance == held.instance }) else { return }
    // One release is one violation, whatever else is nested.
    if let nested = threads[thread].held.last(where: { $0.nest == held.instance }) {
      report(.nestNotHeld, nested.lock)
    }
  }

  private mutating func assert(_ lock: Int, _ claim: String, _ thread: Int) {
    let holds = threads[thread].held.filter { $0.instance == instances[lock] }
    let isTrue =
      switch claim {
      case "held": !holds.isEmpty
      case "not-held": holds.isEmpty
      case "write": holds.contains { $0.mode == .write }
      default: holds.contains { $0.mode != .write }
      }
    if !isTrue { report(.assertionFailed, lock) }
  }

  /// The wait gives up the lock, however often it was taken, and its end takes it again.
  private mutating func wait(_ lock: Int, _ thread: Int) {
    var retaken = Held(
      lock: lock, instance: instances[lock], mode: .write, depth: threads[thread].contexts.count)
    if let index = lastHold(lock, thread) {
      retaken = threads[thread].held[index]
      retaken.pins = 0
      retaken.depth = threads[thread].contexts.count
      giveUp(index, thread)
    } else {
      releaseUnheld(lock, thread)
    }
    for other in threads[thread].held where other.instance != instances[lock] {
      report(.waitWhileHolding, other.lock)
    }
    ask(lock, retaken.mode, [], retaken.nest, thread)
    threads[thread].held.append(retaken)
  }

  private mutating func leave(_ context: InterruptContext, _ thread: Int) {
    guard let index = threads[thread].contexts.lastIndex(where: { $0.context == context }) else {
      return report(.unbalancedContext)
    }
    if index < threads[thread].contexts.count - 1 { report(.unbalancedContext) }
    for held in threads[thread].held where held.depth > index {
      report(.unbalancedContext, held.lock)
    }
    // The interrupted code goes on with them.
    for held in threads[thread].held.indices where threads[thread].held[held].depth > index {
      threads[thread].held[held].depth = -1
    }
    threads[thread].contexts.removeSubrange(index...)
  }

  private enum WaitType: Int, Comparable {
    case free, spin, config, sleep

    static func < (left: WaitType, right: WaitType) -> Bool { left.rawValue < right.rawValue }
  }

  private func innerType(_ kind: LockKind?) -> WaitType? {
    switch kind {
    case .rawSpin, .rcuSched: .spin
    case .spin, .rwlock, .local, .rcu: .config
    case .mutex, .rtMutex, .rwsem, .wwMutex, .semaphore, .recursive, .queue,
      .reentrantRwlock:
      .sleep
    default: nil
    }
  }

  private func outerType(_ kind: LockKind?) -> WaitType? {
    kind == .rcu || kind == .rcuSched ? .free : innerType(kind)
  }

  /// What may be taken at most where the thread is.
  private func limit(_ thread: Int) -> WaitType {
    let contexts = threads[thread].contexts
    var limit = WaitType.sleep
    if let context = contexts.last {
      limit = context.context == .hardirq && context.isUnthreaded ? .spin : .config
    }
    for held in threads[thread].held where held.depth == contexts.count {
      if let inner = innerType(kinds[held.lock]) { limit = min(limit, inner) }
    }
    return limit
  }
}
