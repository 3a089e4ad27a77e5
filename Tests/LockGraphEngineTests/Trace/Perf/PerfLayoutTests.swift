import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct PerfLayoutTests {
  private func parts(_ line: String) -> String? {
    Array(line.utf8).withUnsafeBytes { bytes in
      guard let line = KernelEventLine(perf: bytes) else { return nil }
      let task = String(decoding: line.task, as: UTF8.self)
      let rest = String(decoding: line.rest, as: UTF8.self)
      let time = String(decoding: line.time, as: UTF8.self)
      return "\(task)|\(line.pid)|\(line.cpu)|\(time)|\(line.event)|\(line.restColumn)|\(rest)"
    }
  }

  @Test func `The default layout is read`() {
    #expect(
      parts(
        "              ls 19607 [001] 12319.550497: lock:lock_acquire: 0xffff8881003c4cec read rcu_read_lock"
      ) == "ls|19607|1|12319.550497|acquire|63|0xffff8881003c4cec read rcu_read_lock")
    #expect(
      parts("ls 19607 [000] 12319.550497:   lock:lock_release: 0xffff8881003c4cec a: b")
        == "ls|19607|0|12319.550497|release|51|0xffff8881003c4cec a: b")
    #expect(
      parts("swapper     0 [003]     0.000000: lock:lock_contended: 0xffff8881003c4cec x")
        == "swapper|0|3|0.000000|contended|56|0xffff8881003c4cec x")
  }

  @Test(arguments: [
    ("ls 19600/19607 [001] 12319.550497535: ", "ls|19607|1|12319.550497535"),
    ("ls 19607 [001] K     12319.550497:          1 ", "ls|19607|1|12319.550497"),
    ("ls 19607 12319.550497: ", "ls|19607|0|12319.550497"),
    ("ls 19607 [001] ", "ls|19607|1|"),
    ("ls 19607 ", "ls|19607|0|"),
    ("      ls 19607   1 12319.550497: ", "ls|19607|1|12319.550497"),
    ("Worker 3 19607 12319.550497: ", "Worker 3|19607|0|12319.550497"),
    ("kworker/0:1-ev 19607 [001] 12319.550497: ", "kworker/0:1-ev|19607|1|12319.550497"),
    ("a: b 19607 [001] 12319.550497: ", "a: b|19607|1|12319.550497"),
    (":19607 19607 [001] 12319.550497: ", ":19607|19607|1|12319.550497"),
    ("x 1.000000 19607 [001] 12319.550497: ", "x 1.000000|19607|1|12319.550497"),
  ])
  func `Fields may be missing and commands may hold anything`(head: String, expected: String) {
    let parts = parts(head + "lock:lock_acquired: 0xffff8881003c4cec l")
    #expect(parts?.hasPrefix(expected + "|acquired|") == true, "\(parts ?? "nil")")
  }

  @Test func `The event's system may be missing where there is a time`() {
    #expect(
      parts("ls 19607 [001] 12319.550497: lock_acquire: 0xffff8881003c4cec l")
        == "ls|19607|1|12319.550497|acquire|44|0xffff8881003c4cec l")
    #expect(parts("ls 19607 [001] lock_acquire: 0xffff8881003c4cec l") == nil)
  }

  @Test func `Other events are no lock events`() {
    #expect(
      parts("ls 19607 [001] 12319.550497: lock:contention_begin: 0xffff8881003c4cec (flags=SPIN)")
        == "ls|19607|1|12319.550497|other|53|0xffff8881003c4cec (flags=SPIN)")
  }

  @Test(arguments: [
    "", "ls 19607 [001] 12319.550497:", "ls [001] 12319.550497: lock:lock_acquire: 0x1 l",
    "19607 [001] 12319.550497: lock:lock_acquire: 0x1 l",
    "ls 19607 [001] 12319.5504: lock:lock_acquire: 0x1 l",
    "ls x/19607 [001] 12319.550497: lock:lock_acquire: 0x1 l",
    "ls 19607 [001] 12319.550497: PERF_RECORD_COMM: ls:1/1",
    "\tffffffff815d2e66 vma_interval_tree_insert+0x36 ([kernel.kallsyms])",
    "            init-1       [000] .....    16.318850: lock_acquire: 00000000d62be939 l",
  ])
  func `What is no event line is told apart`(line: String) {
    #expect(parts(line) == nil)
  }
}
