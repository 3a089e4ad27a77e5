/// The kernel's own functions around a lock, innermost in the callchain of every event: who called
/// them matters.
enum KernelLockFunctions {
  private static let prefixes: [StaticString] = [
    "lock_acquire", "lock_release", "lock_contended", "__traceiter_lock_", "perf_trace_lock_",
    "trace_lock_", "_raw_spin_", "_raw_read_", "_raw_write_", "__raw_spin_", "__raw_read_",
    "__raw_write_", "do_raw_", "mutex_lock", "mutex_unlock", "mutex_trylock", "__mutex_",
    "ww_mutex_", "__ww_mutex_", "rt_mutex_", "__rt_mutex_", "rt_spin_", "rt_read_", "rt_write_",
    "down_read", "down_write", "__down_", "up_read", "up_write", "__up_",
  ]

  static func contains(_ name: Slice<UnsafeRawBufferPointer>) -> Bool {
    guard let base = UnsafeRawBufferPointer(rebasing: name).baseAddress else { return false }
    return prefixes.contains {
      $0.utf8CodeUnitCount <= name.count
        && bytesAreEqual(base, $0.utf8Start, count: $0.utf8CodeUnitCount)
    }
  }
}
