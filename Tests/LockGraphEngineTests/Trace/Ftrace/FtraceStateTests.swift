import LockGraphEngine
import TestSupport
import Testing

/// The contexts and masks that the columns before the time show.
@Suite struct FtraceStateTests {
  private let a = "00000000d62be939 lock_a"

  /// The events of one task whose lines have these flags, without those of the lock.
  private func states(
    _ flags: [String], hasHeader: Bool = true, cpus: [Int] = []
  ) throws -> [String] {
    var trace = KernelTrace(hasHeader: hasHeader)
    for (index, flags) in flags.enumerated() {
      if flags.hasPrefix("CPU:") {
        trace.add(line: flags)
      } else {
        trace.add(
          "lock_acquire", a, cpu: index < cpus.count ? cpus[index] : 0, flags: flags)
      }
    }
    var result: [String] = []
    try withEvents(of: trace.text) { events, _ in
      result = events.descriptions.map {
        $0.hasPrefix("init-1 acquire")
          ? "-" : $0.hasPrefix("init-1 ") ? String($0.dropFirst(7)) : $0
      }
    }
    return result
  }

  @Test(arguments: [
    (".....", ["enable hardirq!", "enable softirq!"]),
    ("d..1.", ["disable hardirq!", "enable softirq!"]),
    ("b..1.", ["enable hardirq!", "disable softirq!"]),
    ("D..1.", ["disable hardirq!", "disable softirq!"]),
    ("X..1.", []),
    ("d.h1.", ["enter hardirq"]),
    ("d.s1.", ["enter softirq", "disable hardirq!", "enable softirq!"]),
    ("d.H1.", ["enter softirq", "enter hardirq"]),
    ("d.z1.", ["enter nmi"]),
    ("d.Z1.", ["enter hardirq", "enter nmi"]),
  ])
  func `The first event of a task states how it runs`(flags: String, stated: [String]) throws {
    #expect(try states([flags]) == ["* lost 1"] + stated + ["-"])
  }

  @Test func `Only what changes is stated again`() throws {
    #expect(
      try states([".....", ".....", "d....", "D....", "D..1.", "b....", "....."])
        == [
          "* lost 1", "enable hardirq!", "enable softirq!", "-", "-", "disable hardirq!", "-",
          "disable softirq!", "-", "-", "enable hardirq!", "-", "enable softirq!", "-",
        ])
  }

  @Test func `After a change of context all is stated again`() throws {
    #expect(
      try states(["d....", "d.h1.", "..h1.", "d....", "..s1.", "d.H1.", "..s1."])
        == [
          "* lost 1", "disable hardirq!", "enable softirq!", "-", "enter hardirq", "-", "-",
          "leave hardirq", "disable hardirq!", "enable softirq!", "-", "enter softirq",
          "enable hardirq!", "enable softirq!", "-", "enter hardirq", "-", "leave hardirq",
          "enable hardirq!", "enable softirq!", "-",
        ])
  }

  @Test func `After a loss a task is in its context anew`() throws {
    #expect(
      try states(["d.h1.", "CPU:0 [LOST 7 EVENTS]", "d.h1.", "CPU:0 [LOST EVENTS]", "d...."])
        == [
          "* lost 1", "enter hardirq", "-", "* lost 7", "enter hardirq", "-", "* lost 0",
          "disable hardirq!", "enable softirq!", "-",
        ])
  }

  @Test func `A task that may have lost events on another processor starts anew`() throws {
    #expect(
      try states(["..s1.", "..s1."], hasHeader: false, cpus: [0, 1])
        == [
          "* lost 1", "enter softirq", "enable hardirq!", "enable softirq!", "-", "lost 0",
          "enter softirq", "enable hardirq!", "enable softirq!", "-",
        ])
    #expect(
      try states(["..s1.", "..s1."], cpus: [0, 1])
        == ["* lost 1", "enter softirq", "enable hardirq!", "enable softirq!", "-", "-"])
  }

  @Test func `A letter that says nothing is followed by a full statement`() throws {
    #expect(
      try states(["d....", "X....", "d...."])
        == [
          "* lost 1", "disable hardirq!", "enable softirq!", "-", "-", "disable hardirq!",
          "enable softirq!", "-",
        ])
  }

  @Test func `Lines without flags state nothing`() throws {
    let text = """
      # tracer: nop
                  init-1       [000]     23.127162: lock_acquire: 00000000137ec4cb l

      """
    try withEvents(of: text) { events, _ in
      #expect(
        events.descriptions == ["* lost 1", "init-1 acquire l@00000000137ec4cb write class=l"])
    }
  }

  @Test func `A lock that interrupts may take is found where it is held with them enabled`() throws
  {
    for (flags, rules) in [("d..1.", []), ("...1.", [Rule.contextInversion])] {
      var trace = KernelTrace()
      trace.nest(a, flags: "d.h2.")
      trace.nest(a, task: "other-9", flags: flags)
      let analysis = try analyze(trace.text)
      #expect(analysis.findings.map(\.rule) == rules, "\(flags)")
    }
  }
}
