import LockGraphEngine
import TestSupport
import Testing

/// Logs as people have them: what is read, and what is not claimed.
@Suite struct KernelLogFileTests {
  private func analysis(_ name: String) throws -> Analysis {
    try analyze(KernelLogFile.named(name).text)
  }

  private func finding(_ name: String, _ rule: Rule? = nil) throws -> Finding {
    let findings = try analysis(name).findings
    return try #require(findings.first { rule == nil || $0.rule == rule })
  }

  private func places(_ finding: Finding) -> [String?] {
    finding.edges.map { $0.witnesses[0].wanted.place }
  }

  @Test(arguments: KernelLogFile.all)
  func `A log as people have it is read`(_ file: KernelLogFile) throws {
    let analysis = try analyze(file.text)
    #expect(analysis.inputs[0].format == "kernel-log")
    #expect(analysis.verdicts == file.verdicts)
    if let remark = file.remark {
      #expect(analysis.inputs[0].warnings.contains { $0.contains(remark) })
    }
  }

  @Test func `Callers stand in brackets with blanks`() throws {
    let edge = try finding("dmesg-caller-space").edges[0].witnesses[0]
    #expect(edge.thread == "test/928")
    #expect(edge.held.place == "outer+0x10/0x20")
    #expect(edge.wanted.place == "inner+0x10/0x20")
  }

  @Test func `Where nothing may sleep, the lock and who sleeps are named`() throws {
    let sleeping = try finding("sleeping-function")
    #expect(sleeping.title == "dd/757 may sleep while it holds &a->spin")
    #expect(sleeping.events.map(\.place) == ["inner+0x10/0x20", "outer+0x7d/0xb0"])
    let scheduling = try finding("scheduling-while-atomic")
    #expect(scheduling.title == "worker/0:1/88 may sleep while it holds &d->spin")
    #expect(scheduling.events[0].place == "waits_under_spin+0x33/0x60 [drv]")
    let plain = try finding("sleeping-without-lockdep")
    #expect(plain.title == "my worker/88 may sleep in a context that must not")
    #expect(plain.events[0].place == "allocates_with_irqs_off+0x33/0x60 [drv]")
  }

