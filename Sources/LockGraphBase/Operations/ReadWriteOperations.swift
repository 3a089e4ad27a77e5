import CLockGraph

/// What a reader-writer lock is made of: one word, and the number of writers that wait.
///
/// The word has a mark for a writer inside with its number, or the number of readers inside, a mark
/// if a writer waits, which keeps readers out, and a mark if anybody sleeps. The last one to leave
/// takes both marks away and wakes all; who does not get in marks again. A writer that gives up
/// takes its mark away if it is the last one that waits, and wakes the readers that it kept out.
@usableFromInline
package enum ReadWriteOperations {
  @inlinable package static var writer: UInt32 { 1 << 31 }
  @inlinable package static var writerWaits: UInt32 { 1 << 30 }
  @inlinable package static var sleepers: UInt32 { 1 << 29 }
  /// How many readers are inside, or which thread the writer is.
  @inlinable package static var readers: UInt32 { (1 << 29) - 1 }

  /// Whether a thread can be inside.
  @inlinable
  package static func isHeld(_ word: UInt32, by owner: UInt32, forWriting: Bool) -> Bool {
    forWriting
      ? word & writer != 0 && word & readers == owner
      : word & writer == 0 && word & readers != 0
  }

  @inlinable
  package static func tryWrite(_ lock: UnsafeMutablePointer<lg_wide_lock>, owner: UInt32) -> Bool {
    let word = lg_wide_word(lock)!
    while true {
      let seen = lg_load(word)
      guard seen & (writer | readers) == 0 else { return false }
      if lg_replace(word, seen, seen | writer | owner) { return true }
    }
  }

  /// - Parameter passesWaitingWriters: only a writer that is inside keeps it out.
  @inlinable
  package static func tryRead(
    _ lock: UnsafeMutablePointer<lg_wide_lock>, passesWaitingWriters: Bool
  ) -> Bool {
    let word = lg_wide_word(lock)!
    let closed = passesWaitingWriters ? writer : writer | writerWaits
    while true {
      let seen = lg_load(word)
      guard seen & closed == 0, seen & readers < readers else { return false }
      if lg_replace(word, seen, seen + 1) { return true }
    }
  }

  package static func write(
    _ lock: UnsafeMutablePointer<lg_wide_lock>, owner: UInt32, _ policy: WaitPolicy
  ) -> LockError? {
    guard !tryWrite(lock, owner: owner) else { return nil }
    let word = lg_wide_word(lock)!
    let writers = lg_wide_waiters(lock)!
    _ = lg_add(writers, 1)
    var waiting = Waiting(policy)
    while true {
      if tryWrite(lock, owner: owner) {
        leaveQueue(lock)
        return nil
      }
      let seen = lg_load(word)
      guard seen & (writer | readers) != 0 else { continue }
      let marked = seen | writerWaits | sleepers
      if seen != marked, !lg_replace(word, seen, marked) { continue }
      if let error = waiting.sleep(on: word, while: marked) {
        leaveQueue(lock)
        return error
      }
    }
  }

  /// A writer waits no longer. The mark stays where others wait; where none does, those that it
  /// kept out are let in.
  private static func leaveQueue(_ lock: UnsafeMutablePointer<lg_wide_lock>) {
    let word = lg_wide_word(lock)!
    guard lg_add(lg_wide_waiters(lock)!, .max) == 1 else { return }
    while true {
      let seen = lg_load(word)
      guard seen & writerWaits != 0, lg_load(lg_wide_waiters(lock)!) == 0 else { return }
      if lg_replace(word, seen, seen & ~(writerWaits | sleepers)) {
        lg_wake(word, .max)
        return
      }
    }
  }

  package static func read(
    _ lock: UnsafeMutablePointer<lg_wide_lock>, passesWaitingWriters: Bool, _ policy: WaitPolicy
  ) -> LockError? {
    let word = lg_wide_word(lock)!
    var waiting: Waiting?
    while !tryRead(lock, passesWaitingWriters: passesWaitingWriters) {
      let closed = passesWaitingWriters ? writer : writer | writerWaits
      let seen = lg_load(word)
      guard seen & closed != 0 else { continue }
      let marked = seen | sleepers
      if seen != marked, !lg_replace(word, seen, marked) { continue }
      if waiting == nil { waiting = Waiting(policy) }
      if let error = waiting!.sleep(on: word, while: marked) { return error }
    }
    return nil
  }

  @inlinable
  package static func releaseWrite(_ lock: UnsafeMutablePointer<lg_wide_lock>) {
    let word = lg_wide_word(lock)!
    let before = lg_exchange(word, 0)
    if before & (writerWaits | sleepers) != 0 { lg_wake(word, .max) }
  }

  @inlinable
  package static func releaseRead(_ lock: UnsafeMutablePointer<lg_wide_lock>) {
    let word = lg_wide_word(lock)!
    while true {
      let seen = lg_load(word)
      guard seen & writer == 0, seen & readers != 0 else { return }
      let isLast = seen & readers == 1
      let after = isLast ? 0 : seen - 1
      if lg_replace(word, seen, after) {
        if isLast, seen & (writerWaits | sleepers) != 0 { lg_wake(word, .max) }
        return
      }
    }
  }

  /// Held for writing becomes held for reading.
  package static func downgrade(_ lock: UnsafeMutablePointer<lg_wide_lock>) {
    let word = lg_wide_word(lock)!
    // A writer that waits marks again when it wakes.
    let before = lg_exchange(word, 1)
    if before & (writerWaits | sleepers) != 0 { lg_wake(word, .max) }
  }
}
