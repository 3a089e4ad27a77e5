import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct KernelTimeTests {
  @Test(arguments: [
    ("16.318850", 16_318_850_000), ("16.318850123", 16_318_850_123), ("0.000000", 0),
    ("2117069us+", 2_117_069_000), ("2117069us ", 2_117_069_000), ("0us", 0),
    ("1720.415ms (+0.012ms)", 1_720_415_000),
    ("9223372036.854775807", Int64.max), ("1.0000000019", 1_000_000_001),
  ])
  func `Times are exact`(text: String, nanoseconds: Int64) {
    #expect(Array(text.utf8).withUnsafeBytes { KernelTime.nanoseconds($0) } == nanoseconds)
  }

  @Test(arguments: [
    "", ".", "x", "9223372036.854775808", "9223372036854775808", "99999999999999999us", "16318850",
    "1720 (+12)",
  ])
  func `What is no time, too large or the count of another clock is none`(text: String) {
    #expect(Array(text.utf8).withUnsafeBytes { KernelTime.nanoseconds($0) } == nil)
  }

  @Test func `Every event of a line has its time`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", "00000000d62be939 a", flags: "d.s1.")
    trace.add(line: "    init-1         0d.s1. 2117069us+: lock_release: 00000000d62be939 a")
    try withEvents(of: trace.text) { events, _ in
      #expect(events.events[0].time == nil)
      #expect(
        events.events.dropFirst().map(\.time)
          == [16_318_851_000, 16_318_851_000, 16_318_851_000, 16_318_851_000, 2_117_069_000])
    }
  }

  @Test func `Whoever has no use for times gets none`() {
    #expect(!Validator.usesTimes)
  }
}
