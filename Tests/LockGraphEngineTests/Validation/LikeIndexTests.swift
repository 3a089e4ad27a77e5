import TestSupport
import Testing

@testable import LockGraphEngine

@Suite("The index of witnesses that are alike")
struct LikeIndexTests {
  private func found(
    _ index: LikeIndex, _ key: UInt64, _ dependency: DependencyID
  ) -> [UInt32] {
    var found: [UInt32] = []
    index.forEach(like: key, of: dependency) {
      found.append($0)
      return false
    }
    return found
  }

  @Test func `It leaves out no witness with a key`() {
    withSeeds(0..<20) { generator in
      var index = LikeIndex()
      var model: [DependencyID: [(key: UInt64, witness: UInt32)]] = [:]
      for witness in 0..<UInt32(3_000) {
        let dependency = DependencyID(.random(in: 0..<40, using: &generator))
        // Few keys, so that many are alike, and fewer lowest bits, 0 among them.
        let key = UInt64.random(in: 0..<30, using: &generator) &* 0x9E37_79B9_7F4A_8000
        if index.knows(dependency) {
          let all = model[dependency]!
          let candidates = found(index, key, dependency)
          let expected = all.filter { $0.key == key }.map(\.witness)
          #expect(
            candidates.filter(Set(expected).contains) == expected, "\(TestContext.description)")
          index.note(key, witness, of: dependency)
        } else if Int.random(in: 0..<4, using: &generator) == 0 {
          index.know(dependency, model[dependency] ?? [])
          index.note(key, witness, of: dependency)
        }
        model[dependency, default: []].append((key, witness))
      }
    }
  }

  @Test func `Different keys are told apart by their lowest bits`() {
    var index = LikeIndex()
    let dependency = DependencyID(3)
    index.know(dependency, (0..<100).map { (UInt64($0) + 1, UInt32($0)) })
    for number in 0..<100 {
      #expect(found(index, UInt64(number) + 1, dependency) == [UInt32(number)])
    }
    #expect(found(index, 101, dependency) == [])
    #expect(found(index, 0x10_0000 + 7, dependency) == [6], "that one is to be looked at")
  }

  @Test func `A dependency is closed where no more threads can come about`() {
    var index = LikeIndex()
    let (alone, crowded, told) = (DependencyID(0), DependencyID(1), DependencyID(2))
    index.closeUnless(alone, hasCrowdOf: 4)
    #expect(!index.isClosed(alone), "nothing is known of it")
    index.know(alone, (0..<64).map { (UInt64($0 / 3) + 1, UInt32($0)) })
    index.closeUnless(alone, hasCrowdOf: 4)
    #expect(index.isClosed(alone))
    index.know(crowded, (0..<64).map { (UInt64($0 / 4) + 1, UInt32($0)) })
    index.closeUnless(crowded, hasCrowdOf: 4)
    #expect(!index.isClosed(crowded))
    index.close(told)
    #expect(index.isClosed(told))
    index.open(alone)
    #expect(!index.isClosed(alone))
    index.closeUnless(alone, hasCrowdOf: 4)
    #expect(!index.isClosed(alone), "it is looked at once")
    index.removeAll()
    #expect(!index.isClosed(told) && !index.knows(crowded))
  }
}
