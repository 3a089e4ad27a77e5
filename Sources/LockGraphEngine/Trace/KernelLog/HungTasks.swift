/// Tasks that hang, as the kernel tells of them: `INFO: task … blocked for more than …`, their
/// stacks, who has the mutex that they wait for, and what all tasks hold.
///
/// They become events: who holds what, then who asks for what. So the rules for traces find the
/// deadlock, and what still waits where there is none.
///
/// - What a task is in the middle of asking for is in the kernel's list of what it holds, as the
///   last one. It is asked for and not held if the task's stack says that it waits for a lock.
/// - Of the kernel's lists the last one counts: what is stuck in one is in all later ones.
struct HungTasks {
  struct Task {
    var name: String
    var line: UInt64
    /// It was reported to hang, and not only listed.
    var isHung = false
    var stack = KernelStack()
    var held: [PrintedLock] = []
    var lastNumber: Int?
    /// Who likely has what it waits for.
    var owner: String?
    /// What it waits for is in the list of what it holds.
    var isLockListed = false
    /// What it spins for, and who has it.
    var spinLock: SpinWait?
  }

  struct SpinWait {
    var lock: String
    var lockClass: String
  }

  /// What one boot of the kernel told.
  struct Boot {
    var tasks: [Task] = []
    var numbers: [String: Int] = [:]
  }

  private enum Section { case none, stack(Int), held(Int) }

  private(set) var boots = [Boot()]
  private var section = Section.none
  private var gap = 0

  private static let mostTasks = 4096
  private static let mostLocks = 64
  private static let mostBoots = 16
  private static let longestGap = 400

  /// Whether a line begins something of tasks that hang.
  static func begins(_ text: UnsafeRawBufferPointer) -> Bool {
    text.hasPrefix("INFO: task ") && (text.contains(" blocked ") || text.contains(" is blocked"))
      || text.hasPrefix("Showing all locks held in the system")
      || text.contains("Show Blocked State")
  }

  mutating func beginBoot() {
    section = .none
    guard let last = boots.last, !last.tasks.isEmpty, boots.count < Self.mostBoots else { return }
    boots.append(Boot())
  }

  /// Takes a line.
  ///
  /// - Returns: whether lines of it may follow.
  mutating func take(_ text: UnsafeRawBufferPointer, _ line: UInt64) -> Bool {
    if takeTask(text, line) || takeLocks(text, line) || takeFrame(text, line) {
      gap = 0
      return true
    }
    gap += 1
    return gap < Self.longestGap
  }

  // MARK: Lines

  /// `INFO: task NAME:PID blocked for more than 122 seconds.` and who likely has what it waits for.
  private mutating func takeTask(_ text: UnsafeRawBufferPointer, _ line: UInt64) -> Bool {
    if text.hasPrefix("INFO: task ") {
      let rest = text.from(11)
      guard let end = rest.offset(of: " is blocked ") ?? rest.offset(of: " blocked "),
        let name = Self.name(rest.upTo(end)), let task = number(of: name, line)
      else { return true }
      update(task) { $0.isHung = true }
      if let owned = rest.offset(of: " owned by task ") ?? rest.offset(of: " held by task ") {
        let word = rest.from(rest.offset(of: "by task ", from: owned)! + 8)
        let owner = Self.name(word.upTo(word.offset(of: " <") ?? word.count).withoutFullStop)
        // Semaphores are in no list of what tasks hold.
        let isListed = !rest.contains(" on a semaphore")
        update(task) {
          $0.owner = owner
          $0.isLockListed = isListed
        }
        section = .none
      } else {
        section = .stack(task)
        update(task) { $0.stack = KernelStack() }
      }
      return true
    }
    // `task:NAME  state:D stack:0 pid:101 ppid:1`
    if text.hasPrefix("task:"), let state = text.offset(of: " state:"),
      let pid = text.offset(of: " pid:")
    {
      let comm = UnsafeRawBufferPointer(rebasing: text[5..<state]).trimmed
      let number = text.from(pid + 5).trimmedStart.prefix(while: isDigit)
      let name = "\(comm.text)/\(String(decoding: number, as: UTF8.self))"
      guard let task = self.number(of: name, line) else { return true }
      if text.from(state + 7).first == UInt8(ascii: "D") { update(task) { $0.isHung = true } }
      update(task) { $0.stack = KernelStack() }
      section = .stack(task)
      return true
    }
    return false
  }

