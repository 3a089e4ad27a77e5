import Foundation
import LockGraph
import Synchronization
import Testing

@Suite("Reader-writer locks")
struct ReadWriteLockTests {
  init() { Quiet.validator }

  @Test("Readers share, writers do not")
  func exclusion() {
    let lock = ReadWriteLock()
    let inside = Mutex((readers: 0, writers: 0, most: 0, isBroken: false))
    nonisolated(unsafe) var unprotected = 0
    let threads = (0..<4).map { number in
      TestThreads.start {
        for round in 0..<4000 {
          if (round + number) % 4 == 0 {
            lock.withWriteLock {
              unprotected += 1
              inside.withLock {
                if $0.readers + $0.writers > 0 { $0.isBroken = true }
                $0.writers += 1
              }
              inside.withLock { $0.writers -= 1 }
            }
          } else {
            lock.withReadLock {
              inside.withLock {
                if $0.writers > 0 { $0.isBroken = true }
                $0.readers += 1
                $0.most = max($0.most, $0.readers)
              }
              if round % 64 == 0 { sched_yield() }
              inside.withLock { $0.readers -= 1 }
            }
          }
        }
      }
    }
    TestThreads.wait(threads)
    #expect(!inside.withLock { $0.isBroken })
    #expect(unprotected == 4000)
  }

  @Test("Two readers are inside at once")
  func sharing() {
    let lock = ReadWriteLock()
    let first = Flag()
    let second = Flag()
    let one = TestThreads.start {
      lock.withReadLock {
        first.set()
        #expect(second.wait())
      }
    }
    let other = TestThreads.start {
      lock.withReadLock {
        second.set()
        #expect(first.wait())
      }
    }
    TestThreads.wait(one, other)
  }

  @Test("A waiting writer keeps readers out, recursive ones not; when it gives up they come in")
  func waitingWriter() {
    let lock = ReadWriteLock()
    let isHeld = Flag()
    let isDone = Flag()
    let holder = TestThreads.start {
      lock.withReadLock {
        isHeld.set()
        #expect(isDone.wait())
      }
    }
    #expect(isHeld.wait())
    // On a busy machine the writer may have given up before anybody looks: then it waits longer.
    var wasKeptOut = false
    for attempt in 0..<8 where !wasKeptOut {
      wasKeptOut = readers(of: lock, areKeptOutFor: .milliseconds(300 << attempt))
    }
    #expect(wasKeptOut)
    isDone.set()
    TestThreads.wait(holder)
    #expect(lock.tryWriteLock())
    lock.writeUnlock()
  }

  /// Whether readers are kept out as long as a writer waits, recursive ones let in, and all when
  /// it gives up; false if it had given up before that was seen.
  private func readers(of lock: ReadWriteLock, areKeptOutFor time: Duration) -> Bool {
    let hasGivenUp = Flag()
    let writer = TestThreads.start {
      #expect(throws: LockError.timedOut) { try lock.writeLock(timeout: time) }
      hasGivenUp.set()
    }
    // The writer waits from some moment on.
    var wasKeptOut = false
    while !wasKeptOut, !hasGivenUp.isSet {
      if lock.tryReadLock() {
        lock.readUnlock()
        usleep(100)
      } else {
        wasKeptOut = true
      }
    }
    lock.recursiveReadLock()
    let wasThere = !hasGivenUp.isSet
    lock.readUnlock()
    // Waits for the writer, and is let in when that gives up.
    TestThreads.run {
      #expect(throws: Never.self) { try lock.readLock(timeout: .seconds(60)) }
      lock.readUnlock()
    }
    #expect(hasGivenUp.wait())
    TestThreads.wait(writer)
    return wasKeptOut && wasThere
  }

  @Test("A downgraded writer lets readers in and keeps writers out")
  func downgrade() {
    let lock = ReadWriteLock()
    lock.writeLock()
    lock.assertHeldForWriting()
    TestThreads.run { #expect(!lock.tryReadLock()) }
    lock.downgrade()
    lock.assertHeldForReading()
    TestThreads.run {
      #expect(lock.tryReadLock())
      lock.readUnlock()
      #expect(!lock.tryWriteLock())
    }
    lock.readUnlock()
    TestThreads.run {
      #expect(lock.tryWriteLock())
      lock.writeUnlock()
    }
  }

  @Test("What is given up in the other way is given up as it is held")
  func wrongWay() {
    let lock = ReadWriteLock()
    lock.writeLock()
    lock.readUnlock()
    TestThreads.run {
      #expect(lock.tryReadLock())
      lock.readUnlock()
    }
    let isRead = Flag()
    let isDone = Flag()
    lock.writeLock()
    lock.downgrade()
    let reader = TestThreads.start {
      lock.withReadLock {
        isRead.set()
        #expect(isDone.wait())
      }
    }
    #expect(isRead.wait())
    lock.writeUnlock()
    TestThreads.run { #expect(!lock.tryWriteLock()) }
    isDone.set()
    TestThreads.wait(reader)
    #expect(lock.tryWriteLock())
    lock.writeUnlock()
  }

  @Test("Reading again while reading can deadlock with a writer in between, recursively it cannot")
  func readAgain() {
    let names = UniqueNames()
    let recursive = ReadWriteLock(name: names("recursive"))
    recursive.readLock()
    recursive.recursiveReadLock()
    recursive.readUnlock()
    recursive.readUnlock()
    #expect(names.findings.isEmpty)
    let plain = ReadWriteLock(name: names("plain"))
    plain.readLock()
    plain.readLock()
    plain.readUnlock()
    plain.readUnlock()
    #expect(names.findings.map(\.rule) == [.recursiveAcquisition])
  }

  @Test("A held writer is what a nesting is, and after the downgrade a reader")
  func orderAfterDowngrade() {
    let names = UniqueNames()
    let table = ReadWriteLock(name: names("table"))
    let mutex = ValidatedLock(name: names("mutex"))
    table.writeLock()
    table.downgrade()
    mutex.lock()
    mutex.unlock()
    table.readUnlock()
    TestThreads.run {
      mutex.lock()
      table.recursiveReadLock()
      table.readUnlock()
      mutex.unlock()
    }
    // A recursive reader is not blocked by a reader.
    #expect(names.findings.isEmpty)
    TestThreads.run { mutex.withLock { table.withWriteLock {} } }
    #expect(names.findings.count == 1)
  }
}
