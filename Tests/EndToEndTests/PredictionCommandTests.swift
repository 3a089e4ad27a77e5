import Foundation
import TestSupport
import Testing

@Suite("Prediction")
struct PredictionCommandTests {
  private let folder: TemporaryFolder
  private let trace: String

  init() throws {
    folder = try TemporaryFolder()
    trace = try folder.write(Traces.feasible, to: "run.trace")
  }

  @Test("What is predicted is written as a trace that ends in the deadlock")
  func schedule() throws {
    let path = folder.file("schedule.trace")
    let result = try lockdepCheck("analyze", trace, "--schedule", path)
    #expect(result.status == .exited(0))
    #expect(result.text.contains("[lock-order-inversion, predicted]"))
    #expect(result.text.contains("How this run's events get there"))
    #expect(
      try folder.text(of: "schedule.trace") == """
        # lockgraph-trace 1
        T1 acquire A
        T2 acquire B
        T1 request B write
        T2 request A write

        """)
    #expect(try lockdepCheck("analyze", path).text.contains("[deadlock, observed]"))
  }

  @Test("A number chooses the finding, and what is not predicted has no schedule")
  func finding() throws {
    let path = folder.file("schedule.trace")
    let chosen = try lockdepCheck("analyze", trace, "--schedule", path, "--finding", "1")
    #expect(chosen.status == .exited(0))
    #expect(try folder.text(of: "schedule.trace").contains("T2 request A"))
    let none = folder.file("none.trace")
    let excluded = try folder.write(Traces.excluded, to: "excluded.trace")
    let result = try lockdepCheck("analyze", excluded, "--schedule", none)
    #expect(result.status == .exited(0))
    #expect(result.messages.contains("no finding is predicted, so there is no schedule to write"))
    #expect(try !folder.contents.contains("none.trace"))
    let beyond = try lockdepCheck("analyze", trace, "--schedule", none, "--finding", "2")
    #expect(beyond.status == .exited(64))
    #expect(beyond.messages.contains("There is no finding 2"))
  }

  @Test("--predict never and what cannot be read again leave cycles as they are")
  func modes() throws {
    func confidence(
      _ arguments: String..., input: String = "", environment: [String: String] = [:]
    ) throws -> String? {
      let result = try lockdepCheck(
        arguments: ["analyze", "--format", "json"] + arguments, input: Array(input.utf8),
        environment: environment)
      return try Report(result.output).findings.first?.confidence
    }
    #expect(try confidence(trace) == "predicted")
    #expect(try confidence(trace, "--predict", "never") == "feasible")
    let none = ["TMPDIR": folder.file("none")]
    #expect(try confidence(input: Traces.feasible, environment: none) == "feasible")
    let told = try lockdepCheck(
      arguments: ["analyze"], input: Array(Traces.feasible.utf8), environment: none)
    let text = told.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains("feasible: not decided whether this run in another order deadlocks"))
    #expect(
      text.contains(
        "<stdin> can be read once only: no temporary file could be made to keep it in"))
  }

  @Test("What comes out of a pipe is kept to be read again, and nothing of it stays")
  func pipe() throws {
    let bytes = Array(Traces.feasible.utf8)
    for input in [bytes, try Archive.gzip.bytes(of: bytes)] {
      let result = try lockdepCheck(
        arguments: ["analyze"], input: input, environment: ["TMPDIR": folder.path])
      #expect(result.text.contains("[lock-order-inversion, predicted]"))
    }
    #expect(try folder.contents == ["run.trace"])
    let schedule = try lockdepCheck(
      arguments: ["analyze", "--schedule", folder.file("s.trace")], input: bytes)
    #expect(schedule.status == .exited(2))
    #expect(
      schedule.messages.contains(
        "<stdin>: error: is gone, and --schedule reads it again\n    expected a file"))
  }

  @Test("Into a folder go the schedules of all that is predicted")
  func folderOfSchedules() throws {
    let two = Traces.feasible + Traces.feasible.replacing("A", with: "C").replacing("B", with: "D")
    let input = try folder.write(two, to: "two.trace")
    try FileManager.default.createDirectory(
      atPath: folder.file("out"), withIntermediateDirectories: false)
    let result = try lockdepCheck("analyze", input, "--schedule", folder.file("out"))
    #expect(result.status == .exited(0), "\(result.messages)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out"))
    #expect(names.count == 2)
    for name in names {
      let schedule = try lockdepCheck("analyze", folder.file("out/\(name)"))
      #expect(schedule.text.contains("[deadlock, observed]"))
    }
  }

  @Test("What was predicted stays so when it is merged, also with what knows nothing of it")
  func merged() throws {
    let graph = folder.file("a.graph")
    #expect(try lockdepCheck("merge", trace, "-o", graph).status == .exited(0))
    let result = try lockdepCheck("analyze", graph)
    #expect(result.text.contains("[lock-order-inversion, predicted]"))
    #expect(result.text.contains("How this run's events get there"))
    #expect(try lockdepCheck("gate", graph, "--fail-on", "predicted").status == .exited(1))
    // The trace is still there to take the events from.
    let schedule = folder.file("s.trace")
    #expect(
      try lockdepCheck("analyze", graph, "--schedule", schedule).status == .exited(0))
    #expect(try lockdepCheck("analyze", schedule).text.contains("[deadlock, observed]"))
    let same = try lockdepCheck("diff", trace, graph)
    #expect(same.text.contains("no difference") || !same.text.contains("~"))
    let unknown = folder.file("b.graph")
    let never = try lockdepCheck("merge", trace, "--predict", "never", "-o", unknown)
    #expect(never.status == .exited(0))
    #expect(
      try lockdepCheck("analyze", unknown).text.contains("[lock-order-inversion, feasible]"))
    #expect(
      try lockdepCheck("analyze", unknown, graph).text.contains(
        "[lock-order-inversion, predicted]"))
    let excluded = try folder.write(Traces.excluded, to: "excluded.trace")
    #expect(try lockdepCheck("merge", excluded, "-o", unknown).status == .exited(0))
    #expect(try lockdepCheck("analyze", unknown).text.contains("excluded"))
  }

  @Test("A gate can fail on what is predicted alone")
  func gate() throws {
    #expect(try lockdepCheck("gate", trace, "--fail-on", "predicted").status == .exited(1))
    #expect(
      try lockdepCheck("gate", trace, "--fail-on", "predicted", "--predict", "never").status
        == .exited(0))
  }

  @Test("A compressed input is read twice too")
  func compressed() throws {
    let archive = try folder.write(Archive.gzip.bytes(of: Array(Traces.feasible.utf8)), to: "a.gz")
    let result = try lockdepCheck("analyze", archive)
    #expect(result.text.contains("[lock-order-inversion, predicted]"))
  }

  @Test(
    "Wrong usage is told",
    arguments: [
      (["analyze", "--finding", "1"], "--finding goes with --schedule"),
      (["analyze", "a.trace", "--schedule", "a.trace"], "'a.trace' is named twice"),
      (["analyze", "--predict-memory", "0"], "--predict-memory takes a number of MiB from 1"),
      (["analyze", "--predict", "perhaps"], "'perhaps'"),
      (["gate", "--schedule", "s", "--finding", "0"], "--finding takes a number from 1 on"),
    ])
  func usage(_ arguments: [String], _ message: String) throws {
    let result = try lockdepCheck(arguments: arguments)
    #expect(result.status == .exited(64))
    #expect(result.messages.contains(message))
  }
}
