extension RuntimeThread {
  /// The threads of a dump as `jcmd PID Thread.print -l` and `jstack -l` write it.
  static func java(_ lines: [String]) -> [RuntimeThread] {
    var threads: [RuntimeThread] = []
    var current: JavaEntry?
    for line in lines {
      if line.hasPrefix("\"") {
        if let entry = current { threads.append(entry.thread) }
        current = JavaEntry(header: line)
      } else if line.hasPrefix("Found ") || line.hasPrefix("JNI global") {
        // What follows repeats what was told.
        break
      } else {
        current?.read(line.drop { $0 == " " || $0 == "\t" })
      }
    }
    if let entry = current { threads.append(entry.thread) }
    return threads
  }
}

/// One thread of a dump as far as it was read.
private struct JavaEntry {
  private(set) var thread: RuntimeThread
  /// What `Object.wait` has let go of, though the dump calls it locked.
  private var released: Set<UInt64> = []
  private var isInOwned = false

  /// `"worker" #12 prio=5 … nid=0x1f waiting for monitor entry [0x…]`; `nil` for what is no thread
  /// of the system.
  init?(header line: String) {
    guard let quote = line.lastIndex(of: "\""), quote > line.startIndex else { return nil }
    let words = line[quote...].split(separator: " ")
    guard let word = words.first(where: { $0.hasPrefix("nid=") })?.dropFirst(4) else { return nil }
    let number = word.hasPrefix("0x") ? Int32(word.dropFirst(2), radix: 16) : Int32(word)
    guard let number, number > 0 else { return nil }
    thread = RuntimeThread(
      number: number, name: String(line[line.index(after: line.startIndex)..<quote]))
    // Those of Java have a state, and some that every program has are the machine's, too.
    thread.isOfMachine = true
  }

  private static let everyProgramHas: Set<String> = [
    "Reference Handler", "Finalizer", "Signal Dispatcher", "Service Thread",
    "Monitor Deflation Thread", "Notification Thread", "Common-Cleaner", "Attach Listener",
    "Sweeper thread",
  ]

  mutating func read(_ line: Substring) {
    if line.hasPrefix("java.lang.Thread.State: ") {
      thread.isTimed = line.contains("TIMED_WAITING")
      thread.isOfMachine =
        Self.everyProgramHas.contains(thread.name) || thread.name.contains(" CompilerThread")
    } else if line.hasPrefix("at ") {
      thread.frames.append(String(line.dropFirst(3)))
    } else if line.hasPrefix("Locked ownable synchronizers") {
      isInOwned = true
    } else if line.hasPrefix("- "), let lock = lock(in: line) {
      let what = line.dropFirst(2)
      if isInOwned {
        thread.holds.append(RuntimeLock(address: lock.address, type: lock.type, isMonitor: false))
      } else if what.hasPrefix("waiting to ") {
        thread.waitsFor = lock
        released.insert(lock.address)
      } else if what.hasPrefix("parking to wait for") {
        thread.waitsFor = RuntimeLock(address: lock.address, type: lock.type, isMonitor: false)
      } else if what.hasPrefix("waiting on ") {
        thread.waitsFor = lock
        thread.waitsForSignal = true
        released.insert(lock.address)
      } else if what.hasPrefix("locked "), !released.contains(lock.address),
        !thread.holds.contains(lock)
      {
        thread.holds.append(lock)
      }
    }
  }

  /// `<0x00000006c0> (a java.lang.Object)`
  private func lock(in line: Substring) -> RuntimeLock? {
    guard let start = line.range(of: "<0x")?.upperBound,
      let end = line[start...].firstIndex(of: ">"),
      let address = UInt64(line[start..<end], radix: 16)
    else { return nil }
    let rest = line[end...]
    guard let type = rest.range(of: "(a ")?.upperBound, let close = rest.lastIndex(of: ")"),
      type < close
    else { return nil }
    return RuntimeLock(address: address, type: String(rest[type..<close]), isMonitor: true)
  }
}

extension Substring {
  /// Where a text stands first.
  fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
