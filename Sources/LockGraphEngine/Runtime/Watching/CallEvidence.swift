import CLockGraph

/// What is kept of the calls that lead to a nesting: the stack, and where in it locks of the
/// nesting were made of late.
struct CallEvidence {
  let capturesStacks: Bool
  private(set) var lifetimes = LifetimeEvidence()

  init(capturesStacks: Bool) { self.capturesStacks = capturesStacks }

  /// The calls of one nesting.
  struct Calls {
    /// As `StackText` writes it; empty if none is kept.
    var stack: [UInt8] = []
    /// See `LifetimeEvidence.origin`; 0 if none of the locks was made of late.
    var origin: UInt32 = 0
    /// The locks that were, and of the stack the first frame of a function that may have made each.
    var young: [(number: UInt64, start: Int)] = []
  }

  /// Those of a thread that asks for a lock now.
  func calls(of thread: UnsafeMutablePointer<lg_thread>, wanted: UInt64) -> Calls {
    guard capturesStacks else { return Calls() }
    let young = LifetimeEvidence.young(on: thread, wanted: wanted)
    guard !young.isEmpty else { return Calls(stack: StackText.bytes(of: thread)) }
    let (addresses, frames) = StackText.addressesWithFrames(of: thread)
    return Calls(
      stack: addresses.withUnsafeBufferPointer { StackText.bytes($0) },
      origin: LifetimeEvidence.origin(young, addresses, frames),
      young: young.map { ($0.number, LifetimeEvidence.start($0.frame, frames)) })
  }

  /// Whether the nesting is to be looked at again when it comes again; see `LifetimeEvidence`.
  func staysNew(on thread: UnsafeMutablePointer<lg_thread>, wanted: UInt64) -> Bool {
    capturesStacks && LifetimeEvidence.staysNew(on: thread, wanted: wanted)
  }

  /// Keeps with a record of evidence that a lock of it was made of late.
  mutating func note(_ lock: LockID, start: Int, of record: Int) {
    lifetimes.add(lock, start: start, to: UInt32(record))
  }

  /// Tells how a witness was made where nobody else could reach one of its locks. Under the
  /// validator's lock.
  func privacy(
    _ evidence: EvidenceStore, _ table: LockTable
  ) -> (CycleGrading.Candidate) -> String? {
    guard capturesStacks else { return { _ in nil } }
    let judge = LifetimeJudge(evidence: evidence, table: table, lifetimes: lifetimes)
    return { judge.privacy(of: $0) }
  }
}
