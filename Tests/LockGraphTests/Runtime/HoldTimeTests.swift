import CLockGraph
import LockGraph
import TestSupport
import Testing

/// Since when the locks on a thread's stack are held, where somebody notes that.
@Suite("Times of holds")
struct HoldTimeTests {
  private func times(_ thread: UnsafeMutablePointer<lg_thread>) -> [UInt64] {
    var (times, held): ([UInt64], UnsafeMutablePointer<lg_held>) = ([], thread.pointee.base)
    while held < thread.pointee.top {
      times.append(lg_held_since(thread, held))
      held += 1
    }
    return times
  }

  @Test("Each hold keeps its time when one below it is given up, and when the stack grows")
  func order() {
    TestThreads.run {
      let locks = (0..<300).map { _ in
        ValidatedLock(lockClass: LockClass("Times of holds", nesting: .byInstance))
      }
      for lock in locks.prefix(3) { lock.lock() }
      let thread = lg_current()!
      #expect(times(thread) == [0, 0, 0])
      for place in 0..<3 { lg_held_begin(thread, thread.pointee.base + place, UInt64(place + 1)) }
      #expect(times(thread) == [1, 2, 3])
      locks[1].unlock()
      #expect(times(thread) == [1, 3])
      // Nobody noted it.
      locks[1].lock()
      #expect(times(thread) == [1, 3, 0])
      for lock in locks.dropFirst(3) { lock.lock() }
      lg_held_begin(thread, thread.pointee.top - 1, 300)
      #expect(times(thread) == [1, 3] + Array(repeating: 0, count: 297) + [300])
      // What was not noted stays so.
      lg_held_shift(thread, 7)
      #expect(times(thread) == [8, 10] + Array(repeating: 0, count: 297) + [307])
      locks[0].unlock()
      #expect(times(thread).first == 10)
      #expect(times(thread).last == 307)
      for lock in locks.dropFirst() { lock.unlock() }
      #expect(times(thread) == [])
    }
  }
}
