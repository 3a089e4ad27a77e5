import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct LockRecordTests {
  @Test func `A record of a lock has no gaps, for there can be millions`() {
    #expect(MemoryLayout<LockRecord>.stride == 56)
  }

  /// Whoever looks for like witnesses asks that first.
  @Test func `A lock is marked as asked for as soon as there is evidence of it, and not before`()
    throws
  {
    var isEver: [Bool: Int] = [:]
    try withSeeds(0..<100) { generator in
      var validator = Validator()
      for number in UInt32(0)..<3 {
        let input = randomInput(using: &generator, name: "\(number).trace")
        _ = try readTrace(
          .bytes(input.bytes, name: input.name), number: number, options: .init(),
          into: &validator, progress: nil)
      }
      let asked = Set(validator.record.evidence.records.map(\.wanted))
      for index in validator.record.table.locks.indices {
        let isAsked = validator.record.table.locks[index].isAskedFor
        #expect(
          isAsked == asked.contains(LockID(UInt32(index))), "\(TestContext.description) \(index)")
        isEver[isAsked, default: 0] += 1
      }
    }
    #expect(isEver[true, default: 0] > 100 && isEver[false, default: 0] > 100)
  }
}
