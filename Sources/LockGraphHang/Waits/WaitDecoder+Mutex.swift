extension WaitDecoder {
  /// A mutex of the C library.
  func mutex(_ subject: Subject) -> Wait? {
    if usesMusl { return musl(subject) }
    if let wait = sleeperOnOwnStack(subject) { return wait }
    return mutex(at: subject.call.address)
      ?? (subject.call.value & OwnerWord.waiters != 0 ? musl(subject) : nil)
  }

  private func mutex(at address: UInt64) -> Wait? {
    guard let mutex = GlibcMutex(at: address, in: process) else { return nil }
    var wait = Wait(
      kind: .mutex(mutex.traits), lock: address, word: address,
      owner: mutex.holder.map { .thread($0) } ?? .unsettled)
    wait.isProcessShared = mutex.isProcessShared
    if mutex.isInconsistent {
      wait.detail = "taken over from an owner that ended, and not made consistent"
    }
    if mutex.ownerDied { wait.detail = "its last owner ended holding it" }
    return wait
  }

  /// glibc's answer when the kernel refuses a priority-inheriting mutex because of a deadlock: the
  /// thread sleeps for ever, on a word of its own stack.
  func sleeperOnOwnStack(_ subject: Subject) -> Wait? {
    let call = subject.call
    guard call.value == 0, !call.isTimed,
      let stack = subject.thread.registers[
        process.architecture.stackPointer], call.address >= stack &- 256,
      call.address < stack &+ 4096
    else { return nil }
    // The mutex is what its frames and those of its callers point to.
    var candidates = subject.frames.prefix(5).flatMap { frame in
      process.architecture.savedRegisters.compactMap { frame.registers[$0] }
    }
    let window = StackWindow(process, from: stack)
    let end = subject.frames.prefix(5).last?.end ?? stack &+ 512
    for index in 0..<256 {
      let at = stack &+ UInt64(index) * 8
      guard at < end, let value = window.word(at) else { break }
      candidates.append(value)
    }
    for address in candidates where address != call.address {
      guard let mutex = GlibcMutex(at: address, in: process), mutex.traits.isInheriting,
        let owner = mutex.holder, threads.contains(owner), var wait = self.mutex(at: address)
      else { continue }
      wait.word = call.address
      wait.detail = "the kernel saw the deadlock and refused"
      return wait
    }
    return nil
  }

  /// A condition's mutex, which a thread takes again at the end of its wait.
  func mutexAfterCondition(_ subject: Subject) -> Wait? {
    guard subject.call.command != .waitBits, subject.call.command != .waitAndRequeueInheriting,
      !usesMusl
    else { return nil }
    return mutex(at: subject.call.address)
  }

  /// The lock of a stream (`FILE`): a word, how often it was taken, and the owner's own structure.
  func stream(_ subject: Subject) -> Wait? {
    let address = subject.call.address
    guard process.architecture == .x86_64, !usesMusl, subject.call.value == 2,
      let owner = process.word(address &+ 8), let thread = identifier(ofThreadAt: owner)
    else { return nil }
    return Wait(kind: .stream, lock: address, word: address, owner: .thread(thread))
  }

  /// The number of the thread whose structure is at an address, which begins with a pointer to
  /// itself.
  private func identifier(ofThreadAt address: UInt64) -> Int32? {
    guard address & 7 == 0, address > 4096, process.word(address &+ 0x10) == address,
      let number = process.half(address &+ 0x2D0).flatMap(OwnerWord.thread),
      threads.contains(number)
    else { return nil }
    return number
  }

  /// The end of a thread: its structure has its number until then.
  func join(_ subject: Subject) -> Wait? {
    let call = subject.call
    if library != .glibc, let wait = muslJoin(subject) { return wait }
    guard let thread = OwnerWord.thread(call.value), call.value & ~OwnerWord.mask == 0,
      !call.isPrivate, threads.contains(thread),
      process.half(call.address).map({ $0 == call.value || $0 == 0 }) ?? false
    else { return nil }
    return Wait(
      kind: .join, lock: call.address, word: call.address, owner: .thread(thread))
  }
}
