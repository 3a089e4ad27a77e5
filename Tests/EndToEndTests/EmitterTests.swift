import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Programs whose locks write traces, in the languages that the machine has.
@Suite("Emitters")
struct EmitterTests {
  private let folder: TemporaryFolder
  private var trace: String { folder.file("trace.jsonl") }

  init() throws { folder = try TemporaryFolder() }

  private func runner(_ emitter: Emitter, _ command: [String], trace: String?) -> ProcessRunner {
    var environment = victimEnvironment.merging(emitter.environment) { $1 }
    environment["LOCKGRAPH_TRACE"] = trace
    return ProcessRunner(
      command[0], Array(command.dropFirst()), environment: environment, directory: folder.path)
  }

  private func run(_ emitter: Emitter, _ arguments: String...) throws -> ProcessResult {
    try runner(emitter, emitter.programs().victim + arguments, trace: trace).run()
  }

  private func analyzed(_ file: String) throws -> Report {
    try Report(lockdepCheck("analyze", "--format", "json", file).output)
  }

  private func verdicts(_ report: Report) -> [String] {
    report.findings.map { "\($0.rule) \($0.confidence ?? "-")" }
  }

  /// How often each verb is there, for each lock that is its operand.
  private func verbCounts(_ file: String) throws -> [String: [String: Int]] {
    struct Event: Decodable {
      var event: String?
      var lock: String?
    }
    var counts: [String: [String: Int]] = [:]
    for line in try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n") {
      let event = try JSONDecoder().decode(Event.self, from: Data(line.utf8))
      guard let verb = event.event, let lock = event.lock else { continue }
      counts[lock, default: [:]][verb, default: 0] += 1
    }
    return counts
  }

  @Test("All languages are there where all tests are run", arguments: Emitter.allCases)
  func languages(_ emitter: Emitter) {
    _ = TestTier.has(emitter.isHere, emitter.need)
  }

  @Test("A sample's inversion is found, where it is in the source", arguments: Emitter.here)
  func sample(_ emitter: Emitter) throws {
    let result = try runner(emitter, emitter.programs().sample, trace: trace).run()
    #expect(result.status == .exited(0), "\(result.messages)")
    #expect(result.text == "95 105\n")
    let report = try analyzed(trace)
    #expect(verdicts(report) == ["lock-order-inversion predicted"])
    #expect(report.inputs.map(\.format) == ["jsonl"])
    #expect(report.inputs.map(\.skipped) == [0])
    let text = try lockdepCheck("analyze", "--format", "github", trace).text
    let lines = try String(contentsOfFile: emitter.sampleSource, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let file = URL(fileURLWithPath: emitter.sampleSource).lastPathComponent
    for lock in ["source.lock", "target.lock"] {
      let index = try #require(lines.firstIndex { $0.contains(lock) })
      #expect(text.contains("\(file):\(index + 1)"), "\(text)")
    }
  }

  @Test("Without LOCKGRAPH_TRACE nothing is written", arguments: Emitter.here)
  func off(_ emitter: Emitter) throws {
    let result = try runner(emitter, emitter.programs().sample, trace: nil).run()
    #expect(result.status == .exited(0), "\(result.messages)")
    #expect(result.text == "95 105\n")
    #expect(result.errors.isEmpty)
    #expect(try folder.contents == [])
  }

  @Test("A trace that cannot be written is told, and the program goes on", arguments: Emitter.here)
  func unwritable(_ emitter: Emitter) throws {
    let missing = folder.file("missing/trace.jsonl")
    let result = try runner(emitter, emitter.programs().sample, trace: missing).run()
    #expect(result.status == .exited(0))
    #expect(result.text == "95 105\n")
    #expect(result.messages.contains("LockGraph: "), "\(result.messages)")
    #expect(result.messages.contains("cannot be written: "), "\(result.messages)")
    #expect(result.messageLines.count == 1, "\(result.messages)")
  }

  @Test(
    "Of eight threads that do everything right all is recorded, and no order",
    arguments: Emitter.here)
  func correct(_ emitter: Emitter) throws {
    let times = TestTier.isAll ? 2000 : 200
    let result = try run(emitter, "correct", "\(times)")
    #expect(result.status == .exited(0), "\(result.messages)")
    let report = try analyzed(trace)
    #expect(verdicts(report) == ["lock-order-inversion excluded"])
    #expect(report.inputs.map(\.skipped) == [0])
    #expect(report.inputs.map { $0.warnings ?? [] } == [[]])
    #expect(report.summary.events > 8 * times)
    let counts = try verbCounts(trace)
    #expect(counts.count >= 10)
    for (lock, verbs) in counts {
      #expect(verbs["init"] == 1, "\(lock): \(verbs)")
      if verbs["post"] == nil { #expect(verbs["acquire"] == verbs["release"], "\(lock): \(verbs)") }
      #expect(verbs["wait"] == verbs["wake"], "\(lock): \(verbs)")
      // A lock that is asked for is had, at once or later, or given up.
      #expect(
        verbs["request", default: 0]
          <= verbs["acquire", default: 0] + verbs["abandon", default: 0], "\(lock): \(verbs)")
    }
  }

  @Test("Of a program that hangs and is killed the deadlock is there", arguments: Emitter.here)
  func hang(_ emitter: Emitter) throws {
    let program = try runner(emitter, emitter.programs().victim + ["hang"], trace: trace).start()
    let deadline = ContinuousClock.now + .seconds(30)
    func waiting() -> Int {
      (try? folder.text(of: "trace.jsonl"))?.components(separatedBy: #""event":"request""#).count
        ?? 0
    }
    while waiting() < 3, ContinuousClock.now < deadline { usleep(10_000) }
    program.send(SIGKILL)
    #expect(try program.finish().status == .signaled(SIGKILL))
    let report = try analyzed(trace)
    #expect(verdicts(report) == ["deadlock observed", "lock-order-inversion predicted"])
    #expect(report.inputs.map(\.skipped) == [0])
  }

  @Test(
    "A forked child has a trace of its own, without what it has from its parent",
    arguments: Emitter.here.filter { [.python, .cpp].contains($0) })
  func fork(_ emitter: Emitter) throws {
    let result = try run(emitter, "fork")
    #expect(result.status == .exited(0), "\(result.messages)")
    let files = try folder.contents
    #expect(files.count == 2)
    for file in files {
      let report = try analyzed(folder.file(file))
      #expect(verdicts(report) == [], "\(file)")
      #expect(report.inputs.map { $0.warnings ?? [] } == [[]])
      let counts = try verbCounts(folder.file(file))
      #expect(!counts.isEmpty)
      for (lock, verbs) in counts where verbs["post"] == nil {
        #expect(verbs["acquire"] == verbs["release"], "\(lock) in \(file): \(verbs)")
      }
    }
    #expect(files.last?.wholeMatch(of: /trace\.jsonl\.\d+/) != nil)
  }

  @Test("Tasks of asyncio stand for threads", arguments: Emitter.here.filter { $0 == .python })
  func tasks(_ emitter: Emitter) throws {
    let result = try run(emitter, "asyncio")
    #expect(result.status == .exited(0), "\(result.messages)")
    let report = try analyzed(trace)
    #expect(verdicts(report) == ["lock-order-inversion predicted"])
    #expect(
      report.findings[0].edges.flatMap(\.witnesses).allSatisfy { $0.thread.hasPrefix("Task-") })
    let text = try String(contentsOfFile: trace, encoding: .utf8)
    #expect(text.contains(#""event":"abandon","lock""#) && text.contains("cancelled"))
  }

  @Test("Misuse is told as ever", arguments: Emitter.here.filter { $0 == .python })
  func errors(_ emitter: Emitter) throws {
    let traced = try run(emitter, "errors")
    #expect(FileManager.default.fileExists(atPath: trace))
    let command = try emitter.programs().victim + ["errors"]
    let plain = try runner(emitter, command, trace: nil).run()
    #expect(traced.status == .exited(0), "\(traced.messages)")
    #expect(plain.text.contains("RuntimeError release unlocked lock"))
    #expect(traced.text == plain.text)
  }
}
