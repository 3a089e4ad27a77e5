import LockGraphEngine
import TestSupport
import Testing

/// Graph files that somebody made on purpose: damaged, with a digest that is right.
@Suite struct DamagedGraphFileTests {
  /// The bytes before the end's digest, with their digest.
  private func sealed(_ body: ArraySlice<UInt8>) -> [UInt8] {
    var digest = ContentDigest()
    body.withUnsafeBytes { digest.add($0) }
    let value = digest.value
    var end: [UInt8] = [0x45, 16]
    for word in [value.first, value.second] {
      for shift in stride(from: 0, to: 64, by: 8) {
        end.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    return Array(body) + end
  }

  @Test func `A damaged graph file with a right digest is refused or analysed`() throws {
    var generator = SeededGenerator(seed: 11)
    var originals: [[UInt8]] = []
    for number in 1...6 {
      originals.append(try merged([randomInput(using: &generator, name: "\(number).trace")]))
    }
    originals.append(
      try merged([NamedInput("log", KernelLog.timed(KernelLog.orderCycle()))]))
    var analysed = 0
    withSeeds(0..<2000) { generator in
      let original = originals.randomElement(using: &generator)!
      #expect(sealed(original.dropLast(18)) == original)
      var body = Array(original.dropLast(18))
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let index = Int.random(in: GraphFile.headerLength..<body.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: body[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: body[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: body[index] &+= 1
        default:
          let other = Int.random(in: GraphFile.headerLength..<body.count, using: &generator)
          body.swapAt(index, other)
        }
      }
      let bytes = sealed(body[...])
      do throws(TraceError) {
        let analysis = try analyze([NamedInput("1.graph", bytes)])
        analysed += 1
        #expect(!TextReport(analysis).text.utf8.contains(0x1B))
        #expect(!JSONReport(analysis).bytes.isEmpty)
        // Whatever was read can be written and read again.
        let file = try merged([bytes])
        #expect(try merged([file]) == file, "\(TestContext.description)")
        #expect(try merged([bytes, bytes]) == file, "\(TestContext.description)")
      } catch {
        #expect(
          error.message.hasPrefix("is damaged at byte ")
            || error.message.hasPrefix("is cut off at byte "), "\(TestContext.description)")
        #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
      }
    }
    #expect(analysed > 200)
  }
}
