import CLockGraph

/// A wait that goes on, in words: one that takes longer than the configuration wants, or any that
/// somebody asks about.
struct LongWait {
  var thread: String
  var lockClass: String
  var place: String
  var duration: Duration
  /// Who holds the lock, and where they took it.
  var owners: [String]
  var stack: [String] = []

  /// - Parameters:
  ///   - waiting: what a thread was seen to wait for.
  ///   - owners: who holds that, from `owners(of:than:)`.
  fileprivate init(
    _ thread: UnsafeMutablePointer<lg_thread>, _ waiting: lg_waiting, owners: [String],
    for duration: UInt64
  ) {
    self.thread = ThreadName.withTask(thread)
    lockClass = LockClassRegistry.name(LockFlags(waiting.lock_class).classNumber)
    place = SiteTexts.describe(waiting.site)
    self.duration = .nanoseconds(Int64(clamping: duration))
    self.owners = owners
  }

  /// Other threads that hold a lock. Under the validator's lock.
  fileprivate static func owners(
    of number: UInt64, than thread: UnsafeMutablePointer<lg_thread>
  ) -> [String] {
    (1..<max(1, lg_thread_slots())).compactMap { slot in
      guard let other = lg_thread_at(slot), other != thread,
        let held = LockRuntime.held(by: other).last(where: { $0.number == number })
      else { return nil }
      return "\(ThreadName.text(other)), which took it at \(SiteTexts.describe(held.site))"
    }
  }

  var text: String {
    let seconds =
      Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    let rounded = (seconds * 10).rounded() / 10
    var text =
      "LockGraph: \(thread) has waited \(rounded) s for "
      + "\(lockClass.withVisibleControls) at \(place)\n"
    if owners.isEmpty { text += "  nobody is known to hold it\n" }
    for owner in owners { text += "  held by \(owner)\n" }
    for frame in stack.prefix(16) { text += "    \(frame)\n" }
    return text
  }
}

extension LockRuntime {
  /// Says that a wait of this thread takes long. Called by the one that calls the handler of
  /// findings too: what it waits for is looked at by nobody else.
  static func reportLongWait(for duration: UInt64) {
    guard let thread = lg_current(), thread.pointee.busy == 0 || lg_delivers(thread),
      lg_waiting_lock(thread) != nil
    else { return }
    lg_set_busy(thread, thread.pointee.busy + 1)
    defer { lg_set_busy(thread, thread.pointee.busy - 1) }
    let waiting = lg_waiting_copy(thread)
    let owners = withValidatorLock { LongWait.owners(of: waiting.number, than: thread) }
    var wait = LongWait(thread, waiting, owners: owners ?? [], for: duration)
    wait.stack = Symbolizer.frames(StackText.addresses(of: thread))
    writeToStandardError(wait.text)
  }

  /// All waits that go on now in words, in the order of their threads.
  package static var openWaits: String { longWaits().map(\.text).joined() }

  private static func longWaits() -> [LongWait] {
    typealias Wait = (UnsafeMutablePointer<lg_thread>, lg_waiting, owners: [String])
    let now = lg_now()
    let waits = withValidatorLock {
      (1..<max(1, lg_thread_slots())).compactMap { slot -> Wait? in
        guard let thread = lg_thread_at(slot) else { return nil }
        let sequence = lg_waiting_sequence(thread)
        guard sequence & 1 == 1, lg_waiting_lock(thread) != nil else { return nil }
        let waiting = lg_waiting_copy(thread)
        let owners = LongWait.owners(of: waiting.number, than: thread)
        return lg_waiting_sequence(thread) == sequence ? (thread, waiting, owners) : nil
      }
    }
    return (waits ?? []).map { thread, waiting, owners in
      LongWait(thread, waiting, owners: owners, for: now - min(now, waiting.since))
    }
  }
}
