/// A frame of a stack in the kernel's log: `FUNCTION+0x20/0x41 [MODULE]`, with or without the
/// address before it and the place in the source that a decoder adds.
struct KernelFrame {
  /// As it is printed, without address and question mark.
  var text: String
  /// The name without offset and without what a compiler appends.
  var function: String
  /// `FILE:LINE`, if the log was decoded.
  var place: String?
  var line: UInt64

  /// `nil` if the text is no frame, or one that the unwinder only guesses.
  init?(_ text: UnsafeRawBufferPointer, line: UInt64) {
    let text = Self.withoutAddress(text.trimmed)
    guard !text.hasPrefix("? ") else { return nil }
    var end = 0
    while end < text.count, Self.isOfName(text[end]) { end += 1 }
    guard end > 0, !isDigit(text[0]) else { return nil }
    let name = text.upTo(end)
    let rest = text.from(end)
    let hasOffset = rest.hasPrefix("+0x")
    place = Self.place(rest)
    guard hasOffset || place != nil && rest.hasPrefix(" ") else { return nil }
    function = Self.plain(name)
    self.text = text.text
    self.line = line
  }

  /// `[<ffffffff810d7a4f>] ` in older kernels.
  static func withoutAddress(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard text.hasPrefix("[<"), let end = text.offset(of: ">]") else { return text }
    return text.from(end + 2).trimmed
  }

  private static func plain(_ name: UnsafeRawBufferPointer) -> String {
    // `.isra.0`, `.constprop.0`, `.part.0`
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
  ]
  private static let names: Set<String> = [
    "lock_sync", "lock_contended", "__lock_contended", "lock_is_held", "lock_is_held_type",
    "__lock_is_held", "lock_map_acquire", "lock_set_class", "reacquire_held_locks",
    "validate_chain", "check_noncircular", "check_prev_add", "check_prevs_add", "check_deadlock",
    "check_irq_usage", "check_usage", "check_usage_forwards", "check_usage_backwards",
    "check_wait_context", "mark_lock", "mark_lock_irq", "mark_usage", "mark_held_locks",
    "valid_state", "find_lock_later", "spin_lock", "spin_lock_bh", "spin_lock_irq", "spin_unlock",
    "read_lock", "write_lock", "rcu_lock_acquire", "local_lock_acquire", "kfree", "kmem_cache_free",
    "report_bug", "handle_bug",
    "exc_invalid_op", "asm_exc_invalid_op", "down_timeout", "down_killable", "down_interruptible",
  ]

  static func contains(_ function: String) -> Bool {
    names.contains(function) || prefixes.contains { function.hasPrefix($0) }
  }
}
