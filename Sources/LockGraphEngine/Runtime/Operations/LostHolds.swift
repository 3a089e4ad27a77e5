import CLockGraph
import Synchronization

/// Locks that are on stacks of threads that do not have them any more: another thread gave one up,
/// or its memory is gone.
///
/// A thread's stack is its own, so who takes a lock away from it notes that here, and the thread
/// takes the hold off when it next looks. What it gives up then is the rest of the same bug, and
/// not reported again.
///
/// Under the validator's lock, but for `mayContain`.
final class LostHolds: Sendable {
  /// What tells whether a thread that has the lock on its stack has it.
  private enum Truth {
    case nobody
    /// The lock's word, as long as the lock lives.
    case word(UnsafeMutablePointer<lg_lock>)
  }

  private struct Entry {
    var truth: Truth
    /// How often threads, by serial number, will give up what they lost.
    var debts: [UInt64: Int] = [:]
  }

  nonisolated(unsafe) private var entries: [UInt64: Entry] = [:]
  /// A bit for every lock in the table, by number, so that most questions need no table.
  private let marks = Atomic<UInt64>(0)

  private func mark(_ number: UInt64) -> UInt64 { 1 << (number & 63) }

  /// False where the lock is on no stack that it should not be on. Any thread may ask.
  func mayContain(_ number: UInt64) -> Bool {
    marks.load(ordering: .relaxed) & mark(number) != 0
  }

  /// A thread gave up what it had not: from now on the lock's word tells who has it.
  func add(_ lock: UnsafeMutablePointer<lg_lock>) {
    let number = lock.pointee.number
    entries[number, default: Entry(truth: .word(lock))].truth = .word(lock)
    marks.bitwiseOr(mark(number), ordering: .relaxed)
  }

  /// Nobody has the lock, whatever stacks it is on.
  func addUnowned(_ number: UInt64) {
    entries[number, default: Entry(truth: .nobody)].truth = .nobody
    marks.bitwiseOr(mark(number), ordering: .relaxed)
  }

  /// The lock is on no stack.
  func remove(_ number: UInt64) {
    entries[number] = nil
    if entries.isEmpty { marks.store(0, ordering: .relaxed) }
  }

  /// The places in a stack of what its thread does not have.
  func lost(in held: [lg_held], of thread: UnsafeMutablePointer<lg_thread>) -> [Int] {
    guard marks.load(ordering: .relaxed) != 0 else { return [] }
    return held.indices.filter { index in
      guard let entry = entries[held[index].number] else { return false }
      switch entry.truth {
      case .nobody: return true
      case .word(let lock):
        return !Self.has(thread, lock, held[index])
          // What was lost and taken again is on the stack twice.
          || TakingFlags(held[index].traits).isForWriting
            && held[(index + 1)...].contains { $0.number == held[index].number }
      }
    }
  }

  /// A stack without what its thread does not have.
  func kept(of held: [lg_held], of thread: UnsafeMutablePointer<lg_thread>) -> [lg_held] {
    let lost = lost(in: held, of: thread)
    return lost.isEmpty ? held : held.indices.filter { !lost.contains($0) }.map { held[$0] }
  }

  private static func has(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    _ held: lg_held
  ) -> Bool {
    let word = lg_load(lg_word(lock))
    guard LockFlags(of: lock).isReadWrite else {
      return word & LG_OWNER_MASK == thread.pointee.slot
    }
    return ReadWriteOperations.isHeld(
      word, by: thread.pointee.slot, forWriting: TakingFlags(held.traits).isForWriting)
  }

  /// The thread will give up what was taken off its stack.
  func owe(_ number: UInt64, _ thread: UnsafeMutablePointer<lg_thread>) {
    entries[number]?.debts[thread.pointee.serial, default: 0] += 1
  }

  /// - Returns: whether the thread gives up what it had lost.
  func settle(_ number: UInt64, _ thread: UnsafeMutablePointer<lg_thread>) -> Bool {
    guard let debt = entries[number]?.debts[thread.pointee.serial], debt > 0 else { return false }
    entries[number]?.debts[thread.pointee.serial] = debt > 1 ? debt - 1 : nil
    return true
  }
}

extension LockRuntime {
  /// Takes off a thread's stack what it does not have any more.
  static func dropLostHolds(_ thread: UnsafeMutablePointer<lg_thread>) {
    guard let state,
      HeldStack.all(thread).contains(where: { state.lostHolds.mayContain($0.number) })
    else { return }
    withValidatorLock {
      let held = Array(HeldStack.all(thread))
      for index in state.lostHolds.lost(in: held, of: thread).reversed() {
        state.lostHolds.owe(held[index].number, thread)
        lg_thread_remove(thread, thread.pointee.base + index)
      }
    }
  }

  /// The thread gives up a lock that it has not: who has it loses it, as without validation.
  package static func takeAway(_ lock: UnsafeMutablePointer<lg_lock>) {
    guard let thread = lg_current(), let state, state.isOn else { return }
    let losers = withValidatorLock {
      state.lostHolds.add(lock)
      _ = lg_set_flag(lock, LG_MISUSED)
      return otherHolders(of: lock.pointee.number, than: thread)
    }
    guard let trace = state.trace, let losers else { return }
    // What they give up later is the rest of the same bug, and is not recorded. Of several readers
    // nobody knows who it was.
    for loser in losers where loser.holds.allSatisfy({ TakingFlags($0.traits).isForWriting }) {
      trace.write(.release, loser.thread, lock, Taking(at: nil))
    }
  }

  /// A copy of what another thread has. Under the validator's lock.
  static func held(by other: UnsafeMutablePointer<lg_thread>) -> [lg_held] {
    let held = HeldStack.copy(other)
    return state.map { $0.lostHolds.kept(of: held, of: other) } ?? held
  }
}
