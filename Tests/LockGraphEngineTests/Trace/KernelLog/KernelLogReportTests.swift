import LockGraphEngine
import TestSupport
import Testing

/// Every kind of report of the kernel's validator, as a finding.
@Suite struct KernelLogReportTests {
  private func finding(_ report: String) throws -> Finding {
    let analysis = try analyze("[    1.000000] Booting\n" + KernelLog.timed(report))
    #expect(analysis.inputs[0].format == "kernel-log")
    #expect(analysis.findings.count == 1)
    return try #require(analysis.findings.first)
  }

  @Test func `A cycle has an edge for each link, with the stack at which it was first made`() throws
  {
    let finding = try finding(KernelLog.orderCycle())
    #expect(finding.rule == .lockOrderInversion)
    #expect(finding.confidence == .ordering)
    #expect(finding.severity == .warning)
    #expect(finding.title == "ldt_a and ldt_b are taken in both orders")
    #expect(finding.classes == ["ldt_a", "ldt_b"])
    let (there, back) = (finding.edges[0].witnesses[0], finding.edges[1].witnesses[0])
    #expect(there.thread == "unknown thread")
    #expect(there.wanted.stack == ["m_ab+0x20/0x45 [ldt]", "kthread+0xf2/0xfa"])
    #expect(there.line == 21)
    #expect(back.thread == "ldt-B/57")
    #expect(back.held.place == "m_ba+0x12/0x41 [ldt]")
    #expect(back.held.lock == "ldt_b@ffffffffa0003970")
    #expect(back.wanted.place == "m_ba+0x20/0x41 [ldt]")
    #expect(back.alsoHeld.map(\.lockClass) == ["ldt_outer"])
    #expect(back.input == "1.trace")
  }

  @Test func `A cycle that events show too is one finding, with their evidence`() throws {
    let trace =
      "T1 acquire ldt_a\nT1 acquire ldt_b\nT1 release ldt_b\nT1 release ldt_a\n"
      + "T2 acquire ldt_b\nT2 acquire ldt_a\nT2 release ldt_a\nT2 release ldt_b\n"
    let log = KernelLog.timed(KernelLog.orderCycle())
    for inputs in [[trace, log], [log, trace]] {
      let analysis = try analyze(inputs: inputs.map { Array($0.utf8) })
      #expect(analysis.verdicts == ["lock-order-inversion feasible ldt_a ldt_b"])
      #expect(analysis.findings[0].occurrences == 2)
    }
    #expect(try analyze(log, log).findings.map(\.occurrences) == [2])
  }