  @Test func `A work item that leaks locks is named`() throws {
    let findings = try analysis("workqueue-leaked-lock").findings
    #expect(
      Set(findings.map(\.title)) == [
        "the work item update_size ends while it holds fs_reclaim",
        "the work item do_index ends while it holds rcu_read_lock",
      ])
    #expect(findings.first { $0.classes == ["fs_reclaim"] }?.events[0].thread == "kworker/4:0/115")
  }

  @Test func `What is wrong with spin locks is told of each`() throws {
    let findings = try analysis("spinlock-debug").findings
    #expect(findings.first { $0.rule == .deadlock }?.waiters.map(\.thread) == ["swapper/0/1"])
    let corrupted = try #require(findings.first { $0.rule == .lockCorrupted })
    #expect(corrupted.occurrences == 2)
    #expect(corrupted.severity == .error)
    let waits = try analysis("spinlock-debug").waiting.flatMap(\.waits)
    #expect(waits.map(\.thread) == ["swapper/3/0"])
  }

  @Test func `Tasks that hang and what they hold close a circle`() throws {
    let listed = try finding("hung-tasks-with-locks", .deadlock)
    #expect(listed.waiters.map(\.thread) == ["first/101", "second/102"])
    #expect(listed.waiters.map { $0.wanted?.lockClass } == ["&b->mutex", "&a->mutex"])
    #expect(listed.waiters.map { $0.held.map(\.lockClass) } == [["&a->mutex"], ["&b->mutex"]])
    #expect(listed.waiters.map(\.stack.first) == ["b_under_a+0x10/0x20", "a_under_b+0x10/0x20"])
    let owned = try finding("hung-tasks-likely-owned", .deadlock)
    #expect(Set(owned.waiters.map(\.thread)) == ["manager/137", "kworker/u98:0/781"])
  }

  @Test func `A task that hangs behind one that runs still waits`() throws {
    let analysis = try analysis("hung-task-behind-runner")
    let wait = try #require(analysis.waiting.first?.waits.first)
    #expect(wait.thread == "waiter/101")
    #expect(wait.wanted?.lockClass == "&inode->i_rwsem")
    #expect(wait.obstacles.map(\.thread) == ["holder/102"])
    #expect(wait.place == "wants_to_write+0x33/0x60")
  }

  @Test func `A dump of the trace buffer is a trace`() throws {
    let log = try KernelLogFile.named("ftrace-dump-in-log").text
    let analysis = try analyze(log)
    #expect(analysis.inputs[0].events == 12)
    let events = log.split(separator: "\n").filter { $0.contains("lock_") }
      .map { $0.dropFirst(15) + "\n" }.joined()
    let plain = try analyze("# tracer: nop\n#\n" + events)
    #expect(plain.inputs[0].format == "ftrace")
    #expect(plain.findings.map(\.fingerprint) == analysis.findings.map(\.fingerprint))
    #expect(plain.findings.map(\.title) == analysis.findings.map(\.title))
  }

  @Test func `A lock that was never initialised is told with who uses it`() throws {
    let finding = try finding("non-static-key")
    #expect(
      finding.title == "a lock is not initialised at uses_uninitialised, or has no class")
    #expect(finding.events[0].place == "uses_uninitialised+0x3c/0xa8 [drv]")
    #expect(finding.events[0].thread == "v4l_id/343")
  }

  @Test func `Of a decoded line the function counts that others were inlined in`() throws {
    let freed = try finding("decoded-lock-line").events[1]
    #expect(freed.lock?.lock == "&pool->lock@ffff88807f06e548")
    #expect(freed.place == "pool_destroy+0x81/0xb0 mm/pool.c:96")
    let held = try finding("inlined-held-locks")
    #expect(
      held.title == "&a->mutex, which may sleep, is taken while &c->spin is held")
    #expect(held.events[1].place == "middle+0x10/0x20 drivers/a.c:15")
  }

  @Test func `Lines that go on without a prefix belong to the one before`() throws {
    let quoted = try finding("quoted-continuation-lines")
    #expect(places(quoted) == ["b_under_a+0x18/0x60", "take_a+0x24/0x40"])
    let escaped = try finding("rsyslog-octal-newline")
    #expect(places(escaped) == ["b_under_a+0x10/0x20", "take_a+0x6d/0x320"])
  }

  @Test func `A line that a mail broke is put together`() throws {
    let finding = try finding("mail-wrapped")
    #expect(
      finding.events.map(\.place) == ["deliver+0x44/0x1a0 [kvm]", "deliver+0x3a/0x1a0 [kvm]"])
    #expect(finding.events[1].lock?.lock == "&v->float.lock@000000c73a758dd0")
  }

  @Test func `Reports of several callers are taken apart`() throws {
    #expect(
      Set(try analysis("interleaved-callers").findings.map(\.title)) == [
        "RCU: RCU-list traversed in non-reader section at arch/x86/other.c:100",
        "RCU: RCU-list traversed in non-reader section at arch/x86/track.c:232",
      ])
  }

  @Test func `A chain that is cut off is no cycle of two`() throws {
    let finding = try finding("cut-off-chain")
    #expect(
      finding.title
        == "&a->lock and &c->lock are in a cycle of 3 or more lock orders (the report is cut off)")
    #expect(finding.confidenceReason?.contains("cut off") == true)
    #expect(finding.edges.isEmpty)
    #expect(finding.events.map(\.thread) == ["prog/498", "prog/498", "unknown thread"])
    #expect(
      finding.events.map(\.place)
        == ["take_a+0xf0/0x1d0", "take_c+0x2c/0x40", "c_under_b+0x2c/0x40"])
    #expect(try analysis("cut-off-chain").edges.isEmpty)
  }

  @Test func `Of the other side of an inversion place and lock are unknown`() throws {
    let finding = try finding("irq-inversion-other-side")
    let other = finding.edges[0].witnesses[0]
    #expect(other.thread == "unknown thread")
    #expect(other.held.lock == "&peer->lock")
    #expect(other.held.place == nil)
    #expect(other.wanted.place == nil)
    #expect(finding.events[0].place == "in_timer+0x19/0x50")
  }

  @Test func `The number of a class is that of a boot`() throws {
    let (one, other) = (try finding("class-number-8"), try finding("class-number-31"))
    #expect(one.fingerprint == other.fingerprint)
    let plain = try KernelLogFile.named("class-number-8").text.replacing("#8", with: "")
    #expect(try analyze(plain).findings[0].fingerprint == one.fingerprint)
    #expect(one.classes.contains("&type->s_umount_key#8"))
  }

  @Test func `Stacks of other machines begin where the lock was used`() throws {
    #expect(try finding("arm64-dump-backtrace").events[0].place == "put_it+0x10/0x20")
    #expect(try finding("arm32-backtrace").events[0].place == "leaves_it+0xc4/0x4b4")
    let others = try analysis("powerpc-and-s390-stacks").findings
    #expect(others.map { $0.events[0].place } == ["put_it+0x10/0x20", "drop_it+0x10/0x20"])
  }

  @Test func `Locks that go into the freezer are not left by an end`() throws {
    #expect(
      try finding("still-held-in-freezer").title
        == "burp/432 goes into the freezer while it holds &c->barrier")
  }

  @Test func `Warnings of the locks' own code are findings, and others are none`() throws {
    #expect(
      Set(try analysis("mutex-warning").findings.map(\.title)) == [
        "the kernel asserts what is not so: DEBUG_LOCKS_WARN_ON(lock->magic != lock)",
        "the kernel asserts what is not so: kernel/locking/lockdep.c:5021",
      ])
    let newer = """
      WARNING: [DEBUG_LOCKS_WARN_ON(lock->magic != lock)] kernel/locking/mutex.c:580 at \
      __mutex_lock+0x1/0x2, CPU#0: probe/412
      CPU: 1 UID: 0 PID: 412 Comm: probe Not tainted 6.19.0 #1
      Call Trace:
       mutex_lock_nested+0x1b/0x20
       uses_before_init+0x22/0x90 [drv]

      """
    let known = try analysis("mutex-warning").findings.map(\.fingerprint)
    #expect(known.contains(try analyze(newer).findings[0].fingerprint))
  }

  @Test func `The BSDs' witness has its own words`() throws {
    let free = try finding("freebsd-witness")
    #expect(free.title == "ufs and vm map (user) are taken in both orders")
    #expect(
      places(free) == ["vm_map_reservation_create+0x7c", "/usr/src/sys/kern/vfs_subr.c:3269"])
    let open = try finding("openbsd-witness")
    #expect(open.edges[0].witnesses[0].wanted.place == "uvmfault_lookup+0x8a")
    #expect(
      try finding("freebsd-sleepable").events[1].place == "/usr/src/sys/dev/drv/drv.c:412")
    #expect(try finding("netbsd-lockdebug").waiters.count == 1)
  }

  @Test func `Of bcc's deadlock each nesting has both places`() throws {
    let finding = try finding("bcc-deadlock")
    #expect(
      finding.edges.map { $0.witnesses[0].thread } == [
        "lockinversion/357250", "lockinversion/357251",
      ])
    #expect(finding.edges.map { $0.witnesses[0].held.place } == ["first_way()", "second_way()"])
    let moved = try KernelLogFile.named("bcc-deadlock").text
      .replacing("00007fff6d738400", with: "00007ffe11223344").replacing("3572", with: "99")
    #expect(try analyze(moved).findings[0].fingerprint == finding.fingerprint)
  }

  @Test func `The same report of another kernel and boot has the same fingerprint`() throws {
    let old = """
      [ INFO: possible circular locking dependency detected ]
      4.4.0 #1 Not tainted
      x/1 is trying to acquire lock:
       (&a->lock){+.+.+.}, at: [<ffffffff81170b85>] take_a+0x55/0xb0
      but task is already holding lock:
       (&b->lock#2){+.+.+.}, at: [<ffffffff811c3b7c>] take_b+0x7c/0xe0
      -> #1 (&b->lock#2){+.+.+.}:
             [<ffffffff810b5c2a>] lock_acquire+0x9a/0x1b0
             [<ffffffff8118a58a>] b_under_a+0x5a/0x2e0
      -> #0 (&a->lock){+.+.+.}:
             [<ffffffff8118a58a>] take_a+0x5a/0x2e0

      """
    let new = """
      WARNING: possible circular locking dependency detected
      6.18.0-rc1-syzkaller #0 Not tainted
      y/77 is trying to acquire lock:
      ffff88807f06e548 (&a->lock){+.+.}-{4:4}, at: inl include/linux/x.h:7 [inline]
      ffff88807f06e548 (&a->lock){+.+.}-{4:4}, at: take_a+0x55/0xb0 drivers/a.c:100
      but task is already holding lock:
      ffff88807f06e5f8 (&b->lock#7){+.+.}-{4:4}, at: take_b+0x7c/0xe0 drivers/b.c:7
      -> #1 (&b->lock#7){+.+.}-{4:4}:
             __lock_release kernel/locking/lockdep.c:5574 [inline]
             lock_acquire+0x9a/0x1b0 kernel/locking/lockdep.c:5889
             b_under_a+0x5a/0x2e0 drivers/b.c:70
      -> #0 (&a->lock){+.+.}-{4:4}:
             take_a+0x5a/0x2e0 drivers/a.c:100

      """
    #expect(
      try analyze(old).findings.map(\.fingerprint) == (try analyze(new).findings.map(\.fingerprint))
    )
  }

  @Test func `Who writes about a report has none`() throws {
    let prose = """
      [    1.000000] Booting
      Subject: WARNING: possible recursive locking detected in my driver
      I get "WARNING: possible recursive locking detected" at each boot.

      """
    #expect(try analyze(prose).findings.isEmpty)
  }

  @Test func `A log in parts of messages is put together`() throws {
    let lines = """
      6,416,1758426,-,ncfrag=0/33;the first chunk, 
      4,417,1758427,-;WARNING: lock held when returning to user space!
      4,418,1758428,-;play/874 is leaving the kernel with locks still held!
      4,419,1758429,-;1 lock held by play/874:
      4,420,1758430,-,ncfrag=0/70; #0: ffffffffc07673e0 (&card->mu
      4,420,1758430,-,ncfrag=33/70;tex){....}-{3:3}, at: trigger+0x3d/0x4d

      """
    #expect(try analyze(lines).verdicts == ["held-at-exit &card->mutex"])
  }
}
