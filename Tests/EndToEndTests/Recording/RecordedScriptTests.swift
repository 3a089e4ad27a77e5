#if os(Linux)
  import Foundation
  import TestSupport
  import Testing

  @Suite("Random programs, recorded", .needs("a compiler for C", RecordedPrograms.hasCompiler))
  struct RecordedScriptTests {
    private struct Report: Decodable {
      struct Finding: Decodable {
        struct Edge: Decodable {
          var witnesses: [Witness]
        }
        struct Witness: Decodable {
          var held: Lock
          var wanted: Lock
        }
        struct Lock: Decodable {
          var lock: String
        }
        var rule: String
        var confidence: String?
        var edges: [Edge]?
        var title: String
      }
      var findings: [Finding]

      /// What does not depend on which of several witnesses was first.
      var texts: [String] {
        findings.map { finding in
          let locks = Set(
            (finding.edges ?? []).flatMap(\.witnesses).flatMap { [$0.held.lock, $0.wanted.lock] })
          return "\(finding.rule) \(finding.confidence ?? "") \(locks.sorted())"
        }.sorted()
      }
    }

    private func findings(_ path: String) throws -> [String] {
      try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        .texts
    }

    @Test("A recording has the verdict of the sequence of events that the program played")
    func verdicts() throws {
      let program = try RecordedPrograms.script.get()
      let folder = try TemporaryFolder()
      var environment = ProcessInfo.processInfo.environment
      environment["LOCKGRAPH_DEBUGGER"] = "none"
      var inversions = 0
      try withSeeds(0..<40) { generator in
        let script = RecordedScript(&generator)
        let steps = try folder.write(script.steps, to: "steps")
        let trace = try folder.write(script.trace, to: "events.trace")
        let level = ["all", "shapes", "orders"].randomElement(using: &generator)!
        let (recorded, expected) = (folder.file("recorded.json"), folder.file("expected.json"))
        let run = try lockdepCheck(
          arguments: [
            "run", "--policy", "none", "--level", level, "--format", "json", "-o", recorded, "--",
            program, steps,
          ], environment: environment)
        #expect(
          [.exited(0), .exited(1)].contains(run.status),
          "\(TestContext.description)\n\(run.messages)")
        let analysis = try lockdepCheck("analyze", "--format", "json", "-o", expected, trace)
        #expect(analysis.status == .exited(0), "\(TestContext.description)\n\(analysis.messages)")
        let (found, wanted) = (try findings(recorded), try findings(expected))
        #expect(
          found == wanted, "\(TestContext.description), level \(level)\n\(script.trace)")
        inversions += wanted.count
      }
      #expect(inversions > 0)
    }
  }
#endif
