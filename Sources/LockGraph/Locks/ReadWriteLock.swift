public import CLockGraph

/// A lock that many threads can hold for reading or one for writing, and that validates the order
/// in which it is taken.
///
/// A waiting writer keeps new readers out, so a thread that reads and asks to read again can wait
/// for a writer that waits for it: that is reported. `recursiveReadLock()` passes waiting writers
/// and so may be nested.
///
/// Thread-safe. Not for signal handlers, and not to be held across an `await`. Taking it while
/// nobody keeps the thread out is O(1).
public final class ReadWriteLock: ValidatedLockProtocol, @unchecked Sendable {
  @usableFromInline let header: WideLockHeader

  /// - Parameters:
  ///   - name: the name of its class; the place where it is made if there is none.
  ///   - lockClass: its class, instead of a name.
  ///   - rank: locks of one class may nest in strictly rising rank.
  public init(
    name: String? = nil, lockClass: LockClass? = nil, rank: Int? = nil,
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    header = WideLockHeader(
      kind: LG_KIND_READ_WRITE, name: name, lockClass: lockClass, rank: rank, file: file,
      line: line, column: column)
  }

  /// The lock's words; for this package only.
  public var _header: UnsafeMutablePointer<lg_lock> { header.address }

  // MARK: Writing

  /// Waits until nobody has the lock, and takes it for writing.
  @available(*, noasync, message: "Use withWriteLock: a task may go on in another thread")
  public func writeLock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    LockRuntime.take(header.wide, .write, lg_site(file: file, line: line, column: column))
    #if Validation
      if let thread = lg_current() { LockRuntime.noteTask(of: thread, _header) }
    #endif
  }

  /// The same at a nesting level of the class, or under a lock that serialises the class.
  @available(*, noasync, message: "Use withWriteLock: a task may go on in another thread")
  public func writeLock(
    subclass: Int, nestedUnder outer: LockIdentity? = nil, file: StaticString = #fileID,
    line: UInt32 = #line, column: UInt32 = #column
  ) {
    LockRuntime.takeForSure(
      header.wide, .write, subclass: subclass, nest: outer?.number,
      lg_site(file: file, line: line, column: column))
  }

  /// Takes the lock for writing if nobody has it.
  @available(*, noasync, message: "A task may go on in another thread")
  public func tryWriteLock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) -> Bool {
    LockRuntime.tryTake(header.wide, .write, lg_site(file: file, line: line, column: column))
  }

  /// Gives up the lock, which the thread has for writing.
  @available(*, noasync, message: "A task may go on in another thread")
  public func writeUnlock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    LockRuntime.giveUp(
      header.wide, lg_site(file: file, line: line, column: column))
  }

  /// Has the lock for reading, which the thread has for writing, without letting a writer in
  /// between.
  @available(*, noasync, message: "A task may go on in another thread")
  public func downgrade(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    LockRuntime.downgrade(header.wide, lg_site(file: file, line: line, column: column))
  }

  // MARK: Reading

  /// Waits until no writer has the lock or waits for it, and takes it for reading.
  @available(*, noasync, message: "Use withReadLock: a task may go on in another thread")
  public func readLock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    LockRuntime.take(header.wide, .read, lg_site(file: file, line: line, column: column))
    #if Validation
      if let thread = lg_current() { LockRuntime.noteTask(of: thread, _header) }
    #endif
  }

  /// The same at a nesting level of the class, or under a lock that serialises the class.
  @available(*, noasync, message: "Use withReadLock: a task may go on in another thread")
  public func readLock(
    subclass: Int, nestedUnder outer: LockIdentity? = nil, file: StaticString = #fileID,
    line: UInt32 = #line, column: UInt32 = #column
  ) {
    LockRuntime.takeForSure(
      header.wide, .read, subclass: subclass, nest: outer?.number,
      lg_site(file: file, line: line, column: column))
  }

  /// Waits until no writer has the lock, and takes it for reading, past writers that wait.
  @available(*, noasync, message: "A task may go on in another thread")
  public func recursiveReadLock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    LockRuntime.take(header.wide, .recursiveRead, lg_site(file: file, line: line, column: column))
  }

  /// Takes the lock for reading if no writer has it or waits for it.
  @available(*, noasync, message: "A task may go on in another thread")
  public func tryReadLock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) -> Bool {
    LockRuntime.tryTake(header.wide, .read, lg_site(file: file, line: line, column: column))
  }

  /// Gives up the lock, which the thread has for reading.
  @available(*, noasync, message: "A task may go on in another thread")
  public func readUnlock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    LockRuntime.giveUp(
      header.wide, lg_site(file: file, line: line, column: column))
  }

  // MARK: Waits that end

  /// Waits until a signal handler runs or the task is cancelled.
  ///
  /// - Throws: `LockError.interrupted`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func writeLockInterruptibly(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) throws(LockError) {
    try LockRuntime.take(
      header.wide, .write, .interruptible, lg_site(file: file, line: line, column: column))
  }

  /// Waits until a signal handler runs or the task is cancelled.
  ///
  /// - Throws: `LockError.interrupted`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func readLockInterruptibly(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) throws(LockError) {
    try LockRuntime.take(
      header.wide, .read, .interruptible, lg_site(file: file, line: line, column: column))
  }

  /// Waits until the program is asked to end; see `TerminationRequests`.
  ///
  /// - Throws: `LockError.killed`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func writeLockKillable(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) throws(LockError) {
    try LockRuntime.take(
      header.wide, .write, .killable, lg_site(file: file, line: line, column: column))
  }

  /// Waits until the program is asked to end; see `TerminationRequests`.
  ///
  /// - Throws: `LockError.killed`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func readLockKillable(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) throws(LockError) {
    try LockRuntime.take(
      header.wide, .read, .killable, lg_site(file: file, line: line, column: column))
  }

  /// Waits for so long.
  ///
  /// - Throws: `LockError.timedOut`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func writeLock(
    timeout: Duration, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) throws(LockError) {
    try LockRuntime.take(
      header.wide, .write, .timeout(timeout), lg_site(file: file, line: line, column: column))
  }

  /// Waits for so long.
  ///
  /// - Throws: `LockError.timedOut`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func readLock(
    timeout: Duration, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) throws(LockError) {
    try LockRuntime.take(
      header.wide, .read, .timeout(timeout), lg_site(file: file, line: line, column: column))
  }

  // MARK: Closures

  /// Runs a closure with the lock held for writing.
  @inlinable
  public func withWriteLock<Result: ~Copyable, Failure: Error>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let site = lg_site(file: file, line: line, column: column)
    LockRuntime.take(header.wide, .write, site)
    defer { LockRuntime.giveUp(header.wide, site) }
    return try body()
  }

  /// Runs a closure with the lock held for reading.
  @inlinable
  public func withReadLock<Result: ~Copyable, Failure: Error>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let site = lg_site(file: file, line: line, column: column)
    LockRuntime.take(header.wide, .read, site)
    defer { LockRuntime.giveUp(header.wide, site) }
    return try body()
  }

  // MARK: Assertions

  /// Reports a finding if the running thread does not hold the lock for writing.
  public func assertHeldForWriting(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    LockRuntime.assert(.write, _header, lg_site(file: file, line: line, column: column))
  }

  /// Reports a finding if the running thread does not hold the lock for reading.
  public func assertHeldForReading(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    LockRuntime.assert(.read, _header, lg_site(file: file, line: line, column: column))
  }
}