  /// `NAME:PID`
  private static func name(_ text: UnsafeRawBufferPointer) -> String? {
    guard let colon = text.lastIndex(of: UInt8(ascii: ":")), colon > 0 else { return nil }
    let number = text.from(colon + 1).prefix(while: isDigit)
    guard !number.isEmpty else { return nil }
    return "\(text.upTo(colon).text)/\(String(decoding: number, as: UTF8.self))"
  }

  private mutating func takeLocks(_ text: UnsafeRawBufferPointer, _ line: UInt64) -> Bool {
    if text.hasPrefix("Showing all locks held in the system") {
      for number in boots[boots.count - 1].tasks.indices {
        boots[boots.count - 1].tasks[number].held.removeAll()
      }
      section = .none
      return true
    }
    if text.count > 8, text.allSatisfy({ $0 == UInt8(ascii: "=") }) {
      section = .none
      return true
    }
    if let by = text.offset(of: " locks held by ") ?? text.offset(of: " lock held by "),
      text.upTo(by).allSatisfy(isDigit), let held = text.offset(of: "held by ", from: by)
    {
      var name = text.from(held + 8).trimmed
      if name.hasSuffix(":") { name = name.upTo(name.count - 1) }
      guard let task = number(of: name.text, line) else { return true }
      update(task) {
        $0.held.removeAll()
        $0.lastNumber = nil
      }
      section = .held(task)
      return true
    }
    guard case .held(let task) = section, text.hasPrefix("#"),
      let colon = text.firstIndex(of: UInt8(ascii: ":")), colon < 6,
      let lock = PrintedLock(text.from(colon + 1).trimmed, line: line)
    else { return false }
    let digits = text[1..<colon]
    guard digits.allSatisfy(isDigit) else { return false }
    let number = digits.reduce(0) { $0 * 10 + Int($1 & 0xF) }
    update(task) {
      if $0.lastNumber == number, let last = $0.held.indices.last {
        $0.held[last] = lock
      } else if $0.held.count < Self.mostLocks {
        $0.held.append(lock)
      }
      $0.lastNumber = number
    }
    return true
  }

  private mutating func takeFrame(_ text: UnsafeRawBufferPointer, _ line: UInt64) -> Bool {
    guard case .stack(let task) = section else { return false }
    if text.hasPrefix("Call Trace:") || text.hasPrefix("Call trace:") { return true }
    guard let frame = KernelFrame(text, line: line) else { return false }
    update(task) { $0.stack.append(frame) }
    return true
  }

  /// A processor that spins for a lock, from a report of its own.
  mutating func noteLockup(_ report: KernelReport) {
    let name = report.task ?? Witness.unknownThread
    guard let task = number(of: name, report.line) else { return }
    let lock = report.spinClass
    let instance = report.spinLock?.address.map { "\(lock)@\($0)" } ?? lock
    let owner = report.spinLock?.owner
    update(task) {
      $0.isHung = true
      $0.stack = report.backtrace
      $0.spinLock = SpinWait(lock: instance, lockClass: lock)
      $0.owner = owner
    }
  }

  private mutating func number(of name: String, _ line: UInt64) -> Int? {
    let boot = boots.count - 1
    if let known = boots[boot].numbers[name] { return known }
    guard boots[boot].tasks.count < Self.mostTasks, !name.isEmpty else { return nil }
    boots[boot].numbers[name] = boots[boot].tasks.count
    boots[boot].tasks.append(Task(name: name, line: line))
    return boots[boot].tasks.count - 1
  }

  private mutating func update(_ task: Int, _ change: (inout Task) -> Void) {
    change(&boots[boots.count - 1].tasks[task])
  }
}

extension UnsafeRawBufferPointer {
  fileprivate var withoutFullStop: UnsafeRawBufferPointer {
    let text = trimmed
    return text.hasSuffix(".") ? text.upTo(text.count - 1) : text
  }
}
