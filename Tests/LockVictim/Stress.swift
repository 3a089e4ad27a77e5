import Foundation
import LockGraph

/// All sorts of locks at once, in one order, with data that only they protect: for the thread
/// sanitizer.
enum Stress {
  private final class Shared: @unchecked Sendable {
    let mutex = ValidatedMutex([0], name: "StressMutex")
    let lock = ValidatedLock(name: "StressLock")
    let table = ReadWriteLock(name: "StressTable")
    let recursive = RecursiveMutex(name: "StressRecursive")
    let spin = SpinLock(name: "StressSpin")
    let permit = Semaphore(value: 1, name: "StressPermit")
    let queue = SerialQueue(label: "StressQueue")
    let changed = Condition()
    let references = RefCount(1_000_000, name: "StressCount")
    var locked = 0
    var tabled = 0
    var recursed = 0
    var spun = 0
    var permitted = 0
    var queued = 0
  }

  static func run() {
    let shared = Shared()
    let rounds = 400
    let threads = (0..<4).map { number in
      Threads.start("stress") {
        for round in 0..<rounds { step(shared, round + number) }
      }
    }
    Threads.wait(threads)
    shared.queue.sync {}
    let sum = shared.mutex.withLock { $0.count - 1 }
    say("\(sum) \(shared.locked) \(shared.recursed) \(shared.spun) \(shared.permitted)")
    say("findings \(LockValidator.findings.count)")
  }

  private static func step(_ shared: Shared, _ round: Int) {
    shared.mutex.withLock { list in
      list.append(round)
      shared.lock.withLock { shared.locked += 1 }
    }
    if round % 3 == 0 {
      shared.table.writeLock()
      shared.tabled += 1
      shared.table.downgrade()
      shared.table.readUnlock()
    } else {
      shared.table.withReadLock { _ = shared.tabled }
    }
    shared.recursive.withLock { shared.recursive.withLock { shared.recursed += 1 } }
    shared.spin.withLock { shared.spun += 1 }
    shared.permit.wait()
    shared.permitted += 1
    shared.permit.signal()
    shared.queue.async { shared.queued += 1 }
    if round % 16 == 0 { shared.queue.sync { shared.queued += 1 } }
    shared.lock.lock()
    try? shared.changed.wait(shared.lock, timeout: .microseconds(50))
    shared.locked += 0
    shared.lock.unlock()
    shared.changed.signal()
    if (try? shared.lock.lock(timeout: .microseconds(20))) != nil { shared.lock.unlock() }
    if shared.lock.tryLock() { shared.lock.unlock() }
    shared.references.retain()
    _ = shared.references.release()
    // Locks come and go.
    let own = ValidatedLock(name: "StressOwn \(round % 8)")
    own.withLock { shared.spin.withLock {} }
  }
}
