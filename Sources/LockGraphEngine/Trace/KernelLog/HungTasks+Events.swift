// What tasks that hang hold and ask for, as events.

extension HungTasks {
  /// Hands everything over; how many tasks wait.
  ///
  /// - Parameter firstLock: the number of the first lock that is not known yet.
  /// - Parameter afterEvents: there were events of another kind, which these do not go on from.
  func finish<Consumer: EventConsumer & ~Copyable>(
    firstLock: UInt32, afterEvents: Bool, into consumer: inout Consumer
  ) -> UInt64 {
    var emission = HungTaskEvents(firstLock: firstLock)
    var waits: UInt64 = 0
    var hasEarlier = afterEvents
    for boot in boots where boot.tasks.contains(where: { $0.isHung || !$0.held.isEmpty }) {
      if hasEarlier { emission.lose(boot.tasks[0].line, &consumer) }
      hasEarlier = true
      waits += emission.emit(HungTaskState(boot), into: &consumer)
    }
    return waits
  }
}

extension HungTasks.Task {
  /// The function by which it asks for a lock, if that is what it waits for.
  fileprivate var lockFunction: String? {
    let frames = stack.frames.drop { LockFunctions.waits($0.function) }
    guard let first = frames.first, LockFunctions.contains(first.function) else { return nil }
    // The outermost of them says how.
    return frames.prefix { LockFunctions.contains($0.function) }.last?.function
  }

  /// `NAME` of `NAME/PID`, without the numbers of a worker.
  fileprivate var program: String {
    let end = name.lastIndex(of: "/") ?? name.endIndex
    let program = name[..<end]
    return program.hasPrefix("kworker/") ? "kworker" : String(program)
  }
}

/// What each task of a boot holds and waits for, as far as it is told.
private struct HungTaskState {
  struct Side {
    var lock: String
    var lockClass: String
    var frames: ArraySlice<KernelFrame> = []
    var site: String?
    var line: UInt64
    var mode = LockMode.write
    var kind: LockKind?
  }

  var tasks: [(name: String, line: UInt64, held: [Side], wanted: Side?, condition: Side?)] = []

  init(_ boot: HungTasks.Boot) {
    let waiting = boot.tasks.map { $0.isHung ? $0.lockFunction : nil }
    /// Who has taken another lock since has the one before.
    var isHeldBySomebody: Set<String> = []
    for (task, function) in zip(boot.tasks, waiting) {
      for lock in task.held.dropLast() { isHeldBySomebody.insert(Self.instance(lock)) }
      if task.isHung, function == nil, let last = task.held.last {
        isHeldBySomebody.insert(Self.instance(last))
      }
    }
    for (task, function) in zip(boot.tasks, waiting) {
      var held = task.held.map(Self.side)
      var wanted: Side?
      if task.isHung, function != nil || task.owner != nil && task.isLockListed,
        let last = task.held.last
      {
        held.removeLast()
        wanted = Self.side(last)
      } else if !task.isHung, let last = held.last, isHeldBySomebody.contains(last.lock) {
        // It may wait for it, or read it with others: nothing says which.
        held.removeLast()
      }
      tasks.append((task.name, task.line, held, wanted, nil))
    }
    addWaits(of: boot, waiting)
    addOwners(of: boot)
    shareHolds()
  }

  private static func instance(_ lock: PrintedLock) -> String {
    lock.address.map { "\(lock.name)@\($0)" } ?? lock.name
  }

  private static func side(_ lock: PrintedLock) -> Side {
    var side = Side(
      lock: instance(lock), lockClass: PrintedLock.withoutNumber(lock.name), site: lock.site,
      line: lock.line)
    var name = lock.name
    let nature = name.withUTF8 { KernelLockNames.nature(of: UnsafeRawBufferPointer($0)) }
    side.kind = nature.kind
    if nature.readsRecursively { side.mode = .recursiveRead }
    return side
  }

  /// Of those whose lock is not listed: a name that no boot decides.
  private mutating func addWaits(of boot: HungTasks.Boot, _ waiting: [String?]) {
    for (number, task) in boot.tasks.enumerated() where task.isHung {
      let frames = task.stack.asking
      let function = KernelStack.function(of: frames)
      if let spin = task.spinLock {
        tasks[number].wanted = Side(
          lock: spin.lock, lockClass: spin.lockClass, line: task.line, kind: .spin)
      } else if tasks[number].wanted == nil, waiting[number] != nil || task.owner != nil {
        let name =
          function.map { "lock asked for in \($0)" } ?? "mutex that \(task.program) waits for"
        // The line behind the first one tells the owner.
        tasks[number].wanted = Side(
          lock: "\(name)#\(task.name)", lockClass: name,
          line: task.line + (task.owner == nil ? 0 : 1))
      } else if tasks[number].wanted == nil, let function {
        tasks[number].condition = Side(
          lock: function, lockClass: function, frames: frames, line: task.line)
      }
      guard tasks[number].wanted != nil else { continue }
      tasks[number].wanted!.frames = frames
      if let asked = waiting[number] {
        if asked.contains("read") { tasks[number].wanted!.mode = .read }
        if asked.hasPrefix("down_") || asked.contains("rwsem") {
          tasks[number].wanted!.kind = .rwsem
        }
        if asked.contains("mutex") { tasks[number].wanted!.kind = .mutex }
      }
    }
  }

