// Classes of locks of which none is stated, by the place where they are made or first taken
// [semantics 27].
//
// Each such lock has a class of its own, of its name and that of the derived class, and its orders
// are kept under that: the order of locks, and not of classes, decides what is found. What a reader
// sees goes by the derived class.

extension LockTable {
  /// Notes where a lock without a stated class is initialised.
  ///
  /// - Returns: the lock, another one if the old one was made elsewhere.
  mutating func noteInitialization(of lock: LockID, at event: LockEvent) -> LockID {
    guard classBasis == .initialization, locks[lock.index].hasOwnClass,
      let name = DerivedClassName.text(at: event.at, stack: event.stack)
    else { return lock }
    let derived = lockClass(named: name)
    let known = classes[locks[lock.index].lockClass.index].derived
    guard known != derived else { return lock }
    // The memory holds another lock now; nothing said that the old one went.
    let made = locks[lock.index].isCounted ? renew(event.lock, lockClass: nil) : lock
    derive(derived, .initialization, of: made)
    return made
  }

  /// Notes where a lock without a stated class is first asked for or taken.
  @inline(never)
  mutating func noteFirstUse(of lock: LockID, at event: LockEvent) {
    guard !locks[lock.index].isPlaced else { return }
    locks[lock.index].isPlaced = true
    guard locks[lock.index].hasOwnClass,
      let name = DerivedClassName.text(at: event.at, stack: event.stack)
    else { return }
    derive(lockClass(named: name), .firstUse, of: lock)
  }
}

extension LockTable {
  /// Gives a lock without a stated class one that is derived, for who counts by class and nothing
  /// else.
  mutating func stateDerivedClass(of lock: LockID, at event: LockEvent, _ basis: ClassBasis) {
    guard classBasis == basis, locks[lock.index].hasOwnClass,
      let name = DerivedClassName.text(at: event.at, stack: event.stack)
    else { return }
    state(lockClass(named: name), of: lock)
  }
}

extension OrderRecord {
  /// The same with locks put together by their derived classes, for drawing and comparing.
  ///
  /// - Complexity: O(what is kept) if there are derived classes, nothing otherwise.
  func withDerivedClasses() -> OrderRecord {
    let moves = table.derivedClasses
    guard !moves.isEmpty else { return self }
    var record = self
    record.move(record.table.join(moves))
    return record
  }
}

/// The name of a class that is derived from a place: `pool.c:12`, and with its callers
/// `main > pool_new > pool.c:12`.
enum DerivedClassName {
  /// How many frames tell places apart: most programs make their locks in functions that do nothing
  /// else.
  private static let depth = 3

  static func text(at: UnsafeRawBufferPointer?, stack: UnsafeRawBufferPointer?) -> String? {
    var frames: [String] = []
    if let stack {
      frames = String(decoding: stack, as: UTF8.self).split(separator: ";").prefix(depth)
        .map(String.init)
    }
    if let at {
      let place = String(decoding: at, as: UTF8.self)
      if frames.isEmpty { frames = [place] } else { frames[0] = place }
    }
    guard !frames.isEmpty, frames.contains(where: { !$0.hasPrefix("0x") }) else { return nil }
    return joined(frames.reversed())
  }

  /// The frames, outermost first. Where nothing is known of lines, the file that all of them are in
  /// stands once: `main > server_init > +0x12f0 (server)`.
  private static func joined(_ frames: [String]) -> String {
    let parts = frames.map { functionAndFile($0) }
    guard frames.count > 1, let module = parts[0]?.module,
      parts.allSatisfy({ $0?.module == module })
    else { return frames.joined(separator: " > ") }
    return parts.compactMap { $0?.name }.joined(separator: " > ") + " (\(module))"
  }

  /// The function and the file of `FUNCTION (FILE)` and `FILE+OFFSET`; `nil` of others, those with
  /// a line among them.
  private static func functionAndFile(_ frame: String) -> (name: Substring, module: Substring)? {
    if frame.hasSuffix(")"), let start = frame.lastIndex(of: "(") {
      let name = frame[..<start].dropLast()
      let module = frame[frame.index(after: start)...].dropLast()
      return name.isEmpty || module.isEmpty || module.contains(":") ? nil : (name, module)
    }
    guard !frame.contains(" "), let sign = frame.lastIndex(of: "+"),
      frame[frame.index(after: sign)...].hasPrefix("0x")
    else { return nil }
    return (frame[sign...], frame[..<sign])
  }
}
