import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct GateCoverageTests {
  private func input(
    _ format: String, events: UInt64 = 0, facts: UInt64 = 0, doubt: InputDoubt? = nil
  ) -> TraceInput {
    var input = TraceInput(name: "i", format: format, events: events, skipped: 0, warnings: [])
    input.facts = facts
    input.doubt = doubt
    return input
  }

  private func coverage(_ inputs: [TraceInput], minimum: UInt64? = nil) -> GateVerdict.Coverage {
    GateCoverage(inputs, minimum: minimum).extent
  }

  @Test func `Events and what inputs state count, and what a graph file holds counts once`() {
    #expect(coverage([]) == .insufficient)
    #expect(coverage([input("text", events: 1)]) == .checked)
    #expect(coverage([input("lockdep", facts: 1)]) == .checked)
    // The file and the input inside of it.
    let graph = [input("graph", facts: 9), input("text", events: 4)]
    #expect(coverage(graph, minimum: 4) == .checked)
    #expect(coverage(graph, minimum: 5) == .insufficient)
    #expect(coverage([input("graph", facts: 9), input("text")]) == .insufficient)
    // What files state has no bound.
    let most = input("text", events: .max, facts: .max)
    #expect(coverage([most, most], minimum: .max) == .checked)
  }

  @Test func `Logs and programs without events pass by themselves, and show little`() {
    let (log, program) = (input("kernel-log"), input("running program"))
    #expect(coverage([log, program]) == .nothing)
    #expect(coverage([log, program, input("text")]) == .insufficient)
    #expect(coverage([log, program, input("text")], minimum: 0) == .nothing)
    #expect(coverage([log, input("text", events: 1)]) == .checked)
    #expect(coverage([program], minimum: 1) == .insufficient)
    let remarks = GateCoverage(Array(repeating: log, count: 30), minimum: nil).remarks
    #expect(remarks.count == 21 && !remarks.contains(where: \.isViolation))
    #expect(remarks.last?.text == "10 more inputs without events or reports")
  }

  @Test func `An input that is no trace is let through by nothing`() {
    let junk = input("text", doubt: .unreadable)
    for minimum: UInt64? in [nil, 0, 1] {
      #expect(coverage([junk], minimum: minimum) == .insufficient)
      #expect(coverage([junk, input("text", events: 9)], minimum: minimum) == .insufficient)
      let foreign = input("kernel-log", doubt: .foreign("has no lines of a log", expected: nil))
      #expect(coverage([foreign], minimum: minimum) == .insufficient)
    }
  }

  @Test func `A baseline keeps everything where nothing was checked`() throws {
    var gate = Gate(today: CalendarDate("2026-06-15")!)
    let before = try analyze("T1 acquire A\nT1 exit\n")
    gate.baseline = gate.baseline(recording: before, name: "b")
    #expect(gate.baseline?.entries.count == 1)
    let empty = try analyze("")
    for minimum: UInt64? in [nil, 0] {
      gate.minimumEvents = minimum
      #expect(gate.prunedBaseline(after: empty) == nil)
      #expect(gate.baseline(recording: empty, name: "b").entries == gate.baseline?.entries)
      #expect(gate.verdict(on: empty).remarks.map(\.text) == ["no events: nothing was checked"])
    }
    #expect(gate.prunedBaseline(after: try analyze("T1 acquire B\nT1 release B\n")) != nil)
  }

  @Test func `A merged graph tells of inputs that were no traces`() throws {
    let junk = NamedInput("junk", "nonsense\n")
    let graph = try merged([junk], keepGoing: true)
    let analysis = try analyze(inputs: [graph])
    #expect(analysis.inputs.map(\.doubt) == [nil, .unreadable])
    #expect(Gate().verdict(on: analysis).isUndecided)
  }
}
