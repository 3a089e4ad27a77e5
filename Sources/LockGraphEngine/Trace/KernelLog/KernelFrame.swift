/// A frame of a stack in the kernel's log: `FUNCTION+0x20/0x41 [MODULE]`, with or without the
/// addresses before it and the place in the source that a decoder adds; on 32-bit arm
/// `FUNCTION from CALLER+0x20/0x41`, where it is the caller's.
struct KernelFrame {
  /// As it is printed, without address and question mark.
  var text: String
  /// The name without offset and without what a compiler appends.
  var function: String
  /// `FILE:LINE`, if the log was decoded.
  var place: String?
  /// A decoder found that its code is part of the next frame's function.
  var isInlined: Bool
  var line: UInt64

  /// `nil` if the text is no frame, or one that the unwinder only guesses.
  init?(_ text: UnsafeRawBufferPointer, line: UInt64) {
    let text = Self.withoutRemark(Self.caller(Self.withoutAddress(text.trimmed)))
    guard !text.hasPrefix("? ") else { return nil }
    var end = 0
    while end < text.count, Self.isOfName(text[end]) { end += 1 }
    guard end > 0, !isDigit(text[0]) else { return nil }
    let name = text.upTo(end)
    let rest = text.from(end)
    let hasOffset = rest.hasPrefix("+0x")
    place = Self.place(rest)
    guard hasOffset || place != nil && rest.hasPrefix(" ") && Self.beginsWithPlace(rest) else {
      return nil
    }
    isInlined = !hasOffset && text.hasSuffix("[inline]")
    function = Self.plain(name)
    self.text = text.text
    self.line = line
  }

  /// Where a lock was taken, as it stands behind it.
  init?(site: String, line: UInt64) {
    var site = site
    guard let frame = site.withUTF8({ KernelFrame(UnsafeRawBufferPointer($0), line: line) }) else {
      return nil
    }
    self = frame
  }

  /// A function of which the name alone is printed.
  init?(named text: String, line: UInt64) {
    guard !text.isEmpty, text.utf8.allSatisfy(Self.isOfName), !isDigit(text.utf8.first!) else {
      return nil
    }
    self.text = text
    function = text
    isInlined = false
    self.line = line
  }

  /// Without what stands before the function: `[<ffffffff810d7a4f>] ` in older kernels,
  /// `[c0000000fe7c7950] [c000000000c6e5d4] ` on powerpc, `([<00000000001122da>] ` on s390.
  static func withoutAddress(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var text = text
    while true {
      let inner = text.hasPrefix("([") ? text.from(1) : text
      if inner.hasPrefix("[<"), let end = inner.upTo(32).offset(of: ">]") {
        text = inner.from(end + 2).trimmed
      } else if inner.hasPrefix("["), let end = inner.upTo(20).firstIndex(of: UInt8(ascii: "]")),
        end > 8, inner[1..<end].allSatisfy(isHexadecimalDigit)
      {
        text = inner.from(end + 1).trimmed
      } else {
        return text
      }
    }
  }

  /// What stands behind `from` in `(CALLEE) from [<ADDRESS>] (CALLER+0x20/0x41)`.
  private static func caller(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard let from = text.offset(of: " from ") else { return text }
    let callee = text.upTo(from)
    guard !callee.isEmpty, !callee.contains(" at "), !callee.contains(": ") else { return text }
    return withoutParentheses(withoutAddress(text.from(from + 6).trimmed))
  }

  private static func withoutParentheses(
    _ text: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer {
    guard text.hasPrefix("("), let end = text.offset(of: ")") else { return text }
    return UnsafeRawBufferPointer(rebasing: text[1..<end])
  }

  /// Without what the unwinder says of a frame, `(unreliable)`, `(P)`, and a parenthesis' end.
  private static func withoutRemark(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    for remark in [" (unreliable)", " (P)", " (PF)", " (F)", " (L)", " (C)", " (K)"]
      as [StaticString] where text.hasSuffix(remark)
    {
      return text.upTo(text.count - remark.utf8CodeUnitCount)
    }
    return text.hasSuffix(")") && !text.contains("(") ? text.upTo(text.count - 1) : text
  }

  private static func plain(_ name: UnsafeRawBufferPointer) -> String {
    // Big-endian powerpc puts a dot before functions; `.isra.0`, `.constprop.0`, `.part.0`
    let name = name.hasPrefix(".") ? name.from(1) : name
    if let dot = name.offset(of: "."), dot > 0 { return name.upTo(dot).text }
    return name.text
  }

  /// `FILE:LINE`, in parentheses or not.
  private static func place(_ text: UnsafeRawBufferPointer) -> String? {
    var start = 0
    while start < text.count {
      while start < text.count, text[start] == 0x20 || text[start] == UInt8(ascii: "(") {
        start += 1
      }
      var end = start
      while end < text.count, text[end] != 0x20, text[end] != UInt8(ascii: ")") { end += 1 }
      let word = UnsafeRawBufferPointer(rebasing: text[start..<end])
      if let colon = word.lastIndex(of: UInt8(ascii: ":")), colon + 1 < word.count,
        word[(colon + 1)...].allSatisfy(isDigit), word.upTo(colon).contains(".")
      {
        return word.text
      }
      start = end + 1
    }
    return nil
  }

  /// Whether a place comes first: other lines have one behind a lock.
  private static func beginsWithPlace(_ text: UnsafeRawBufferPointer) -> Bool {
    let text = text.trimmedStart
    let word = text.upTo(text.firstIndex(of: 0x20) ?? text.count)
    return place(word) != nil && !word.contains("){")
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "$")
  }
}

