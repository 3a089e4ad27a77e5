import Foundation
import TestSupport
import Testing

/// The recorder with files that say where threads are kept.
@Suite("Steered programs")
struct SteeringTests {
  /// It has no build-id, so that it is known by its name.
  private func program() throws -> String {
    try RecordedProgram.program("ground_truth.c", flags: ["-O1", "-Wl,--build-id=none"])
  }

  private func run(_ steering: [UInt8], patience: Int = 100) throws -> RecordedRun {
    let folder = try TemporaryFolder()
    let file = folder.file("steering")
    try Data(steering).write(to: URL(fileURLWithPath: file))
    return try RecordedRun(
      program(), ["1", "4", "10", "100"], level: "shapes",
      environment: [
        "LOCKGRAPH_STEER": file, "LOCKGRAPH_STEER_PAUSE": "1",
        "LOCKGRAPH_STEER_PATIENCE": "\(patience)",
      ])
  }

  /// Of the program's own places of locks.
  private func steering() throws -> String {
    let plain = try RecordedRun(
      program(), ["1", "4", "10", "100"], level: "all")
    let file = try plain.file()
    let sites = Set(
      file.threads.values.joined().filter { $0.operation == .acquire }.map(\.site))
    let offsets = sites.compactMap { file.sites[$0]?.addresses.first }
      .compactMap { file.place($0)?.offset }.sorted()
    try #require(!offsets.isEmpty)
    var text = "lockgraph steering 1\nmodule 0 - \(try program())\n"
    for _ in 0..<2 {
      text += "side\n"
      for offset in offsets {
        let code = String(offset, radix: 16)
        text += "outer 0+\(code)\ninner 0+\(code)\n"
      }
    }
    return text
  }

  @Test("A program that is kept at all its locks does what it does, in time")
  func everywhere() throws {
    let run = try run(Array(try steering().utf8))
    #expect(run.result.status == .exited(0), "\(run.result.messages)")
    let file = try run.file()
    #expect(file.isSteered)
    #expect(file.reached != 0 && file.pauses > 0)
    #expect(file.circle == 0)
  }

  @Test("A file that is damaged does no harm")
  func damage() throws {
    let text = Array(try steering().utf8)
    try withSeeds(0..<40) { generator in
      let run = try run(mutated(text, using: &generator), patience: 20)
      #expect(run.result.status == .exited(0), "\(TestContext.description)")
    }
  }

  @Test("A file that is not there steers nothing")
  func missing() throws {
    let run = try RecordedRun(
      program(), ["1", "4", "10", "100"], level: "shapes",
      environment: ["LOCKGRAPH_STEER": "/nowhere"])
    #expect(run.result.status == .exited(0))
    #expect(try !run.file().isSteered)
  }
}