  @Test func `A longer cycle begins with its least class, whatever its names hold`() throws {
    let report = """
      ======================================================
      [ INFO: possible circular locking dependency detected ]
      3.10.0 #1 Not tainted
      -------------------------------------------------------
      Web Content/123 is trying to acquire lock:
       ((work_completion)(&(&x->y)->work)){++++++}, at: [<ffffffff81170b85>] might_fault+0x55/0xb0

      but task is already holding lock:
       (&o->lock#2/1){+.+.+.}, at: [<ffffffff811c3b7c>] vfs_readdir+0x7c/0xe0

      the existing dependency chain (in reverse order) is:

      -> #2 (&o->lock#2/1){+.+.+.}:
             [<ffffffff810b5c2a>] lock_acquire+0x9a/0x1b0
             [<ffffffff8118a58a>] shmem_fallocate+0x5a/0x2e0

      -> #1 (a lock, (with) {anything}){+.+.+.}:
             [<ffffffff815d9c3b>] mutex_lock_nested+0x7b/0x3d0
             [<ffffffff8145a1f0>] ashmem_mmap+0x20/0x160

      -> #0 ((work_completion)(&(&x->y)->work)){++++++}:
             [<ffffffff810b5c2a>] lock_acquire+0x9a/0x1b0
             [<ffffffff81170bb5>] might_fault+0x85/0xb0

      """
    let finding = try finding(report)
    #expect(
      finding.classes
        == ["&o->lock#2/1", "(work_completion)(&(&x->y)->work)", "a lock, (with) {anything}"])
    #expect(finding.edges[0].witnesses[0].thread == "Web Content/123")
    #expect(
      finding.edges.map { $0.witnesses[0].wanted.place } == [
        "might_fault+0x85/0xb0", "ashmem_mmap+0x20/0x160", "shmem_fallocate+0x5a/0x2e0",
      ])
  }

  private func recursion(_ held: String, _ wanted: String) -> String {
    KernelLog.head("WARNING: possible recursive locking detected") + """

      ldt-A/55 is trying to acquire lock:
      \(wanted) (&o->lock){+.+.}-{4:4}, at: rec_class+0x42/0x72 [ldt]

      but task is already holding lock:
      \(held) (&o->lock){+.+.}-{4:4}, at: rec_class+0x34/0x72 [ldt]

      other info that might help us debug this:
       Possible unsafe locking scenario:
        lock(&o->lock);
        lock(&o->lock);

      """ + KernelLog.backtrace("__lock_acquire+0xc1a/0x10ec", "rec_class+0x42/0x72 [ldt]")
  }

  @Test func `Nesting in a class is a cycle of one, and sure if it is one lock`() throws {
    let two = try finding(recursion("ffff8880040fb478", "ffff8880040fb678"))
    #expect(two.confidence == .ordering)
    #expect(two.classes == ["&o->lock"])
    #expect(two.title == "two locks of class &o->lock are nested")
    #expect(two.edges[0].witnesses[0].wanted.place == "rec_class+0x42/0x72 [ldt]")
    let one = try finding(recursion("ffff8880040fb478", "ffff8880040fb478"))
    #expect(one.confidence == .feasible)
    #expect(one.title == "&o->lock is taken again by a thread that already holds it")
    let hidden = try finding(recursion("(____ptrval____)", "(____ptrval____)"))
    #expect(hidden.confidence == .ordering)
    #expect(hidden.fingerprint == one.fingerprint)
  }

  private func inconsistent(_ old: String, _ new: String) -> String {
    KernelLog.head("WARNING: inconsistent lock state") + """

      inconsistent {\(old)} -> {\(new)} usage.
      ldt-A/55 [HC0[0]:SC0[0]:HE1:SE1] takes:
      ffffffffa0003778 (ldt_s1){?...}-{3:3}, at: s1+0x10/0x25 [ldt]
      {\(old)} state was registered at:
        lock_acquire+0x113/0x23b
        _raw_spin_lock+0x32/0x68
        i_s1+0x10/0x1e [ldt]
      irq event stamp: 20
      hardirqs last  enabled at (19): [<ffffffff81>] _raw_spin_unlock_irqrestore+0x1/0x2

      """ + KernelLog.backtrace("lock_acquire+0x113/0x23b", "s1+0x10/0x25 [ldt]")
  }

  @Test func `An inconsistent state is the finding that events give`() throws {
    let events =
      "T1 enter hardirq\nT1 acquire ldt_s1\nT1 release ldt_s1\nT1 leave hardirq\n"
      + "T2 acquire ldt_s1\nT2 release ldt_s1\n"
    let finding = try finding(inconsistent("IN-HARDIRQ-W", "HARDIRQ-ON-W"))
    #expect(finding.fingerprint == (try analyze(events).findings[0].fingerprint))
    #expect(finding.title == (try analyze(events).findings[0].title))
    #expect(finding.context == .hardirq)
    #expect(finding.events.map(\.role) == [.usedIn, .enabled])
    #expect(finding.events.map(\.place) == ["i_s1+0x10/0x1e [ldt]", "s1+0x10/0x25 [ldt]"])
    #expect(finding.events.map(\.thread) == ["unknown thread", "ldt-A/55"])
    let other = try self.finding(inconsistent("SOFTIRQ-ON-R", "IN-SOFTIRQ-W"))
    #expect(other.context == .softirq)
    #expect(other.events.map(\.thread) == ["ldt-A/55", "unknown thread"])
    #expect(other.events.map { $0.lock?.mode } == [.write, .recursiveRead])
    let nmi = try self.finding(inconsistent("INITIAL USE", "IN-NMI"))
    #expect(nmi.context == .nmi)
    let strange = try self.finding(inconsistent("IN-RECLAIM_FS-W", "RECLAIM_FS-ON-W"))
    #expect(strange.rule == .contextInversion)
    #expect(strange.classes == ["ldt_s1"])
  }

  private func block(_ lock: String, _ stack: String) -> String {
    """
     -> (\(lock)){-...}-{3:3} {
        IN-HARDIRQ-W at:
                          lock_acquire+0x113/0x23b
                          somewhere_else+0x1/0x2
      }
      ... key      at: [<ffffffffa0003778>] x+0x18/0xffffffffffffe8a0 [ldt]
      ... acquired at:
       lock_acquire+0x113/0x23b
       \(stack)

    """
  }

  @Test func `An order of a safe and an unsafe lock is a path with both ends`() throws {
    let report =
      KernelLog.head("WARNING: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected") + """

        ldt-B/57 [HC0[0]:SC0[0]:HE0:SE1] is trying to acquire:
        ffffffffa0003718 (new){+.+.}-{3:3}, at: both+0x1c/0x3d [ldt]

        and this task is already holding:
        ffffffffa0003778 (held){-...}-{3:3}, at: both+0x10/0x3d [ldt]
        which would create a new lock dependency:
         (held){-...}-{3:3} -> (new){+.+.}-{3:3}

        but this new dependency connects a SOFTIRQ-irq-safe lock:
         (safe){-...}-{3:3}

        ... which became SOFTIRQ-irq-safe at:
          _raw_spin_lock+0x32/0x68
          handler+0x10/0x1e [ldt]

        to a SOFTIRQ-irq-unsafe lock:
         (unsafe){+.+.}-{3:3}

        ... which became SOFTIRQ-irq-unsafe at:
        ...
          _raw_spin_lock+0x32/0x68
          task+0x10/0x25 [ldt]

        other info that might help us debug this:

        the dependencies between SOFTIRQ-irq-safe lock and the holding lock:

        """ + block("safe", "handler+0x10/0x1e [ldt]") + block("held", "under_safe+0x1/0x2")
        + """

        the dependencies between the lock to be acquired
         and SOFTIRQ-irq-unsafe lock:

        """ + block("unsafe", "under_new+0x1/0x2") + block("new", "both+0x1c/0x3d [ldt]")
      + KernelLog.backtrace("both+0x1c/0x3d [ldt]")
    let finding = try finding(report)
    #expect(finding.rule == .contextOrderInversion)
    #expect(finding.context == .softirq)
    #expect(finding.classes == ["safe", "held", "new", "unsafe"])
    #expect(
      finding.edges.map { $0.witnesses[0].wanted.place } == [
        "under_safe+0x1/0x2", "both+0x1c/0x3d [ldt]", "under_new+0x1/0x2",
      ])
    #expect(
      finding.edges.map { $0.witnesses[0].thread }
        == ["unknown thread", "ldt-B/57", "unknown thread"])
    #expect(finding.events.map(\.place) == ["handler+0x10/0x1e [ldt]", "task+0x10/0x25 [ldt]"])
    #expect(try analyze(KernelLog.timed(report)).edges.count == 3)
  }

  private func inversion(_ relation: String, _ other: String) -> String {
    KernelLog.head("WARNING: possible irq lock inversion dependency detected") + """

      swapper/0/0 just changed the state of lock:
      ffffffffa0003778 (changed){-...}-{3:3}, at: change+0x10/0x1e [ldt]
      but this lock \(relation) lock in the past:
       (\(other)){+.+.}-{3:3}

      and interrupts could create inverse lock ordering between them.

      the shortest dependencies between 2nd lock and 1st lock:

      """ + block(other, "first_stack+0x1/0x2") + block("changed", "second_stack+0x1/0x2")
      + KernelLog.backtrace("change+0x10/0x1e [ldt]", task: "swapper/0", process: 0)
  }

  @Test func `A state that changed makes a path of an old order, either way`() throws {
    let after = try finding(inversion("took another, HARDIRQ-unsafe", "later"))
    #expect(after.classes == ["changed", "later"])
    #expect(after.context == .hardirq)
    #expect(after.edges[0].witnesses[0].wanted.place == "first_stack+0x1/0x2")
    #expect(after.events.map(\.thread) == ["swapper/0/0", "unknown thread"])
    #expect(after.events[0].place == "change+0x10/0x1e [ldt]")
    let before = try finding(
      inversion("was taken by another, HARDIRQ-READ-safe", "earlier"))
    #expect(before.classes == ["earlier", "changed"])
    #expect(before.edges[0].witnesses[0].wanted.place == "first_stack+0x1/0x2")
    #expect(before.events.map(\.thread) == ["unknown thread", "swapper/0/0"])
    #expect(before.events[0].lock?.mode == .recursiveRead)
  }

  private func waitContext(_ outer: Int, under inner: Int) -> String {
    KernelLog.head("[ BUG: Invalid wait context ]") + """

      ldt-A/55 is trying to lock:
      ffffffffa0003a10 (ldt_a){+.+.}-{\(outer):\(outer)}, at: wait_it+0x34/0x72 [ldt]
      other info that might help us debug this:
      context-{5:5}
      2 locks held by ldt-A/55:
       #0: ffffffffa0003771 (ldt_m){+.+.}-{4:4}, at: wait_it+0x08/0x72 [ldt]
       #1: ffffffffa0003778 (ldt_s1){+.+.}-{\(inner):\(inner)}, at: wait_it+0x10/0x72 [ldt]
      """ + KernelLog.backtrace("__mutex_lock+0x1/0x2", "wait_it+0x34/0x72 [ldt]")
  }

  @Test func `A wait in a wrong context names what forbids it`() throws {
    let holding = try finding(waitContext(4, under: 3))
    #expect(holding.rule == .invalidWaitContext)
    #expect(holding.classes == ["ldt_a", "ldt_s1"])
    #expect(
      holding.fingerprint
        == (try analyze("T acquire ldt_s1 kind=spin\nT acquire ldt_a kind=mutex\n")
          .findings[0].fingerprint))
    #expect(holding.events.map(\.place) == ["wait_it+0x34/0x72 [ldt]", "wait_it+0x10/0x72 [ldt]"])
    let inside = try finding(waitContext(3, under: 3))
    #expect(inside.classes == ["ldt_a"])
  }

  @Test func `A nest lock that is not held is named`() throws {
    let finding = try finding(
      KernelLog.head("WARNING: Nested lock was not taken") + """

        ldt-A/55 is trying to lock:
        ffff8880040fb478 (&o->lock){+.+.}-{4:4}, at: nest_it+0x34/0x72 [ldt]

        but this task is not holding:
        &tree->lock

        """ + KernelLog.backtrace("_mutex_lock_nest_lock+0x1/0x2", "nest_it+0x34/0x72 [ldt]"))
    #expect(finding.rule == .nestNotHeld)
    #expect(finding.classes == ["&o->lock", "&tree->lock"])
    #expect(finding.title == "&o->lock is nested under &tree->lock, which ldt-A/55 does not hold")
    #expect(finding.events[0].place == "nest_it+0x34/0x72 [ldt]")
  }

  @Test func `A release without a hold, and a held lock that is freed`() throws {
    let unlock = try finding(
      KernelLog.head("WARNING: bad unlock balance detected!") + """

        ldt-A/55 is trying to release lock (&o->lock) at:
        [<ffffffffa0001234>] unlock_it+0x34/0x72 [ldt]
        but there are no more locks to release!

        """ + KernelLog.backtrace("lock_release+0x1/0x2", "unlock_it+0x34/0x72 [ldt]"))
    #expect(unlock.rule == .releaseNotHeld)
    #expect(unlock.title == "ldt-A/55 releases &o->lock, which it does not hold")
    #expect(unlock.events[0].place == "unlock_it+0x34/0x72 [ldt]")
    let freed = try finding(
      KernelLog.head("WARNING: held lock freed!") + """

        ldt-A/55 is freeing memory ffff888004000000-ffff8880040fffff, with a lock still held there!
        ffff8880040fb478 (&o->lock){+.+.}-{4:4}, at: take_it+0x34/0x72 [ldt]

        """ + KernelLog.backtrace("kfree+0x1/0x2", "free_it+0x1/0x2 [ldt]"))
    #expect(freed.rule == .destroyedWhileHeld)
    #expect(freed.classes == ["&o->lock"])
    #expect(freed.events.map(\.place) == ["free_it+0x1/0x2 [ldt]", "take_it+0x34/0x72 [ldt]"])
  }

  @Test func `Locks that are held at the end of a task or of a system call are one finding each`()
    throws
  {
    let held = """

      2 locks held by ldt-A/55:
       #0: ffff8880040fb478 (&o->lock){+.+.}-{4:4}, at: take_it+0x34/0x72 [ldt]
       #1: ffff8880040fb479 (&q->lock){+.+.}-{4:4}, at: take_it+0x35/0x72 [ldt]
       #2: ffff8880040fb47a (not one of them){+.+.}-{4:4}, at: take_it+0x35/0x72 [ldt]

      """
    let exit = try analyze(
      KernelLog.timed(KernelLog.head("WARNING: ldt-A/55 still has locks held!") + held))
    #expect(exit.verdicts == ["held-at-exit &o->lock", "held-at-exit &q->lock"])
    #expect(exit.findings[0].title == "ldt-A/55 ends while it holds &o->lock")
    #expect(
      exit.findings[0].fingerprint
        == (try analyze("T acquire &o->lock\nT exit\n").findings[0].fingerprint))
    let user = try analyze(
      KernelLog.timed(
        KernelLog.head("WARNING: lock held when returning to user space!")
          + "\nldt-A/55 is leaving the kernel with locks still held!" + held))
    #expect(user.verdicts == exit.verdicts)
    #expect(user.findings[0].title == "ldt-A/55 returns to user space while it holds &o->lock")
  }

  @Test func `Assertions are findings without a lock, or with the one that they name`() throws {
    let rcu = try finding(
      KernelLog.head("WARNING: suspicious RCU usage") + """

        drivers/ldt.c:512 suspicious rcu_dereference_check() usage!

        rcu_scheduler_active = 2, debug_locks = 1
        no locks held by ldt-A/55.

        """ + KernelLog.backtrace("lockdep_rcu_suspicious+0x1/0x2", "rcu_it+0x34/0x72 [ldt]"))
    #expect(rcu.rule == .assertionFailed)
    #expect(rcu.title == "RCU: suspicious rcu_dereference_check() usage at drivers/ldt.c:512")
    #expect(rcu.classes.isEmpty)
    let warning = try finding(
      """
      ------------[ cut here ]------------
      DEBUG_LOCKS_WARN_ON(lock->magic != lock)
      WARNING: CPU: 0 PID: 55 at kernel/locking/mutex.c:582 __mutex_lock+0x1/0x2
      CPU: 0 PID: 55 Comm: ldt-A Tainted: G           O       6.1.192 #2
      Call Trace:
       <TASK>
       mutex_lock_nested+0x1/0x2
       use_it+0x1/0x2 [ldt]
       </TASK>
      """)
    #expect(warning.title.hasSuffix("DEBUG_LOCKS_WARN_ON(lock->magic != lock)"))
    #expect(warning.events[0].place == "use_it+0x1/0x2 [ldt]")
    #expect(warning.events[0].thread == "ldt-A/55")
    let condition = try finding(
      "WARNING: [debug_locks && !(lock_is_held(&(&x->lock)->dep_map) != 0)] drivers/ldt.c:77 "
        + "at use_it+0x1/0x2 [ldt], CPU#0: ldt-A/55")
    #expect(condition.classes == ["&x->lock"])
    #expect(condition.events[0].thread == "ldt-A/55")
  }
}
