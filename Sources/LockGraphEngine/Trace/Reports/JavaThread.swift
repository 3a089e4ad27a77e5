/// A thread of a Java dump while its lines come: frames, innermost first, and what stands with
/// them.
struct JavaThread {
  let name: String
  /// By which other threads of the dump name it.
  var key: String?
  let line: UInt64
  private(set) var frames: [String] = []
  /// With the number of the frame in which it was taken, innermost first.
  private var locked: [(lock: DumpedLock, frame: Int, line: UInt64)] = []
  /// Locks of `java.util.concurrent`, of which no frame is known.
  private var owned: [(lock: DumpedLock, line: UInt64)] = []
  private var wait: DumpedThread.Wait?
  private var waitLine: UInt64 = 0
  /// It waits for a notification of a monitor that is not named.
  private var isWaitingUnnamed = false
  /// What it parks for may be a lock only if somebody has it.
  private(set) var parked: DumpedLock?
  var isTimed = false

  private static let depth = 1024

  init(name: String, key: String? = nil, line: UInt64) {
    self.name = name
    self.key = key
    self.line = line
  }

  mutating func append(_ frame: String) {
    if frames.count < Self.depth { frames.append(frame) }
  }

  var isInObjectWait: Bool {
    frames.prefix(3).contains { $0.hasPrefix("java.lang.Object.wait") }
  }

  mutating func locks(_ lock: DumpedLock, frame: Int? = nil, line: UInt64) {
    guard locked.count < Self.depth else { return }
    let frame = frame ?? max(0, frames.count - 1)
    if isWaitingUnnamed {
      isWaitingUnnamed = false
      if wait == nil {
        wait = .condition(lock.name, givingUp: lock)
        waitLine = line
      }
    }
    locked.append((lock, frame, line))
  }

  mutating func owns(_ lock: DumpedLock, line: UInt64) {
    // A worker of a pool is its own lock while it runs something; nobody waits for that.
    guard owned.count < Self.depth, !lock.name.contains("ThreadPoolExecutor$Worker") else { return }
    owned.append((lock, line))
  }

  mutating func waits(for lock: DumpedLock, mode: LockMode = .write, line: UInt64) {
    wait = .lock(lock, mode)
    waitLine = line
  }

  mutating func waitsOnNotification(of lock: DumpedLock?, line: UInt64) {
    guard let lock else {
      isWaitingUnnamed = true
      return
    }
    wait = .condition(lock.name, givingUp: lock)
    waitLine = line
  }

  mutating func parks(for lock: DumpedLock, line: UInt64) {
    waitLine = line
    parked = lock
    if lock.kind == nil { wait = .signal(lock.name) }
  }

  /// The thread as a dump has it.
  ///
  /// - Parameter isOwned: whether somebody has what it parks for.
  func dumped(isOwned: (DumpedLock) -> Bool) -> DumpedThread {
    var thread = DumpedThread(name: name, line: line)
    for (lock, frame, line) in locked.reversed() {
      thread.holds.append(
        DumpedThread.Hold(lock: lock, place: JavaText.place(frames.dropFirst(frame)), line: line))
    }
    for (lock, line) in owned {
      thread.holds.append(DumpedThread.Hold(lock: lock, line: line, isUnordered: true))
    }
    thread.wait = wait
    thread.waitLine = waitLine
    thread.waitPlace = JavaText.place(frames[...])
    thread.isTimed = isTimed
    if let parked, parked.kind != nil || isOwned(parked) {
      thread.wait = .lock(parked, JavaText.reads(frames) ? .read : .write)
    }
    switch thread.wait {
    case .condition(_, let lock):
      // Idle threads wait for work, and nobody for them.
      let others = thread.holds.filter { $0.lock != lock }
      if others.isEmpty {
        thread.wait = nil
        thread.holds = []
      } else if others.count == thread.holds.count {
        thread.holds.append(DumpedThread.Hold(lock: lock, place: thread.waitPlace, line: waitLine))
      }
    case .signal: if thread.holds.isEmpty { thread.wait = nil }
    case .lock(let lock, _):
      // What is waited for, and was given up before, is not held.
      if thread.holds.contains(where: { $0.lock == lock }), lock.kind == .recursive {
        thread.holds.removeAll { $0.lock == lock }
      }
    case .end, nil: break
    }
    return thread
  }
}
