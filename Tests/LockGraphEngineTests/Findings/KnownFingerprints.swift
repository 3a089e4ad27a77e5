import LockGraphEngine
import TestSupport

/// One problem and the fingerprint that baselines know it by.
struct KnownFingerprint {
  var rule: Rule
  /// Which way of violating the rule it is; the raw value of a variant where the rule has several.
  var variant: String
  var fingerprint: String
  /// The input.
  var text: String

  init(_ rule: Rule, _ variant: String, _ fingerprint: String, _ text: String) {
    self.rule = rule
    self.variant = variant
    self.fingerprint = fingerprint
    self.text = text
  }
}

extension KnownFingerprint {
  private static func orders(_ nestings: String...) -> String {
    var text = ""
    for (number, nesting) in nestings.enumerated() {
      let locks = nesting.split(separator: ",")
      for lock in locks { text += "T\(number) acquire \(lock)\n" }
      for lock in locks.reversed() {
        text += "T\(number) release \(lock.prefix { $0 != " " })\n"
      }
    }
    return text
  }

  private static func used(_ lock: String, in context: String) -> String {
    "T9 enter \(context)\nT9 acquire \(lock) kind=spin\n"
      + "T9 release \(lock.prefix { $0 != " " })\nT9 leave \(context)\n"
  }

  static let ofCycles: [KnownFingerprint] = [
    .init(
      .deadlock, "two threads", "d74904dff8b04e29",
      "T1 acquire A\nT2 acquire B\nT1 request B\nT2 request A\n"),
    .init(.deadlock, "one thread", "3fb7cf1fc0b57686", "T1 acquire A\nT1 request A read\n"),
    .init(
      .deadlock, "a join", "5c0046ed9f88e730 c8836f58a3e1e9c4",
      "T1 acquire A\nT2 request A\nT1 join T2\n"),
    .init(
      .deadlock, "an ended holder", "259548d485c15ea3", "T1 acquire A\nT1 exit\nT2 request A\n"),
    .init(.lockOrderInversion, "two classes", "d15bf95828b6bbc5", orders("A,B", "B,A")),
    .init(.lockOrderInversion, "readers", "7bdda67c0d56f03b", orders("A read,B", "B,A read")),
    .init(
      .lockOrderInversion, "recursive readers", "68e958dcefc30f91",
      orders("A,B recursive-read", "B,A read")),
    .init(.lockOrderInversion, "three classes", "0a8882985fad6b35", orders("A,B", "B,C", "C,A")),
    .init(
      .lockOrderInversion, "nesting levels", "d421abf27e1b36ba",
      orders("a class=D,b class=D subclass=1", "b class=D,a class=D subclass=1")),
    .init(
      .lockOrderInversion, "instances", "d421abf27e1b36ba",
      "T0 init a class=D nesting=by-instance\nT0 init b class=D nesting=by-instance\n"
        + orders("a,b", "b,a")),
    .init(
      .lockOrderInversion, "lines in names", "77ca003fe72955ef c59573494a7ec6c5",
      orders("a class=Bank/Bank.swift:10:22,b class=Z.swift:3", "b,a")),
    .init(.recursiveAcquisition, "one class", "5057fe7ec6643fc7", orders("a class=D,b class=D")),
    .init(
      .recursiveAcquisition, "one class, readers", "108d847f33b96539",
      orders("a class=D read,b class=D read")),
    .init(
      .recursiveAcquisition, "one lock", "5057fe7ec6643fc7",
      "T1 acquire a class=D\nT1 request a\n"),
    .init(
      .contextInversion, "hardirq", "5aaff673f2ecb955",
      used("L", in: "hardirq") + "T1 acquire L\n"),
    .init(
      .contextInversion, "readers", "d9b452bf63885354",
      used("L recursive-read", in: "softirq") + "T1 acquire L\n"),
    .init(
      .contextInversion, "shared", "c8c0955a2660edf2",
      used("L", in: "signal") + "T1 acquire L read\n"),
    .init(.contextInversion, "nmi", "ddfc43658e89ba86", used("L", in: "nmi") + "T1 acquire L\n"),
    .init(
      .contextOrderInversion, "hardirq", "72da3989fd594e92",
      used("A", in: "hardirq") + "T2 acquire B kind=spin\nT2 release B\nT3 disable hardirq\n"
        + "T3 acquire A\nT3 acquire B\n"),
    .init(
      .contextOrderInversion, "readers", "f0efb7e33978a6f7",
      used("A recursive-read", in: "softirq")
        + "T2 acquire B read kind=spin\nT2 release B\nT3 disable softirq\n"
        + "T3 acquire A\nT3 acquire B\n"),
  ]

