extension WaitDecoder {
  /// A read-write lock of the C library.
  func readWriteLock(_ subject: Subject, _ kind: WaitKind) -> Wait? {
    let call = subject.call
    if usesMusl { return muslReadWriteLock(subject, kind) }
    guard let lock = GlibcReadWriteLock.around(call.address, call.value, in: process) else {
      return muslReadWriteLock(subject, kind)
    }
    var wait = Wait(kind: kind, lock: lock.address, word: call.address, owner: .unknown)
    wait.isProcessShared = lock.isProcessShared
    if let writer = OwnerWord.thread(lock.writer) {
      wait.owner = .thread(writer)
    } else if lock.readerCount > 0 {
      wait.readers = lock.readerCount
      wait.isBehindWriter = kind == .read && lock.isBehindWriter(call.address)
      wait.isNextWriter = kind == .write && call.address == lock.writersTurn
      wait.detail =
        lock.readerCount == 1
        ? "held for reading by one thread" : "held for reading \(lock.readerCount) times"
    } else {
      wait.owner = .unsettled
    }
    return wait
  }

  /// A condition, with the mutex that it takes again.
  func condition(_ subject: Subject) -> Wait? {
    let call = subject.call
    var wait = Wait(kind: .condition, lock: call.address, word: call.address, owner: .anybody)
    guard !usesMusl else { return wait }
    // Where the words that are slept on lie: up to 2.40, and from 2.41.
    let word = call.address & ~7
    let starts = [word &- 40, word &- 32]
    wait.lock = starts[0]
    guard let stack = subject.thread.registers[process.architecture.stackPointer] else {
      return wait
    }
    let window = StackWindow(process, from: stack)
    for index in 0..<96 {
      let at = stack &+ UInt64(index) * 8
      // What is to be done if the thread is cancelled names both.
      guard let value = window.word(at), starts.contains(value), let next = window.word(at &+ 8),
        next != value, GlibcMutex(at: next, in: process) != nil
      else { continue }
      wait.lock = value
      wait.mutex = next
      break
    }
    return wait
  }

  /// A semaphore: what is left, and how many wait for it.
  func semaphore(_ subject: Subject) -> Wait? {
    let address = subject.call.address
    var wait = Wait(kind: .semaphore, lock: address, word: address, owner: .anybody)
    if subject.functions.first == .semaphore || usesMusl { return wait }
    // Without a name its words must be those of one.
    guard address & 7 == 0, let value = process.word(address),
      UInt32(truncatingIfNeeded: value) == 0,
      (1..<(1 << 20)).contains(value >> 32), let sharing = process.half(address &+ 8),
      sharing == 0 || sharing == 128
    else { return nil }
    wait.isProcessShared = sharing == 128
    return wait
  }

  /// A barrier, with how many have come.
  func barrier(_ subject: Subject) -> Wait? {
    let address = subject.call.address
    var wait = Wait(kind: .barrier, lock: address, word: address, owner: .anybody)
    guard library == .glibc, let came = process.half(address &- 4),
      let round = process.half(address),
      let needed = process.half(address &+ 4), needed > 0, came &- round < needed
    else { return wait }
    wait.lock = address &- 4
    wait.detail = "\(came &- round) of \(needed) have come"
    return wait
  }
}
