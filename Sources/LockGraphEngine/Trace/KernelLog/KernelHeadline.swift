/// The line that a report of the kernel's validator begins with, of any version of the kernel:
/// `WARNING: …`, `INFO: …`, `[ BUG: … ]`, `[ INFO: … ]`; and those of the kernel's other reports
/// about locks.
struct KernelHeadline {
  var kind: KernelReport.Kind
  var task: String?
  var context: InterruptContext?
  /// Of an assertion: what it says and where it stands.
  var note: String?
  var place: String?
  /// Of a work item that ended: what may stand on lines of its own.
  var rest = ""

  init(_ kind: KernelReport.Kind) { self.kind = kind }

  private static let phrases: [(StaticString, KernelReport.Kind)] = [
    ("possible circular locking dependency detected", .orderCycle),
    ("possible recursive locking detected", .sameClass),
    ("inconsistent lock state", .irqState),
    ("possible irq lock inversion dependency detected", .irqInversion),
    ("-unsafe lock order detected", .unsafeOrder),
    ("Invalid wait context", .waitContext),
    ("Nested lock was not taken", .nestNotTaken),
    ("bad unlock balance detected", .unlock),
    ("bad contention detected", .contention),
    ("held lock freed", .freed),
    ("still has locks held", .heldAtExit),
    ("lock held at task exit time", .heldAtExit),
    ("lock held when returning to user space", .heldInUserSpace),
    ("suspicious RCU usage", .rcu),
    ("suspicious rcu_dereference_check() usage", .rcu),
    ("trying to register non-static key", .neverInitialised),
    ("sleeping function called from invalid context", .sleeping),
    ("scheduling while atomic", .scheduling),
    ("workqueue leaked ", .leakedByWork),
  ]

  /// - Parameter text: a line without what stands before its text.
  init?(_ text: UnsafeRawBufferPointer) {
    // Most lines are told apart by their first letters.
    guard let first = text.first else { return nil }
    switch first {
    case UInt8(ascii: "W"), UInt8(ascii: "["), UInt8(ascii: "I"), UInt8(ascii: "B"),
      UInt8(ascii: "D"), UInt8(ascii: "R"):
      break
    default: return nil
    }
    let text = text.hasPrefix("[ ") ? text.from(2).trimmed : text
    if text.hasPrefix("DEBUG_LOCKS_WARN_ON(") || text.hasPrefix("DEBUG_RWSEMS_WARN_ON(") {
      kind = .assertion
      note = Self.condition(text)
      return
    }
    if text.hasPrefix("RTNL: assertion failed at "),
      let place = text.from(26).split(separator: 0x20).first
    {
      kind = .assertion
      note = "lock_is_held(&(&rtnl_mutex)->dep_map)"
      self.place = String(decoding: place, as: UTF8.self)
      return
    }
    guard
      text.hasPrefix("WARNING: ") || text.hasPrefix("INFO: ") || text.hasPrefix("BUG: ")
        || text.hasPrefix("Debug: ")
    else { return nil }
    for (phrase, kind) in Self.phrases {
      guard let start = text.offset(of: phrase) else { continue }
      self.kind = kind
      readTail(text, phrase: start, behind: text.from(start + phrase.utf8CodeUnitCount))
      return
    }
    if let spin = SpinTrouble.headline(text) {
      kind = .spin(spin.trouble)
      task = spin.task
      return
    }
    guard let warning = Self.warning(text) else { return nil }
    self = warning
  }

  private mutating func readTail(
    _ text: UnsafeRawBufferPointer, phrase start: Int, behind rest: UnsafeRawBufferPointer
  ) {
    switch kind {
    case .unsafeOrder: context = Self.context(in: text)
    case .heldAtExit:
      if let colon = text.offset(of: ": "), colon + 2 < start {
        task = UnsafeRawBufferPointer(rebasing: text[(colon + 2)..<start]).trimmed.text
      }
    case .sleeping:
      if rest.hasPrefix(" at "), let word = rest.from(4).split(separator: 0x20).first {
        place = String(decoding: word, as: UTF8.self)
      }
    case .scheduling: task = Self.atomicTask(rest.from(2).trimmed)
    case .leakedByWork:
      guard let colon = rest.offset(of: ": ") else { return }
      readWorker(rest.from(colon + 2).trimmed)
    default: break
    }
  }

  /// `COMM/PID/0x00000002`, in older kernels `COMM/0x00000002/PID`.
  private static func atomicTask(_ text: UnsafeRawBufferPointer) -> String? {
    guard let mark = text.offset(of: "/0x") else { return text.isEmpty ? nil : text.text }
    let number = text.from(mark + 3).drop(while: isHexadecimalDigit)
    guard number.first == UInt8(ascii: "/") else { return text.upTo(mark).text }
    let process = number.dropFirst().prefix(while: isDigit)
    return text.upTo(mark).text + "/" + String(decoding: process, as: UTF8.self)
  }