  static let ofViolations: [KnownFingerprint] = [
    .init(.releaseNotHeld, "notHeld", "ab4fe3c974b666d4", "T1 release A\n"),
    .init(
      .releaseNotHeld, "notHeld, a line in its name", "e97bba28ad85652a 1727e036440ef799",
      "T1 release a.c:12\n"),
    .init(.releaseNotHeld, "heldByOther", "779aaecb840d803e", "T1 acquire A\nT2 release A\n"),
    .init(
      .releaseNotHeld, "heldByInterrupted", "fc379f15c88c007f",
      """
      # tracer: nop
                 a-10      [000] .....     1.000001: lock_acquire: 0000000000000002 B
                 a-10      [000] d.h1.     1.000002: lock_release: 0000000000000002 B

      """),
    .init(.heldAtExit, "exited", "eff371feb0a655fe", "T1 acquire A\nT1 exit\n"),
    .init(.destroyedWhileHeld, "destroyed", "73de9572f8d2baa1", "T1 acquire A\nT2 destroy A\n"),
    .init(.destroyedWhileHeld, "initialized", "44ff5957fdb2bdc2", "T1 acquire A\nT2 init A\n"),
    .init(.nestNotHeld, "neverTaken", "d60202497f825d3f", "T1 acquire b class=K nest=t\n"),
    .init(
      .nestNotHeld, "releasedFirst", "ad7951cd60e8d321",
      "T1 acquire t\nT1 acquire a class=K\nT1 acquire b class=K nest=t\nT1 release t\n"),
    .init(
      .invalidWaitContext, "waitsInContext", "aab93fa36e67bf19",
      "T1 enter softirq\nT1 acquire M kind=mutex\n"),
    .init(
      .invalidWaitContext, "waitsHolding", "9bdf96424e4b5d43",
      "T1 acquire S kind=spin\nT1 acquire M kind=mutex\n"),
    .init(
      .invalidWaitContext, "waitsUnderSpin", "9bdf96424e4b5d43",
      "T1 acquire S kind=spin\nT1 acquire M kind=mutex\n"),
    .init(
      .invalidWaitContext, "spinsInContext", "14e419342cbad15d",
      "T1 enter hardirq unthreaded\nT1 acquire S kind=spin\n"),
    .init(
      .invalidWaitContext, "spinsHolding", "d7e52f5151dd108f",
      "T1 acquire R kind=raw-spin\nT1 acquire S kind=spin\n"),
    .init(
      .invalidWaitContext, "sleepsInContext", "3435c448f4255fdd", "T1 enter softirq\nT1 sleep\n"),
    .init(
      .invalidWaitContext, "sleepsHolding", "3432b4e78c700bbb", "T1 acquire S kind=spin\nT1 sleep\n"
    ),
    .init(.assertionFailed, "assertedHeld", "a4193e2cb6f7b948", "T1 assert L held\n"),
    .init(
      .assertionFailed, "assertedNotHeld", "fe21ee8509d90d75",
      "T1 acquire L\nT1 assert L not-held\n"),
    .init(.assertionFailed, "assertedRead", "1f193fe4563bf0d1", "T1 acquire L\nT1 assert L read\n"),
    .init(
      .assertionFailed, "assertedWrite", "81d0a84e5adb04e6",
      "T1 acquire L read\nT1 assert L write\n"),
    .init(.pinViolated, "pinnedUnheld", "a98be318c57c73b8", "T1 pin L\n"),
    .init(.pinViolated, "notPinned", "d41d4f9d57399f4b", "T1 acquire L\nT1 unpin L\n"),
    .init(
      .pinViolated, "releasedPinned", "ebd9673defc0ed95", "T1 acquire L\nT1 pin L\nT1 release L\n"),
    .init(.unbalancedContext, "notEntered", "f35a51305adb909d", "T1 leave softirq\n"),
    .init(
      .unbalancedContext, "leftOutOfOrder", "c55b2a8712c6989b",
      "T1 enter softirq\nT1 enter hardirq\nT1 leave softirq\n"),
    .init(
      .unbalancedContext, "leftHolding", "38814225f0feb7da",
      "T1 enter softirq\nT1 acquire L kind=spin\nT1 leave softirq\n"),
    .init(.unbalancedContext, "notMasked", "9c525dc9c1407517", "T1 enable softirq\n"),
    .init(.unbalancedContext, "endedInside", "a863d79512e14c95", "T1 enter signal\nT1 exit\n"),
    .init(
      .waitWhileHolding, "waitsOnCondition", "8ddffba2a94dc3cc",
      "T1 acquire A\nT1 acquire M\nT1 wait ready lock=M\n"),
    .init(
      .waitWhileHolding, "waitsOnCondition", "1d0e44ecede104d4", "T1 acquire A\nT1 wait ready\n"),
  ]

