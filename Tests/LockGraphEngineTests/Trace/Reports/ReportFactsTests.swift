import LockGraphEngine
import TestSupport
import Testing

/// What single reports tell, and what they do not.
@Suite struct ReportFactsTests {
  private func inversion(_ name: String) throws -> Finding {
    try #require(try analyze(ReportFile(name).text).findings(.lockOrderInversion).first)
  }

  @Test func `ThreadSanitizer's orders have threads and places, and no gates`() throws {
    let finding = try inversion("tsan.txt")
    let witnesses = finding.edges.map { $0.witnesses[0] }
    #expect(witnesses.map(\.thread) == ["teller (T1)", "audit (T2)"])
    #expect(
      witnesses.map(\.held.place) == [
        "Teller::book(int) (/src/bank/teller.cpp:85:5)", "Audit::run() (/src/bank/audit.cpp:120:3)",
      ])
    #expect(finding.confidenceReason?.contains("what else they held is not told") == true)
  }

  @Test func `One thread alone is no deadlock`() throws {
    let text = ReportFile("tsan.txt").text.replacing("in thread T2:", with: "in thread T1:")
    let finding = try #require(try analyze(text).findings(.lockOrderInversion).first)
    #expect(finding.confidence == .ordering)
    #expect(finding.confidenceReason == "one thread alone takes them in both orders")
  }

  @Test func `Without second stacks the finding is there all the same`() throws {
    let text = ReportFile("real-tsan.txt").text.replacing(
      #/  Mutex M\d+ previously acquired by the same thread here:\n(    #.*\n)+\n/#, with: "")
    #expect(try analyze(text).findings(.lockOrderInversion).count == 2)
  }

  @Test func `A report of which the cycle alone is left is a finding without places`() throws {
    let lines = ReportFile("tsan.txt").lines[..<3].joined(separator: "\n") + "\n"
    let analysis = try analyze(lines)
    #expect(analysis.findingLines.count == 1)
    #expect(analysis.inputs[0].warnings == ["the report of ThreadSanitizer at line 2 is cut off"])
  }

  @Test(arguments: [
    ("abseil.txt", 7..<9, "the report of Abseil at line 1 is cut off before its cycle"),
    ("bitcoin.txt", 3..<6, "the report at line 1 is cut off before its locks"),
    ("go-deadlock.txt", 6..<15, "the report of go-deadlock at line 1 is cut off"),
    ("helgrind.txt", 14..<37, "Helgrind's report at line 14 may be cut off"),
    ("innodb.txt", 15..<24, "the deadlock of InnoDB at line 2 is cut off"),
    ("postgresql.txt", 2..<3, "the deadlock at line 1 is cut off: not all of its waits are there"),
    (
      "tracing-mutex.txt", 2..<10,
      "the report of tracing-mutex at line 2 has no backtraces: build it with its feature "
        + "'backtraces' and run it with RUST_BACKTRACE=1"
    ),
  ])
  func `A beginning of a report says what it lacks, as long as it lacks it`(
    name: String, counts: Range<Int>, warning: String
  ) throws {
    let lines = ReportFile(name).lines
    for count in counts.lowerBound...counts.upperBound {
      let text = lines[..<count].joined(separator: "\n") + "\n"
      #expect(
        try analyze(text).inputs[0].warnings == (counts.contains(count) ? [warning] : []),
        "\(count) lines")
    }
  }

  @Test func `Readers of a read-write lock are readers`() throws {
    let finding = try #require(
      try analyze(ReportFile("real-tsan.txt").text).findings(.lockOrderInversion)
        .first { $0.edges.contains { $0.witnesses[0].held.mode == .read } })
    #expect(finding.edges.contains { $0.witnesses[0].wanted.mode == .write })
  }

  @Test func `Helgrind does not tell the thread of the first order`() throws {
    let finding = try inversion("helgrind.txt")
    #expect(finding.classes.first == "account_lock")
    #expect(finding.confidenceReason?.contains("may be the one of the other order") == true)
  }

  @Test func `A try is remarked on where it is all there is`() throws {
    let analysis = try analyze(ReportFile("bitcoin.txt").text)
    #expect(analysis.findings.isEmpty)
    #expect(analysis.inputs[0].warnings.contains { $0.contains("only tried for") })
    let whole = ReportFile("bitcoin.txt").text.replacing(" (TRY)", with: "")
    let finding = try #require(try analyze(whole).findings.first)
    #expect(finding.confidence == .feasible)
    #expect(finding.classes == ["cs_account", "cs_ledger"])
    let one = whole.replacing("'audit'", with: "'teller'")
    #expect(try analyze(one).findings.map(\.confidence) == [.ordering])
  }

  @Test func `Tables of several logs come into one order`() throws {
    let text = ReportFile("real-postgresql.txt").text
    let finding = try inversion("real-postgresql.txt")
    #expect(finding.classes == ["account", "ledger"])
    #expect(finding.edges[0].witnesses[0].wanted.place == "update ledger set n = ? where id = ?")
    let other = text.replacing("ledger", with: "audit_log").replacing("[5043]", with: "[99]")
    let both = try analyze(text, other)
    #expect(both.findings(.deadlock).count == 2)
    #expect(both.summary.classes == 3)
  }

  @Test func `A debugger's values name owners, and joins are waits`() throws {
    let analysis = try analyze(ReportFile("real-debugger.txt").text)
    let deadlock = try #require(analysis.findings(.deadlock).first)
    #expect(deadlock.classes == ["account_lock", "ledger_lock"])
    #expect(deadlock.waiters.contains { $0.stack.first == "audit_visit (hang.c:8)" })
    #expect(analysis.waitingThreads.contains("hang (1)"))
    let without = ReportFile("real-debugger.txt").lines.filter {
      !$0.hasPrefix("$") && !$0.hasPrefix("+p")
    }
    let waits = try analyze(without.joined(separator: "\n"))
    #expect(waits.findings.isEmpty)
    #expect(waits.waitingThreads.sorted() == ["auditor (3)", "hang (1)", "teller (2)"])
  }

  @Test func `Values without the command that shows them are no owners`() throws {
    let lines = ReportFile("real-debugger.txt").lines.filter { !$0.hasPrefix("+p") }
    let analysis = try analyze(lines.joined(separator: "\n"))
    #expect(analysis.findings.isEmpty)
    #expect(
      analysis.inputs[0].warnings == [
        "2 locks are shown without the command that shows which: 'set trace-commands on' before it "
          + "has gdb print it"
      ])
  }

  @Test func `Of three threads of parking_lot it is not known who waits for whom`() throws {
    let two = ReportFile("parking-lot.txt").text
    #expect(try analyze(two).inputs[0].warnings.isEmpty)
    let third = ReportFile("parking-lot.txt").lines[2..<7].joined(separator: "\n")
      .replacing("140381423789632", with: "140381419579136")
    let analysis = try analyze(two + third + "\n")
    #expect(analysis.findings(.deadlock).map(\.waiters.count) == [3])
    #expect(
      analysis.inputs[0].warnings == [
        "the deadlock at line 2 is told without its locks: who of its 3 threads waits for whom is "
          + "not known"
      ])
  }

  @Test func `Goroutines that are all asleep are told with their places`() throws {
    let analysis = try analyze(ReportFile("go.txt").text)
    #expect(
      analysis.inputs[0].warnings == [
        "a dump of goroutines does not tell who has a lock: it shows what waits, and no circle"
      ])
    let finding = try #require(analysis.findings.first)
    #expect(finding.severity == .error)
    #expect(finding.events.contains { $0.stack.first == "main.book (/app/teller.go:20)" })
    #expect(analysis.waitingThreads.contains("goroutine 19 (2 minutes)"))
  }

  @Test func `Waits that go-deadlock timed can close a circle`() throws {
    let text = ReportFile("go-deadlock-timeout.txt").text
    #expect(try analyze(text).waitingThreads == ["goroutine 18"])
    let back = """

      POTENTIAL DEADLOCK:
      Previous place where the lock was grabbed
      goroutine 18 lock 0xc00001c0b0
      teller.go:19 main.book { account.Lock() } <<<<<

      Have been trying to lock it again for more than 30s
      goroutine 19 lock 0xc00001c0b0
      audit.go:33 main.audit { account.Lock() } <<<<<

      """
    #expect(try analyze(text + back).findings(.deadlock).count == 1)
  }

  @Test func `Processes of one file have threads and monitors of their own`() throws {
    let text = ReportFile("android.txt").text
    let other = text.replacing("pid 4711", with: "pid 4712").replacing(
      "waiting to lock <0x0734e630>", with: "at rest <0x0734e630>")
    let analysis = try analyze(text + "\n" + other)
    #expect(analysis.findings(.deadlock).map(\.occurrences) == [1])
    #expect(analysis.summary.threads == 4)
    #expect(analysis.waitingThreads.contains("main of process 4712"))
  }

  @Test func `A log without reports passes with a remark`() throws {
    let quiet =
      "==1== Helgrind, a thread error detector\n==1== Command: ./a\n==1== ERROR SUMMARY: 0\n"
    let analysis = try analyze(quiet)
    #expect(!analysis.inputs[0].isEmpty)
    let verdict = Gate(today: CalendarDate("2026-06-15")!).verdict(on: analysis)
    #expect(
      verdict.remarks.map(\.text) == ["1.trace: Helgrind's output without reports about locks"])
  }
}