/// The frames of a stack, innermost first.
struct KernelStack {
  private static let limit = 48

  private(set) var frames: [KernelFrame] = []

  mutating func append(_ frame: KernelFrame) {
    if frames.count < Self.limit { frames.append(frame) }
  }

  var isEmpty: Bool { frames.isEmpty }

  /// Without the functions that take locks and report at the top, unless there are no others.
  var meaningful: ArraySlice<KernelFrame> {
    let rest = frames.drop { LockFunctions.contains($0.function) }
    return rest.isEmpty ? frames[...] : rest
  }

  /// Without the functions that sleep at the top besides.
  var asking: ArraySlice<KernelFrame> {
    let rest = frames.drop {
      LockFunctions.contains($0.function) || LockFunctions.waits($0.function)
    }
    return rest.isEmpty ? frames[...] : rest
  }

  /// The function that `meaningful` or `asking` begins with, whether or not a decoder knows of code
  /// of others in it.
  static func function(of frames: ArraySlice<KernelFrame>) -> String? {
    (frames.first { !$0.isInlined } ?? frames.first)?.function
  }
}

/// The functions of the kernel that take, release and validate locks, and print; who called them
/// matters.
enum LockFunctions {
  private static let prefixes = [
    "mutex_lock", "mutex_trylock", "_mutex_lock", "__mutex_lock", "mutex_unlock", "__mutex_unlock",
    "ww_mutex_lock", "__ww_mutex_lock", "rt_mutex_", "__rt_mutex_", "rt_spin_", "rt_read_",
    "rt_write_", "_raw_spin_", "_raw_read_", "_raw_write_", "__raw_spin_", "__raw_read_",
    "__raw_write_", "_spin_", "_read_", "_write_", "do_raw_spin_", "do_raw_read_", "do_raw_write_",
    "down_read", "down_write", "__down_read", "__down_write", "up_read", "up_write", "__up_read",
    "__up_write", "percpu_down_", "__percpu_down_", "percpu_up_", "rwsem_", "queued_spin_",
    "queued_read_", "queued_write_", "lock_acquire", "lock_release", "__lock_acquire",
    "__lock_release", "lockdep_", "print_", "__print_", "debug_check_no_", "dump_stack",
    "__dump_stack", "show_stack", "trace_hardirqs_", "trace_softirqs_", "warn_slowpath", "__warn",
    "native_queued_", "pv_queued_", "__pv_queued_", "arch_spin_", "__might_", "___might_",
  ]
  private static let names: Set<String> = [
    "lock_sync", "lock_contended", "__lock_contended", "lock_is_held", "lock_is_held_type",
    "__lock_is_held", "lock_map_acquire", "lock_set_class", "reacquire_held_locks",
    "validate_chain", "check_noncircular", "check_prev_add", "check_prevs_add", "check_deadlock",
    "check_irq_usage", "check_usage", "check_usage_forwards", "check_usage_backwards",
    "check_wait_context", "mark_lock", "mark_lock_irq", "mark_usage", "mark_held_locks",
    "valid_state", "find_lock_later", "spin_lock", "spin_lock_bh", "spin_lock_irq", "spin_unlock",
    "read_lock", "write_lock", "rcu_lock_acquire", "local_lock_acquire", "kfree", "kmem_cache_free",
    "report_bug", "handle_bug", "dump_backtrace", "unwind_backtrace", "show_trace", "spin_bug",
    "spin_dump", "rwlock_bug", "register_lock_class", "look_up_lock_class", "assign_lock_key",
    "exc_invalid_op", "asm_exc_invalid_op", "down_timeout", "down_killable", "down_interruptible",
  ]

  static func contains(_ function: String) -> Bool {
    names.contains(function) || prefixes.contains { function.hasPrefix($0) }
  }

  /// Functions that give up the processor, which other code calls in order to wait.
  static func waits(_ function: String) -> Bool {
    [
      "schedule", "__schedule", "io_schedule", "__cond_resched", "_cond_resched",
      "preempt_schedule",
    ]
    .contains { function.hasPrefix($0) }
  }
}