  static let ofKernelReports: [KnownFingerprint] = [
    .init(.lockOrderInversion, "two classes", "2a9d819baf8311ab", KernelLog.orderCycle()),
    .init(
      .recursiveAcquisition, "one class", "5057fe7ec6643fc7",
      KernelLog.recursion("ffff8880040fb678")),
    .init(
      .recursiveAcquisition, "one lock", "5057fe7ec6643fc7", KernelLog.recursion("ffff8880040fb478")
    ),
    .init(
      .contextInversion, "hardirq", "5aaff673f2ecb955",
      KernelLog.inconsistentState("IN-HARDIRQ-W", "HARDIRQ-ON-W")),
    .init(
      .contextInversion, "readers", "d9b452bf63885354",
      KernelLog.inconsistentState("SOFTIRQ-ON-W", "IN-SOFTIRQ-R")),
    .init(
      .contextInversion, "shared", "d4ce529c0c5622aa",
      KernelLog.inconsistentState("IN-SOFTIRQ-W", "SOFTIRQ-ON-R")),
    .init(
      .contextInversion, "nmi", "ddfc43658e89ba86",
      KernelLog.inconsistentState("INITIAL USE", "IN-NMI")),
    .init(
      .contextInversion, "unknown states", "a31b0e8bc0c89b42",
      KernelLog.inconsistentState("IN-RECLAIM_FS-W", "RECLAIM_FS-ON-W")),
    .init(
      .contextOrderInversion, "hardirq", "72da3989fd594e92",
      KernelLog.changedState("HARDIRQ-unsafe")),
    .init(
      .contextOrderInversion, "readers", "d4c37fc10ac71223",
      KernelLog.changedState("SOFTIRQ-READ-unsafe")),
    .init(.invalidWaitContext, "waitsHolding", "9bdf96424e4b5d43", KernelLog.waitContext(under: 3)),
    .init(
      .invalidWaitContext, "waitsInContext", "64f75b311f234c1a", KernelLog.waitContext(under: 4)),
    .init(
      .nestNotHeld, "neverTaken", "d60202497f825d3f",
      KernelLog.head("WARNING: Nested lock was not taken") + """

        ldt-A/55 is trying to lock:
        ffff8880040fb478 (K){+.+.}-{4:4}, at: nest_it+0x34/0x72 [ldt]

        but this task is not holding:
        t

        """ + KernelLog.backtrace("nest_it+0x34/0x72 [ldt]")),
    .init(
      .releaseNotHeld, "notHeld", "ab4fe3c974b666d4",
      KernelLog.head("WARNING: bad unlock balance detected!") + """

        ldt-A/55 is trying to release lock (A) at:
        [<ffffffffa0001234>] unlock_it+0x34/0x72 [ldt]
        but there are no more locks to release!

        """ + KernelLog.backtrace("unlock_it+0x34/0x72 [ldt]")),
    .init(
      .destroyedWhileHeld, "destroyed", "73de9572f8d2baa1",
      KernelLog.head("WARNING: held lock freed!") + """

        ldt-A/55 is freeing memory ffff888004000000-ffff8880040fffff, with a lock still held there!
        ffff8880040fb478 (A){+.+.}-{4:4}, at: take_it+0x34/0x72 [ldt]

        """ + KernelLog.backtrace("free_it+0x1/0x2 [ldt]")),
    .init(
      .heldAtExit, "exited", "eff371feb0a655fe",
      KernelLog.head("WARNING: ldt-A/55 still has locks held!") + KernelLog.oneHeldLock),
    .init(
      .heldAtExit, "exited, of unknown locks", "315ee5223586cbf6",
      KernelLog.head("WARNING: ldt-A/55 still has locks held!") + "\n"),
    .init(
      .heldAtExit, "returned", "6b7ef4b2a68bb890",
      KernelLog.head("WARNING: lock held when returning to user space!")
        + "\nldt-A/55 is leaving the kernel with locks still held!" + KernelLog.oneHeldLock),
    .init(
      .heldAtExit, "frozen", "36c65277bd24e853",
      KernelLog.head("WARNING: ldt-A/55 still has locks held!") + KernelLog.oneHeldLock
        + KernelLog.backtrace("try_to_freeze+0x1/0x2", "sleeps_it+0x1/0x2 [ldt]")),
    .init(
      .heldAtExit, "executed", "92cc38db8f951e0e",
      KernelLog.head("WARNING: ldt-A/55 still has locks held!") + KernelLog.oneHeldLock
        + KernelLog.backtrace("begin_new_exec+0x1/0x2")),
    .init(
      .heldAtExit, "workEnded", "7c55cb46ec199a38",
      "BUG: workqueue leaked lock or atomic: kworker/4:0/0x00000000/115\n"
        + "     last function: work_it [ldt]" + KernelLog.oneHeldLock),
    .init(
      .invalidWaitContext, "sleepsHolding", "3460b4e78c95c97d",
      "BUG: sleeping function called from invalid context at a.c:1\n"
        + "in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 55, name: ldt-A"
        + KernelLog.oneHeldLock.replacing("{4:4}", with: "{2:2}")),
    .init(
      .invalidWaitContext, "sleepsInContext", "e4b060b17973e428",
      "BUG: sleeping function called from invalid context at a.c:1\n"
        + "in_atomic(): 0, irqs_disabled(): 1, non_block: 0, pid: 55, name: ldt-A"
        + KernelLog.backtrace("__might_resched+0x1/0x2", "sleep_it+0x1/0x2 [ldt]")),
    .init(
      .lockCorrupted, "badMagic", "c1f59648942a2ae5",
      "BUG: spinlock bad magic on CPU#2, ldt-A/55\n lock: the_lock+0x0/0x40, .magic: 00000000, "
        + ".owner: <none>/-1, .owner_cpu: 0"),
    .init(
      .releaseNotHeld, "wrongProcessor", "e41c94a7f8243657",
      "BUG: spinlock wrong CPU on CPU#2, ldt-A/55\n lock: the_lock+0x0/0x40, .magic: dead4ead, "
        + ".owner: ldt-B/57, .owner_cpu: 1"),
    .init(
      .releaseNotHeld, "heldByOther", "c99874db2f98d5ea",
      "BUG: spinlock wrong owner on CPU#2, ldt-A/55\n lock: the_lock+0x0/0x40, .magic: dead4ead, "
        + ".owner: ldt-B/57, .owner_cpu: 1"),
    .init(
      .deadlock, "spin lock", "4f4ba636c2bb58d5",
      "BUG: spinlock recursion on CPU#2, ldt-A/55\n lock: the_lock+0x0/0x40, .magic: dead4ead, "
        + ".owner: ldt-A/55, .owner_cpu: 2"),
    .init(
      .assertionFailed, "never initialised", "0127e5a2942da0a8",
      "INFO: trying to register non-static key.\n"
        + KernelLog.backtrace("register_lock_class+0x1/0x2", "use_it+0x1/0x2 [ldt]")),
    .init(
      .lockOrderInversion, "cut off", "f4b7d743ff80cedd",
      KernelLog.orderCycle().split(separator: "\n", omittingEmptySubsequences: false).prefix(12)
        .joined(separator: "\n")),
    .init(
      .assertionFailed, "rcu", "d881097926bba8b2",
      KernelLog.head("WARNING: suspicious RCU usage") + """

        drivers/ldt.c:512 suspicious rcu_dereference_check() usage!

        rcu_scheduler_active = 2, debug_locks = 1
        no locks held by ldt-A/55.

        """ + KernelLog.backtrace("rcu_it+0x34/0x72 [ldt]")),
    .init(
      .assertionFailed, "contention", "bdc3fd16e2e7fa64",
      KernelLog.head("WARNING: bad contention detected!") + """

        ldt-A/55 is trying to contend lock (A) at:
        [<ffffffffa0001234>] contend_it+0x34/0x72 [ldt]
        but there are no locks held!

        """ + KernelLog.backtrace("contend_it+0x34/0x72 [ldt]")),
    .init(
      .assertionFailed, "condition", "e1f5f56d613631e1",
      "WARNING: [debug_locks && !(lock_is_held(&(&x->lock)->dep_map) != 0)] drivers/ldt.c:77 "
        + "at use_it+0x1/0x2 [ldt], CPU#0: ldt-A/55"),
  ]
}

