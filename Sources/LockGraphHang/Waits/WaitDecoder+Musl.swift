// What musl's locks look like, of which those of mutexes alone know their owner.
extension WaitDecoder {
  /// A mutex: the word behind its kind holds its owner, or the number of `EBUSY`.
  func musl(_ subject: Subject) -> Wait? {
    let call = subject.call
    let address = call.address &- 4
    guard call.value & OwnerWord.waiters != 0, let kind = process.half(address), kind <= 0xFF,
      kind & 3 <= 2
    else { return nil }
    var traits = MutexTraits()
    traits.repeats = kind & 3 == 1 ? .recursive : kind & 3 == 2 ? .errorChecking : .normal
    traits.isRobust = kind & 4 != 0
    traits.isInheriting = kind & 8 != 0
    var wait = Wait(kind: .mutex(traits), lock: address, word: call.address, owner: .unknown)
    wait.isProcessShared = kind & 128 != 0
    let state = call.value & OwnerWord.mask
    if kind & 15 == 0 {
      guard state == 16 else { return nil }
    } else if let owner = OwnerWord.thread(state), threads.contains(owner) || usesMusl {
      wait.owner = .thread(owner)
    } else {
      return nil
    }
    return wait
  }

  /// A read-write lock: a count of readers, or all ones for a writer.
  func muslReadWriteLock(_ subject: Subject, _ kind: WaitKind) -> Wait? {
    let address = subject.call.address
    guard let state = process.half(address) else { return nil }
    var wait = Wait(kind: kind, lock: address, word: address, owner: .unknown)
    let readers = state & ~OwnerWord.waiters
    if readers == 0 {
      wait.owner = .unsettled
    } else if readers == ~OwnerWord.waiters {
      wait.detail = "held for writing"
    } else if readers < 1 << 20 {
      wait.detail =
        readers == 1 ? "held for reading by one thread" : "held for reading \(readers) times"
    }
    return wait
  }

  /// The end of a thread: the awaited word is in its structure, behind its number.
  func muslJoin(_ subject: Subject) -> Wait? {
    let address = subject.call.address
    for (own, number): (UInt64, UInt64) in [(56, 8), (40, 8), (48, 8)] {
      guard process.word(address &- own) == address &- own,
        let thread = process.half(address &- number).flatMap(OwnerWord.thread),
        threads.contains(thread)
      else { continue }
      return Wait(kind: .join, lock: address, word: address, owner: .thread(thread))
    }
    return nil
  }
}
