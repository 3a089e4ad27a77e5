import Foundation
import TestSupport
import Testing

@Suite("Samples")
struct SampleTests {
  @Test("The table names every sample, and only samples that are there")
  func tableIsComplete() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Samples.folder)
      .filter {
        !["README.md", "bank-tests", "ci", "policy", "record", "spark-merge"].contains($0)
      }
    #expect(Samples.all.map(\.file).sorted() == files.sorted())
    #expect(files.count >= 12)
  }

  @Test("Every sample is judged as its row of the table says", arguments: Samples.all)
  func verdict(_ sample: Sample) throws {
    let analyzed = try lockdepCheck("analyze", "--format", "json", sample.path)
    #expect(analyzed.status == .exited(0))
    // Where the kernel's validator has reported it judges nothing any more, which is told.
    #expect(
      analyzed.messages.isEmpty
        || sample.format == "kernel-log" && analyzed.messages.contains("validator gave up"))
    let report = try Report(analyzed.output)
    #expect(report.findings.count == (sample.rule == nil ? 0 : 1))
    #expect(report.findings.first?.rule == sample.rule)
    #expect(report.findings.first?.confidence == sample.confidence)
    #expect(report.findings.first?.classes ?? [] == sample.classes)
    #expect(report.inputs.map(\.skipped) == [0])
    #expect(report.inputs.first?.format == sample.format)
    #expect(try lockdepCheck("gate", sample.path).status == .exited(sample.gateStatus))
  }

  @Test(
    "Every sample's text report names the rule, the classes and every line of evidence",
    arguments: Samples.all)
  func textReport(_ sample: Sample) throws {
    let report = try Report(lockdepCheck("analyze", "--format", "json", sample.path).output)
    let result = try lockdepCheck("analyze", sample.file, directory: Samples.folder)
    #expect(result.status == .exited(0))
    guard let finding = report.findings.first else {
      let waits = sample.file == "forgotten-signal.trace"
      #expect(result.text.hasPrefix(waits ? "What still waits\n" : "No violation found."))
      #expect(result.text.contains("No violation found, but 2 threads still wait.") == waits)
      return
    }
    let tag = [finding.rule, finding.confidence].compactMap(\.self).joined(separator: ", ")
    #expect(result.text.contains("[\(tag)]"))
    #expect(result.text.contains(finding.fingerprint))
    for lockClass in finding.classes { #expect(result.text.contains(lockClass)) }
    for edge in finding.edges {
      #expect(result.text.contains("\(sample.file):\(edge.witnesses[0].line)"))
      #expect(result.text.contains(edge.witnesses[0].thread))
    }
    #expect(result.text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test("Text samples begin with the version and tell their story", arguments: Samples.all)
  func story(_ sample: Sample) throws {
    let lines = try String(contentsOfFile: sample.path, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    switch sample.format {
    case "text":
      #expect(lines.first == "# lockgraph-trace 1")
      #expect(lines.dropFirst().prefix { $0.hasPrefix("# ") }.count >= 2)
    case "std": #expect(lines.prefix { $0.hasPrefix("// ") }.count >= 2)
    case "jsonl": #expect(lines.first == #"{"lockgraph-trace":1}"#)
    case "lttng": #expect(lines.first?.contains(" lttng_ust_") == true)
    case "lockdep": #expect(lines.first == "all lock classes:")
    case "lockdep-chains": #expect(lines.first == "all lock chains:")
    case "kernel-log": #expect(lines.first?.hasPrefix("[   ") == true)
    default: break
    }
  }

  @Test("The places of a scenario stand below their locks, and further in")
  func scenarioColumns() throws {
    let lines = try lockdepCheck("analyze", "\(Samples.folder)/module-removal.trace").text
      .split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex { $0.contains("holds module_mutex") })
    #expect(lines[start].hasPrefix("    holds module_mutex   "))
    #expect(lines[start + 1].hasPrefix("      at kernel/module/main.c:2841   "))
    #expect(lines[start + 1].hasSuffix("     at net/core/rtnetlink.c:74"))
  }

  @Test("The place where a thread ends is shown")
  func placeOfExit() throws {
    let result = try lockdepCheck("analyze", "held-at-exit.trace", directory: Samples.folder)
    #expect(result.text.contains("upload-12 ends at upload.py:61 (held-at-exit.trace:6)"))
  }

  @Test("That one thread alone uses both orders hides no other thread that uses one of them")
  func otherThread() throws {
    let one = Traces.ordering
    let other = Traces.otherOrder
    for trace in [one + other, other + one] {
      let report = try Report(lockdepCheck("analyze", "--format", "json", input: trace).output)
      #expect(report.findings.map(\.confidence) == ["predicted"])
    }
  }

  @Test("An interrupted wait makes its inversion recoverable, others do not")
  func recoverable() throws {
    func isRecoverable(_ file: String) throws -> Bool? {
      try Report(
        lockdepCheck("analyze", "--format", "json", "\(Samples.folder)/\(file)").output
      ).findings.first?.recoverable
    }
    #expect(try isRecoverable("module-removal.trace") == true)
    #expect(try isRecoverable("abba.trace") == false)
    #expect(try isRecoverable("held-at-exit.trace") == nil)
  }

  @Test("An inversion is not recoverable if the same locks are also taken without a way out")
  func notRecoverable() throws {
    let interruptible = "T3 acquire B\nT3 acquire A interruptible\nT3 release A\nT3 release B\n"
    let orders = [Traces.oneOrder, interruptible, Traces.otherOrder]
    let oneThread = [Traces.oneOrder, interruptible.replacing("T3", with: "T2"), Traces.otherOrder]
    for trace in [orders, orders.reversed(), oneThread, oneThread.reversed()] {
      let report = try Report(
        lockdepCheck("analyze", "--format", "json", input: trace.joined()).output)
      #expect(report.findings.map(\.recoverable) == [false])
    }
  }
}
