/// The line that a report of the kernel's validator begins with, of any version of the kernel:
/// `WARNING: …`, `INFO: …`, `[ BUG: … ]`, `[ INFO: … ]`.
struct KernelHeadline {
  var kind: KernelReport.Kind
  var task: String?
  var context: InterruptContext?
  /// Of an assertion: what it says and where it stands.
  var note: String?
  var place: String?

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
    ("lock held when returning to user space", .heldInUserSpace),
    ("suspicious RCU usage", .rcu),
  ]

  /// - Parameter text: a line without what stands before its text.
  init?(_ text: UnsafeRawBufferPointer) {
    // Most lines are told apart by their first letters.
    guard let first = text.first,
      first == UInt8(ascii: "W") || first == UInt8(ascii: "[") || first == UInt8(ascii: "I")
        || first == UInt8(ascii: "B") || first == UInt8(ascii: "D")
    else { return nil }
    let text = text.hasPrefix("[ ") ? text.from(2).trimmed : text
    if text.hasPrefix("DEBUG_LOCKS_WARN_ON(") {
      kind = .assertion
      note = text.text
      return
    }
    guard text.hasPrefix("WARNING: ") || text.hasPrefix("INFO: ") || text.hasPrefix("BUG: ") else {
      return nil
    }
    for (phrase, kind) in Self.phrases {
      guard let start = text.offset(of: phrase) else { continue }
      self.kind = kind
      if kind == .unsafeOrder { context = Self.context(in: text) }
      if kind == .heldAtExit, let colon = text.offset(of: ": "), colon + 2 < start {
        task = UnsafeRawBufferPointer(rebasing: text[(colon + 2)..<start]).trimmed.text
      }
      return
    }
    // Newer kernels print the condition, the place and the task.
    guard text.hasPrefix("WARNING: ["), let end = text.offset(of: "] "),
      ["lock_is_held", "lockdep_", "DEBUG_LOCKS_WARN_ON"].contains(where: {
        text.upTo(end).contains($0 as StaticString)
      })
    else { return nil }
    kind = .assertion
    note = UnsafeRawBufferPointer(rebasing: text[10..<end]).text
    place = text.from(end + 2).split(separator: 0x20).first.map {
      String(decoding: $0, as: UTF8.self)
    }
    if let processor = text.offset(of: ", CPU#", from: end),
      let colon = text.offset(of: ": ", from: processor), colon + 2 < text.count
    {
      task = text.from(colon + 2).text
    }
  }

  /// The interrupts that a text names.
  static func context(in text: UnsafeRawBufferPointer) -> InterruptContext? {
    text.contains("HARDIRQ") ? .hardirq : text.contains("SOFTIRQ") ? .softirq : nil
  }
}
