public import CLockGraph
public import Synchronization

/// What every lock of this package has in common: it is of a class, and a thread holds it or does
/// not.
///
/// Where the package is built without its trait `Validation` there is nothing of this but the
/// lock's word, and the assertions do nothing.
public protocol ValidatedLockProtocol: ~Copyable {
  /// The lock's words; for this package only.
  var _header: UnsafeMutablePointer<lg_lock> { get }
}

/// Where a lock is made and what it belongs to.
@usableFromInline
struct LockHeader: ~Copyable {
  @usableFromInline let words: _Cell<lg_lock>

  /// - Parameter kind: `LG_KIND_…`.
  @usableFromInline
  init(
    kind: UInt32, name: String?, lockClass: LockClass?, rank: Int?, isOrdered: Bool = true,
    word: UInt32 = 0, file: StaticString, line: UInt32, column: UInt32
  ) {
    words = _Cell(
      LockRuntime.words(
        kind: kind, name: name, lockClass: lockClass, rank: rank, isOrdered: isOrdered, word: word,
        site: lg_site(file: file, line: line, column: column)))
  }

  /// The words, which stay where they are as long as the lock lives.
  @inlinable var address: UnsafeMutablePointer<lg_lock> {
    @_transparent get { words._address }
  }

  #if Validation
    @inlinable
    deinit { if !lg_is_plain(words._address) { LockRuntime.end(words._address) } }
  #endif
}

/// The header of a lock that counts who waits.
@usableFromInline
struct WideLockHeader: ~Copyable {
  @usableFromInline let words: _Cell<lg_wide_lock>

  init(
    kind: UInt32, name: String?, lockClass: LockClass?, rank: Int?, isOrdered: Bool = true,
    word: UInt32 = 0, file: StaticString, line: UInt32, column: UInt32
  ) {
    words = _Cell(
      lg_wide_lock(
        lock: LockRuntime.words(
          kind: kind, name: name, lockClass: lockClass, rank: rank, isOrdered: isOrdered,
          word: word, site: lg_site(file: file, line: line, column: column)), waiters: 0))
  }

  @inlinable var wide: UnsafeMutablePointer<lg_wide_lock> { words._address }
  @inlinable var address: UnsafeMutablePointer<lg_lock> { lg_wide_base(words._address) }

  #if Validation
    deinit {
      // A semaphore's word is its value.
      let lock = lg_wide_base(words._address)!
      if !lg_is_plain(lock) { LockRuntime.end(lock) }
    }
  #endif
}

extension LockRuntime {
  /// The words of a new lock.
  static func words(
    kind: UInt32, name: String?, lockClass: LockClass?, rank: Int?, isOrdered: Bool,
    word: UInt32, site: lg_site
  ) -> lg_lock {
    #if Validation
      let number =
        lockClass?.number ?? name.map { LockClassRegistry.number(named: $0) }
        ?? LockClassRegistry.number(at: site)
      var flags = number | kind
      if !isOrdered || number == LockClassRegistry.unknown { flags |= LG_UNORDERED }
      let identity = lg_make_lock(number)
      if lg_class_is_new(number) { LockClassRegistry.noteOrigin(number) }
      if let rank {
        flags |= LG_HAS_RANK
        LockNames.set(rank: Int64(rank), of: identity)
      }
      return lg_lock(word: word, lock_class: flags, number: identity)
    #else
      return lg_lock(word: word, lock_class: kind, number: 0)
    #endif
  }
}

extension ValidatedLockProtocol where Self: ~Copyable {
  /// The lock's class.
  public var lockClass: LockClass {
    LockClass(number: lg_lock_class(_header) & LG_CLASS_MASK)
  }

  /// Reports a finding if the running thread does not hold the lock.
  ///
  /// - Complexity: O(locks held).
  public borrowing func assertHeld(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    LockRuntime.assert(.held, _header, lg_site(file: file, line: line, column: column))
  }

  /// Reports a finding if the running thread holds the lock.
  ///
  /// - Complexity: O(locks held).
  public borrowing func assertNotHeld(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    LockRuntime.assert(.notHeld, _header, lg_site(file: file, line: line, column: column))
  }

  /// Says that code from here on may take the lock, though this time it may not: the order is
  /// validated and recorded as if it did.
  ///
  /// - Complexity: that of taking the lock.
  public borrowing func mightLock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    LockRuntime.mightLock(_header, lg_site(file: file, line: line, column: column))
  }
}
