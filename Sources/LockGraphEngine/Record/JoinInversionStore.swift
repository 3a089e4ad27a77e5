/// Deadlocks that did not happen and that only the end of a thread closes, one record for all that
/// are alike: a thread waits for that end while it holds what the other one needs before it.
struct JoinInversionStore: Sendable {
  struct Inversion: Sendable {
    /// Going round, each waiting for the next.
    var sides: [DeadlockStore.Waiter]
    var confidence: Confidence
    var reason: GradeReason?
    var input: UInt32
    var count: UInt64 = 1
  }

  private(set) var inversions: [Inversion] = []
  private(set) var omitted: UInt64
  private var index: [[UInt32]: Int] = [:]

  init(omitted: UInt64 = 0) { self.omitted = omitted }

  /// Keeps the surest of its sort.
  mutating func add(_ inversion: Inversion) {
    let key = DeadlockStore.key(inversion.sides, hasHolderEnded: false)
    if let known = index[key] {
      let count = inversions[known].count &+ inversion.count
      if inversion.confidence < inversions[known].confidence { inversions[known] = inversion }
      inversions[known].count = count
      return
    }
    guard inversions.count < DeadlockStore.limit else {
      omitted += 1
      return
    }
    index[key] = inversions.count
    inversions.append(inversion)
  }

  mutating func rename(_ classes: [LockClassID]) {
    let (old, omitted) = (inversions, omitted)
    self = JoinInversionStore(omitted: omitted)
    for var inversion in old {
      for side in inversion.sides.indices { inversion.sides[side].rename(classes) }
      add(inversion)
    }
  }
}
