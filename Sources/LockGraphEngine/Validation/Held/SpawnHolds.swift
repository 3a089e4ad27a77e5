// Locks that a thread holds while it starts another one [semantics 21].
//
// Spawning puts what came before it in order, and with it the lock that is still held: whenever the
// new thread gets that lock, in any run, its parent has given it up, and what the parent did under
// it is over. And if the parent holds the lock until it has joined the thread, the thread's whole
// life is guarded by it.

/// One hold that spanned the start of threads.
final class SpawnHold {
  let lock: LockID
  /// Of the acquisition, which tells it from other holds of the lock.
  let line: UInt64
  let isExclusive: Bool
  let mode: LockMode
  /// The parent, as `EvidenceStore.Record.owner`.
  let holder: ThreadLife
  /// The epoch of the parent in which it gave the lock up, once it has.
  var lastEpoch: UInt32?

  init(lock: LockID, line: UInt64, isExclusive: Bool, mode: LockMode, holder: ThreadLife) {
    self.lock = lock
    self.line = line
    self.isExclusive = isExclusive
    self.mode = mode
    self.holder = holder
  }
}

extension HeldState {
  /// Nobody holds more than a few locks while it starts a thread.
  private static var spawnHolds: Int { 16 }

  /// The parent's holds span the start of the child.
  mutating func noteSpawnHolds(
    of parent: ThreadID, over child: ThreadID, _ table: borrowing LockTable
  ) {
    threads[child.index].awaited.removeAll()
    for held in threads[parent.index].held.locks.suffix(Self.spawnHolds)
    where held.isEvidence && held.frame != HeldLocks.noFrame {
      let known = threads[parent.index].spanning.first {
        $0.lock == held.lock && $0.line == held.line
      }
      let hold =
        known
        ?? SpawnHold(
          lock: held.lock, line: held.line, isExclusive: table.isGate(held.lock, mode: held.mode),
          mode: held.mode, holder: owner(parent))
      if known == nil { threads[parent.index].spanning.append(hold) }
      threads[child.index].awaited.append(hold)
    }
  }

  /// Called before a hold is given up by a thread that held locks while it started others.
  @inline(never)
  mutating func endSpawnHold(at index: Int, of thread: ThreadID, _ record: inout OrderRecord) {
    let held = threads[thread.index].held.locks[index]
    guard
      let number = threads[thread.index].spanning.firstIndex(where: {
        $0.lock == held.lock && $0.line == held.line
      })
    else { return }
    let hold = threads[thread.index].spanning.remove(at: number)
    hold.lastEpoch = threads[thread.index].epoch
    begin(record.forkJoin.add(after: threads[thread.index].epoch), of: thread)
  }

  /// Called when a thread got a lock that its parent may have held when it started it.
  @inline(never)
  mutating func passSpawnHold(_ acquisition: Acquisition, _ record: inout OrderRecord) {
    let thread = acquisition.thread
    guard !acquisition.options.contains(.try),
      let number = threads[thread.index].awaited.firstIndex(where: {
        $0.lock == acquisition.lock && ($0.isExclusive || acquisition.mode.waits(for: $0.mode))
      })
    else { return }
    let hold = threads[thread.index].awaited.remove(at: number)
    guard let last = hold.lastEpoch else { return }
    begin(record.forkJoin.add(after: threads[thread.index].epoch, and: last), of: thread)
  }

  /// What the parent holds since before it started the thread guards the thread's life.
  mutating func noteLifeGuards(
    of child: ThreadID, joinedBy parent: ThreadID, _ record: inout OrderRecord
  ) {
    let owner = owner(parent)
    let guards = threads[child.index].awaited.filter {
      $0.isExclusive && $0.lastEpoch == nil && $0.holder == owner
    }
    guard !guards.isEmpty else { return }
    record.lifeGuards[self.owner(child)] = guards.map {
      LifeGuard(lock: $0.lock, holder: $0.holder)
    }
  }
}
