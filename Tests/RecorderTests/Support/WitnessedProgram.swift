import Foundation
import TestSupport
import Testing

/// A program that says in a file what it certainly holds, see `witness.c`, and its recording.
struct WitnessedProgram {
  let path: String
  /// Where it says so.
  let witness: String
  /// What it is given.
  let arguments: [String]
  private let threads: Int

  init(in folder: String, _ generator: inout SeededGenerator) throws {
    path = try RecordedProgram.program("witness.c", flags: ["-O2"])
    witness = "\(folder)/witness"
    try Data(count: 16 * 128).write(to: URL(fileURLWithPath: witness))
    threads = Int.random(in: 1...4, using: &generator)
    let locks = [8, 40, 400].randomElement(using: &generator)!
    let seed = Int.random(in: 0..<1_000_000, using: &generator)
    arguments = [witness, "\(seed)", "\(threads)", "\(locks)"]
  }

  private func said() throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: witness)))
  }

  private func words() throws -> [UInt64] {
    let bytes = try said()
    return stride(from: 0, to: bytes.count, by: 8).map { start in
      (0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << (8 * UInt64($1)) }
    }
  }

  /// How many locks all threads have certainly taken.
  func acquired() throws -> UInt64 {
    let words = try words()
    return (0..<threads).reduce(0) { $0 + words[16 * $1] }
  }

  /// Waits until it has done something.
  func begin() throws {
    while try said().allSatisfy({ $0 == 0 }) { Thread.sleep(forTimeInterval: 0.001) }
  }

  /// Compares what it said with a recording; the program is gone.
  ///
  /// - Returns: how many threads certainly held something.
  func compare(_ recording: String, level: String) throws -> Int {
    let file = try RecordedFile(path: recording)
    #expect(file.end == 0)
    _ = try RecordedOrder(file)
    let words = try words()
    let spawned = file.threads[1]!.filter { $0.operation == .spawn }.map { UInt32($0.address) }
    var holding = 0
    for thread in 0..<threads {
      let certain = (0..<Int(words[16 * thread + 1])).map { words[16 * thread + 2 + $0] }
      let records = thread < spawned.count ? file.threads[spawned[thread]] ?? [] : []
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
      #expect(held.starts(with: certain), "\(TestContext.description)")
      #expect(held.count <= certain.count + 1, "\(TestContext.description)")
      if level == "all" {
        let least = words[16 * thread]
        #expect((least...least + 2).contains(acquired), "\(TestContext.description)")
      }
      holding += certain.isEmpty ? 0 : 1
    }
    return holding
  }
}
