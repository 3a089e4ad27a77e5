import TestSupport
import Testing

@testable import LockGraphEngine

/// What a combination's witnesses have, against lists that are looked through each time. There are
/// up to forty of them: few are looked at one by one, more are counted.
@Suite struct ChosenWitnessesTests {
  @Test func `Threads are chosen until they are taken back`() {
    withSeeds(0..<20) { random in
      var chosen = ChosenThreads()
      var model: [ThreadLife] = []
      for _ in 0..<200 {
        if model.isEmpty || model.count < 40 && Bool.random(using: &random) {
          let owner = ThreadLife(number: .random(in: 0..<24, using: &random))
          chosen.append(owner)
          model.append(owner)
        } else {
          chosen.removeLast()
          model.removeLast()
        }
        for number in 0..<24 as Range<UInt32> {
          let owner = ThreadLife(number: number)
          #expect(chosen.contains(owner) == model.contains(owner), "\(TestContext.description)")
        }
      }
    }
  }

  private func held(_ lock: UInt32, _ mode: LockMode, isGate: Bool) -> EvidenceStore.HeldRecord {
    EvidenceStore.HeldRecord(
      lock: LockID(lock), lockClass: LockClassID(lock), mode: mode, isGate: isGate, place: 0,
      stack: 0, position: 0, line: 0)
  }

  @Test func `Locks are excluded by who holds them exclusively, or both upgradably`() {
    withSeeds(0..<20) { random in
      let all = (0..<24 as Range<UInt32>).flatMap { lock in
        [
          held(lock, .write, isGate: true), held(lock, .read, isGate: false),
          held(lock, .upgradable, isGate: false),
        ]
      }
      var chosen = ChosenLocks()
      var model: [[EvidenceStore.HeldRecord]] = []
      for _ in 0..<200 {
        if model.isEmpty || model.count < 20 && Bool.random(using: &random) {
          let count = Int.random(in: 0...3, using: &random)
          let locks = (0..<count).map { _ in all.randomElement(using: &random)! }
          chosen.append(locks)
          model.append(locks)
        } else {
          chosen.removeLast()
          model.removeLast()
        }
        let holds = model.flatMap(\.self)
        for one in all {
          #expect(
            chosen.excludes([one]) == holds.contains { $0.excludes(one) },
            "\(TestContext.description)")
        }
        #expect(!chosen.excludes([]))
      }
    }
  }
}
