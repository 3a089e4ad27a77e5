import TestSupport
import Testing

/// An output must not take the place of an input or of another output.
struct OverwritingTests {
  @Test("An output that is an input is refused and the input kept")
  func input() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Traces.feasible, to: "kept.trace")
    for arguments in [
      ["analyze", file, "-o", file], ["gate", file, "--svg", file],
      ["render", file, "--format", "svg", "-o", file],
    ] {
      let result = try lockdepCheck(arguments: arguments)
      #expect(result.status == .exited(64))
      #expect(result.messages.contains("is named twice"))
    }
    #expect(try lockdepCheck("analyze", file).text.contains("taken in both orders"))
  }

  @Test("Two outputs in one file are refused")
  func outputs() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Traces.feasible, to: "a.trace")
    let target = file + ".svg"
    #expect(try lockdepCheck("analyze", file, "-o", target, "--svg", target).status == .exited(64))
  }

  @Test("The gate says what it did not count")
  func gateNotes() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Traces.feasible, to: "a.trace")
    let passed = try lockdepCheck("gate", "--fail-on", "observed", file)
    #expect(passed.status == .exited(0))
    #expect(passed.messageLines == ["gate: passed; 1 below --fail-on"])
  }
}
