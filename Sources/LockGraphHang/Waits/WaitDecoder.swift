/// Tells what sleeping threads wait for.
///
/// Names of functions say what kind of lock it is, where there are any: the functions that programs
/// call stand in every C library, also without debug information. The lock's own words must agree;
/// where no name helps, they alone decide.
struct WaitDecoder {
  let process: any ObservedProcess
  let walk: StackWalk
  /// The process's own numbers of its threads.
  let threads: Set<Int32>
  let library: CLibrary

  /// - Parameter threads: those that have not ended.
  init(_ process: any ObservedProcess, _ walk: StackWalk, threads: Set<Int32>) {
    self.process = process
    self.walk = walk
    self.threads = threads
    library = CLibrary(of: process)
  }

  var usesMusl: Bool { library == .musl }

  /// What a thread is in the midst of.
  struct Subject {
    var thread: ObservedThread
    var frames: [StackFrame]
    var call: FutexCall
    /// Functions that say what is waited for, the innermost first.
    var functions: [LockFunction]
  }

  /// What a thread waits for; `nil` if for no lock or other thread.
  func wait(of thread: ObservedThread, _ frames: [StackFrame]) -> Wait? {
    let functions = frames.prefix(12).compactMap(\.lockFunction)
    switch thread.activity {
    case .inSystemCall(let call):
      guard var call = FutexCall(call, process.architecture) else { return nil }
      let subject = Subject(thread: thread, frames: frames, call: call, functions: functions)
      if process.architecture == .arm64, process.half(call.address) == nil,
        let address = keptAddress(subject)
      {
        // aarch64 returns in the register that the address was given in.
        call.address = address
      }
      var wait = wait(Subject(thread: thread, frames: frames, call: call, functions: functions))
      wait.isTimed = call.isTimed
      return wait
    case .running:
      guard frames.first?.plainName == "pthread_spin_lock" else { return nil }
      let lock = thread.registers[process.architecture.argumentRegisters[0]] ?? 0
      return Wait(kind: .spin, lock: lock, word: lock, owner: .unknown)
    case .asleep, .ended, .unreadable: return nil
    }
  }

  private func wait(_ subject: Subject) -> Wait {
    if let wait = wait(subject, subject.functions.first) { return wait }
    return shaped(subject)
  }

  /// What the innermost function that says something leads to, if the words agree.
  private func wait(_ subject: Subject, _ function: LockFunction?) -> Wait? {
    let call = subject.call
    switch function {
    case nil: return nil
    case .mutex: return mutex(subject)
    case .read, .write:
      return readWriteLock(subject, function == .read ? .read : .write)
    case .condition: return mutexAfterCondition(subject) ?? condition(subject)
    case .semaphore:
      // Queues wait with the C library's semaphores.
      if subject.functions.contains(.queueSemaphore) {
        return Wait(
          kind: .queueSemaphore, lock: call.address, word: call.address, owner: .anybody)
      }
      return semaphore(subject)
    case .barrier: return barrier(subject)
    case .join: return join(subject)
    case .once:
      return Wait(kind: .once, lock: call.address, word: call.address, owner: .unknown)
    case .staticGuard:
      return Wait(kind: .staticGuard, lock: call.address, word: call.address, owner: .unknown)
    case .spin, .stream: return stream(subject)
    case .swiftMutex: return swiftMutex(subject)
    case .swiftOnce: return ownedByWord(subject, .swiftOnce)
    case .queue: return queue(subject)
    case .queueSemaphore:
      return Wait(kind: .queueSemaphore, lock: call.address, word: call.address, owner: .anybody)
    case .queueGroup:
      return Wait(kind: .queueGroup, lock: call.address, word: call.address, owner: .anybody)
    case .rustMutex: return unowned(subject, .rustMutex)
    case .rustRead: return unowned(subject, .rustRead)
    case .rustWrite: return unowned(subject, .rustWrite)
    case .rustOnce: return unowned(subject, .rustOnce)
    case .rustCondition:
      return Wait(kind: .rustCondition, lock: call.address, word: call.address, owner: .anybody)
    case .park: return Wait(kind: .park, lock: call.address, word: call.address, owner: .anybody)
    case .atomic, .latch, .treeBarrier, .countingSemaphore, .future: return signalled(subject)
    }
  }

