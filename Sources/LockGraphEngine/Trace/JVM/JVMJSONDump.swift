/// Reads what `jcmd PID Thread.dump_to_file -format=json FILE` writes, virtual threads and all, as
/// a stream of tokens: the file may be on one line or on many.
struct JVMJSONDump {
  private var dump = ThreadDump()
  private var threads: [JavaThread] = []
  private var current: Members?
  private var names: [String: String] = [:]
  private var owned: [(lock: DumpedLock, key: String, line: UInt64)] = []

  // The scanner's state.
  private var path: [String] = []
  private var isArray: [Bool] = []
  private var depthBeyond = 0
  private var key = ""
  private var isKeyNext = false
  private var text: [UInt8] = []
  private var isInString = false
  private var isEscaped = false
  private var line: UInt64 = 0
  private var didSeeThread = false

  /// What is kept of a string.
  private static let longestText = 1 << 14
  private static let deepest = 64

  /// A thread's members, which come in any order.
  private struct Members {
    var id = ""
    var name = ""
    var state = ""
    var line: UInt64
    var frames: [String] = []
    var parked = ""
    var owner = ""
    var blockedOn = ""
    var waitingOn = ""
    var depth = 0
    var monitors: [(lock: String, depth: Int, line: UInt64)] = []
    var pending: [(lock: String, line: UInt64)] = []
  }

  var shortcoming: String? {
    didSeeThread ? nil : "is a Java thread dump that is cut off before its first thread"
  }

  mutating func take(_ bytes: UnsafeRawBufferPointer, number: UInt64) {
    line = number
    for byte in bytes {
      if isInString { takeInString(byte) } else { takeToken(byte) }
    }
  }

  private mutating func takeInString(_ byte: UInt8) {
    if isEscaped {
      isEscaped = false
      if text.count < Self.longestText { text.append(byte == UInt8(ascii: "n") ? 0x20 : byte) }
    } else if byte == UInt8(ascii: "\\") {
      isEscaped = true
    } else if byte == UInt8(ascii: "\"") {
      isInString = false
      endValue()
    } else if text.count < Self.longestText {
      text.append(byte)
    }
  }

  private mutating func takeToken(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""):
      text.removeAll(keepingCapacity: true)
      isInString = true
    case UInt8(ascii: "{"): open(isArray: false)
    case UInt8(ascii: "["): open(isArray: true)
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      endValue()
      close()
    case UInt8(ascii: ":"): isKeyNext = false
    case UInt8(ascii: ","):
      endValue()
      isKeyNext = !(isArray.last ?? true)
    case 0x20, 0x09: break
    default: if text.count < Self.longestText { text.append(byte) }
    }
  }

  private mutating func open(isArray: Bool) {
    guard path.count < Self.deepest else {
      // Deeper is nothing that is known; it is counted so that the ends fit.
      depthBeyond += 1
      return
    }
    path.append(key)
    self.isArray.append(isArray)
    key = ""
    text.removeAll(keepingCapacity: true)
    isKeyNext = !isArray
    if !isArray, isThread { current = Members(line: line) }
  }

  private mutating func close() {
    guard depthBeyond == 0 else {
      depthBeyond -= 1
      return
    }
    guard !path.isEmpty else { return }
    if isThread, isArray.last == false { endThread() }
    if path.count >= 2, path[path.count - 2] == "monitorsOwned", isArray.last == false,
      current != nil
    {
      for (lock, line) in current!.pending {
        current!.monitors.append((lock, current!.depth, line))
      }
      current!.pending = []
    }
    key = path.removeLast()
    isArray.removeLast()
    isKeyNext = false
    text.removeAll(keepingCapacity: true)
  }

  /// Whether the object that is open is a thread.
  private var isThread: Bool { path.count >= 2 && path[path.count - 2] == "threads" }

  private mutating func endValue() {
    defer { text.removeAll(keepingCapacity: true) }
    if isKeyNext {
      if !text.isEmpty { key = String(decoding: text, as: UTF8.self) }
      return
    }
    guard !text.isEmpty, current != nil else { return }
    let value = String(decoding: text, as: UTF8.self)
    guard value != "null" else { return }
    let parent = path.last ?? ""
    if isThread {
      switch key {
      case "tid": current!.id = value
      case "name": current!.name = value
      case "state": current!.state = value
      case "blockedOn": current!.blockedOn = value
      case "waitingOn": current!.waitingOn = value
      case "parkBlocker": current!.parked = value
      case "parkBlockerOwner": current!.owner = value
      default: break
      }
    } else if parent == "stack", isArray.last == true {
      if current!.frames.count < 1024 {
        var frame = value
        current!.frames.append(
          frame.withUTF8 { JavaText.frame(UnsafeRawBufferPointer($0)) })
      }
    } else if parent == "parkBlocker" {
      if key == "object" { current!.parked = value }
      if key == "owner" || key == "exclusiveOwnerThreadId" { current!.owner = value }
    } else if parent == "locks", isArray.last == true {
      if current!.pending.count < 1024 { current!.pending.append((value, line)) }
    } else if key == "depth" {
      current!.depth = Int(value) ?? 0
    }
  }

  private mutating func endThread() {
    guard let members = current else { return }
    current = nil
    didSeeThread = true
    let name = members.name.isEmpty ? "#\(members.id)" : members.name
    names[members.id] = name
    var thread = JavaThread(name: name, key: members.id, line: members.line)
    for frame in members.frames { thread.append(frame) }
    thread.isTimed = members.state == "TIMED_WAITING"
    for (lock, depth, line) in members.monitors {
      thread.locks(Self.lock(lock, .recursive), frame: depth, line: line)
    }
    if !members.blockedOn.isEmpty {
      thread.waits(for: Self.lock(members.blockedOn, .recursive), line: members.line)
    } else if !members.waitingOn.isEmpty {
      thread.waitsOnNotification(of: Self.lock(members.waitingOn, .recursive), line: members.line)
    } else if !members.parked.isEmpty {
      let lock = Self.lock(members.parked, JavaText.parked(members.parked))
      thread.parks(for: lock, line: members.line)
      if !members.owner.isEmpty { owned.append((lock, members.owner, members.line)) }
    }
    threads.append(thread)
  }

  /// `com.example.Ledger@1b28cdfa`
  private static func lock(_ text: String, _ kind: LockKind?) -> DumpedLock {
    let name = text.prefix { $0 != "@" }
    var lock = JavaText.lock(
      String(name), String(text[name.endIndex...]), kind: kind ?? .recursive)
    if kind == nil { lock.kind = nil }
    return lock
  }

  mutating func finish(into story: inout ReportStory) {
    if current != nil { story.warn("the dump is cut off: the thread at its end is left out") }
    let locks = Set(owned.map(\.lock.name))
    for thread in threads {
      var thread = thread.dumped { locks.contains($0.name) }
      if case .lock(var lock, let mode) = thread.wait, lock.kind == nil {
        lock.kind = .recursive
        thread.wait = .lock(lock, mode)
      }
      dump.add(thread)
    }
    for (lock, key, line) in owned {
      guard let owner = names[key] else { continue }
      var lock = lock
      lock.kind = lock.kind ?? .recursive
      dump.note(owner: owner, of: lock, line: line)
    }
    dump.end(into: &story)
  }
}
