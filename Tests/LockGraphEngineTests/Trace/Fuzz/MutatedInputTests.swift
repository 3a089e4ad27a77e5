import Foundation
import LockGraphEngine
import TestSupport
import Testing

/// Damaged inputs end in an error or an analysis, never in a crash.
@Suite struct MutatedInputTests {
  private static let text = """
    # lockgraph-trace 1
    [1.000000001] T1 init a class="the \\u00e9 class" kind=rwsem rank=1
    T1 acquire a read at=a.c:1:2 stack=f;g
    T1 request b class=B kind=recursive subclass=3 timeout nest=a
    T1 abandon b reason=timeout
    T2 acquire b recursive-read try interruptible killable unchecked
    T2 acquire "c\\n" write
    T2 downgrade "c\\n"
    T2 spawn T3
    T3 enter hardirq unthreaded
    T3 acquire a
    T3 wait cond lock=a
    T3 wake cond lock=a
    T3 leave hardirq
    T3 exit
    T2 join T3
    T2 release b
    T2 release a
    T1 destroy a
    T1 acquire a
    * lost count=5
    T1 disable softirq
    T1 assert a not-held
    T1 pin a
    T1 sleep
    T1 write x

    """

  private static let kernel = """
    # tracer: nop
    # entries-in-buffer/entries-written: 9/10   #P:2
                init-1       [000] .....    16.318850: lock_acquire: 00000000d62be939 read &mm->mmap_lock
             <idle>-0       [001] d.h2.    16.318851: lock_acquire: 00000000d62be93a try b
                init-1       [000] .....    16.318852: lock_acquire: 00000000d62be93b c
                init-1       [001] d..1.    16.318853: lock_contended: 00000000d62be93b c
                init-1       [001] d..1.    16.318854: lock_acquired: 00000000d62be93b c
    CPU:0 [LOST 7529 EVENTS]
               <...>-77      (-------) [001] d.s2.    23.127798: lock_acquire: 00000000e7b9467b x
               <...>-77      (-------) [001] d.H2.    23.127798: lock_release: 00000000e7b9467b\u{20}
                init-1       [000] ...1.   114.363041: contention_begin: 000000002dadb05f (flags=SPIN|MUTEX)
     => do_syscall_64
        init-1         0d..1. 2117069us+: lock_acquire: 00000000ad755115 &p->pi_lock
                bash    4000   1 9 00000001 00010a95 [58127d26] 1720.415ms (+0.000ms): lock_acquire: 00000000ad755115 l
    cpus=2
    CPU:1 [12 EVENTS DROPPED]
                load-71    [000]    17.291536: lock_acquire:         flags=2 name=a b lockdep_addr=0xffff888004456560
                load-71    [000] b.s1.    17.291536123: lock_release:         0xffff888004456560 a b

    """

  private static let jsonLines = #"""
    {"lockgraph-trace":1}
    {"time":1.000000001,"thread":"T1","event":"init","lock":"a","class":"the \u00e9 \ud83d\ude00","kind":"rwsem","rank":-1}
    {"event":"acquire","thread":"T1","lock":"a","mode":"read","at":"a.c:1:2","stack":["f","g\t"]}
    {"lock":"b","thread":"T1","subclass":3,"nest":"a","timeout":true,"try":false,"at":null,"event":"request"}
    {"time":"2.5e-3","thread":1,"event":"abandon","lock":"b","reason":"timeout"}
    {"thread":"T2","event":"wait","condition":"c","lock":"a","stack":"f;g"}
    {"thread":"T2","event":"spawn","other":"T3"}
    {"thread":"T3","event":"enter","context":"hardirq","unthreaded":true}
    {"thread":"T3","event":"assert","lock":"a","state":"not-held"}
    {"thread":"*","event":"lost","count":"5"}
    {"thread":"T3","event":"write","variable":"x"}

    """#

  private static let std = """
    // a story
    T0|fork(9)|1
    T9|acq(l(1))|Main.java:1 (a|b)
    T9|acq(l(1))
    T9|rel(l(1))|
    T9|wait(l(1))|3
    T9|acq(l(1))|3
    T9|rel(l(1))|4
    T9|end|5
    T0|join(T9)|2
    0|req(m)|6
    0|acq(m)|6
    0|notifyAll(m)|6
    T1|branch|345

