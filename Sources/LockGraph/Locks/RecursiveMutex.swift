public import CLockGraph

/// A mutual exclusion that its owner may take again, and that validates the order in which it is
/// taken first.
///
/// Taking it again cannot block, so it makes no order and is not judged.
///
/// Thread-safe. Not for signal handlers, and not to be held across an `await`. Taking it while it
/// is free, or held by the same thread, is O(1) and O(locks held).
public final class RecursiveMutex: ValidatedLockProtocol, @unchecked Sendable {
  private let header: LockHeader
  /// How often the owner took it again; the owner's alone, so nobody has to watch who looks at it.
  @exclusivity(unchecked) private var reentries = 0

  /// - Parameters:
  ///   - name: the name of its class; the place where it is made if there is none.
  ///   - lockClass: its class, instead of a name.
  ///   - rank: locks of one class may nest in strictly rising rank.
  public init(
    name: String? = nil, lockClass: LockClass? = nil, rank: Int? = nil,
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    header = LockHeader(
      kind: LG_KIND_RECURSIVE, name: name, lockClass: lockClass, rank: rank, file: file,
      line: line, column: column)
  }

  /// The lock's words; for this package only.
  public var _header: UnsafeMutablePointer<lg_lock> { header.address }

  /// Waits for the lock and takes it, once more if the thread has it.
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  public func lock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    enter(lg_site(file: file, line: line, column: column))
    #if Validation
      if let thread = lg_current() { LockRuntime.noteTask(of: thread, _header) }
    #endif
  }

  /// The same at a nesting level of the class, or under a lock that serialises the class.
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  public func lock(
    subclass: Int, nestedUnder outer: LockIdentity? = nil, file: StaticString = #fileID,
    line: UInt32 = #line, column: UInt32 = #column
  ) {
    try! take(
      subclass: subclass, nest: outer?.number, WaitPolicy(),
      lg_site(file: file, line: line, column: column))
  }

  /// Takes the lock if no other thread has it.
  @available(*, noasync, message: "A task may go on in another thread")
  public func tryLock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) -> Bool {
    let site = lg_site(file: file, line: line, column: column)
    let thread = LockRuntime.requiredThread
    if enterAgain(thread, site) { return true }
    guard lg_acquire(_header, thread.pointee.slot) else { return false }
    #if Validation
      LockRuntime.push(thread, _header, traits: LG_TRY, site: site)
      LockRuntime.noteTask(of: thread, _header)
    #endif
    return true
  }

  /// `tryLock()`, as `NSRecursiveLock` calls it.
  @available(*, noasync, message: "A task may go on in another thread")
  public func `try`(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) -> Bool {
    tryLock(file: file, line: line, column: column)
  }

  /// Waits until a signal handler runs or the task is cancelled.
  ///
  /// - Throws: `LockError.interrupted`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func lockInterruptibly(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) throws(LockError) {
    try take(.interruptible, lg_site(file: file, line: line, column: column))
  }

  /// Waits until the program is asked to end; see `TerminationRequests`.
  ///
  /// - Throws: `LockError.killed`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func lockKillable(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) throws(LockError) {
    try take(.killable, lg_site(file: file, line: line, column: column))
  }

  /// Waits for so long.
  ///
  /// - Throws: `LockError.timedOut`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func lock(
    timeout: Duration, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) throws(LockError) {
    try take(.timeout(timeout), lg_site(file: file, line: line, column: column))
  }

  /// Gives the lock up once.
  @available(*, noasync, message: "A task may go on in another thread")
  public func unlock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    giveUp(lg_site(file: file, line: line, column: column))
  }

  /// Runs a closure with the lock.
  @inlinable
  public func withLock<Result: ~Copyable, Failure: Error>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let site = lg_site(file: file, line: line, column: column)
    enter(site)
    defer { giveUp(site) }
    return try body()
  }

  /// Takes the lock with nothing said about it.
  @usableFromInline
  func enter(_ site: lg_site) {
    let thread = lg_current() ?? LockRuntime.requiredThread
    if enterAgain(thread, site) { return }
    #if Validation
      _ = LockRuntime.lock(_header, site)
    #else
      if !lg_acquire(_header, thread.pointee.slot) {
        _ = MutexOperations.acquire(lg_word(_header), owner: thread.pointee.slot, WaitPolicy())
      }
    #endif
  }

  @inline(__always)
  private func enterAgain(_ thread: UnsafeMutablePointer<lg_thread>, _ site: lg_site) -> Bool {
    guard lg_load(lg_word(_header)) & LG_OWNER_MASK == thread.pointee.slot else { return false }
    #if Validation
      LockRuntime.reenter(thread, _header, site)
    #endif
    reentries += 1
    return true
  }

  private func take(
    subclass: Int = 0, nest: UInt64? = nil, _ policy: WaitPolicy, _ site: lg_site
  ) throws(LockError) {
    let thread = LockRuntime.requiredThread
    if enterAgain(thread, site) { return }
    #if Validation
      _ = try LockRuntime.lock(_header, subclass: subclass, nest: nest, policy, site)
    #else
      if !lg_acquire(_header, thread.pointee.slot),
        let error = MutexOperations.acquire(
          lg_word(_header), owner: thread.pointee.slot, policy)
      {
        throw error
      }
    #endif
  }

  @usableFromInline
  func giveUp(_ site: lg_site) {
    let thread = lg_current() ?? LockRuntime.requiredThread
    let isOwner = lg_load(lg_word(_header)) & LG_OWNER_MASK == thread.pointee.slot
    #if Validation
      // A hold that counts several is not taken off at once.
      if !isOwner || reentries > 0 || !lg_pop(thread, _header) {
        _ = LockRuntime.pop(thread, _header, site: site)
      }
    #endif
    // As with other recursive locks, who does not have it cannot give it up.
    guard isOwner else { return }
    if reentries > 0 {
      reentries -= 1
    } else if !lg_release(_header, thread.pointee.slot) {
      MutexOperations.release(lg_word(_header))
    }
  }
}
