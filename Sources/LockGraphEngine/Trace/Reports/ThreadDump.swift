/// A lock of a dump.
struct DumpedLock: Hashable {
  var name: String
  /// `nil` where its name or address is all that is known.
  var lockClass: String?
  var kind: LockKind?
}

/// A thread of a dump: what it holds and what it waits for.
struct DumpedThread: Equatable {
  struct Hold: Equatable {
    var lock: DumpedLock
    var mode: LockMode = .write
    var place = ToldPlace()
    var line: UInt64
    /// Nothing says before or after which others it was taken.
    var isUnordered = false
  }

  enum Wait: Equatable {
    case lock(DumpedLock, LockMode)
    /// For another thread's signal, of which nobody is the owner.
    case signal(String)
    /// The same, having given up a lock that is among those it holds.
    case condition(String, givingUp: DumpedLock)
    /// For the end of a thread.
    case end(of: String)
  }

  var name: String
  var line: UInt64
  /// In the order in which they were taken.
  var holds: [Hold] = []
  var wait: Wait?
  var waitPlace = ToldPlace()
  var waitLine: UInt64 = 0
  var isTimed = false

  init(name: String, line: UInt64) {
    self.name = name
    self.line = line
  }

  var isOnCondition: Bool {
    if case .condition = wait { true } else { false }
  }
}

/// The threads of a program at one moment, and those of the dumps before it in the same input.
///
/// Everything that is held is told before anything that is waited for, so that a circle closes
/// whatever the order of the threads.
struct ThreadDump {
  private(set) var threads: [DumpedThread] = []
  private var names: Set<String> = []
  /// Who holds a lock, where a dump says that of the one who waits.
  private var owners: [(lock: DumpedLock, mode: LockMode, owner: String, line: UInt64)] = []
  /// Of dumps before this one, as it was told.
  private var before: [String: DumpedThread] = [:]

  var isEmpty: Bool { threads.isEmpty }

  /// Adds a thread; of several of one name the later ones get a number.
  mutating func add(_ thread: DumpedThread) {
    var thread = thread
    thread.name = unused(thread.name)
    threads.append(thread)
  }

  private mutating func unused(_ name: String) -> String {
    guard !names.insert(name).inserted else { return name }
    var number = 2
    if let known = lastNumber[name] { number = known + 1 }
    while !names.insert("\(name) (\(number))").inserted { number += 1 }
    lastNumber[name] = number
    return "\(name) (\(number))"
  }

  private var lastNumber: [String: Int] = [:]

  /// Notes who holds a lock, which may be told of no thread itself.
  mutating func note(
    owner: String, of lock: DumpedLock, mode: LockMode = .write, line: UInt64
  ) {
    owners.append((lock, mode, owner, line))
  }

  /// Tells what is new since the dump before, and begins another one.
  mutating func end(into story: inout ReportStory) {
    guard !threads.isEmpty || !owners.isEmpty else { return }
    addOwned()
    var now: [String: DumpedThread] = [:]
    for thread in threads { now[thread.name] = thread }
    for name in before.keys.sorted() { giveUp(before[name]!, now[name], into: &story) }
    // What was given up to wait may be another's by now.
    for thread in threads where thread.isOnCondition { tell(thread, into: &story) }
    for thread in threads where !thread.isOnCondition {
      take(thread, since: before[thread.name], into: &story)
    }
    for thread in threads where !thread.isOnCondition {
      wait(thread, since: before[thread.name], into: &story)
    }
    before = now
    threads = []
    names = []
    owners = []
    lastNumber = [:]
  }

  /// Locks that are known to be held by those alone who wait for them.
  private mutating func addOwned() {
    guard !owners.isEmpty else { return }
    var position: [String: Int] = [:]
    var held: Set<DumpedLock> = []
    for (number, thread) in threads.enumerated() {
      position[thread.name] = number
      for hold in thread.holds { held.insert(hold.lock) }
    }
    for (lock, mode, owner, line) in owners where held.insert(lock).inserted {
      let number: Int
      if let known = position[owner] {
        number = known
      } else {
        number = threads.count
        position[owner] = number
        threads.append(DumpedThread(name: owner, line: line))
      }
      threads[number].holds.append(
        DumpedThread.Hold(lock: lock, mode: mode, line: line, isUnordered: true))
    }
  }

  // MARK: Telling

  private func event(
    _ verb: EventVerb, _ thread: DumpedThread, _ lock: DumpedLock, line: UInt64
  ) -> ToldEvent {
    ToldEvent(
      verb: verb, thread: thread.name, lock: lock.name, lockClass: lock.lockClass, kind: lock.kind,
      nestsByInstance: lock.lockClass != nil, line: line)
  }

  private func giveUp(
    _ thread: DumpedThread, _ now: DumpedThread?, into story: inout ReportStory
  ) {
    let line = now?.line ?? threads.first?.line ?? thread.line
    if let wait = thread.wait, wait != now?.wait {
      switch wait {
      case .lock(let lock, _):
        story.tell(ToldEvent(verb: .abandon, thread: thread.name, lock: lock.name, line: line))
      case .signal(let name):
        story.tell(ToldEvent(verb: .abandon, thread: thread.name, lock: name, line: line))
      case .condition(let name, let lock):
        story.tell(
          ToldEvent(
            verb: .wake, thread: thread.name, lock: lock.name, condition: name, line: line))
      case .end: break
      }
    }
    let kept = Set(now?.holds.map(\.lock) ?? [])
    for hold in thread.holds.reversed() where !kept.contains(hold.lock) {
      story.tell(
        ToldEvent(verb: .release, thread: thread.name, lock: hold.lock.name, line: line))
    }
  }

  private func tell(_ thread: DumpedThread, into story: inout ReportStory) {
    take(thread, since: before[thread.name], into: &story)
    wait(thread, since: before[thread.name], into: &story)
  }

  private func take(
    _ thread: DumpedThread, since before: DumpedThread?, into story: inout ReportStory
  ) {
    var held = Set(before?.holds.map(\.lock) ?? [])
    let ordered = thread.holds.filter { !$0.isUnordered }
    for hold in ordered + thread.holds.filter(\.isUnordered)
    where held.insert(hold.lock).inserted {
      // A thread's events are in the order of their lines, and stacks have the last event first.
      let isEarlier = thread.wait == nil || hold.line < thread.waitLine
      var taken = event(
        .acquire, thread, hold.lock,
        line: isEarlier ? hold.line : min(thread.line, thread.waitLine &- 1))
      taken.mode = hold.mode
      taken.place = hold.place
      // What could not block is asked for under nothing.
      if hold.isUnordered { taken.options = .try }
      story.tell(taken)
    }
  }

  private func wait(
    _ thread: DumpedThread, since before: DumpedThread?, into story: inout ReportStory
  ) {
    guard let wait = thread.wait, wait != before?.wait else { return }
    var told: ToldEvent
    switch wait {
    case .lock(let lock, let mode):
      told = event(.request, thread, lock, line: thread.waitLine)
      told.mode = mode
    case .signal(let name):
      told = ToldEvent(
        verb: .request, thread: thread.name, lock: name, kind: .completion, line: thread.waitLine)
    case .condition(let name, let lock):
      told = ToldEvent(
        verb: .wait, thread: thread.name, lock: lock.name, condition: name, line: thread.waitLine)
    case .end(let other):
      told = ToldEvent(
        verb: .join, thread: thread.name, otherThread: other, line: thread.waitLine)
    }
    told.place = thread.waitPlace
    if thread.isTimed { told.options.insert(.timeout) }
    story.tell(told)
  }
}