    """

  private static let lttng = """
    [21:50:55.460902250] (+?.?????????) vm lttng_ust_statedump:bin_info: { cpu_id = 1 }, { vpid = 1731, vtid = 1732, procname = "bankd-ust" }, { baddr = 0x5632C3EAA000, memsz = 16616, path = "/srv/bank/bankd", is_pic = 1 }
    [21:50:55.473273755] (+0.000144347) vm lttng_ust_pthread:pthread_mutex_lock_req: { cpu_id = 0 }, { vpid = 1731, vtid = 1734, procname = "bankd", ip = 94776035291691 }, { mutex = 0x5632C3EAE0C0 }
    [21:50:55.473275067] (+0.000001312) vm lttng_ust_pthread:pthread_mutex_lock_acq: { cpu_id = 0 }, { vpid = 1731, vtid = 1734, procname = "bankd", ip = 94776035291691, debug_info = { bin = "bankd+0x122b", func = "", src = "bankd.c:11" } }, { mutex = 0x5632C3EAE0C0, status = 0 }
    [21:50:55.473275067] vm lttng_ust_pthread:pthread_mutex_lock_req: { cpu_id = 0 }, { vpid = 1731, vtid = 1734 }, { mutex = 0x5632C3EAE0C0 }
    timestamp = 2026-11-22 21:31:11.291145776, delta = +0.000000831, name = lttng_ust_pthread:pthread_mutex_trylock, stream.event.context = { vtid = 1735 }, event.fields = { mutex = 0x1, status = 16 }
    WARNING: Tracer discarded 12 events between [21:50:55.4] and [21:50:55.5] in trace "t"
    [1795383071.291145776] vm lttng_ust_pthread:pthread_mutex_unlock: { }, { vtid = 1735 }, { mutex = 0x1, status = 1 }

    """

  private static let perf = """
    # captured on    : today
                  ls 19607 [001] 12319.550497: lock:lock_acquire: 0xffff8881003c4cec try read rcu_read_lock
    \tffffffff82201d7e lock_acquire+0x10e ([kernel.kallsyms])
    \t           81e3 ns::f(int; char)+0x333 (/usr/lib/x (deleted))
      my module[ffffffff81101020]

    a: b 3 19600/19608 12319.550497535:          1   lock:lock_acquire: 0xffff8881003c4cf0 a: b
      ffffffff82201d7e [unknown]
                  ls 20651 [000] 12492.936592: PERF_RECORD_LOST lost 7
    swapper     0 [003]     0.000000: lock:contention_begin: 0xffff8881003c4cec (flags=SPIN)
          ls 19607   1 12319.550497: lock:lock_contended: 0xffff8881003c4cf0 a: b
          ls 19607 [001] K 12319.550497: lock:lock_acquired: 0xffff8881003c4cf0 a: b
    ls 19607 lock:lock_release: 0xffff8881003c4cf0 a: b

    """

  private static let classes = """
    all lock classes:
    00000000790134c8 FD:    1 BD:   31 ....: (console_sem).lock

    0000000066db1c97 OPS:     120 FD:   16 BD:    6 +?.-: console_lock
     -> [00000000790134c8] (console_sem).lock
     -> [00000000e366eda1] &pool->lock#2/1
    00000000e366eda1 FD:   10 BD:  168 ..-.: &pool->lock#2/1
    00000000e366eda2: &pool->lock#2/1
     -> [0000000066db1c97] console_lock

    """

  private static let chains = """
    all lock chains:
    irq_context: 0
    [0000000066db1c97] console_lock
    [00000000790134c8] (console_sem).lock
    [0000000066db1c97] console_lock

    irq_context: hardirq|softirq
    [00000000e366eda1] &pool->lock/1
    [00000000e366eda2] &pool->lock/1
    (buggered)

