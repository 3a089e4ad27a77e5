import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct FtraceLayoutTests {
  private func parts(_ line: String) -> String? {
    Array(line.utf8).withUnsafeBytes { bytes in
      guard let line = KernelEventLine(ftrace: bytes) else { return nil }
      let task = String(decoding: line.task, as: UTF8.self)
      let context = String(UnicodeScalar(line.columns.context))
      let rest = String(decoding: line.rest, as: UTF8.self)
      return "\(task)|\(line.pid)|\(line.cpu)|\(context)|\(line.event)|\(line.restColumn)|\(rest)"
    }
  }

  @Test func `The default layout is read`() {
    #expect(
      parts(
        "            init-1       [000] .....    16.318850: lock_acquire: 00000000d62be939 read &mm->mmap_lock"
      )
        == "            init|1|0|.|acquire|66|00000000d62be939 read &mm->mmap_lock")
    #expect(
      parts(
        "          <idle>-0       [001] d.h2.    11.378557: lock_acquired: ffff88803e9de418 hrtimer_bases.lock"
      )
        == "          <idle>|0|1|h|acquired|67|ffff88803e9de418 hrtimer_bases.lock")
    #expect(
      parts(
        "         w-files-71      [001] d..2.    18.683457: lock_contended: 00000000a7d1c6d0 &lruvec->lru_lock"
      )
        == "         w-files|71|1|.|contended|68|00000000a7d1c6d0 &lruvec->lru_lock")
  }

  @Test func `The layout without flags is read`() {
    #expect(
      parts(
        "            init-1       [000]     23.127162: lock_release: 00000000137ec4cb trace_types_lock"
      )
        == "            init|1|0|.|release|61|00000000137ec4cb trace_types_lock")
  }

  @Test func `The layout with thread groups is read`() {
    #expect(
      parts(
        "            init-1       (      1) [000] ...1.    23.127798: lock_acquire: 00000000e7b9467b &newf->file_lock"
      )
        == "            init|1|0|.|acquire|76|00000000e7b9467b &newf->file_lock")
    #expect(
      parts(
        "           <...>-77      (-------) [001] d.s2.    23.127798: lock_acquire: 00000000e7b9467b x"
      )
        == "           <...>|77|1|s|acquire|76|00000000e7b9467b x")
  }

  @Test(arguments: [
    "kworker/u4:1", "jbd2/vdb-8", "my program", "a [0] b", "x-1 [000] y", "<...>", "a-b-c",
  ])
  func `Task names may hold anything`(name: String) {
    let padded = String(repeating: " ", count: 16 - name.count) + name
    #expect(
      parts("\(padded)-26      [001] .....    16.318850: lock_acquire: 00000000d62be939 l")
        == "\(padded)|26|1|.|acquire|66|00000000d62be939 l")
  }

  @Test func `Four flags and times of a counter are read`() {
    #expect(
      parts("            init-1       [000] d..1    16.318850: lock_acquire: 00000000d62be939 l")
        == "            init|1|0|.|acquire|65|00000000d62be939 l")
    #expect(
      parts("            init-1       [000] d.s1.  16318850: lock_acquire: 00000000d62be939 l")
        == "            init|1|0|s|acquire|63|00000000d62be939 l")
  }

  @Test func `The latency layout is read`() {
    for delay in [" ", "+", "!", "#", "*", "@", "$"] {
      #expect(
        parts(
          "    init-1         0d..1. 2117069us\(delay): lock_acquire: 00000000ad755115 &p->pi_lock")
          == "    init|1|0|.|acquire|53|00000000ad755115 &p->pi_lock")
    }
    #expect(
      parts("kworker/-26      12dNs2    12us : lock_release: 00000000ad755115 &p->pi_lock")
        == "kworker/|26|12|s|release|49|00000000ad755115 &p->pi_lock")
    #expect(
      parts("    init-1         1..... 2117069: lock_acquired: 00000000ad755115 l")
        == "    init|1|1|.|acquired|51|00000000ad755115 l")
  }

  @Test func `The verbose latency layout is read`() {
    #expect(
      parts(
        "            my x    4000   1 9 00000001 00010a95 [58127d26] 1720.415ms (+0.000ms): lock_acquire: 00000000ad755115 l"
      ) == "            my x|4000|1|h|acquire|98|00000000ad755115 l")
    #expect(
      parts(
        "            bash    4000   1 24 00000001 00010a95 [0000000058127d26] 1720 (+12): lock_release: 00000000ad755115 l"
      ) == "            bash|4000|1|H|release|96|00000000ad755115 l")
  }

  @Test(arguments: [
    (0x00, ".."), (0x01, "d."), (0x80, "b."), (0x81, "D."), (0x02, "X."), (0x09, "dh"),
    (0x10, ".s"), (0x19, "dH"), (0x41, "dz"), (0x49, "dZ"), (0x24, ".."),
  ])
  func `The flags of the verbose layout are those of the columns`(flags: UInt32, letters: String) {
    let columns = KernelStateColumns(flags: flags)
    #expect([columns.masks, columns.context] == Array(letters.utf8))
  }

  @Test func `Reports of trace-cmd are read`() {
    #expect(
      parts(
        "            load-71    [000]    17.291536: lock_release:         0xffff8880002794f8 &f->f_pos_lock"
      ) == "            load|71|0|.|release|66|0xffff8880002794f8 &f->f_pos_lock")
    #expect(
      parts(
        "            load-71    [001] d.s2.    17.291536123: lock_acquire:         0xffff8880002794f8 read l"
      ) == "            load|71|1|s|acquire|75|0xffff8880002794f8 read l")
    #expect(
      parts("    load-71      0d..1    17.291536: lock_acquire:         0xffff8880002794f8 l")
        == "    load|71|0|.|acquire|60|0xffff8880002794f8 l")
  }

  @Test func `Other events are no lock events`() {
    #expect(
      parts(
        "            init-1       [000] ...1.   114.363041: contention_begin: 000000002dadb05f (flags=SPIN|MUTEX)"
      )
        == "            init|1|0|.|other|70|000000002dadb05f (flags=SPIN|MUTEX)")
  }

  @Test(arguments: [
    "", "T1 acquire A", "            init-1       [000]", "# tracer: nop", " => do_syscall_64",
    "            init-1       [000] .....    16.318850:",
    "            init-x       [000] .....    16.318850: lock_acquire: 1 l",
  ])
  func `What is no event line is told apart`(line: String) {
    #expect(parts(line) == nil)
  }

  @Test func `A line that is no event is an error with its place`() throws {
    let error = try #require(failure(of: KernelTrace.header + "nonsense\nmore\n"))
    #expect(error.line == 7)
    #expect(error.text == "nonsense")
    #expect(error.expected == "TASK-PID [CPU] FLAGS TIME: EVENT: …")
  }

  @Test func `The format is recognised by header or lines`() {
    func format(_ text: String) -> TraceFormat? {
      Array(text.utf8).withUnsafeBytes { TraceFormat.recognize($0) }
    }
    #expect(format("# tracer: nop\n") == .ftrace)
    #expect(format("\n\nCPU:0 [LOST 7529 EVENTS]\n") == .ftrace)
    #expect(format("# lockgraph-trace 1\n# tracer: nop\n") == .text)
    #expect(format("T1 acquire A\n") == .text)
    #expect(format("cpus=2\n") == .ftrace)
    #expect(format("CPU 0 is empty\n") == .ftrace)
    #expect(format("cpus=two\n") == nil)
    #expect(format("lock_acquire: 00000000d62be939 l\n") == .ftrace)
    #expect(format("") == nil)
    #expect(
      format(
        "            init-1       [000] .....    16.318850: lock_acquire: 00000000d62be939 l\n")
        == .ftrace)
  }
}
