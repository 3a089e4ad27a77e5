import Foundation
import TestSupport
import Testing

/// What a killed program certainly held is in its recording.
@Suite("Killed programs")
struct KillTests {
  private struct Witness {
    var acquired: UInt64
    var held: [UInt64]
  }

  private func witnesses(_ bytes: [UInt8], count: Int) -> [Witness] {
    func word(_ index: Int) -> UInt64 {
      (0..<8).reduce(0) { $0 | UInt64(bytes[8 * index + $1]) << (8 * UInt64($1)) }
    }
    return (0..<count).map { thread in
      Witness(
        acquired: word(16 * thread),
        held: (0..<Int(word(16 * thread + 1))).map { word(16 * thread + 2 + $0) })
    }
  }

  @Test("Nothing that was certain is missing", arguments: ["orders", "shapes", "all"])
  func killed(level: String) throws {
    let program = try RecordedProgram.program("witness.c", flags: ["-O2"])
    let recorder = try RecordedProgram.recorder()
    var holding = 0
    try withSeeds(0..<12) { generator in
      let folder = try TemporaryFolder()
      let witness = try folder.write([UInt8](repeating: 0, count: 16 * 128), to: "witness")
      let threads = Int.random(in: 1...4, using: &generator)
      let locks = [8, 40, 400].randomElement(using: &generator)!
      var environment = ProcessInfo.processInfo.environment
      environment["LD_PRELOAD"] = recorder
      environment["LOCKGRAPH_RECORD"] = folder.file("killed.lgt")
      environment["LOCKGRAPH_RECORD_LEVEL"] = level
      let seed = Int.random(in: 0..<1_000_000, using: &generator)
      let process = try ProcessRunner(
        program, [witness, "\(seed)", "\(threads)", "\(locks)"], environment: environment
      ).start()
      while try folder.bytes(of: "witness").allSatisfy({ $0 == 0 }) {
        Thread.sleep(forTimeInterval: 0.001)
      }
      Thread.sleep(forTimeInterval: Double.random(in: 0..<0.02, using: &generator))
      process.send(SIGKILL)
      _ = try process.finish()

      let file = try RecordedFile(path: folder.file("killed.lgt"))
      #expect(file.end == 0)
      _ = try RecordedOrder(file)
      let spawned = file.threads[1]!.filter { $0.operation == .spawn }.map { UInt32($0.address) }
      let said = witnesses(try folder.bytes(of: "witness"), count: threads)
      for (index, witness) in said.enumerated() {
        let records = index < spawned.count ? file.threads[spawned[index]] ?? [] : []
        var held: [UInt64] = []
        var acquired: UInt64 = 0
        for record in records {
          switch record.operation {
          case .acquire, .held:
            acquired += 1
            if !record.isClosed { held.append(record.address) }
          case .release: held.removeAll { $0 == record.address }
          default: break
          }
        }
        #expect(held.starts(with: witness.held), "\(TestContext.description)")
        #expect(held.count <= witness.held.count + 1, "\(TestContext.description)")
        if level == "all" {
          #expect(
            (witness.acquired...witness.acquired + 2).contains(acquired),
            "\(TestContext.description)")
        }
        holding += witness.held.isEmpty ? 0 : 1
      }
    }
    // Else the program was killed before it did anything.
    #expect(holding > 0)
  }
}