    """

  private static let log =
    KernelLog.timed(KernelLog.orderCycle()) + """
      <4>[   11.000001][   T1] WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected
      <4>[   11.000001][   T1] ldt-B/57 [HC0[0]:SC0[0]:HE0:SE1] is trying to acquire:
      <4>[   11.000001][   T1] ffffffffa0003718 (new#2){+.+.}-{3:3}, at: both+0x1c/0x3d [ldt]
      <4>[   11.000001][   T1] and this task is already holding:
      <4>[   11.000001][   T1] ffffffffa0003778 (held){-...}-{3:3}, at: both+0x10/0x3d [ldt]
      <4>[   11.000001][   T1] but this new dependency connects a HARDIRQ-irq-safe lock:
      <4>[   11.000001][   T1]  (held){-...}-{3:3}
      <4>[   11.000001][   T1] to a HARDIRQ-irq-unsafe lock:
      <4>[   11.000001][   T1]  (unsafe){-...}-{3:3}
      <4>[   11.000001][   T1] the dependencies between the lock to be acquired
      <4>[   11.000001][   T1] -> (unsafe){-...}-{3:3} {
      <4>[   11.000001][   T1]  ... acquired at:
      <4>[   11.000001][   T1]  f+0x1/0x2
      <4>[   11.000001][   T1] -> (new#2){-...}-{3:3} {
      Nov 22 10:00:00 host kernel: [ BUG: Invalid wait context ]
      Nov 22 10:00:00 host kernel: x/1 is trying to lock:
      Nov 22 10:00:00 host kernel: ffffffffa0003a10 (ldt_a){+.+.}-{4:4}, at: f+0x1/0x2
      WARNING: inconsistent lock state
      inconsistent {IN-HARDIRQ-W} -> {HARDIRQ-ON-W} usage.
      ldt-A/55 [HC0[0]:SC0[0]:HE1:SE1] takes:
      (ldt_s1){?...}-{3:3}, at: s1+0x10/0x25 [ldt]
      WARNING: bad unlock balance detected!
      ldt-A/55 is trying to release lock (&o->lock) at:
      WARNING: suspicious RCU usage
      a.c:1 text
      WARNING: possible irq lock inversion dependency detected
      but this lock was taken by another, SOFTIRQ-READ-safe lock in the past:
      WARNING: x/1 still has locks held!
      2 locks held by x/1:
       #0: (a){....}, at: f+0x1/0x2
      WARNING: [lock_is_held(&(&x->lock)->dep_map)] a.c:1 at f, CPU#0: x/1

      """

  @Test(
    arguments: [text, kernel, perf, jsonLines, std, lttng, classes, chains, log], [false, true])
  func `A damaged input is refused or analysed`(original: String, keepGoing: Bool) {
    let base = Array(original.utf8)
    var analysed: UInt64 = 0
    let seeds: UInt64 = base.count < 3000 ? 200 : 80
    withSeeds(0..<seeds) { generator in
      let bytes = mutated(base, using: &generator)
      do throws(TraceError) {
        let analysis = try analyze(inputs: [bytes], keepGoing: keepGoing)
        analysed += 1
        let json = Data(JSONReport(analysis).bytes)
        #expect(throws: Never.self, "\(TestContext.description)") {
          try JSONSerialization.jsonObject(with: json)
        }
        #expect(!TextReport(analysis).text.utf8.contains(0x1B))
        let statistics = try measure(inputs: [bytes], keepGoing: keepGoing)
        #expect(statistics.events == analysis.summary.events)
        #expect(!StatisticsTable(statistics).text.utf8.contains(0x1B))
      } catch {
        #expect(!keepGoing, "\(TestContext.description): \(error)")
        // What is damaged beyond recognition has no line that is wrong.
        #expect((error.line ?? 0) > 0 || error.expected != nil, "\(TestContext.description)")
        #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
      }
    }
    #expect(analysed > (keepGoing ? seeds - 1 : seeds / 15))
  }

  @Test(arguments: [text, kernel, jsonLines, std, lttng, perf], TraceEncoding.allCases)
  func `A damaged input means the same when it is converted`(
    original: String, encoding: TraceEncoding
  ) throws {
    let base = Array(original.utf8)
    try withSeeds(2000..<2120) { generator in
      let bytes = mutated(base, using: &generator)
      var options = ReadingOptions()
      options.keepGoing = true
      let output = Collected()
      var converter = TraceConverter(to: encoding, reading: options) { output.write($0) }
      let input = try converter.read(.bytes(bytes, name: "1.trace"))
      converter.finish()
      let converted = try analyze(inputs: [output.bytes], format: TraceFormat(encoding))
      let analysis = try analyze(inputs: [bytes], keepGoing: true)
      guard input.warnings == analysis.inputs[0].warnings else { return }
      #expect(converted.verdicts == analysis.verdicts, "\(TestContext.description)")
    }
  }

  @Test func `Noise is refused or analysed`() {
    withSeeds(0..<100) { generator in
      let bytes = (0..<Int.random(in: 0...300, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      for format in TraceFormat.allCases where format != .graph && format != .recording {
        #expect(throws: Never.self, "\(TestContext.description)") {
          try analyze(inputs: [bytes], keepGoing: true, format: format)
        }
      }
    }
  }
}

extension TraceFormat {
  /// The format that reads an encoding.
  fileprivate init(_ encoding: TraceEncoding) {
    switch encoding {
    case .text: self = .text
    case .jsonl: self = .jsonl
    }
  }
}
