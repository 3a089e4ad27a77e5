// What the kernel asserts of locks, and is not so.
extension KernelReport {
  var assertion: Finding {
    let function = KernelStack.function(of: backtrace.meaningful) ?? ""
    // Some kernels print where the condition of the locks' own code stands, and some do not.
    let isOwnCondition = note?.contains("DEBUG_LOCKS_WARN_ON") ?? false
    let file = isOwnCondition ? "" : place.map { String($0.prefix { $0 != ":" }) } ?? ""
    let parts = [note ?? "", file, function]
    switch kind {
    case .rcu:
      let what = note ?? "suspicious use"
      return .kernelAssertion(
        parts, title: "RCU: \(what.prefix { $0 != "!" })\(place.map { " at \($0)" } ?? "")",
        events: [event(.rcu, at: place)] + heldLocks.map { event(.held, $0) })
    case .contention:
      return .kernelAssertion(
        parts + [wantedLock.name],
        title: "\(thread) waits for \(wantedLock.name) without having asked for it",
        of: wantedLock.name, events: [event(.acquire, wantedLock, backtrace)])
    case .neverInitialised:
      return .kernelAssertion(
        ["never initialised", function],
        title: "a lock is not initialised"
          + (function.isEmpty ? ", or has no class" : " at \(function), or has no class"),
        events: [event(.warn)])
    default:
      let lock = note.flatMap(Self.assertedLock)
      return .kernelAssertion(
        parts,
        title: lock.map { "what the kernel asserts of \($0) is not so" }
          ?? "the kernel asserts what is not so: \(note ?? place ?? "")", of: lock,
        events: [
          lock.map { event(.assert, PrintedLock(name: $0, line: line), backtrace) }
            ?? event(.warn, at: backtrace.isEmpty ? place : nil)
        ])
    }
  }

  /// The lock in `lock_is_held(&(&x->lock)->dep_map)`.
  private static func assertedLock(_ condition: String) -> String? {
    var bytes = Array(condition.utf8)
    return bytes.withUnsafeMutableBytes { buffer in
      let text = UnsafeRawBufferPointer(buffer)
      guard let start = text.offset(of: "_is_held"),
        let open = text.offset(of: "(&(", from: start),
        let end = text.offset(of: ")->dep_map", from: open), end > open + 3
      else { return nil }
      return UnsafeRawBufferPointer(rebasing: text[(open + 3)..<end]).text
    }
  }
}
