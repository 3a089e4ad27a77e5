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

  @Test("--predict never and what can be read once only leave cycles as they are")
  func modes() throws {
    func confidence(_ arguments: String..., input: String = "") throws -> String? {
      let result = try lockdepCheck(
        arguments: ["analyze", "--format", "json"] + arguments, input: Array(input.utf8))
      return try Report(result.output).findings.first?.confidence
    }
    #expect(try confidence(trace) == "predicted")
    #expect(try confidence(trace, "--predict", "never") == "feasible")
    #expect(try confidence(input: Traces.feasible) == "feasible")
    let told = try lockdepCheck("analyze", "--predict", "always", input: Traces.feasible)
    let text = told.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains("feasible: not decided whether this run in another order deadlocks"))
    #expect(text.contains("<stdin> can be read once only"))
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
