import LockGraphEngine
import TestSupport
import Testing

@Suite struct PerfReaderTests {
  private func line(
    _ event: String, _ rest: String, task: String = "ls 7", cpu: Int = 0
  ) -> String {
    "\(task) [00\(cpu)] 12319.550497: lock:\(event): 0xffff888100000\(rest)\n"
  }

  @Test func `An event has the callchain that follows it`() throws {
    let text =
      line("lock_acquire", "001 a")
        + """
        \tffffffff81101d7e lock_acquire+0x10e ([kernel.kallsyms])
        \tffffffff8110101d _raw_spin_lock+0x4d ([kernel.kallsyms])
          ffffffff81101020 my_func+0x12 ([my module])
          my module[ffffffff81101020]
        \t           81e3 ns::f(int, char)+0x333 (/usr/lib/x (deleted))
        \t           81e4 inlined_one (inlined)
        \t    7f4f758a38a8 [unknown] ([unknown])
        \t    7f4f758a38a9


        """ + line("lock_release", "001 a") + "\tffffffff81101d7e a;b ([kernel.kallsyms])\n"
    try withEvents(of: text) { events, input in
      #expect(input.format == "perf")
      #expect(input.events == 2)
      #expect(
        events.descriptions == [
          "* lost 1",
          "ls-7 acquire a@0xffff888100000001 write class=a "
            + "stack=my_func;ns::f(int, char);inlined_one;[unknown];7f4f758a38a9",
          "ls-7 release a@0xffff888100000001 stack=a,b",
        ])
      #expect(events.events.map(\.line) == [1, 1, 11])
      #expect(events.events[2].time == 12_319_550_497_000)
    }
  }

  @Test func `A callchain of nothing but the lock's own code is shown`() throws {
    let text =
      line("lock_acquire", "001 a") + "\tffffffff81101d7e lock_acquire+0x1 ([kernel.kallsyms])\n"
      + "\tffffffff81101d7e __mutex_lock+0x1 ([kernel.kallsyms])\n"
    try withEvents(of: text) { events, _ in
      #expect(events.texts[1].stack == "lock_acquire;__mutex_lock")
    }
  }

  @Test func `Events without callchains need no empty lines`() throws {
    let text =
      "# captured on    : today\n#\n" + line("lock_acquire", "001 try read a")
      + line("lock_contended", "001 a") + line("lock_acquired", "001 a")
      + line("contention_begin", "001 (flags=SPIN)") + line("lock_release", "001 a")
    try withEvents(of: text) { events, input in
      #expect(input.events == 5)
      #expect(
        events.descriptions.dropFirst() == [
          "ls-7 acquire a@0xffff888100000001 read try class=a",
          "ls-7 request a@0xffff888100000001 known",
          "ls-7 acquire a@0xffff888100000001",
          "ls-7 release a@0xffff888100000001",
        ])
      #expect(events.events.map(\.line) == [3, 3, 4, 5, 7])
    }
  }

  @Test func `Callchains of other events are nobody's`() throws {
    let text =
      line("lock_acquire", "001 a") + line("contention_begin", "001 (flags=SPIN)")
      + "\tffffffff81101d7e f+0x1 ([kernel.kallsyms])\n\n" + line("lock_release", "001 a")
    try withEvents(of: text) { events, _ in
      #expect(!events.descriptions.contains { $0.contains("stack=") })
      #expect(events.events.count == 3)
    }
  }

  @Test func `Orders that contradict are found with their stacks`() throws {
    func stack(_ name: String) -> String {
      "\tffffffff81101d7e \(name)+0x1 ([kernel.kallsyms])\n\n"
    }
    var text = ""
    for (task, first, second) in [("one 10", "001 a", "002 b"), ("two 11", "002 b", "001 a")] {
      text += line("lock_acquire", first, task: task) + stack("outer_\(task.prefix(3))")
      text += line("lock_acquire", second, task: task) + stack("inner_\(task.prefix(3))")
      text += line("lock_release", second, task: task) + stack("unlock")
      text += line("lock_release", first, task: task) + stack("unlock")
    }
    let finding = try #require(analyze(text).findings.first)
    #expect(finding.rule == .lockOrderInversion)
    #expect(finding.confidence == .feasible)
    let witness = finding.edges[0].witnesses[0]
    #expect(witness.thread == "one-10")
    #expect(witness.wanted.stack == ["inner_one"])
    #expect(witness.held.stack == ["outer_one"])
  }

  @Test func `Two locks of a name are no finding`() throws {
    let text =
      line("lock_acquire", "001 a") + line("lock_acquire", "002 a") + line("lock_release", "002 a")
      + line("lock_release", "001 a")
    #expect(try analyze(text).findings.isEmpty)
  }

  @Test func `Lost records are told of and others are not`() throws {
    let text =
      line("lock_acquire", "001 a")
        + """
                      ls 20651 [000] 12492.936592: PERF_RECORD_LOST lost 7
                 swapper     0 [000]     0.000000: PERF_RECORD_FORK(1:1):(0:0)

        """
    try withEvents(of: text) { events, input in
      #expect(
        events.descriptions == [
          "* lost 1", "ls-7 acquire a@0xffff888100000001 write class=a", "* lost 7",
        ])
      #expect(input.events == 1)
    }
  }

  @Test func `A task that changes its processor may have lost something`() throws {
    let text = line("lock_acquire", "001 a") + line("lock_acquire", "002 b", cpu: 1)
    #expect(try analyze(text).edges.isEmpty)
  }

  @Test func `A thread is known by its number and may get its name later`() throws {
    let text =
      line("lock_acquire", "001 a", task: ":7 7") + line("lock_acquire", "002 b", task: "late 7")
      + line("lock_acquire", "002 b", task: "swapper     0", cpu: 1)
    try withEvents(of: text) { events, _ in
      #expect(events.threads == ["late-7", "idle/1"])
    }
  }

  @Test func `A capture of contention alone is warned about`() throws {
    let text = line("contention_begin", "001 (flags=SPIN)")
    let warnings = try analyze(text).inputs[0].warnings
    #expect(warnings.count == 1)
    #expect(warnings[0].hasPrefix("no lock_acquire among the events"))
    #expect(try analyze(text + line("lock_acquire", "001 a")).inputs[0].warnings.isEmpty)
  }

  @Test func `A bad line is an error with its place, and the event before it counts`() throws {
    let good = line("lock_acquire", "001 a")
    for (bad, message, column) in [
      ("nonsense", "not a line of perf script", 1),
      ("ls 7 [000] 12319.550497: lock:lock_acquire: zz a", "a bad address of a lock", 45),
      ("ls 7 [000] 12319.550497: lock:lock_acquire: 0xff", "the name of the lock is missing", 49),
    ] {
      let error = try #require(failure(of: good + bad + "\n" + good))
      #expect(error.line == 2)
      #expect(error.message == message)
      #expect(error.column == column)
      let analysis = try analyze(good + bad + "\n" + good, keepGoing: true)
      #expect(analysis.inputs[0].events == 2)
      #expect(analysis.inputs[0].skipped == 1)
    }
  }
}
