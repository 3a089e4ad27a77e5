/// Recordings like those of servers under load: thousands of locks without a stated class, made and
/// taken at few places. Written after what LTTng's wrapper records of unbound, and a recorder with
/// stacks of rsyslog; the same seed gives the same text.
public enum ServerRecording {
  /// A caching resolver, as `babeltrace2` prints it: entries of a hash table are locked under their
  /// bin, and by two other functions before it.
  ///
  /// - Parameters:
  ///   - entries: how many there are; those of even number are updated, the others are removed.
  ///   - further: one more function that takes the two in the other order, by its name.
  public static func resolver(entries: Int, seed: UInt64, further: String? = nil) -> String {
    var log = WrapperLog(seed: seed)
    for entry in 0..<entries {
      let bin = 0x7F3A_0000_0000 + 0x40 * Int.random(in: 0..<64, using: &log.generator)
      let lock = log.base + 0x100 * entry
      let threads = [8, 9, 10, 11].shuffled(using: &log.generator)
      log.nest(bin, lock, threads[0], "lruhash_lookup", "lruhash.c")
      if entry.isMultiple(of: 2) {
        log.nest(lock, bin, threads[1], "rrset_update", "rrset.c")
      } else {
        log.nest(lock, bin, threads[1], "lruhash_remove", "lruhash.c")
      }
      if let further, entry.isMultiple(of: 7) {
        log.nest(lock, bin, threads[2], further, "reclaim.c")
      }
    }
    return log.text
  }

  /// A logger, as text with stacks: each message stays locked while its thread waits for room in
  /// the queue.
  public static func logger(messages: Int, seed: UInt64) -> String {
    var generator = SeededGenerator(seed: seed)
    let base = 0x7F90_0000_1000 + 0x1000 * Int.random(in: 0..<0x1000, using: &generator)
    var text = "# lockgraph-trace 1\n"
    for number in 0..<messages {
      let message = "0x" + String(base + 0x80 * number, radix: 16)
      let thread = "w\(Int.random(in: 0..<4, using: &generator))"
      func line() -> Int { Int.random(in: 700..<720, using: &generator) }
      func offset() -> String { "+0x" + String(line(), radix: 16) }
      let callers = "qqueueEnqMsg\(offset());multiSubmitMsg2\(offset());wtiWorker\(offset())"
      text += """
        \(thread) acquire \(message) at=msg.c:\(line()) stack=MsgAddRef\(offset());\(callers)
        \(thread) acquire queue at=queue.c:\(line()) stack=\(callers)
        \(thread) wait room lock=queue at=queue.c:\(line()) stack=checkDiscard\(offset());\(callers)
        \(thread) wake room lock=queue
        \(thread) release queue
        \(thread) release \(message)

        """
    }
    return text
  }
}

/// What LTTng's wrapper of POSIX mutexes records.
private struct WrapperLog {
  var generator: SeededGenerator
  /// Where this run has its heap.
  let base: Int
  private(set) var text = ""
  private var time = 0

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    base = 0x7F3B_0000_0000 + 0x10_0000 * Int.random(in: 0..<0x1000, using: &generator)
  }

  /// One lock inside another, somewhere in the lines of a function.
  mutating func nest(_ outer: Int, _ inner: Int, _ thread: Int, _ function: String, _ file: String)
  {
    for (lock, part) in [(outer, 0x20), (inner, 0x60)] {
      let offset = part + Int.random(in: 0..<4, using: &generator)
      for event in ["lock_req", "lock_acq"] { add(event, lock, thread, function, offset, file) }
    }
    for (lock, offset) in [(inner, 0x90), (outer, 0xA0)] {
      add("unlock", lock, thread, function, offset, file)
    }
  }

  private mutating func add(
    _ event: String, _ mutex: Int, _ thread: Int, _ function: String, _ offset: Int,
    _ file: String
  ) {
    time += Int.random(in: 200..<900, using: &generator)
    let (code, place) = (hex(0x5000 + offset), "\(file):\(300 + offset)")
    let fraction = String("\(1_000_000_000 + time)".suffix(9))
    let result = event == "lock_req" ? "" : ", status = 0"
    let context = "vpid = 7, vtid = \(thread), procname = \"unbound\", ip = \(0x5500_0000 + offset)"
    let function = "func = \"\(function)+\(hex(offset))\", src = \"\(place)\""
    text += """
      [10:00:0\(time / 1_000_000_000).\(fraction)] (+0.000000300) vm \
      lttng_ust_pthread:pthread_mutex_\(event): { cpu_id = 0 }, \
      { \(context), debug_info = { bin = "unbound+\(code)", \(function) } }, \
      { mutex = \(hex(mutex))\(result) }

      """
  }

  private func hex(_ number: Int) -> String { "0x" + String(number, radix: 16, uppercase: true) }
}
