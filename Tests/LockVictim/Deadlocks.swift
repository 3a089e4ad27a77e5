import Foundation
import LockGraph

/// Waits that do not end.
enum Deadlocks {
  /// Lets two threads take one thing each before they want the other's.
  private static func meet(
    _ first: @escaping @Sendable (() -> Void) -> Void,
    _ second: @escaping @Sendable (() -> Void) -> Void
  ) {
    let arrived = Semaphore(value: 0)
    let go = Semaphore(value: 0)
    let meeting: @Sendable () -> Void = {
      arrived.signal()
      go.wait()
    }
    let threads = [
      Threads.start("first") { first(meeting) }, Threads.start("second") { second(meeting) },
    ]
    arrived.wait()
    arrived.wait()
    go.signal()
    go.signal()
    Threads.wait(threads)
  }

  static func two() {
    let left = ValidatedMutex(0, name: "Left")
    let right = ValidatedLock(name: "Right")
    let box = Box(left)
    meet(
      { meeting in
        box.mutex.withLock { _ in
          meeting()
          right.withLock {}
        }
      },
      { meeting in
        right.withLock {
          meeting()
          box.mutex.withLock { _ in }
        }
      })
  }

  private final class Box: Sendable {
    let mutex: ValidatedMutex<Int>
    init(_ mutex: consuming ValidatedMutex<Int>) { self.mutex = mutex }
  }

  static func alone() {
    let lock = ValidatedLock(name: "Alone")
    lock.lock()
    lock.lock()
  }

  static func mixed() {
    let mutex = ValidatedLock(name: "Mutex")
    let gate = ReadWriteLock(name: "Table")
    let semaphore = Semaphore(value: 1, name: "Permit")
    let isTaken = Semaphore(value: 0)
    let third = Threads.start("third") {
      semaphore.wait()
      isTaken.signal()
      usleep(100_000)
      mutex.withLock {}
    }
    // The second must not have it before.
    isTaken.wait()
    meet(
      { meeting in
        mutex.withLock {
          meeting()
          gate.withWriteLock {}
        }
      },
      { meeting in
        gate.withReadLock {
          meeting()
          semaphore.wait()
        }
      })
    Threads.wait(third)
  }

  static func spinning() {
    let one = SpinLock(name: "SpinOne")
    let other = SpinLock(name: "SpinOther")
    meet(
      { meeting in
        one.withLock {
          meeting()
          other.withLock {}
        }
      },
      { meeting in
        other.withLock {
          meeting()
          one.withLock {}
        }
      })
  }

  /// A reader that reads again while a writer waits.
  static func readers() {
    let table = ReadWriteLock(name: "Readers")
    table.readLock()
    Threads.start("writer") { table.withWriteLock {} }
    usleep(100_000)
    table.readLock()
  }

  static func endedOwner() {
    let lock = ValidatedLock(name: "Orphan")
    Threads.run("owner") { lock.lock() }
    lock.lock()
  }

  static func longWait() {
    let lock = ValidatedLock(name: "Slow")
    let holder = Threads.start("holder") {
      lock.lock()
      sleep(1)
      lock.unlock()
    }
    usleep(100_000)
    lock.withLock {}
    Threads.wait(holder)
  }
}