extension KernelLog {
  fileprivate static let oneHeldLock = """

    1 lock held by ldt-A/55:
     #0: ffff8880040fb478 (A){+.+.}-{4:4}, at: take_it+0x34/0x72 [ldt]

    """

  fileprivate static func recursion(_ wanted: String) -> String {
    head("WARNING: possible recursive locking detected") + """

      ldt-A/55 is trying to acquire lock:
      \(wanted) (D){+.+.}-{4:4}, at: rec_class+0x42/0x72 [ldt]

      but task is already holding lock:
      ffff8880040fb478 (D){+.+.}-{4:4}, at: rec_class+0x34/0x72 [ldt]

      """ + backtrace("rec_class+0x42/0x72 [ldt]")
  }

  fileprivate static func inconsistentState(_ old: String, _ new: String) -> String {
    head("WARNING: inconsistent lock state") + """

      inconsistent {\(old)} -> {\(new)} usage.
      ldt-A/55 [HC0[0]:SC0[0]:HE1:SE1] takes:
      ffffffffa0003778 (L){?...}-{3:3}, at: s1+0x10/0x25 [ldt]
      {\(old)} state was registered at:
        i_s1+0x10/0x1e [ldt]

      """ + backtrace("s1+0x10/0x25 [ldt]")
  }

  fileprivate static func changedState(_ other: String) -> String {
    head("WARNING: possible irq lock inversion dependency detected") + """

      swapper/0/0 just changed the state of lock:
      ffffffffa0003778 (A){-...}-{3:3}, at: change+0x10/0x1e [ldt]
      but this lock took another, \(other) lock in the past:
       (B){+.+.}-{3:3}

      and interrupts could create inverse lock ordering between them.

      """ + backtrace("change+0x10/0x1e [ldt]", task: "swapper/0", process: 0)
  }

  fileprivate static func waitContext(under inner: Int) -> String {
    head("[ BUG: Invalid wait context ]") + """

      ldt-A/55 is trying to lock:
      ffffffffa0003a10 (M){+.+.}-{4:4}, at: wait_it+0x34/0x72 [ldt]
      other info that might help us debug this:
      context-{5:5}
      1 lock held by ldt-A/55:
       #0: ffffffffa0003778 (S){+.+.}-{\(inner):\(inner)}, at: wait_it+0x10/0x72 [ldt]
      """ + backtrace("wait_it+0x34/0x72 [ldt]")
  }
}
