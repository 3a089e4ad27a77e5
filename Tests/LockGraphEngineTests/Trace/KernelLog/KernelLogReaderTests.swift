import LockGraphEngine
import TestSupport
import Testing

/// What stands around the reports of a log.
@Suite struct KernelLogReaderTests {
  private let verdict = ["lock-order-inversion ordering ldt_a ldt_b"]

  private func prefixed(_ prefix: String) -> String {
    KernelLog.orderCycle().split(separator: "\n", omittingEmptySubsequences: false)
      .map { prefix + $0 + "\n" }.joined()
  }

  @Test(arguments: [
    "", "[   10.249990] ", "<4>[   10.249990] ", "<4>", "[12345.249990] ",
    "Nov 22 10:00:00 host kernel: ", "Nov 22 10:00:00 host kernel: [   10.249990] ",
    "2025-11-22T10:00:00+0000 host kernel: ", "[Sat Nov 22 10:00:00 2025] ",
    "kern  :warn  : [   10.249990] ", "[   10.249990][   T57] ", "[   10.249990][   C0] ",
    "2025-11-22T10:00:00,249990+00:00 ",
  ])
  func `A report is found whatever stands before its lines`(prefix: String) throws {
    let analysis = try analyze(prefixed(prefix))
    #expect(analysis.inputs[0].format == "kernel-log")
    #expect(analysis.verdicts == verdict)
    #expect(analysis.findings[0].edges[0].witnesses[0].wanted.place == "m_ab+0x20/0x45 [ldt]")
    #expect(try analyze(prefixed(prefix), format: .kernelLog).verdicts == verdict)
  }

  @Test func `Lines of others between those of a report change nothing`() throws {
    let noise = [
      "[   10.200000] ldt: end test=abba", "[   10.200000] usb 1-1: new high-speed USB device",
      "[   10.200000] random: (not a lock) at: nowhere", "[   10.200000] #7: what is that",
    ]
    let plain = try analyze(KernelLog.timed(KernelLog.orderCycle()))
    withSeeds(0..<100) { generator in
      var lines = KernelLog.timed(KernelLog.orderCycle()).split(separator: "\n").map(String.init)
      for _ in 0..<20 {
        lines.insert(
          noise.randomElement(using: &generator)!,
          at: Int.random(in: 0...lines.count, using: &generator))
      }
      let analysis = try? analyze(lines.joined(separator: "\n") + "\n")
      #expect(analysis?.verdicts == verdict, "\(TestContext.description)")
      #expect(
        analysis?.findings[0].edges.map { $0.witnesses[0].wanted.stack }
          == plain.findings[0].edges.map { $0.witnesses[0].wanted.stack },
        "\(TestContext.description)")
    }
  }

  @Test func `Where the log says who prints a line, those of others are left out`() throws {
    var lines = prefixed("[   10.249990][   T57] ").split(separator: "\n").map(String.init)
    let place = try #require(lines.firstIndex { $0.contains("mutex_lock_interruptible") })
    lines.insert("[   10.249990][   C1]        intruder+0x1/0x2", at: place)
    let analysis = try analyze(lines.joined(separator: "\n") + "\n")
    #expect(analysis.findings[0].edges[0].witnesses[0].wanted.place == "m_ab+0x20/0x45 [ldt]")
  }

  @Test func `A report that is cut off is a finding with what is there`() throws {
    let lines = KernelLog.timed(KernelLog.orderCycle()).split(separator: "\n")
    for count in 4...lines.count {
      let text = lines.prefix(count).joined(separator: "\n")
      for log in [text, text + "\n", text.dropLast(text.count / count / 2) + ""] {
        let analysis = try analyze("[    1.000000] Booting\n" + log)
        #expect(analysis.findings.count == 1, "\(count) lines")
        #expect(analysis.findings.first?.rule == .lockOrderInversion)
        let isCutOff = analysis.findings.first?.title.contains("(the report is cut off)")
        #expect(analysis.findings.first?.edges.isEmpty == isCutOff)
      }
    }
  }

  @Test func `Reports of one problem are one finding, and others are others`() throws {
    let log =
      KernelLog.timed(KernelLog.orderCycle()) + KernelLog.timed("noise\n\nnoise", seconds: 11)
      + KernelLog.timed(KernelLog.orderCycle("b", "c"), seconds: 12)
      + KernelLog.timed(KernelLog.orderCycle(), seconds: 13)
    let analysis = try analyze(log)
    #expect(analysis.verdicts == ["lock-order-inversion ordering b c"] + verdict)
    #expect(analysis.findings.map(\.occurrences) == [1, 2])
    #expect(analysis.inputs[0].facts == 3)
  }

  @Test func `A report that has no end is over when nothing of it follows`() throws {
    let cut = KernelLog.orderCycle().split(separator: "\n").prefix(20).joined(separator: "\n")
    let noise = String(repeating: "something else\n", count: 300)
    let later = "Call Trace:\n late_frame+0x1/0x2\n"
    let analysis = try analyze(KernelLog.timed(cut + "\n" + noise + later))
    #expect(analysis.findings.count == 1)
    #expect(
      analysis.findings[0].edges.allSatisfy { edge in
        !edge.witnesses[0].wanted.stack.contains { $0.contains("late_frame") }
      })
  }

  @Test func `A decoded stack gives places in the source`() throws {
    let report = KernelLog.orderCycle()
      .replacing("m_ab+0x20/0x45 [ldt]", with: "m_ab (drivers/ldt.c:88 drivers/ldt.c:80) ldt")
    let wanted = try analyze(KernelLog.timed(report)).findings[0].edges[0].witnesses[0].wanted
    #expect(wanted.at == "drivers/ldt.c:88")
  }

  @Test func `A log without reports has no findings`() throws {
    let analysis = try analyze(
      KernelLog.timed("Booting\nWARNING: CPU: 0 PID: 1 at x.c:1 f+0x1/0x2"))
    #expect(analysis.inputs[0].format == "kernel-log")
    #expect(analysis.findings.isEmpty)
    #expect(!analysis.inputs[0].isEmpty)
    #expect(analysis.inputs[0].warnings.isEmpty)
  }

  @Test func `That the validator gave up is said`() throws {
    let analysis = try analyze(
      KernelLog.timed("Booting\nBUG: MAX_LOCKDEP_CHAINS too low!\nturning off the validator"))
    #expect(
      analysis.inputs[0].warnings == [
        "the kernel's validator gave up at line 2 and reports nothing after it: "
          + "BUG: MAX_LOCKDEP_CHAINS too low!"
      ])
  }

  @Test func `A log is told from a trace with times`() {
    func format(_ text: String) -> TraceFormat? {
      try? analyze(text, keepGoing: true).inputs[0].format == "text" ? .text : .kernelLog
    }
    #expect(format("[1.000000] T1 acquire a\n") == .text)
    #expect(format("[12345.000000] T1 acquire a\n") == .text)
    #expect(format("[1.000000] T1 aquire a\n") == .text)
    #expect(format("[12345.000000] T1 aquire a\n[12345.000001] T1 release a\n") == .text)
    #expect(format("[12345.000000] usb 1-1: device\n") == .kernelLog)
    #expect(format("[    0.000000] Linux version 6.1\n") == .kernelLog)
    // What firmware says before it may look like an event.
    #expect(format("T1 acquire a\n[    0.000000] Linux version 6.1\n") == .kernelLog)
    let late = String(repeating: "systemd: a line of a log\n", count: 200)
    #expect(format(late) == .text)
    #expect(format(late + KernelLog.orderCycle()) == .kernelLog)
  }
}