  /// Who has what somebody waits for, where the list of locks does not say so.
  private mutating func addOwners(of boot: HungTasks.Boot) {
    for (number, task) in boot.tasks.enumerated() {
      guard let owner = task.owner, var lock = tasks[number].wanted else { continue }
      guard !tasks.contains(where: { $0.held.contains { $0.lock == lock.lock } }) else { continue }
      lock.frames = []
      lock.site = nil
      lock.mode = .write
      if let known = tasks.firstIndex(where: { $0.name == owner }) {
        // What a thread does is told in the order in which it does it.
        if let wait = tasks[known].wanted ?? tasks[known].condition, lock.line >= wait.line {
          lock.line = wait.line &- 1
        }
        tasks[known].held.append(lock)
      } else {
        tasks.append((owner, task.line, [lock], nil, nil))
      }
    }
  }

  /// What several hold at once they read.
  private mutating func shareHolds() {
    var holders: [String: Int] = [:]
    for task in tasks { for lock in task.held { holders[lock.lock, default: 0] += 1 } }
    for number in tasks.indices {
      for position in tasks[number].held.indices
      where holders[tasks[number].held[position].lock, default: 0] > 1
        && tasks[number].held[position].mode == .write
      {
        tasks[number].held[position].mode = .read
      }
    }
  }
}

/// Hands over events of tasks, which are threads, and of locks by their names.
private struct HungTaskEvents {
  private var threads: [String: ThreadID] = [:]
  private var locks: [String: UInt32] = [:]
  private var nextLock: UInt32
  private var statedLocks: Set<UInt32> = []

  init(firstLock: UInt32) { nextLock = firstLock }

  mutating func lose<Consumer: EventConsumer & ~Copyable>(
    _ line: UInt64, _ consumer: inout Consumer
  ) {
    var lost = LockEvent(verb: .lost, thread: ThreadID(LockEvent.none), line: line)
    lost.isOfAllThreads = true
    lost.omittedCount = 1
    consumer.consume(lost)
  }

  mutating func emit<Consumer: EventConsumer & ~Copyable>(
    _ state: HungTaskState, into consumer: inout Consumer
  ) -> UInt64 {
    for task in state.tasks {
      for side in task.held { emit(.acquire, side, task.name, &consumer) }
    }
    var waits: UInt64 = 0
    for task in state.tasks {
      if let wanted = task.wanted {
        emit(.request, wanted, task.name, &consumer)
        waits += 1
      } else if let condition = task.condition {
        emit(.wait, condition, task.name, &consumer)
        waits += 1
      }
    }
    return waits
  }

  private mutating func emit<Consumer: EventConsumer & ~Copyable>(
    _ verb: EventVerb, _ side: HungTaskState.Side, _ task: String, _ consumer: inout Consumer
  ) {
    let thread = thread(task, &consumer)
    var event = LockEvent(verb: verb, thread: thread, line: side.line)
    var frames = side.frames.map(\.text)
    var place = side.frames.first?.place
    if frames.isEmpty, let site = side.site {
      frames = [site]
      place = KernelFrame(site: site, line: side.line)?.place
    }
    var stack = frames.map { $0.replacing(";", with: ",") }.joined(separator: ";")
    var at = place ?? ""
    var name = side.lockClass
    let isNew: Bool
    if verb == .wait {
      isNew = false
    } else {
      event.lock = lock(side.lock, &consumer)
      event.mode = side.mode
      event.kind = side.kind
      isNew = statedLocks.insert(event.lock).inserted
    }
    stack.withUTF8 { stack in
      if !stack.isEmpty { event.stack = UnsafeRawBufferPointer(stack) }
      at.withUTF8 { at in
        if !at.isEmpty { event.at = UnsafeRawBufferPointer(at) }
        name.withUTF8 { name in
          if verb == .wait {
            event.operandName = UnsafeRawBufferPointer(name)
          } else if isNew {
            event.lockClass = UnsafeRawBufferPointer(name)
          }
          consumer.consume(event)
        }
      }
    }
  }

  private mutating func thread<Consumer: EventConsumer & ~Copyable>(
    _ name: String, _ consumer: inout Consumer
  ) -> ThreadID {
    if let known = threads[name] { return known }
    var bytes = name
    let thread = bytes.withUTF8 { consumer.newThread(named: UnsafeRawBufferPointer($0)) }
    threads[name] = thread
    return thread
  }

  private mutating func lock<Consumer: EventConsumer & ~Copyable>(
    _ name: String, _ consumer: inout Consumer
  ) -> UInt32 {
    if let known = locks[name] { return known }
    let number = nextLock
    nextLock += 1
    var bytes = name
    bytes.withUTF8 { consumer.newLock(number: number, named: UnsafeRawBufferPointer($0)) }
    locks[name] = number
    return number
  }
}
