import LockGraphEngine
import TestSupport
import Testing

/// A report is the same report whoever carries it.
@Suite struct LogCarrierTests {
  private struct Identity: Hashable {
    var rule: Rule
    var classes: [String]
    var fingerprint: String
  }

  private func identities(_ log: String, format: TraceFormat? = nil) throws -> [Identity] {
    try analyze(log, format: format).findings.map {
      Identity(rule: $0.rule, classes: $0.classes, fingerprint: $0.fingerprint)
    }
  }

  /// Logs whose lines have times and nothing else before them.
  private static let logs: [String] = [
    "splat_abba_interruptible", "splat_irq_safe_unsafe", "splat_recursive_class",
    "class-number-8", "sleeping-function", "scheduling-while-atomic", "hung-tasks-with-locks",
    "hung-tasks-likely-owned", "non-static-key", "still-held-in-freezer", "spinlock-debug",
    "irq-inversion-other-side", "cut-off-chain", "arm64-dump-backtrace", "arm32-backtrace",
  ]

  @Test func `There are many of them`() {
    #expect(LogCarrier.all.count >= 60)
    #expect(Set(LogCarrier.all.map(\.name)).count == LogCarrier.all.count)
  }

  @Test(arguments: LogCarrier.all)
  func `Every report has its findings and fingerprints whatever carries it`(
    _ carrier: LogCarrier
  ) throws {
    for name in Self.logs {
      let log = try KernelLogFile.named(name).text
      let plain = try identities(log)
      #expect(!plain.isEmpty)
      let carried = carrier(log)
      #expect(try identities(carried, format: .kernelLog) == plain, "\(name)")
    }
  }

  @Test(arguments: LogCarrier.all)
  func `A log is recognised whatever carries it`(_ carrier: LogCarrier) throws {
    let log = carrier(try KernelLogFile.named("splat_abba_interruptible").text)
    // What looks like other formats at a glance has to be named.
    guard !log.hasPrefix("{") else { return }
    #expect(try analyze(log, keepGoing: true).inputs[0].format == "kernel-log")
  }
}
