/// What a thread has said last with a lock: it signalled a condition while it held it, and has
/// asked for nothing since but for locks that it made itself.
///
/// Pools have their workers say so that they are done. Who waits with that lock for the ends of
/// those that have said so waits for threads that need nothing more [semantics 21].
struct Announcement {
  let lock: LockID
  /// The numbers of the locks that were made since.
  private var made: [UInt32] = []

  /// More of them than a thread makes on its way out.
  private static let limit = 16

  init(_ lock: LockID) { self.lock = lock }

  /// Whether it still is the last that its thread has said, after what the thread does now.
  mutating func outlasts(_ event: LockEvent) -> Bool {
    switch event.verb {
    case .release, .exit, .destroy, .post, .read, .write, .dropped: return true
    case .`init`:
      made.append(event.lock)
      return made.count <= Self.limit
    case .acquire, .request: return made.contains(event.lock)
    default: return false
    }
  }
}

extension HeldState {
  /// A thread signals a condition.
  mutating func noteAnnouncement(_ event: LockEvent) {
    let thread = event.thread.index
    guard joins.isRecording, let held = threads[thread].held.locks.last, held.mode == .write else {
      return
    }
    threads[thread].announcement = Announcement(held.lock)
  }

  /// The lock with which a thread that is waited for has said something last, if the waiting one
  /// holds it.
  func announcement(of ended: ThreadID, to joiner: ThreadID) -> LockID? {
    guard let said = threads[ended.index].announcement,
      threads[joiner.index].held.locks.contains(where: { $0.lock == said.lock })
    else { return nil }
    return said.lock
  }
}
