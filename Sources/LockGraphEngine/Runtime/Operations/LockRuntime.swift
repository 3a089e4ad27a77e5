import CLockGraph
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What instrumented locks call: on the way to a lock, with it, and back.
///
/// A thread that holds something asks here for a lock it never asked for in that situation; from
/// then on its own table knows, and the way in is a look-up there. Everything here runs under the
/// validator's lock, which nobody waits for longer than a moment, and with a mark on the thread, so
/// that a lock that an allocation or a report uses is taken without a look. No lock of the program
/// is ever taken here.
@usableFromInline
package enum LockRuntime {
  /// The validator and what becomes of its findings; made at the first use of a lock.
  static var state: RuntimeState? {
    // Never released: a thread may be in it still when another one takes its place.
    UnsafeRawPointer(bitPattern: statePointer.load(ordering: .acquiring)).map {
      Unmanaged<RuntimeState>.fromOpaque($0).takeUnretainedValue()
    }
  }

  private static let statePointer = Atomic<UInt>(0)

  private static func setState(_ state: RuntimeState) {
    statePointer.store(
      UInt(bitPattern: Unmanaged.passRetained(state).toOpaque()), ordering: .releasing)
    lg_set_watchdog(state.watchdogInterval) { LockRuntime.reportLongWait(for: $0) }
  }

  /// Runs something under the validator's lock.
  ///
  /// - Returns: `nil` if the thread has it already, or could not get it in time.
  static func withValidatorLock<Result: ~Copyable>(_ body: () -> Result) -> Result? {
    guard let thread = currentThread, thread.pointee.in_validator == 0 else { return nil }
    guard lg_validator_enter() else { return nil }
    lg_set_in_validator(thread, true)
    let busy = thread.pointee.busy
    lg_set_busy(thread, 1)
    defer {
      lg_set_busy(thread, busy)
      lg_set_in_validator(thread, false)
      lg_validator_leave()
    }
    return body()
  }

  /// The record of the running thread, made at its first use.
  package static var currentThread: UnsafeMutablePointer<lg_thread>? {
    if let thread = lg_current() { return thread }
    lg_set_thread_ended { LockRuntime.threadEnded($0!) }
    guard let thread = lg_thread_begin() else { return nil }
    // From its first step on the thread goes the way that the configuration wants.
    _ = begin()
    return thread
  }

  /// The same, for the ways in and out of locks, which cannot do without.
  @usableFromInline
  package static var requiredThread: UnsafeMutablePointer<lg_thread> {
    guard let thread = currentThread else { fatalError("LockGraph: no memory for a thread") }
    return thread
  }

  /// The state, made where it is missing. Not while the validator runs on this thread.
  package static func begin() -> RuntimeState? {
    if let state { return state }
    return withValidatorLock {
      if let state { return state }
      let state = RuntimeState(ProcessCopies.apart(.fromEnvironment))
      setState(state)
      return state
    }
  }

  // MARK: Asking

  /// Judges a request for a lock before the thread waits for it: the slow way in.
  ///
  /// - Returns: false if the lock must not be taken here, because a signal handler runs.
  package static func admit(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    _ taking: Taking
  ) -> Bool {
    guard thread.pointee.busy == 0, thread.pointee.pace != LG_OFF, let state = begin() else {
      return true
    }
    // In a task once, in tasks again: what is taken there by and by knows its task.
    let task = TaskIdentity.current
    if task != 0, !lg_runs_tasks(thread) { lg_set_runs_tasks(thread) }
    if task != 0, TaskHolds.mayBeAny {
      let holds = TaskHolds.holds(of: task)
      if !holds.isEmpty {
        return withTaskHolds(holds, on: thread) { admit(thread, lock, taking, task, state) }
      }
    }
    return admit(thread, lock, taking, task, state)
  }

  private static func admit(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    _ taking: Taking, _ task: UInt64, _ state: RuntimeState
  ) -> Bool {
    let (flags, site) = (taking.flags, taking.site)
    let task = thread.pointee.top == thread.pointee.base ? 0 : task
    func key() -> UInt64 { lg_key(thread.pointee.key, lock.pointee.number, flags.rawValue) }
    if task != 0, !flags.isNested, TaskIdentity.isKnown(thread, key(), by: task) { return true }
    if lg_is_in_signal_handler(thread) { return false }
    dropLostHolds(thread)
    state.steered?.keep(thread, lock, taking)
    if thread.pointee.top == thread.pointee.base, !flags.isNested {
      lg_thread_remember_site(thread, site.file, site.line, site.column)
      return true
    }
    // Another one than before if holds that were lost came off.
    let key = key()
    var use = LockUse(lock, taking)
    if use.lock.isRecursive, lg_find(thread, lock) != nil {
      lg_thread_remember(thread, key)
      return true
    }
    let classKey = classKey(thread, lock, use)
    if let classKey, lg_is_known(thread, classKey) { return true }
    use.taking.flags = flags.exclusive(thread.pointee.exclusive > 0)
    state.judge(on: thread, at: site) { live in
      let isWorthMore = live.note(thread, use, classKey: classKey)
      if !live.calls.staysNew(on: thread, wanted: use.number) {
        if task == 0 {
          lg_thread_remember(thread, key)
        } else {
          TaskIdentity.remember(thread, key, by: task)
        }
      }
      if !isWorthMore, let classKey { lg_thread_remember(thread, classKey) }
    }
    return true
  }

  /// The key of the classes of what is held and asked for, where they tell all that matters: no
  /// class comes twice, and nothing is annotated.
  private static func classKey(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    _ use: LockUse
  ) -> UInt64? {
    guard !use.taking.flags.isNested else { return nil }
    var key: UInt64 = thread.pointee.exclusive > 0 ? 5 : 3
    for held in HeldStack.all(thread) {
      let (flags, heldClass) = (TakingFlags(held.traits), LockFlags(held.lock_class))
      guard held.lock != lock, !flags.isNested, !flags.isUnseen,
        heldClass.classNumber != use.lock.classNumber
      else { return nil }
      key = lg_key(key, 1 << 40 | UInt64(heldClass.classAndKind), flags.ofNesting.rawValue)
    }
    return lg_key(
      key, 1 << 40 | UInt64(use.lock.classAndKind), use.taking.flags.rawValue)
  }

  /// A signal handler must not use locks: the code that it interrupts may hold them.
  @usableFromInline
  package static func refuse(_ lock: UnsafeMutablePointer<lg_lock>, _ site: lg_site) -> Never {
    lg_say("LockGraph: a lock is taken in a signal handler at ")
    lg_say(site.file)
    lg_say(":")
    lg_say_number(site.line)
    lg_say(
      ", where locks cannot be used: the code that was interrupted may hold it. Use a flag there.\n"
    )
    abort()
  }

  // MARK: Having

  /// The slow way of what is built into the program's own code, which passes less in words than in
  /// a value.
  @usableFromInline
  package static func push(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    traits: UInt32, site: lg_site
  ) {
    push(thread, lock, Taking(traits, at: site))
  }

  /// Puts a lock on the thread's stack the slow way: it is full, or events are recorded.
  ///
  /// - Parameter condition: the condition whose wait ends with it, if one does.
  package static func push(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    _ taking: Taking, condition: UInt64? = nil
  ) {
    guard thread.pointee.pace != LG_OFF else { return }
    guard lg_thread_grow(thread) else { fatalError("LockGraph: no memory for held locks") }
    let flags = taking.flags.unseen(thread.pointee.busy != 0)
    let key =
      flags.isUnseen
      ? thread.pointee.key : lg_key(thread.pointee.key, lock.pointee.number, flags.rawValue)
    lg_push_slow(thread, lock, flags.rawValue, key, taking.nest, taking.site)
    if flags.isUnseen { return }
    guard let state else { return }
    if state.limits.hold != nil { lg_held_begin(thread, thread.pointee.top - 1, lg_now()) }
    state.trace?.write(
      condition == nil ? .acquire : .wake, thread, lock, taking, condition: condition)
  }

  /// Takes a lock off the thread's stack the slow way: it is not the last one, or events are
  /// recorded, or it is not there.
  ///
  /// - Returns: false if the thread does not hold it.
  @usableFromInline
  package static func pop(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    site: lg_site?
  ) -> Bool {
    guard thread.pointee.pace != LG_OFF else { return false }
    guard let held = lg_find(thread, lock) else {
      return notHeld(thread, lock, site)
    }
    if takesOffLostHold(thread, held) { return true }
    if !TakingFlags(held.pointee.traits).isUnseen {
      state?.trace?.write(.release, thread, lock, Taking(at: site))
    }
    if held.pointee.reentries > 0 {
      lg_held_set_reentries(held, held.pointee.reentries - 1)
      return true
    }
    endHold(thread, held, at: site)
    let nests = HeldStack.all(thread).contains {
      TakingFlags($0.traits).isNested && $0.nest == lock.pointee.number
    }
    if nests { tell(.release, thread, lock, site: site) }
    // A report handler may have made the stack grow.
    if let held = lg_find(thread, lock) { lg_thread_remove(thread, held) }
    return true
  }

  /// Whether another thread gave up what is on the stack; it is on it no longer then.
  private static func takesOffLostHold(
    _ thread: UnsafeMutablePointer<lg_thread>, _ held: UnsafeMutablePointer<lg_held>
  ) -> Bool {
    guard let state, state.lostHolds.mayContain(held.pointee.number) else { return false }
    return withValidatorLock {
      let index = held - thread.pointee.base
      let lost = state.lostHolds.lost(in: Array(HeldStack.all(thread)), of: thread)
      guard lost.contains(index) else { return false }
      lg_thread_remove(thread, held)
      return true
    } ?? false
  }

  /// The thread gives up what it does not hold.
  private static func notHeld(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    _ site: lg_site?
  ) -> Bool {
    guard thread.pointee.busy == 0, let state = begin(), state.isOn else { return false }
    if state.lostHolds.mayContain(lock.pointee.number),
      withValidatorLock({ state.lostHolds.settle(lock.pointee.number, thread) }) == true
    {
      return false
    }
    state.trace?.write(.release, thread, lock, Taking(at: site))
    if !tellSuspension(thread, lock, site, state) {
      tell(.release, thread, lock, site: site, holders: true)
    }
    return false
  }

  // MARK: Telling

  /// Judges an event that is not a request.
  static func tell(
    _ verb: EventVerb, _ thread: UnsafeMutablePointer<lg_thread>,
    _ lock: UnsafeMutablePointer<lg_lock>, assertion: LockAssertion = .held, site: lg_site?,
    holders: Bool = false
  ) {
    guard thread.pointee.busy == 0, let state = begin(), state.isOn else { return }
    dropLostHolds(thread)
    state.judge(on: thread, at: site) {
      $0.tell(
        verb, thread, LockUse(lock, Taking(at: site)), assertion: assertion,
        holders: holders ? otherHolders(of: lock.pointee.number, than: thread) : [])
    }
  }

  /// Other threads that hold a lock, and how. Under the validator's lock.
  static func otherHolders(
    of number: UInt64, than thread: UnsafeMutablePointer<lg_thread>
  ) -> [LiveValidator.Holder] {
    (1..<max(1, lg_thread_slots())).compactMap { slot in
      guard let other = lg_thread_at(slot), other != thread else { return nil }
      // It runs, so of its stack only this lock is sure to be there.
      let holds = held(by: other).filter { $0.number == number }
      return holds.isEmpty ? nil : LiveValidator.Holder(thread: other, holds: holds)
    }
  }

  private static func isOnStacks(
    _ number: UInt64, otherThan thread: UnsafeMutablePointer<lg_thread>
  ) -> Bool {
    (1..<max(1, lg_thread_slots())).contains { slot in
      guard let other = lg_thread_at(slot), other != thread else { return false }
      return HeldStack.copy(other).contains { $0.number == number }
    }
  }

  /// The memory of a lock goes that is not plain.
  @usableFromInline
  package static func end(_ lock: UnsafeMutablePointer<lg_lock>) {
    let lockClass = lg_lock_class(lock)
    let thread = requiredThread
    let isHeld = lg_load(lg_word(lock)) != 0 && !LockFlags(lockClass).isSemaphore
    if isHeld { tell(.destroy, thread, lock, site: nil, holders: true) }
    // Nobody can give it up any more.
    while let held = lg_find_number(thread, lock.pointee.number) {
      lg_thread_remove(thread, held)
    }
    if isHeld || lockClass & (LG_SIGNALLED | LG_MISUSED) != 0 {
      forgetHolds(thread, of: lock.pointee.number)
    }
    if lockClass & LG_TRACED != 0 { state?.trace?.write(.destroy, thread, lock, Taking(at: nil)) }
    if LockFlags(lockClass).hasRank { LockNames.forget(lock.pointee.number) }
  }

  /// A lock is gone, though other threads may have it on their stacks.
  private static func forgetHolds(
    _ thread: UnsafeMutablePointer<lg_thread>, of number: UInt64
  ) {
    guard let state, state.isOn else { return }
    func forget() {
      if isOnStacks(number, otherThan: thread) {
        state.lostHolds.addUnowned(number)
      } else {
        state.lostHolds.remove(number)
      }
    }
    // A lock may go while the validator runs on this thread. Its word must not be asked for
    // afterwards.
    if thread.pointee.in_validator != 0 { return forget() }
    for _ in 0..<3 where withValidatorLock(forget) != nil { return }
  }

  static func threadEnded(_ thread: UnsafeMutablePointer<lg_thread>) {
    guard let state, state.isOn, thread.pointee.busy == 0 else { return }
    dropLostHolds(thread)
    state.trace?.writeExit(thread)
    state.judge(on: thread, at: nil, isUrgent: true) { live in
      let held = HeldStack.all(thread)
      if held.isEmpty, thread.pointee.validator_thread == 0 { return }
      if !held.isEmpty { state.hasEndedOwners.store(true, ordering: .relaxed) }
      let waiters = held.isEmpty ? [] : waitingThreads()
      live.end(
        thread,
        waiters: waiters.filter { waiter in
          held.contains { $0.number == waiter.waiting.number }
        })
    }
  }

  /// Begins anew. No lock may be held or waited for.
  package static func replaceState(_ configuration: LockValidator.Configuration) {
    withValidatorLock {
      lg_threads_forget()
      let new = RuntimeState(configuration)
      // Whoever observes has a number, and would go on with one that somebody else may get.
      if let state { new.takeObservers(of: state) }
      setState(new)
    }
  }
}
