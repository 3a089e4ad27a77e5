import CLockGraph

/// What a mutual exclusion is made of: one word that is free, or has its owner's number and a mark
/// if somebody sleeps.
///
/// Taking it is one exchange of 0 for the owner; whoever finds it taken sets the mark and sleeps
/// while the word stays as it is; a release that finds the mark wakes one, which takes the word
/// with the mark, because others may sleep still. A waiter that gives up has set the mark in its
/// last step before, so the next release wakes somebody else: no wake-up is lost.
package enum MutexOperations {
  /// How often a thread looks before it sleeps.
  private static let looks = 60

  /// Waits for the word and takes it.
  ///
  /// - Returns: why it was not taken; `nil` if it was.
  package static func acquire(
    _ word: UnsafeMutablePointer<UInt32>, owner: UInt32, _ policy: WaitPolicy
  ) -> LockError? {
    for _ in 0..<looks {
      let seen = lg_load(word)
      if seen == 0, lg_replace(word, 0, owner) { return nil }
      if seen & LG_WAITERS != 0 { break }
      lg_pause()
    }
    var waiting = Waiting(policy)
    while true {
      let seen = lg_load(word)
      if seen & LG_OWNER_MASK == 0 {
        if lg_replace(word, seen, owner | LG_WAITERS) { return nil }
        continue
      }
      if seen & LG_WAITERS == 0, !lg_replace(word, seen, seen | LG_WAITERS) { continue }
      if let error = waiting.sleep(on: word, while: seen | LG_WAITERS) { return error }
    }
  }

  /// Gives up the word though somebody sleeps.
  package static func release(_ word: UnsafeMutablePointer<UInt32>) {
    if lg_exchange(word, 0) & LG_WAITERS != 0 { lg_wake(word, 1) }
  }

  /// Waits for the word without sleeping.
  package static func spin(_ word: UnsafeMutablePointer<UInt32>, owner: UInt32) {
    var looks = 0
    while !(lg_load(word) == 0 && lg_replace(word, 0, owner)) {
      looks += 1
      // Where the owner does not run, waiting for it takes its time away.
      if looks % 64 == 0 { lg_yield() } else { lg_pause() }
    }
  }
}