  /// `kworker/4:0/0x00000000/115`, `kworker/u65:3[414]`; more may stand behind it.
  private mutating func readWorker(_ text: UnsafeRawBufferPointer) {
    let word = text.upTo(text.firstIndex(of: 0x20) ?? text.count)
    rest = text.from(word.count).trimmed.text
    if let open = word.lastIndex(of: UInt8(ascii: "[")), word.last == UInt8(ascii: "]") {
      let number = UnsafeRawBufferPointer(rebasing: word[(open + 1)..<(word.count - 1)])
      task = "\(word.upTo(open).text)/\(number.text)"
    } else {
      task = Self.atomicTask(word)
    }
  }

  // MARK: Assertions

  /// A warning of the locks' own code, or of an assertion about locks.
  private static func warning(_ text: UnsafeRawBufferPointer) -> KernelHeadline? {
    guard text.hasPrefix("WARNING: ") else { return nil }
    var headline = KernelHeadline(.assertion)
    let body = text.from(9)
    // Newer kernels print the condition, the place and the task.
    if body.hasPrefix("["), let end = body.offset(of: "] ") {
      guard
        ["lock_is_held", "lockdep_", "DEBUG_LOCKS_WARN_ON", "DEBUG_RWSEMS_WARN_ON"].contains(
          where: { body.upTo(end).contains($0 as StaticString) })
      else { return nil }
      headline.note = UnsafeRawBufferPointer(rebasing: body[1..<end]).text
      headline.place = body.from(end + 2).split(separator: 0x20).first.map {
        String(decoding: $0, as: UTF8.self)
      }
    } else {
      // `CPU: 0 PID: 55 at FILE:LINE FUNCTION+0x1/0x2`, `at FILE:LINE …`, `FILE:LINE at FUNCTION…`
      let start =
        body.hasPrefix("at ")
        ? 3 : body.hasPrefix("CPU: ") ? body.offset(of: " at ").map { $0 + 4 } : 0
      guard let start, let word = body.from(start).split(separator: 0x20).first,
        isLockCode(UnsafeRawBufferPointer(rebasing: word))
      else { return nil }
      headline.place = String(decoding: word, as: UTF8.self)
    }
    if let processor = body.offset(of: ", CPU#"),
      let colon = body.offset(of: ": ", from: processor), colon + 2 < body.count
    {
      headline.task = body.from(colon + 2).text
    }
    return headline
  }

  /// Files whose warnings are about locks.
  private static func isLockCode(_ place: UnsafeRawBufferPointer) -> Bool {
    let files: [StaticString] = [
      "kernel/locking/", "kernel/lockdep", "kernel/mutex", "kernel/rtmutex", "kernel/rwsem",
      "kernel/spinlock", "lib/spinlock_debug", "lib/rwsem", "include/linux/rwsem.h",
      "include/linux/spinlock", "include/linux/mutex.h", "include/linux/ww_mutex.h",
      "include/linux/lockdep.h",
    ]
    return place.contains(":") && files.contains { place.contains($0) }
  }

  /// The condition of an assertion, without values that are printed behind it.
  private static func condition(_ text: UnsafeRawBufferPointer) -> String {
    var depth = 0
    for position in text.indices {
      if text[position] == UInt8(ascii: "(") { depth += 1 }
      if text[position] == UInt8(ascii: ")") {
        depth -= 1
        if depth == 0 { return text.upTo(position + 1).text }
      }
    }
    return text.text
  }

  /// The interrupts that a text names.
  static func context(in text: UnsafeRawBufferPointer) -> InterruptContext? {
    if text.contains("HARDIRQ") || text.contains("hard-") { return .hardirq }
    return text.contains("SOFTIRQ") || text.contains("soft-") ? .softirq : nil
  }

  // MARK: Where a headline stands in a line

  /// Where the headline of a report begins in a line whose prefix is not known.
  ///
  /// - Complexity: O(length of the prefix).
  static func position(in text: UnsafeRawBufferPointer) -> Int? {
    let beginning = text.upTo(KernelLogLine.longestPrefix)
    for word in ["WARNING: ", "INFO: ", "BUG: "] as [StaticString] {
      guard let found = beginning.offset(of: word), found > 0 else { continue }
      let start = beginning.upTo(found).hasSuffix("[ ") ? found - 2 : found
      guard start > 0, isMark(beginning[start - 1]) else { continue }
      if HungTasks.begins(text.from(start)) { return start }
      guard let headline = KernelHeadline(text.from(start)), headline.isWhole(text.from(found))
      else { continue }
      return start
    }
    return nil
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    byte < 0x30 || (0x3A...0x3F).contains(byte) || (0x5B...0x60).contains(byte) || byte > 0x7A
  }

  /// Whether nothing follows the phrase but what is printed with it; who writes of it goes on.
  private func isWhole(_ text: UnsafeRawBufferPointer) -> Bool {
    for (phrase, known) in Self.phrases where known == kind {
      guard let start = text.offset(of: phrase) else { continue }
      switch kind {
      case .sleeping, .scheduling, .leakedByWork: return true
      default: return text.count - start - phrase.utf8CodeUnitCount <= Self.longestTail
      }
    }
    return true
  }

  private static let longestTail = 4
}
