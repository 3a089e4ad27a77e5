import Foundation
import LockGraph
import Synchronization
import Testing

@Suite("Reference counts")
struct RefCountTests {
  init() { Quiet.validator }

  @Test("The last one to give up its reference knows")
  func counting() {
    let count = RefCount()
    count.retain()
    let steps = [
      count.retainUnlessZero(), count.release(), count.releaseUnlessLast(),
      count.releaseUnlessLast(), count.release(), count.retainUnlessZero(),
    ]
    #expect(steps == [true, false, true, false, true, false])
    let value = count.value
    #expect(value == 0)
  }

  @Test(
    "Misuse is a finding and leaves the count where nothing is ever freed",
    arguments: ["raised", "lowered"])
  func misuse(_ way: String) {
    let names = UniqueNames()
    let count = RefCount(name: names(way))
    let isLast = count.release()
    #expect(isLast)
    if way == "raised" {
      count.retain()
    } else {
      let isLastAgain = count.release()
      #expect(!isLastAgain)
    }
    #expect(names.findings.map(\.rule) == [.referenceCountMisused])
    let value = count.value
    for _ in 0..<100 {
      let steps = [count.retainUnlessZero(), count.release(), count.releaseUnlessLast()]
      count.retain()
      #expect(steps == [true, false, true])
    }
    let after = count.value
    #expect(after == value)
    #expect(names.findings.map(\.occurrences) == [1])
  }

  @Test("Too many references are a leak and no overflow")
  func saturation() {
    let names = UniqueNames()
    let count = RefCount(0x7FFF_FFFF, name: names("many"))
    count.retain()
    #expect(names.findings.map(\.rule) == [.referenceCountMisused])
    let value = count.value
    #expect(value > 0x8000_0000)
  }

  @Test(
    "The last reference is given up under the lock, and the order counts even if it is not the last"
  )
  func releaseAndLock() {
    let names = UniqueNames()
    let list = ValidatedLock(name: names("list"))
    let object = ValidatedLock(name: names("object"))
    let count = RefCount(2)
    object.lock()
    let isLast = count.releaseAndLock(list)
    object.unlock()
    #expect(!isLast)
    list.assertNotHeld()
    list.withLock { object.withLock {} }
    #expect(names.findings.map(\.rule) == [.lockOrderInversion])
    let isLastNow = count.releaseAndLock(list)
    #expect(isLastNow)
    list.assertHeld()
    list.unlock()
  }

  @Test(arguments: [
    ("raisedFromZero", "ac245591d1a35315"), ("loweredBelowZero", "ccf86a2a745b6d99"),
    ("saturated", "4e94d8e12ac3bbff"),
  ])
  func `Misuse of a count has the fingerprint that it always had`(
    _ variant: String, _ fingerprint: String
  ) throws {
    let name = "FingerprintStability.\(variant)"
    let count = RefCount(variant == "saturated" ? 0x7FFF_FFFF : 1, name: name)
    if variant != "saturated" { _ = count.release() }
    if variant == "loweredBelowZero" { _ = count.release() } else { count.retain() }
    let found = LockValidator.findings.filter { $0.classes == [name] }
    #expect(found.map(\.fingerprint) == [fingerprint])
  }

  @Test("Of many threads exactly one gives up the last reference, and has the lock")
  func race() {
    for _ in 0..<50 {
      let shared = Shared()
      let winners = Mutex(0)
      TestThreads.wait(
        (0..<4).map { _ in
          TestThreads.start {
            if shared.count.releaseAndLock(shared.lock) {
              winners.withLock { $0 += 1 }
              shared.lock.unlock()
            }
          }
        })
      #expect(winners.withLock { $0 } == 1)
      let value = shared.count.value
      #expect(value == 0)
    }
  }

  private final class Shared: Sendable {
    let count = RefCount(4)
    let lock = ValidatedLock()
  }
}
