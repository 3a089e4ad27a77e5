import LockGraphEngine
import TestSupport
import Testing

/// Which locks the addresses and names of a capture are.
@Suite struct FtraceLockTests {
  private let first = "00000000d62be939 first"
  private let second = "00000000d62be939 second"

  private func events(of trace: KernelTrace) throws -> [String] {
    var result: [String] = []
    try withEvents(of: trace.text) { events, _ in
      result = events.descriptions.compactMap {
        $0.hasPrefix("init-1 ") && !$0.hasSuffix("!") ? String($0.dropFirst(7)) : nil
      }
    }
    return result
  }

  @Test func `An address under another name was given to another lock`() throws {
    var trace = KernelTrace()
    trace.nest(first)
    trace.nest(second)
    trace.nest(first)
    let (one, other) = ("first@00000000d62be939", "second@00000000d62be939")
    #expect(
      try events(of: trace) == [
        "acquire \(one) write class=first", "release \(one)",
        "destroy \(one)", "acquire \(other) write class=second", "release \(other)",
        "destroy \(other)", "acquire \(one) write class=first", "release \(one)",
      ])
    let analysis = try analyze(trace.text)
    #expect(analysis.summary.locks == 3)
    #expect(analysis.findings.isEmpty)
  }

  @Test func `Two locks whose hashed addresses are alike stay two`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", first)
    trace.nest(second)
    trace.add("lock_release", first)
    trace.nest(first)
    #expect(!(try events(of: trace).contains { $0.hasPrefix("destroy") }))
    let analysis = try analyze(trace.text)
    #expect(analysis.summary.locks == 2)
    #expect(analysis.findings.isEmpty)
  }

  @Test func `What was held before a loss is held no more`() throws {
    var trace = KernelTrace(hasHeader: false)
    trace.add("lock_acquire", first)
    trace.add(line: "CPU:0 [LOST 7529 EVENTS]")
    trace.nest(second)
    #expect(try events(of: trace).contains("destroy first@00000000d62be939"))
    #expect(try analyze(trace.text).findings.isEmpty)
  }

  @Test func `A short address ends where it ends`() throws {
    var trace = KernelTrace()
    trace.nest("d62be939 a name x of")
    trace.nest("0xd62be939 bname x of")
    #expect(try analyze(trace.text).graph.classes.map(\.name) == ["a name x of", "bname x of"])
  }

  @Test func `Where names are lost an acquisition is a try unless it is seen to be none`() throws {
    var trace = KernelTrace()
    trace.add("lock_release", "00000000d62be900 ")
    trace.add("lock_acquire", first)
    trace.add("lock_acquired", "00000000d62be939 ")
    trace.add("lock_acquire", "00000000d62be93a second")
    trace.add("lock_contended", "00000000d62be93a ")
    trace.add("lock_acquired", "00000000d62be93a ")
    trace.add("lock_acquire", "00000000d62be93b third")
    trace.add("lock_acquire", "00000000d62be93c fourth", flags: "d.h1.")
    trace.add("lock_release", "00000000d62be93c ", flags: "d.h1.")
    trace.add("lock_release", "00000000d62be93b ")
    let (one, two) = ("first@00000000d62be939", "second@00000000d62be93a")
    let (three, four) = ("third@00000000d62be93b", "fourth@00000000d62be93c")
    #expect(
      try events(of: trace) == [
        "init \(one) class=first", "acquire \(one) write",
        "init \(two) class=second", "acquire \(two) write", "request \(two) known",
        "acquire \(two)",
        "init \(three) class=third",
        "enter hardirq", "init \(four) class=fourth", "acquire \(four) write try",
        "release \(four)", "leave hardirq", "acquire \(three) write try", "release \(three)",
      ])
    #expect(try analyze(trace.text).findings.isEmpty)
  }

  @Test func `Where names are lost an inversion is found`() throws {
    var trace = KernelTrace()
    trace.add("lock_release", "00000000d62be900 ")
    for (task, locks) in [
      ("one-10", ["1 lock_a", "2 lock_b"]), ("two-11", ["2 lock_b", "1 lock_a"]),
    ] {
      for lock in locks {
        let address = "000000000000000\(lock.prefix(1))"
        trace.add("lock_acquire", "\(address) \(lock.dropFirst(2))", task: task)
        trace.add("lock_acquired", "\(address) ", task: task)
      }
      for lock in locks {
        trace.add("lock_release", "000000000000000\(lock.prefix(1)) ", task: task)
      }
    }
    #expect(try analyze(trace.text).verdicts == ["lock-order-inversion feasible lock_a lock_b"])
  }
}
