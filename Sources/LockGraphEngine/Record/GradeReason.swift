/// Why a potential deadlock is not sure, or is none [semantics 21].
enum GradeReason: Sendable {
  /// An input states the order and nothing of who established it.
  case nothingKnown(from: LockID, to: LockID)
  /// What is known keeps the cycle from happening, but an input states an order of it too.
  case statedToo(from: LockID, to: LockID)
  case moreCombinations
  /// A reader waits behind a writer of the lock, of which there was none.
  case needsWriter(LockID)
  case differentInstances
  /// The locks have the same names, each side in an input of its own: a lock that processes share,
  /// or one of another run.
  case differentInputs
  case oneThread
  case tooFewThreads
  case neverTogether
  case nestedOneWay
  case gate(LockID)
  case spawnJoinOrder(first: EvidenceStore.Record, second: EvidenceStore.Record)
  case keptFromHappening
  /// The thread that is waited for may have said with a lock that it was done, and who waits for it
  /// has that lock.
  case announcedEnd(ThreadID, LockID)
  /// Another tool tells of a witness and not which thread it was: it may be that of another side.
  case unknownThread(EvidenceStore.Record)
  /// It may happen for all that is told, which is not what else the threads held.
  case unknownGates
  /// Nobody else could reach a lock of a witness when it was made.
  case madePrivately(EvidenceStore.Record, manner: String)
}
