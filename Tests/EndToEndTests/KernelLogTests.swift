import Foundation
import TestSupport
import Testing

/// The command with logs of kernels as people have them.
@Suite struct KernelLogTests {
  @Test(arguments: KernelLogFile.all)
  func `The command finds in a log what is in it`(_ file: KernelLogFile) throws {
    let result = try lockdepCheck("analyze", "--format", "json", file.path)
    #expect(result.status == .exited(0))
    let report = try Report(result.output)
    let verdicts = report.findings.map { finding in
      ([finding.rule] + (finding.confidence.map { [$0] } ?? []) + finding.classes)
        .joined(separator: " ")
    }
    #expect(verdicts == file.verdicts)
    #expect(report.inputs.first?.format == "kernel-log")
  }

  @Test func `No log with a report passes the gate`() throws {
    for file in KernelLogFile.all where !file.verdicts.isEmpty {
      let result = try lockdepCheck("gate", "--fail-on", "ordering", file.path)
      #expect(result.status == .exited(1), "\(file)")
    }
    #expect(
      try lockdepCheck("gate", KernelLogFile.named("clean-dmesg-T").path).status == .exited(0))
    #expect(
      try lockdepCheck(
        "gate", "--fail-on-waits", KernelLogFile.named("hung-task-behind-runner").path
      ).status == .exited(1))
  }

  @Test func `A baseline of one boot holds for another`() throws {
    let folder = try TemporaryFolder()
    let baseline = folder.file("known.json")
    let first = try lockdepCheck(
      "gate", "--fail-on", "ordering", "--write-baseline", baseline,
      KernelLogFile.named("class-number-8").path)
    #expect(first.status == .exited(0))
    let second = try lockdepCheck(
      "gate", "--fail-on", "ordering", "--baseline", baseline,
      KernelLogFile.named("class-number-31").path)
    #expect(second.status == .exited(0))
    #expect(!(second.text + second.messages).contains("fixed"))
  }

  @Test func `All reports can tell of a report that is cut off`() throws {
    let path = KernelLogFile.named("cut-off-chain").path
    for format in ["text", "json", "sarif", "junit", "github", "gitlab", "markdown"] {
      let result = try lockdepCheck("gate", "--fail-on", "ordering", "--format", format, path)
      #expect(result.status == .exited(1), "\(format)")
      #expect(result.text.contains("cut off"), "\(format)")
    }
  }
}
