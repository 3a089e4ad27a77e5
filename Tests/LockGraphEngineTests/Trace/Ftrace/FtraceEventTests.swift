import LockGraphEngine
import TestSupport
import Testing

@Suite struct FtraceEventTests {
  private let a = "00000000d62be939 lock_a"
  private let b = "00000000d62be93a lock_b"

  @Test func `Orders of two tasks that contradict are found`() throws {
    var trace = KernelTrace()
    trace.nest(a, b, task: "one-10")
    trace.nest(b, a, task: "two-11")
    let finding = try #require(analyze(trace.text).findings.first)
    #expect(finding.rule == .lockOrderInversion)
    #expect(finding.confidence == .feasible)
    #expect(finding.classes == ["lock_a", "lock_b"])
    let witness = finding.edges[0].witnesses[0]
    #expect(witness.thread == "one-10")
    #expect(witness.held.lock == "lock_a@00000000d62be939")
    #expect(witness.held.line == 7)
    #expect(witness.line == 8)
  }

  @Test func `Modes and tries are read`() throws {
    var trace = KernelTrace()
    trace.nest("00000000d62be939 read lock_a", b)
    trace.nest(
      b, "00000000d62be93b try lock_c", "00000000d62be93c try read lock_d",
      "00000000d62be93d lock_e")
    let edges = try analyze(trace.text).edges
    #expect(
      edges == [
        "lock_a -> lock_b [SN]", "lock_b -> lock_e [EN]", "lock_c -> lock_e [EN]",
        "lock_d -> lock_e [SN]",
      ])
  }

  @Test func `A read in an interrupt is recursive and one in a task is not`() throws {
    for (flags, kind) in [(".....", "EN"), ("d.h1.", "ER"), ("..s1.", "ER"), ("d.H1.", "ER")] {
      var trace = KernelTrace()
      trace.nest(a, "00000000d62be93a read lock_b", flags: flags)
      #expect(try analyze(trace.text).edges == ["lock_a -> lock_b [\(kind)]"])
    }
  }

  @Test func `An acquisition after a wait has the order of its request`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", a)
    trace.add("lock_acquire", b)
    trace.add("lock_contended", b)
    trace.add("lock_acquired", b)
    trace.add("lock_acquire", "00000000d62be93b lock_c")
    let analysis = try analyze(trace.text)
    #expect(
      analysis.edges == [
        "lock_a -> lock_b [EN]", "lock_a -> lock_c [EN]", "lock_b -> lock_c [EN]",
      ])
    #expect(analysis.graph.dependencies.allSatisfy { $0.count == 1 })
  }

  @Test func `A wait that ends in a release is abandoned`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", a)
    trace.add("lock_acquire", b)
    trace.add("lock_contended", b)
    trace.add("lock_release", b)
    trace.add("lock_acquire", "00000000d62be93b lock_c")
    let analysis = try analyze(trace.text)
    #expect(analysis.edges == ["lock_a -> lock_b [EN]", "lock_a -> lock_c [EN]"])
    #expect(analysis.findings.isEmpty)
  }

  @Test func `While it waits a task does not hold the lock`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", a, task: "one-10")
    trace.add("lock_contended", a, task: "one-10")
    trace.nest("00000000d62be93b lock_c", task: "one-10")
    #expect(try analyze(trace.text).edges.isEmpty)
  }

  @Test func `What another task asks for does not change how a waiter gets its lock`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", "00000000d62be939 read lock_a", task: "one-10")
    trace.add("lock_acquire", a, task: "two-11")
    trace.add("lock_contended", a, task: "one-10")
    trace.add("lock_acquired", a, task: "one-10")
    trace.add("lock_acquire", b, task: "one-10")
    #expect(try analyze(trace.text).edges == ["lock_a -> lock_b [SN]"])
  }

  @Test func `Two locks of a name are no finding and one address twice is`() throws {
    var trace = KernelTrace()
    trace.nest("00000000d62be939 same", "00000000d62be93a same")
    #expect(try analyze(trace.text).findings.isEmpty)
    trace.nest("00000000d62be939 same", "00000000d62be939 same")
    let findings = try analyze(trace.text).findings
    #expect(findings.map(\.confidence) == [.feasible])
    #expect(findings.map(\.classes) == [["same"]])
  }

  @Test func `One address with two names is two locks`() throws {
    var trace = KernelTrace()
    trace.nest("00000000d62be939 first", b)
    trace.nest(b, "00000000d62be939 second")
    let analysis = try analyze(trace.text)
    #expect(analysis.findings.isEmpty)
    #expect(analysis.summary.locks == 3)
  }

  @Test func `Releases at the start and locks held at the end are no findings`() throws {
    var trace = KernelTrace()
    trace.add("lock_release", a)
    trace.add("lock_acquire", b)
    let analysis = try analyze(trace.text)
    #expect(analysis.findings.isEmpty)
    #expect(analysis.inputs[0].format == "ftrace")
    #expect(analysis.inputs[0].events == 2)
  }

  @Test func `A release without a hold in the middle is a finding`() throws {
    var trace = KernelTrace()
    trace.nest(a)
    trace.add("lock_release", a)
    #expect(try analyze(trace.text).verdicts == ["release-not-held lock_a"])
  }

  @Test(arguments: [
    "rcu_read_lock", "rcu_read_lock_bh", "rcu_read_lock_sched", "rcu_callback", "my_srcu",
  ])
  func `Read-copy-update takes no part in the order`(name: String) throws {
    var trace = KernelTrace()
    trace.nest("00000000d62be93c read \(name)", a)
    trace.nest(b, "00000000d62be93c read \(name)")
    #expect(try analyze(trace.text).edges.isEmpty)
  }

  @Test func `Sequence counters are read recursively`() throws {
    var trace = KernelTrace()
    trace.nest(a, "00000000d62be93c read my_seqcount")
    #expect(try analyze(trace.text).edges == ["lock_a -> my_seqcount [ER]"])
  }

  @Test func `Names run to the end of the line`() throws {
    let name = "(work_completion)(&(({ do { const void *__vpp_verify = \"x\"; } while (0); })))"
    var trace = KernelTrace()
    trace.nest("00000000d62be939 \(name)")
    #expect(try analyze(trace.text).graph.classes.map(\.name) == [name])
  }
}
