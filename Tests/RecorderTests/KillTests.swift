import Foundation
import TestSupport
import Testing

/// What a killed program certainly held is in its recording.
@Suite("Killed programs")
struct KillTests {
  @Test("Nothing that was certain is missing", arguments: ["orders", "shapes", "all"])
  func killed(level: String) throws {
    let recorder = try RecordedProgram.recorder()
    var holding = 0
    try withSeeds(0..<12) { generator in
      let folder = try TemporaryFolder()
      let program = try WitnessedProgram(in: folder.path, &generator)
      var environment = ProcessInfo.processInfo.environment
      environment["LD_PRELOAD"] = recorder
      environment["LOCKGRAPH_RECORD"] = folder.file("killed.lgt")
      environment["LOCKGRAPH_RECORD_LEVEL"] = level
      let process = try ProcessRunner(
        program.path, program.arguments, environment: environment
      ).start()
      try program.begin()
      Thread.sleep(forTimeInterval: Double.random(in: 0..<0.02, using: &generator))
      process.send(SIGKILL)
      _ = try process.finish()
      holding += try program.compare(folder.file("killed.lgt"), level: level)
    }
    // Else the program was killed before it did anything.
    #expect(holding > 0)
  }

  /// Who is killed.
  enum Killed: CaseIterable {
    case command, supervisor, both
  }

  @Test(
    "Whoever is killed, and wherever the recording is, nothing is missing",
    arguments: Killed.allCases, ["/tmp", "/dev/shm"])
  func supervised(killed: Killed, place: String) throws {
    var holding = 0
    try withEvery("seed", in: 0..<UInt64(TestTier.isAll ? 50 : 1)) { seed in
      var generator = SeededGenerator(seed: seed)
      let folder = "\(place)/lockgraph-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let program = try WitnessedProgram(in: folder, &generator)
      var environment = ProcessInfo.processInfo.environment
      for tool in ["LOCKGRAPH_DEBUGGER", "LOCKGRAPH_SYMBOLIZER"] { environment[tool] = "none" }
      let supervisor = try ProcessRunner(
        BuiltProducts.executable("lockdep-check"),
        ["record", "--level", "all", "-o", "\(folder)/killed.lgt", "--", program.path]
          + program.arguments, environment: environment
      ).start()
      try program.begin()
      let command = try #require(try child(of: supervisor.identifier))
      defer { kill(command, SIGKILL) }
      Thread.sleep(forTimeInterval: Double.random(in: 0..<0.02, using: &generator))
      if killed != .command { supervisor.send(SIGKILL) }
      if killed == .supervisor {
        // The command goes on without it.
        let before = try program.acquired()
        while try program.acquired() < before + 100 { Thread.sleep(forTimeInterval: 0.001) }
      }
      kill(command, SIGKILL)
      while isThere(command) { Thread.sleep(forTimeInterval: 0.001) }
      _ = try supervisor.finish()
      holding += try program.compare("\(folder)/killed.lgt", level: "all")
    }
    if TestTier.isAll { #expect(holding > 0) }
  }

  private func child(of process: pid_t) throws -> pid_t? {
    try String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
      .split(separator: " ").first.flatMap { pid_t($0) }
  }

  /// Whether a process has threads that may still do something; nobody may have waited for it.
  private func isThere(_ process: pid_t) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let threads = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")
    else { return false }
    return !stat.contains(") Z ") || threads.count > 1
  }
}
