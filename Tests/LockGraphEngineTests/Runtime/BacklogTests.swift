import TestSupport
import Testing

@testable import LockGraphEngine

@Suite("Backlog")
struct BacklogTests {
  private struct Nesting: Equatable {
    var thread: UInt32
    var holds: [[UInt64]]
    var frames: [UInt]
    var origin: UInt32
    var starts: [[Int]]
  }

  @Test(
    "What is put off comes back as it was, in its order, over many blocks and rounds",
    arguments: TestTier.seeds(0..<8))
  func model(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var backlog = Backlog()
    for _ in 0..<3 {
      var added: [Nesting] = []
      for _ in 0..<Int.random(in: 0...4000, using: &generator) {
        let depth =
          Int.random(in: 0..<20, using: &generator) == 0
          ? 900 : Int.random(in: 1...6, using: &generator)
        var nesting = Nesting(
          thread: .random(in: 0...9, using: &generator),
          holds: (0...depth).map { _ in
            (0..<5).map { _ in .random(in: 0...0xFFFF, using: &generator) }
          },
          frames: (0..<Int.random(in: 0...7, using: &generator)).map { _ in
            .random(in: 1...(.max), using: &generator)
          }, origin: 0, starts: [])
        if Bool.random(using: &generator) {
          nesting.origin = .random(in: 1...(.max), using: &generator)
          nesting.starts = (0...depth).filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
            .map { [$0, Int.random(in: 0...32, using: &generator)] }
        }
        backlog.add(
          thread: ThreadID(nesting.thread), heldCount: depth,
          frameLimit: nesting.frames.isEmpty ? 0 : nesting.frames.count + 3
        ) { holds in
          for (index, hold) in nesting.holds.enumerated() {
            holds[index] = Backlog.Hold(
              LockUse(
                number: hold[0], LockFlags(UInt32(hold[1])), Taking(UInt32(hold[2]), at: nil)),
              place: UInt32(hold[3]), reentries: UInt32(hold[4]))
          }
        } frames: { addresses in
          for (index, address) in nesting.frames.enumerated() { addresses[index] = address }
          return nesting.frames.count
        } origin: {
          Backlog.Origin(hash: nesting.origin, starts: nesting.starts.map { ($0[0], $0[1]) })
        }
        added.append(nesting)
      }
      let count = backlog.count
      #expect(count == added.count)
      var drained: [Nesting] = []
      backlog.drain { thread, holds, frames, origin in
        drained.append(
          Nesting(
            thread: thread.rawValue,
            holds: holds.map {
              [
                $0.number, UInt64($0.lockClass), UInt64($0.traits), UInt64($0.place),
                UInt64($0.reentries),
              ]
            }, frames: Array(frames), origin: origin.hash,
            starts: origin.starts.map { [$0.hold, $0.start] }))
      }
      #expect(drained == added)
      let isEmpty = backlog.isEmpty
      #expect(isEmpty)
    }
  }
}
