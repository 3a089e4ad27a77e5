import LockGraphEngine
import TestSupport
import Testing

/// What is particular to captures: tasks, contexts, and events that are missing.
@Suite struct FtraceCaptureTests {
  private let a = "00000000d62be939 lock_a"
  private let b = "00000000d62be93a lock_b"

  @Test func `A task is its number and its name may come later`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", a, task: "<...>-10")
    trace.add("lock_acquire", b, task: "late name-10")
    trace.nest(b, a, task: "other-11")
    let finding = try #require(analyze(trace.text).findings.first)
    #expect(finding.edges[0].witnesses[0].thread == "late name-10")
    #expect(try analyze(trace.text).summary.threads == 2)
  }

  @Test func `The idle tasks are one a processor`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", a, task: "<idle>-0", cpu: 0)
    trace.add("lock_acquire", b, task: "<idle>-0", cpu: 1)
    trace.add("lock_acquire", "00000000d62be93b lock_c", task: "<idle>-0", cpu: 1)
    let analysis = try analyze(trace.text)
    #expect(analysis.edges == ["lock_b -> lock_c [EN]"])
    #expect(analysis.summary.threads == 2)
    let witness = try #require(analysis.graph.witnesses(of: analysis.graph.dependencies[0]).first)
    #expect(witness.thread == "idle/1")
  }

  @Test func `Locks of an interrupt have no order with those of the task`() throws {
    for flags in ["d.h1.", "..s1.", "d.H1.", "d.z1.", "d.Z1."] {
      var trace = KernelTrace()
      trace.add("lock_acquire", a)
      trace.nest(b, "00000000d62be93b lock_c", flags: flags)
      trace.add("lock_acquire", "00000000d62be93c lock_d")
      #expect(
        try analyze(trace.text).edges == ["lock_a -> lock_d [EN]", "lock_b -> lock_c [EN]"],
        "\(flags)")
    }
  }

  @Test func `A hardirq inside a softirq comes back to the softirq`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", a, flags: "..s1.")
    trace.nest(b, flags: "d.H1.")
    trace.add("lock_acquire", "00000000d62be93b lock_c", flags: "..s1.")
    #expect(try analyze(trace.text).edges == ["lock_a -> lock_c [EN]"])
  }

  @Test func `After lost events nothing is known to be held`() throws {
    var trace = KernelTrace(hasHeader: false)
    trace.add("lock_acquire", a)
    trace.add(line: "CPU:0 [LOST 7529 EVENTS]")
    trace.add("lock_release", a)
    trace.add("lock_acquire", b)
    trace.add("lock_release", a)
    trace.add("lock_contended", b, task: "other-9")
    trace.add("lock_acquired", b, task: "other-9")
    let analysis = try analyze(trace.text)
    #expect(analysis.findings.isEmpty)
    #expect(analysis.edges.isEmpty)
  }

  @Test func `A capture from the pipe that changes processor may have lost something`() throws {
    for (hasHeader, edges) in [(true, ["lock_a -> lock_b [EN]"]), (false, [])] {
      var trace = KernelTrace(hasHeader: hasHeader)
      trace.add("lock_acquire", a, cpu: 0)
      trace.add("lock_acquire", b, cpu: 1)
      #expect(try analyze(trace.text).edges == edges)
    }
  }

  @Test func `After an overrun the events before the last processor's first are dropped`() throws {
    var trace = KernelTrace(hasHeader: false)
    trace.add(line: "# tracer: nop")
    trace.add(line: "# entries-in-buffer/entries-written: 6/600   #P:4")
    trace.nest(a, b, cpu: 0)
    trace.add("lock_acquire", b, task: "two-2", cpu: 1)
    trace.add("lock_acquire", a, task: "two-2", cpu: 1)
    let analysis = try analyze(trace.text)
    #expect(analysis.edges == ["lock_b -> lock_a [EN]"])
    #expect(
      analysis.inputs[0].warnings == [
        "the ring buffer overran: 4 events before the last CPU's first one were left out"
      ])
  }

  @Test func `An overrun is known from the header of the latency format, too`() throws {
    func line(_ lock: String, cpu: Int) -> String {
      "    init-1         \(cpu)..... 2116360us!: lock_acquire: \(lock)\n"
    }
    for (counts, warning) in [("3/600", true), ("3/3", false)] {
      let analysis = try analyze(
        "# tracer: nop\n#\n# latency: 0 us, #\(counts), CPU#0 | (M:preempt VP:0, KP:0, SP:0 HP:0 #P:2)\n"
          + line(a, cpu: 0) + line(b, cpu: 1) + line("00000000d62be93b lock_c", cpu: 0))
      #expect(analysis.inputs[0].warnings.isEmpty == !warning)
      #expect(analysis.edges.count == (warning ? 1 : 3))
    }
  }

  @Test func `Without an overrun nothing is dropped`() throws {
    var trace = KernelTrace()
    trace.nest(a, b, cpu: 0)
    let analysis = try analyze(trace.text)
    #expect(analysis.edges == ["lock_a -> lock_b [EN]"])
    #expect(analysis.inputs[0].warnings.isEmpty)
  }

  @Test func `Hidden addresses are an error`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", "(____ptrval____) lock_a")
    let error = try #require(failure(of: trace.text))
    #expect(error.line == 7)
    #expect(error.column == 66)
    #expect(error.message == "the addresses of locks are hidden, so locks cannot be told apart")
    #expect(error.expected == "a capture from later after the boot, or with no_hash_pointers")
  }

  @Test func `Events without their tasks are an error`() throws {
    for header in ["", "# tracer: nop\n"] {
      let error = try #require(failure(of: header + "lock_acquire: \(a)\n"))
      #expect(
        error.message == "events without their tasks, so that nothing can be told from them")
      #expect(error.expected == "a capture with the trace option 'context-info'")
    }
  }

  @Test func `Stack traces are passed over`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", a)
    trace.add(line: "            init-1       [000] .....    16.318850: <stack trace>")
    trace.add(line: " => lock_acquire")
    trace.add(line: " => do_syscall_64")
    trace.add(line: "            init-1       [000] .....    16.318850: <user stack trace>")
    trace.add(line: " =>  <00007f3a8d5b1e4b>")
    trace.add(
      line: "            init-1       [000] .....    16.318850: kernel_stack: <stack trace >")
    trace.add(line: "=> do_syscall_64 (ffffffff821ed511)")
    trace.add("lock_acquire", b)
    let analysis = try analyze(trace.text)
    #expect(analysis.edges == ["lock_a -> lock_b [EN]"])
  }

  @Test func `A bad address and a missing name are errors`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", "xyz lock_a")
    #expect(failure(of: trace.text)?.message == "a bad address of a lock")
    trace = KernelTrace()
    trace.add("lock_acquire", "00000000d62be939 ")
    #expect(failure(of: trace.text)?.message == "the name of the lock is missing")
  }

  @Test func `Names that a capture lost are those of the last acquisition`() throws {
    var trace = KernelTrace()
    trace.nest(a)
    trace.add("lock_acquire", a)
    trace.add("lock_release", "00000000d62be939 ")
    trace.add("lock_acquire", b)
    let analysis = try analyze(trace.text)
    #expect(analysis.edges.isEmpty)
    #expect(analysis.findings.isEmpty)
  }

  @Test func `The last line may be cut off`() throws {
    var trace = KernelTrace()
    trace.nest(a, b)
    let analysis = try analyze(trace.text + "            init-1       [000] .....    16.3188")
    #expect(analysis.inputs[0].events == 4)
    #expect(analysis.inputs[0].warnings == ["line 11, the last one, is cut off and was left out"])
  }
}
