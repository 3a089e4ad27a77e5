import TestSupport
import Testing

@testable import LockGraphHang

@Suite("Who waits for whom")
struct WaitGraphTests {
  /// Threads that each wait for one other, for one that is gone, or for nobody.
  private static func threads(
    _ targets: [Int?], steady: [Bool]? = nil, certainty: Blocker.Certainty = .certain
  ) -> [HungThread] {
    targets.enumerated().map { index, target in
      var thread = HungThread(
        process: 0, identifier: Int32(index + 1), ownIdentifier: Int32(index + 1), name: "t",
        state: .runs)
      thread.isSteady = steady?[index] ?? true
      if let target {
        thread.state = .waits(
          Wait(
            kind: .mutex(MutexTraits()), lock: UInt64(target + 2) * 64, word: 0,
            owner: .thread(Int32(target + 1))))
        thread.blockers = [
          Blocker(who: target < 0 ? .gone(99) : .thread(target), certainty: certainty)
        ]
      }
      return thread
    }
  }

  @Test("Circles are exactly the sets of threads that reach themselves")
  func circles() throws {
    withSeeds(0..<2000) { random in
      let count = Int.random(in: 1...9, using: &random)
      let targets = (0..<count).map { _ -> Int? in
        let target = Int.random(in: -2..<count, using: &random)
        return target == -2 ? nil : target
      }
      let steady = (0..<count).map { _ in Int.random(in: 0..<8, using: &random) > 0 }
      let graph = WaitGraph(Self.threads(targets, steady: steady))
      // Whoever comes back to itself is in a circle, of all that lie on the way.
      var expected: Set<Set<Int>> = []
      for start in 0..<count {
        var (index, way): (Int?, Set<Int>) = (start, [])
        for _ in 0..<count {
          guard let current = index, current >= 0 else { break }
          way.insert(current)
          index = targets[current]
          if index == start {
            if way.allSatisfy({ steady[$0] }) { expected.insert(way) }
            break
          }
        }
      }
      #expect(Set(graph.circles.map(Set.init)) == expected, "\(TestContext.description)")
      #expect(graph.circles.count == expected.count, "\(TestContext.description)")
      for circle in graph.circles {
        for (index, thread) in circle.enumerated() {
          #expect(targets[thread] == circle[(index + 1) % circle.count])
        }
      }
      #expect(
        graph.orphans == (0..<count).filter { targets[$0] == -1 && steady[$0] },
        "\(TestContext.description)")
      // Everybody who waits for a thread is in a circle or behind, and nobody is told twice.
      let told = graph.circles.flatMap(\.self) + graph.behind
      #expect(Set(told).count == told.count)
      #expect(Set(told) == Set((0..<count).filter { (targets[$0] ?? -1) >= 0 }))
      for (index, thread) in graph.longestChain.enumerated().dropLast() {
        #expect(targets[thread] == graph.longestChain[index + 1])
      }
    }
  }

  @Test("What may be so is in no circle")
  func possible() {
    #expect(WaitGraph(Self.threads([1, 0], certainty: .possible)).circles == [])
    #expect(WaitGraph(Self.threads([1, 0], certainty: .likely)).circles == [[0, 1]])
  }

  @Test("Locks without owners are a verdict if every thread leads to one")
  func stuck() {
    var threads = Self.threads([nil, 0, 1])
    threads[0].state = .waits(
      Wait(kind: .write, lock: 64, word: 64, owner: .unknown))
    #expect(WaitGraph(threads).stuck == [0])
    // One that can go on may have it.
    #expect(WaitGraph(threads + Self.threads([nil])).stuck == [])
    // And so may another process, and one that gives up.
    var shared = threads
    shared[0].state = .waits(
      Wait(kind: .write, lock: 64, word: 64, owner: .unknown, isProcessShared: true))
    #expect(WaitGraph(shared).stuck == [])
    var timed = threads
    timed[0].state = .waits(
      Wait(kind: .write, lock: 64, word: 64, owner: .unknown, isTimed: true))
    #expect(WaitGraph(timed).stuck == [])
    // A semaphore is nobody's.
    var signalled = threads
    signalled[0].state = .waits(Wait(kind: .semaphore, lock: 64, word: 64, owner: .anybody))
    #expect(WaitGraph(signalled).stuck == [])
    // Who has ended can hold nothing that is not told otherwise.
    var ended = threads + Self.threads([nil])
    ended[3].state = .ended
    #expect(WaitGraph(ended).stuck == [0])
  }
}
