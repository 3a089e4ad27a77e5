import Foundation
import TestSupport
import Testing

@testable import LockGraphHang

@Suite(
  "Core files", .serialized, .needs("cc", HungProgram.isCompilable),
  .needs("gdb", StackTests.hasDebugger))
struct CoreTests {
  /// A core of the program, which runs on.
  private static func core(of program: HungProgram, in folder: TemporaryFolder) throws -> String {
    let result = try ProcessRunner(
      "gcore", ["-o", folder.file("core"), "\(program.identifier)"]
    ).run()
    let path = folder.file("core.\(program.identifier)")
    try #require(FileManager.default.fileExists(atPath: path), "\(result.messages)")
    return path
  }

  @Test(
    "A core tells what the process told",
    arguments: [
      "normal", "robust", "inheriting", "writers", "join", "once", "condition", "gone", "stream",
    ])
  func sameAsLiving(way: String) throws { try compare(way, comparesFrames: true) }

  /// - Parameter comparesFrames: what of a stack is guessed need not be guessed alike.
  private func compare(_ way: String, comparesFrames: Bool) throws {
    for build in [HungProgram.Build.plain, .stripped] {
      let folder = try TemporaryFolder()
      let program = try HungProgram(way, build: build)
      let living = try examine(program.identifier)
      let process = try CoreProcess(Self.core(of: program, in: folder))
      #expect(process.identifier == program.identifier)
      let report = HangExaminer([process]).examine()
      #expect(report.processes[0].remarks == [])
      func facts(_ report: HangReport) -> [String] {
        report.threads.map { thread in
          let wait = thread.wait.map { wait in
            "\(wait.kind) \(report.name(wait.lock, of: 0)) \(wait.owner) \(wait.detail ?? "")"
          }
          let blockers = thread.blockers.map { "\($0.who) \($0.certainty)" }
          return "\(thread.identifier) \(wait ?? "-") \(blockers)"
        }
      }
      #expect(facts(report) == facts(living))
      #expect(report.graph.circles == living.graph.circles)
      #expect(report.graph.orphans == living.graph.orphans)
      #expect(report.exitStatus == living.exitStatus)
      guard comparesFrames else { continue }
      #expect(
        report.threads.map { $0.frames.map(\.programCounter) }
          == living.threads.map { $0.frames.map(\.programCounter) })
    }
  }

  @Test(
    "All other waits in cores", .enabled(if: TestTier.isAll),
    arguments: [
      "recursive", "errorcheck", "adaptive", "shared", "robust-inheriting", "timed", "self",
      "upgrade", "upgrade-two", "read-twice", "timed-condition", "semaphore", "barrier",
      "join-circle", "c11",
      "held", "lost", "word",
    ])
  func others(way: String) throws { try compare(way, comparesFrames: false) }

  @Test("A spinning thread is seen in a core")
  func spin() throws {
    let folder = try TemporaryFolder()
    let program = try HungProgram("spin")
    let report = HangExaminer([try CoreProcess(Self.core(of: program, in: folder))]).examine()
    let main = report.threads[0]
    #expect(main.wait?.kind == .spin)
    #expect(report.name(try #require(main.wait).lock, of: 0) == "spin")
  }

  @Test("A core without the program's files tells what is missing")
  func missingFiles() throws {
    let folder = try TemporaryFolder()
    let program = try HungProgram("normal")
    let path = try Self.core(of: program, in: folder)
    let report = HangExaminer([try CoreProcess(path, root: folder.file("nothing"))]).examine()
    // Mutexes tell their owners without any name.
    #expect(report.graph.circles.count == 1)
    #expect(
      report.processes[0].remarks.contains { $0.contains("libc") && $0.contains("--sysroot") })
    // A program that has moved can be named itself.
    #expect(
      report.processes[0].remarks.filter { $0.contains("--exe") }.map { $0.contains("/hung-") }
        == [true])
    // Another program in the place of this one is no program of this core.
    let other = HangExaminer([
      try CoreProcess(path, program: try HungProgram.program(.stripped))
    ]).examine()
    #expect(other.processes[0].remarks.contains { $0.contains("built anew") })
    #expect(other.graph.circles.count == 1)
  }

  @Test("Whatever becomes of the bytes, there is an answer or an error")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let program = try HungProgram("once")
    let bytes = try Array(
      Data(contentsOf: URL(fileURLWithPath: Self.core(of: program, in: folder))))
    // Headers are in the front, notes of threads at the end.
    let interesting = Array(0..<4096) + Array((bytes.count - 40000)..<bytes.count)
    try withSeeds(0..<30) { random in
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...20, using: &random) {
        let at = interesting.randomElement(using: &random)!
        damaged[at] = Bool.random(using: &random) ? .random(in: 0...255, using: &random) : 0xFF
      }
      if Int.random(in: 0..<4, using: &random) == 0 {
        damaged.removeLast(Int.random(in: 0..<damaged.count, using: &random))
      }
      let path = try folder.write(damaged, to: "damaged")
      guard let process = try? CoreProcess(path) else { return }
      _ = HangText(HangExaminer([process]).examine(), width: 80, showsStacks: true).text
    }
  }

  @Test("What is no core says so")
  func noCore() throws {
    let folder = try TemporaryFolder()
    let text = try folder.write("core", to: "text")
    #expect(throws: LookError.self) { try CoreProcess(text) }
    #expect(throws: LookError.self) { try CoreProcess(folder.file("absent")) }
    #expect {
      try CoreProcess(HungProgram.program(.plain))
    } throws: { error in
      "\(error)".contains("this is a program or library; expected a core file")
    }
  }
}
