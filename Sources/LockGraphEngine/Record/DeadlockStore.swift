/// Deadlocks that happened in a trace, one record for all that are alike.
struct DeadlockStore: Sendable {
  /// A thread of a deadlock, as it was when the circle closed.
  struct Waiter: Sendable {
    var thread: ThreadID
    /// What it asked for; `nil` where it joins a thread.
    var wanted: (lock: LockID, lockClass: LockClassID, mode: LockMode)?
    var options: AcquisitionOptions = []
    var place: UInt32
    var stack: UInt32
    var line: UInt64
    var time: Int64?
    /// Everything that it held.
    var held: [EvidenceStore.HeldRecord]
    /// Which of `held` the waiter before it in the circle waits for.
    var via: Int?
    /// The thread that it waits for.
    var blockedBy: ThreadID
    var joins: Bool { wanted == nil }
  }

  struct Deadlock: Sendable {
    /// Each waiting for the next; those around a pool in the order of what they want and have.
    var waiters: [Waiter]
    /// The semaphore of which all permits are out, where that is why.
    var pool: LockID?
    /// The holder that has ended, where that is why.
    var endedOwner: EndedOwner?
    var input: UInt32
    /// How often it happened; 0 if it turned out that it did not.
    var count: UInt64 = 1
  }

  /// One time that a deadlock happened, for the requests that are part of it.
  final class Occurrence {
    let number: Int
    /// Somebody gave up, or got the lock: what happens to the other requests says nothing any more.
    var isOver = false
    init(number: Int) { self.number = number }
  }

  /// More different ones than that are a trace that means something else.
  static let limit = 1000
  private(set) var deadlocks: [Deadlock] = []
  private(set) var omitted: UInt64 = 0
  private var index: [[UInt32]: Int] = [:]

  init(omitted: UInt64 = 0) { self.omitted = omitted }

  mutating func insert(_ deadlock: Deadlock) {
    guard let occurrence = add(deadlock) else { return }
    deadlocks[occurrence.number].count += deadlock.count - 1
  }

  /// `nil` if the deadlock is not kept.
  mutating func add(_ deadlock: Deadlock) -> Occurrence? {
    let key = Self.key(
      deadlock.waiters, isCircle: deadlock.pool == nil,
      hasHolderEnded: deadlock.endedOwner != nil)
    if let known = index[key] {
      if deadlocks[known].count == 0 {
        deadlocks[known] = deadlock
      } else {
        deadlocks[known].count += 1
      }
      return Occurrence(number: known)
    }
    guard deadlocks.count < Self.limit else {
      omitted += 1
      return nil
    }
    index[key] = deadlocks.count
    deadlocks.append(deadlock)
    return Occurrence(number: deadlocks.count - 1)
  }

  /// The classes, in a circle going round from the least, with how each was asked for.
  static func key(
    _ waiters: [Waiter], isCircle: Bool = true, hasHolderEnded: Bool
  ) -> [UInt32] {
    let steps = waiters.map { waiter -> [UInt32] in
      [
        waiter.wanted?.lockClass.rawValue ?? .max, UInt32(waiter.wanted?.mode.rawValue ?? 0),
        waiter.via.map { waiter.held[$0].lockClass.rawValue } ?? .max,
      ]
    }
    guard isCircle else { return [.max, .max] + steps.flatMap(\.self) }
    let start = leastRotation(of: steps.count, { steps[$0] }) { $0.lexicographicallyPrecedes($1) }
    return (steps[start...] + steps[..<start]).flatMap { $0 }
      + (hasHolderEnded ? [.max] : [])
  }

  /// A waiter got its lock though nobody had given up, so the events are out of order and there was
  /// no deadlock.
  mutating func refute(_ occurrence: Occurrence) {
    guard !occurrence.isOver else { return }
    occurrence.isOver = true
    deadlocks[occurrence.number].count -= 1
  }

  /// Whether it still counts as one that happened.
  func isTold(_ occurrence: Occurrence) -> Bool { deadlocks[occurrence.number].count > 0 }

  /// None of those was one.
  mutating func remove(where isNone: (Deadlock) -> Bool) {
    for number in deadlocks.indices where deadlocks[number].count > 0 {
      if isNone(deadlocks[number]) { deadlocks[number].count = 0 }
    }
  }

  /// A waiter gave up, in the way that is said if one is.
  mutating func resolve(_ occurrence: Occurrence, _ thread: ThreadID, _ way: AcquisitionOptions?) {
    let number = occurrence.number
    occurrence.isOver = true
    guard let way, let waiter = deadlocks[number].waiters.firstIndex(where: { $0.thread == thread })
    else { return }
    deadlocks[number].waiters[waiter].options.insert(way)
  }
}

/// A thread that ended while it held a lock.
struct EndedOwner: Sendable {
  var thread: ThreadID
  var mode: LockMode
  var place: UInt32
  var stack: UInt32
  /// Where it took the lock.
  var line: UInt64
  /// Where it ended.
  var endPlace: UInt32
  var endStack: UInt32
  var endLine: UInt64
}
