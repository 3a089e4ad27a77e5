import CLockGraph
import Synchronization

/// A count of references that cannot be made to lie: it never rises from zero, never falls below,
/// and never overflows.
///
/// Misuse is a finding, and leaves the count at its greatest value for good: an object that is
/// never freed is a leak, one that is freed too early is a hole.
///
/// Thread-safe; every operation is O(1).
public struct RefCount: ~Copyable, Sendable {
  private let count: Atomic<UInt32>
  private let flags: UInt32
  private let number: UInt64

  /// From here on a count is what misuse made of it. Far from both ends, so that threads that are
  /// on their way when it happens do not come back to where counts are good.
  private static let saturated: UInt32 = 0xC000_0000
  private static let limit: UInt32 = 0x8000_0000

  /// A count with references.
  ///
  /// - Parameters:
  ///   - references: how many, at least one.
  ///   - name: what reports call it; the place where it is made if there is none.
  public init(
    _ references: UInt32 = 1, name: String? = nil, file: StaticString = #fileID,
    line: UInt32 = #line, column: UInt32 = #column
  ) {
    precondition(references > 0 && references < Self.limit, "a count begins with references")
    count = Atomic(references)
    let words = LockRuntime.words(
      kind: LG_KIND_MUTEX, name: name, lockClass: nil, rank: nil, isOrdered: false, word: 0,
      site: lg_site(file: file, line: line, column: column))
    flags = words.lock_class
    number = words.number
  }

  /// How many references there are at this moment, or the greatest value after misuse.
  public var value: UInt32 { count.load(ordering: .relaxed) }

  /// Adds a reference. The caller must have one, so there is at least one.
  public borrowing func retain(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    let before = count.wrappingAdd(1, ordering: .relaxed).oldValue
    guard before == 0 || before >= Self.limit - 1 else { return }
    misuse(
      before == 0 ? .raisedFromZero : .saturated, isNew: before < Self.limit, file, line, column)
  }

  /// Adds a reference unless there is none left.
  public borrowing func retainUnlessZero(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) -> Bool {
    var before = count.load(ordering: .relaxed)
    while true {
      if before == 0 { return false }
      if before >= Self.limit - 1 {
        misuse(.saturated, isNew: before < Self.limit, file, line, column)
        return true
      }
      let (exchanged, original) = count.compareExchange(
        expected: before, desired: before + 1, ordering: .relaxed)
      if exchanged { return true }
      before = original
    }
  }

  /// Gives up a reference.
  ///
  /// - Returns: true if it was the last one: the object is the caller's alone, and what others did
  ///   to it before they gave theirs up is seen.
  public borrowing func release(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) -> Bool {
    let before = count.wrappingSubtract(1, ordering: .acquiringAndReleasing).oldValue
    if before == 1 { return true }
    if before == 0 || before >= Self.limit {
      misuse(
        before == 0 ? .loweredBelowZero : .saturated, isNew: before == 0, file, line, column)
    }
    return false
  }

  /// Gives up a reference, unless it is the last one.
  public borrowing func releaseUnlessLast() -> Bool {
    var before = count.load(ordering: .relaxed)
    while before != 1 {
      if before == 0 || before >= Self.limit { return before != 0 }
      let (exchanged, original) = count.compareExchange(
        expected: before, desired: before - 1, ordering: .releasing)
      if exchanged { return true }
      before = original
    }
    return false
  }

  /// Gives up a reference; if it is the last one, with a lock, under which others find the object.
  ///
  /// The order of the lock is validated and recorded whether or not it is taken.
  ///
  /// - Returns: true if it was the last one; then the thread has the lock.
  @available(*, noasync, message: "A task may go on in another thread")
  public borrowing func releaseAndLock(
    _ lock: ValidatedLock, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) -> Bool {
    lock.mightLock(file: file, line: line, column: column)
    if releaseUnlessLast() { return false }
    lock.lock(file: file, line: line, column: column)
    if release(file: file, line: line, column: column) { return true }
    lock.unlock(file: file, line: line, column: column)
    return false
  }

  /// Gives up a reference; if it is the last one, runs a closure with a mutex's value.
  ///
  /// The order of the mutex is validated and recorded whether or not it is taken.
  ///
  /// - Returns: what the closure returns, or `nil` if it was not the last one.
  public borrowing func releaseAndLock<Value: ~Copyable, Result>(
    _ mutex: borrowing ValidatedMutex<Value>, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column, _ body: (inout sending Value) -> sending Result
  ) -> sending Result? {
    mutex.mightLock(file: file, line: line, column: column)
    if releaseUnlessLast() { return nil }
    return mutex.withLock(file: file, line: line, column: column) { value in
      release(file: file, line: line, column: column) ? body(&value) : nil
    }
  }

  private borrowing func misuse(
    _ variant: ViolationVariant, isNew: Bool, _ file: StaticString, _ line: UInt32,
    _ column: UInt32
  ) {
    count.store(Self.saturated, ordering: .relaxed)
    #if Validation
      if isNew {
        LockRuntime.tellMisuse(
          variant, number: number, lockClass: flags,
          lg_site(file: file, line: line, column: column))
      }
    #endif
  }
}