  /// What C++ waits for by an atomic variable: the functions around tell of what that is a part.
  private func signalled(_ subject: Subject) -> Wait {
    let kind: WaitKind =
      switch subject.functions.first(where: { $0 != .atomic }) {
      case .latch: .latch
      case .treeBarrier: .barrier
      case .countingSemaphore: .semaphore
      case .future: .future
      default: .atomic
      }
    let address = subject.call.address
    return Wait(kind: kind, lock: address, word: address, owner: .anybody)
  }

  /// What the words alone tell.
  private func shaped(_ subject: Subject) -> Wait {
    let call = subject.call
    if let wait = queue(subject) ?? sleeperOnOwnStack(subject) { return wait }
    if call.locksInheriting {
      return mutex(subject) ?? ownedByWord(subject, .mutex(MutexTraits(isInheriting: true)))
    }
    if let wait = join(subject) { return wait }
    if library == .unknown,
      let found = GlibcReadWriteLock.around(call, threads: threads, in: process)
    {
      return readWriteLock(subject, found.kind)!
    }
    if usesMusl || call.value & OwnerWord.waiters != 0, let wait = musl(subject) { return wait }
    if call.value == 2 || call.value & OwnerWord.waiters != 0, let wait = mutex(subject) {
      return wait
    }
    if let wait = stream(subject) { return wait }
    if call.value == 0, !usesMusl, let wait = semaphore(subject) { return wait }
    if let wait = once(subject) { return wait }
    if call.value == 2 { return unowned(subject, .twoStateLock) }
    return Wait(kind: .word, lock: call.address, word: call.address, owner: .unknown)
  }

  /// One-time initialization: a bit says that somebody is at it, a count above tells of `fork`.
  private func once(_ subject: Subject) -> Wait? {
    let call = subject.call
    guard library == .glibc, call.command == .wait, call.isPrivate, !call.isTimed,
      call.value & 3 == 1,
      process.half(call.address) == call.value,
      let frame = subject.frames.first, frame.isOfSystem,
      // There a program sleeps on a word of its own.
      frame.plainName != "syscall"
    else { return nil }
    return unowned(subject, .once)
  }

  private func unowned(_ subject: Subject, _ kind: WaitKind) -> Wait {
    Wait(kind: kind, lock: subject.call.address, word: subject.call.address, owner: .unknown)
  }

  /// Up to 6.3 the kernel knows who has it. From 6.4 on the word says that it is locked (1), and
  /// that somebody sleeps for it (2), and who has it nobody knows.
  private func swiftMutex(_ subject: Subject) -> Wait? {
    let call = subject.call
    if call.locksInheriting { return ownedByWord(subject, .swiftMutex) }
    guard call.command == .wait, call.isPrivate, !call.isTimed, call.value == 2,
      let word = process.half(call.address), word <= 2
    else { return nil }
    var wait = unowned(subject, .swiftMutex)
    // Just let go: who sleeps is not awake yet.
    if word == 0 { wait.owner = .unsettled }
    return wait
  }

  /// An owner that stands in the word itself, as the kernel puts it there.
  private func ownedByWord(_ subject: Subject, _ kind: WaitKind) -> Wait {
    let address = subject.call.address
    var wait = Wait(kind: kind, lock: address, word: address, owner: .unknown)
    if subject.call.locksInheriting {
      wait.owner = process.half(address).flatMap(OwnerWord.thread).map { .thread($0) } ?? .unsettled
      wait.isProcessShared = !subject.call.isPrivate
    }
    return wait
  }

  /// A pointer among saved registers and on the stack to a word with the awaited value.
  private func keptAddress(_ subject: Subject) -> UInt64? {
    guard subject.call.value != 0 else { return nil }
    let frame = subject.thread.registers
    var candidates = process.architecture.savedRegisters.compactMap { frame[$0] }
    if let stack = frame[process.architecture.stackPointer] {
      candidates += (0..<64).compactMap { process.word(stack &+ UInt64($0) * 8) }
    }
    return candidates.first { address in
      address & 3 == 0 && address > 4096 && process.half(address) == subject.call.value
    }
  }
}
