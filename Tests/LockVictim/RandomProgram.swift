import Foundation
import LockGraph

/// Random threads that nest random locks; what would wait for long gives up.
enum RandomProgram {
  struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  final class Locks: Sendable {
    let mutexes: [ValidatedLock]
    let tables: [ReadWriteLock]
    let recursive: [RecursiveMutex]
    let nodes: [ValidatedLock]

    init(_ generator: inout Generator) {
      mutexes = (0..<4).map { number in
        ValidatedLock(
          name: "Mutex \(number / 2)", rank: Bool.random(using: &generator) ? number : nil)
      }
      tables = (0..<2).map { ReadWriteLock(name: "Table \($0)") }
      recursive = (0..<1).map { RecursiveMutex(name: "Recursive \($0)") }
      let node = LockClass("Node", nesting: .byInstance)
      nodes = (0..<3).map { _ in ValidatedLock(lockClass: node) }
    }
  }

  static func run(seed: UInt64) {
    var generator = Generator(state: seed)
    let locks = Locks(&generator)
    let isConcurrent = seed % 2 == 0
    let seeds = (0..<Int.random(in: 2...4, using: &generator)).map { _ in generator.next() }
    if isConcurrent {
      Threads.wait(
        seeds.enumerated().map { number, seed in
          Threads.start("worker") { work(seed, locks) }
        })
    } else {
      for seed in seeds { Threads.run("worker") { work(seed, locks) } }
    }
  }

  private static func work(_ seed: UInt64, _ locks: Locks) {
    var generator = Generator(state: seed)
    for _ in 0..<6 { nest(locks, &generator, depth: 0) }
  }

  private static func nest(_ locks: Locks, _ generator: inout Generator, depth: Int) {
    guard depth < 4, Int.random(in: 0..<5, using: &generator) > 0 else { return }
    let wait = Duration.milliseconds(5)
    switch Int.random(in: 0..<13, using: &generator) {
    case 0..<4:
      let lock = locks.mutexes.randomElement(using: &generator)!
      guard (try? lock.lock(timeout: wait)) != nil else { return }
      nest(locks, &generator, depth: depth + 1)
      lock.unlock()
    case 4:
      let lock = locks.mutexes.randomElement(using: &generator)!
      guard lock.tryLock() else { return }
      nest(locks, &generator, depth: depth + 1)
      lock.unlock()
    case 5..<7:
      let table = locks.tables.randomElement(using: &generator)!
      guard (try? table.readLock(timeout: wait)) != nil else { return }
      nest(locks, &generator, depth: depth + 1)
      table.readUnlock()
    case 7:
      let table = locks.tables.randomElement(using: &generator)!
      guard (try? table.writeLock(timeout: wait)) != nil else { return }
      nest(locks, &generator, depth: depth + 1)
      if Bool.random(using: &generator) {
        table.downgrade()
        nest(locks, &generator, depth: depth + 1)
        table.readUnlock()
      } else {
        table.writeUnlock()
      }
    case 8:
      let lock = locks.recursive.randomElement(using: &generator)!
      guard (try? lock.lock(timeout: wait)) != nil else { return }
      nest(locks, &generator, depth: depth + 1)
      lock.unlock()
    case 9..<11:
      let lock = locks.nodes.randomElement(using: &generator)!
      guard (try? lock.lock(timeout: wait)) != nil else { return }
      nest(locks, &generator, depth: depth + 1)
      lock.unlock()
    case 11:
      LockValidator.exclusively { nest(locks, &generator, depth: depth) }
    default:
      // Out of order.
      let one = locks.mutexes.randomElement(using: &generator)!
      let other = locks.recursive.randomElement(using: &generator)!
      guard (try? one.lock(timeout: wait)) != nil else { return }
      guard (try? other.lock(timeout: wait)) != nil else { return one.unlock() }
      one.unlock()
      nest(locks, &generator, depth: depth + 1)
      other.unlock()
    }
  }
}
