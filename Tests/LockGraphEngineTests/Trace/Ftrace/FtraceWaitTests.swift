import LockGraphEngine
import TestSupport
import Testing

/// Waits of a capture that end with an error, and releases by those who do not hold the lock.
@Suite struct FtraceWaitTests {
  private let a = "0000000000000001 A"
  private let b = "0000000000000002 B"

  /// Two tasks come to wait for each other; the wait of the first is said to end, or not, before
  /// the second one's begins.
  private func crossing(end: String?, hasContended: Bool = true) -> String {
    var trace = KernelTrace()
    for (task, lock) in [("a-10", a), ("b-11", b)] {
      trace.add("lock_acquire", lock, task: task)
      trace.add("lock_acquired", lock, task: task)
    }
    trace.add("lock_acquire", b, task: "a-10")
    if hasContended { trace.add("lock_contended", b, task: "a-10") }
    trace.add("contention_begin", "0000000000000003 (flags=MUTEX)", task: "a-10")
    if let end { trace.add("contention_end", "0000000000000003 (ret=\(end))", task: "a-10") }
    trace.add("lock_acquire", a, task: "b-11")
    trace.add("lock_contended", a, task: "b-11")
    trace.add("lock_release", b, task: "a-10")
    trace.add("lock_release", a, task: "a-10")
    trace.add("lock_acquired", a, task: "b-11")
    trace.add("lock_release", a, task: "b-11")
    trace.add("lock_release", b, task: "b-11")
    return trace.text
  }

  @Test(arguments: ["-4", "-35", "-110", "-1"])
  func `A wait that ended with an error is over, and its release is none`(end: String) throws {
    for hasContended in [true, false] {
      #expect(
        try analyze(crossing(end: end, hasContended: hasContended)).verdicts
          == ["lock-order-inversion feasible A B"], "\(hasContended)")
    }
  }

  @Test func `A wait that goes on, or ended well, is none that is over`() throws {
    for end in [nil, "0"] {
      #expect(
        try analyze(crossing(end: end)).verdicts.contains("deadlock observed A B"), "\(end ?? "")")
    }
  }

  @Test func `A lock of another task is released by nobody else`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", a, task: "a-10")
    trace.add("lock_release", a, task: "b-11")
    let findings = try analyze(trace.text).findings
    #expect(findings.map(\.title) == ["b-11 releases A, which a-10 holds"])
    // What may have been taken before the capture, or in a gap, is no finding.
    var before = KernelTrace()
    before.add("lock_release", a, task: "b-11")
    #expect(try analyze(before.text).findings.isEmpty)
    var reader = KernelTrace()
    reader.add("lock_acquire", "0000000000000001 read A", task: "a-10")
    reader.add("lock_release", a, task: "b-11")
    #expect(try analyze(reader.text).findings.isEmpty)
    var gap = KernelTrace(hasHeader: false)
    gap.add("lock_acquire", a, task: "a-10")
    gap.add(line: "CPU:0 [LOST 12 EVENTS]")
    gap.add("lock_release", a, task: "b-11")
    #expect(try analyze(gap.text).findings.isEmpty)
  }

  @Test func `An interrupt does not hold what it came into`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", a, task: "a-10")
    trace.add("lock_release", a, task: "a-10", flags: "d.h1.")
    trace.add("lock_release", a, task: "a-10")
    let findings = try analyze(trace.text).findings
    #expect(
      findings.map(\.title) == [
        "a-10 releases A in hardirq context, which the interrupted code holds"
      ])
    // Its own it does, and what is left of one interrupt in the next.
    var own = KernelTrace()
    own.add("lock_acquire", a, task: "a-10", flags: "d.h1.")
    own.add("lock_release", a, task: "a-10", flags: "d.h1.")
    #expect(try analyze(own.text).findings.isEmpty)
  }
}
