import LockGraphEngine
import TestSupport
import Testing

/// What `trace-cmd report` prints beside event lines, and its raw fields.
@Suite struct TraceCmdTests {
  private func line(_ event: String, _ rest: String, cpu: Int = 0) -> String {
    "            load-71    [00\(cpu)]    17.291536: \(event):         \(rest)\n"
  }

  @Test func `A report begins with its processors and has no flags`() throws {
    let text =
      "CPU 1 is empty\ncpus=2\n"
      + line("lock_acquire", "0xffff8880002794f8 try read &f->f_pos_lock")
      + line("lock_release", "0xffff8880002794f8 &f->f_pos_lock")
    try withEvents(of: text) { events, input in
      #expect(input.format == "ftrace")
      #expect(input.events == 2)
      #expect(
        events.descriptions == [
          "* lost 1",
          "load-71 acquire &f->f_pos_lock@0xffff8880002794f8 read try class=&f->f_pos_lock",
          "load-71 release &f->f_pos_lock@0xffff8880002794f8",
        ])
    }
  }

  @Test func `Raw fields mean the same`() throws {
    let text =
      line("lock_acquire", "flags=2 name=a b=c lockdep_addr=0xffff888004456560")
      + line("lock_acquire", "flags=0x1 name=d lockdep_addr=0xffff888004456568")
      + line("lock_contended", "name=a b=c lockdep_addr=0xffff888004456560")
      + line("lock_acquired", "name=a b=c lockdep_addr=0xffff888004456560")
      + line("lock_release", "name=a b=c lockdep_addr=0xffff888004456560")
    try withEvents(of: text) { events, _ in
      #expect(
        events.descriptions.dropFirst() == [
          "load-71 acquire a b=c@0xffff888004456560 read class=a b=c",
          "load-71 acquire d@0xffff888004456568 write try class=d",
          "load-71 request a b=c@0xffff888004456560 known",
          "load-71 acquire a b=c@0xffff888004456560",
          "load-71 release a b=c@0xffff888004456560",
        ])
    }
  }

  @Test func `A raw name is no address however long it is`() throws {
    for length in 1...20 {
      let name = String(repeating: "n", count: length)
      let text =
        line("lock_acquire", "flags=0 name=\(name) lockdep_addr=0xffff888004456560")
        + line("lock_release", "name=\(name) lockdep_addr=0xffff888004456560")
      try withEvents(of: text) { events, _ in
        #expect(
          events.descriptions.dropFirst() == [
            "load-71 acquire \(name)@0xffff888004456560 write class=\(name)",
            "load-71 release \(name)@0xffff888004456560",
          ])
      }
    }
  }

  @Test(arguments: [
    "flags=2 name=a", "name=a lockdep_addr=", "flags=x name=a lockdep_addr=0x1",
    "name=a lockdep_addr=zz", "flags=2", "flags=", "lockdep_addr=0x1",
  ])
  func `Raw fields that make no sense are an error`(rest: String) throws {
    let error = try #require(failure(of: line("lock_acquire", rest), format: .ftrace))
    #expect(error.message == "a bad address of a lock")
    #expect(error.column == 66)
  }

  @Test(arguments: [
    ("CPU:1 [EVENTS DROPPED]", 0), ("CPU:1 [123 EVENTS DROPPED]", 123),
    ("CPU:0 [LOST 7529 EVENTS]", 7529), ("CPU:0 [LOST EVENTS]", 0),
  ])
  func `Lost events are told of`(text: String, count: Int) throws {
    try withEvents(of: "cpus=2\n" + text + "\n") { events, _ in
      #expect(events.descriptions == ["* lost \(count)"])
    }
  }

  @Test(arguments: ["CPU:0 [LOST x EVENTS]", "CPU:0 [LOST", "CPU:0 [x EVENTS DROPPED]", "cpus=2.5"])
  func `What only looks so is an error`(text: String) throws {
    let error = try #require(failure(of: "cpus=2\n" + text + "\n"))
    #expect(error.line == 2)
    #expect(error.message == "not an event line of the kernel's trace")
  }
}
