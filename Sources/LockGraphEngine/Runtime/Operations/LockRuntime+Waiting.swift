import CLockGraph

/// A thread that waits, with what it holds.
struct WaitSnapshot {
  var thread: UnsafeMutablePointer<lg_thread>
  var sequence: UInt64
  var waiting: lg_waiting
  var held: [lg_held]
}

// Waits that may never end.
//
// A thread says what it waits for before it looks whether that closes a circle, so of the threads
// of a circle the last one sees all of it. Those that wait are copied, and count if they are still
// in the same wait after all have been: then there was a moment at which all of them waited, and
// what waits gives nothing up.
extension LockRuntime {
  /// The thread is about to wait for a lock.
  package static func beginWait(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    _ taking: Taking
  ) {
    let (flags, nest, site) = (taking.flags, taking.nest, taking.site)
    if lg_delivers(thread) {
      return lg_waiting_begin(thread, lock, flags.rawValue, nest, 0, site, lg_now())
    }
    guard thread.pointee.busy == 0, let state = begin(), state.isOn else { return }
    state.trace?.write(.request, thread, lock, taking)
    state.deliverLateNews(on: thread, at: site)
    let traits = flags.exclusive(thread.pointee.exclusive > 0).rawValue
    lg_waiting_begin(thread, lock, traits, nest, TaskIdentity.current, site, lg_now())
    if mayBeStuck(thread, lock) { searchCircle(thread, site) }
  }

  /// The wait is over, with the lock or without.
  package static func endWait(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    isIO: Bool, error: LockError?
  ) {
    if lg_delivers(thread) { return lg_waiting_end(thread) }
    guard thread.pointee.busy == 0, thread.pointee.waiting.lock != nil, let state else { return }
    lg_waiting_end(thread)
    let duration = lg_now() &- thread.pointee.waiting.since
    let lockClass = LockFlags(of: lock).classNumber
    withValidatorLock {
      state.waits.note(lockClass, duration, isIO: isIO, isAbandoned: error != nil)
    }
    if let error { state.trace?.writeAbandon(thread, lock, error) }
    tellWait(thread, lock, duration, state)
  }

  /// A quick no for most waits: the owner runs, so nothing is stuck now; when it waits it will look
  /// itself.
  private static func mayBeStuck(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>
  ) -> Bool {
    switch LockFlags(of: lock).kind {
    case .rwsem, .semaphore, .queue:
      return thread.pointee.top != thread.pointee.base || hasEndedThreads
    default:
      let slot = lg_load(lg_word(lock)) & LG_OWNER_MASK
      guard let owner = lg_thread_at(slot) else { return false }
      return owner == thread || lg_thread_has_ended(owner) || lg_waiting_lock(owner) != nil
    }
  }

  private static var hasEndedThreads: Bool {
    state?.hasEndedOwners.load(ordering: .relaxed) ?? false
  }

  /// Looks for a circle through the thread, and has it judged if there is one.
  private static func searchCircle(_ thread: UnsafeMutablePointer<lg_thread>, _ site: lg_site) {
    guard let state else { return }
    let circle = withValidatorLock { waitingThreads(with: thread).circle(through: thread) }
    guard case .some(.some(let circle)) = circle else { return }
    // A reader gets in beside others, and is said to wait for a moment longer.
    if circle.contains(where: { !TakingFlags($0.waiting.traits).isForWriting }) {
      lg_sleep(1_000_000)
      guard circle.allSatisfy({ lg_waiting_sequence($0.thread) == $0.sequence }) else { return }
    }
    state.judge(on: thread, at: site, isUrgent: true) { $0.judge(waiters: circle) }
    state.steered?.noteCircle()
  }

  /// All threads that waited at one moment; one of them is put last, if it is given. Not the one
  /// that calls the handler of findings, which is not validated.
  static func waitingThreads(
    with last: UnsafeMutablePointer<lg_thread>? = nil
  ) -> [WaitSnapshot] {
    var snapshots: [WaitSnapshot] = []
    for slot in 1..<max(1, lg_thread_slots()) {
      guard let thread = lg_thread_at(slot), thread != last else { continue }
      let sequence = lg_waiting_sequence(thread)
      guard sequence & 1 == 1, lg_waiting_lock(thread) != nil, !lg_delivers(thread) else {
        continue
      }
      snapshots.append(snapshot(thread, sequence))
    }
    snapshots.removeAll { lg_waiting_sequence($0.thread) != $0.sequence }
    if let last { snapshots.append(snapshot(last, lg_waiting_sequence(last))) }
    return snapshots
  }

  private static func snapshot(
    _ thread: UnsafeMutablePointer<lg_thread>, _ sequence: UInt64
  ) -> WaitSnapshot {
    WaitSnapshot(
      thread: thread, sequence: sequence, waiting: lg_waiting_copy(thread),
      held: held(by: thread))
  }
}

extension [WaitSnapshot] {
  /// The waiters that are on circles through a thread, or wait for a thread that has ended; `nil`
  /// if there are none. How locks are held is not considered: that is judged by who judges the
  /// circle.
  func circle(through thread: UnsafeMutablePointer<lg_thread>) -> [WaitSnapshot]? {
    var holders: [UInt64: [Int]] = [:]
    for (index, waiter) in enumerated() {
      for held in waiter.held { holders[held.number, default: []].append(index) }
    }
    // A reader also waits for the writers that wait for the same lock.
    var waitingFor: [UInt64: [Int]] = [:]
    for (index, waiter) in enumerated() {
      waitingFor[waiter.waiting.number, default: []].append(index)
    }
    let start = count - 1
    if isEnded(self[start].waiting.number) { return [self[start]] }
    func next(_ index: Int) -> [Int] {
      let number = self[index].waiting.number
      return (holders[number] ?? [])
        + (waitingFor[number] ?? []).filter {
          $0 != index && TakingFlags(self[$0].waiting.traits).isForWriting
        }
    }
    // What can be reached from here and leads back here.
    var reached: Set<Int> = []
    var rest = next(start)
    var isCircle = false
    while let index = rest.popLast() {
      if index == start { isCircle = true }
      guard reached.insert(index).inserted else { continue }
      rest += next(index)
    }
    guard isCircle else { return nil }
    // The waiter that closes the circle comes last, when the others are known.
    return reached.subtracting([start]).sorted().map { self[$0] } + [self[start]]
  }

  /// Whether a thread that has ended holds the lock.
  private func isEnded(_ number: UInt64) -> Bool {
    for slot in 1..<Swift.max(1, lg_thread_slots()) {
      guard let other = lg_thread_at(slot), lg_thread_has_ended(other) else { continue }
      if LockRuntime.held(by: other).contains(where: { $0.number == number }) { return true }
    }
    return false
  }
}
