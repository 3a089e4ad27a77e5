import LockGraphEngine
import TestSupport
import Testing

@Suite struct JVMDumpTests {
  private static func thread(_ name: String, _ body: String) -> String {
    "\"\(name)\" #14 prio=5 os_prio=0 tid=0x00007f10a81b4000 nid=0x4e21 waiting\n\(body)\n"
  }

  private static let head = "Full thread dump OpenJDK 64-Bit Server VM (17.0.9+9 mixed mode):\n\n"

  @Test func `Everybody behind a circle is told`() throws {
    let analysis = try analyze(ReportFile("real-jvm.txt").text)
    let circle = try #require(
      analysis.findings(.deadlock).first { $0.classes.contains("Bank$Account") })
    #expect(circle.waiters.map(\.thread).sorted() == ["auditor", "teller"])
    #expect(
      circle.waiters.compactMap { $0.stack.first }.sorted() == [
        "Bank$Account.visit (Bank.java:3)", "Bank$Ledger.append (Bank.java:4)",
      ])
    // The lock that is waited for stands before the one that is held.
    #expect(
      circle.waiters.first { $0.thread == "teller" }?.held.first?.place
        == "Bank$Account.book (Bank.java:3)")
    for name in ["teller", "auditor", "clerk", "left", "right", "reader", "writer", "behind"] {
      #expect(analysis.waitingThreads.contains(name), "\(name)")
    }
    #expect(!analysis.waitingThreads.contains("Finalizer"))
  }

  @Test func `A monitor given up in Object.wait is not held`() throws {
    let analysis = try analyze(
      Self.head
        + Self.thread(
          "waiter",
          """
             java.lang.Thread.State: WAITING (on object monitor)
          \tat java.lang.Object.wait(java.base@17/Native Method)
          \t- waiting on <0x00000000e0c1d2a8> (a com.example.Queue)
          \tat com.example.Queue.take(Queue.java:9)
          \t- locked <0x00000000e0c1d2a8> (a com.example.Queue)
          \tat com.example.Pool.run(Pool.java:3)
          \t- locked <0x00000000e0c1d290> (a com.example.Pool)

          """)
        + Self.thread(
          "owner",
          """
             java.lang.Thread.State: BLOCKED (on object monitor)
          \tat com.example.Pool.stop(Pool.java:20)
          \t- waiting to lock <0x00000000e0c1d290> (a com.example.Pool)
          \tat com.example.Queue.put(Queue.java:30)
          \t- locked <0x00000000e0c1d2a8> (a com.example.Queue)

          """))
    #expect(analysis.inputs[0].warnings.isEmpty, "two owners of one monitor")
    #expect(analysis.waitingThreads.sorted() == ["owner", "waiter"])
    #expect(analysis.findings(.waitWhileHolding).count == 1)
    #expect(analysis.findings(.deadlock).isEmpty)
  }

  @Test func `Without a list of owners the machine's own words name them`() throws {
    let text = ReportFile("real-jvm.txt").text.replacing(
      #/\n   Locked ownable synchronizers:\n(\t- .*\n)+/#, with: "")
    let deadlocks = try analyze(text).findings(.deadlock)
    #expect(
      deadlocks.flatMap { $0.waiters.map(\.thread) }.sorted() == [
        "auditor", "left", "right", "teller",
      ])
  }

  @Test func `Several dumps are the same threads later`() throws {
    let text = ReportFile("jvm.txt").text
    let analysis = try analyze(text + "\n" + text)
    #expect(analysis.summary.threads == 3)
    #expect(analysis.findings(.deadlock).map(\.occurrences) == [1])
    let free = try analyze(
      text + "\n" + Self.head + Self.thread("teller-1", "\tat A.b(A.java:1)\n"))
    #expect(free.findings(.deadlock).count == 1, "it was there in the first dump")
    #expect(!free.waitingThreads.contains("teller-1"))
  }

  @Test func `The plain form with virtual threads is read`() throws {
    let analysis = try analyze(
      """
      4711
      2026-03-01T10:11:12Z
      25+36

      #22 "teller" virtual BLOCKED 2026-03-01T10:11:12Z
          at com.example.Ledger.append(Ledger.java:41)
          - waiting to lock <com.example.Ledger@1b28cdfa>
          at com.example.Teller.book(Teller.java:88)
          - locked <com.example.Account@7a46a697>

      #23 "auditor" WAITING 2026-03-01T10:11:12Z
          at java.base/java.util.concurrent.locks.LockSupport.park(LockSupport.java:221)
          - parking to wait for <java.util.concurrent.locks.ReentrantLock$NonfairSync@5ca881b5>, owner #22
          at com.example.Audit.run(Audit.java:120)
          - locked <com.example.Ledger@1b28cdfa>

      """)
    let deadlock = try #require(analysis.findings(.deadlock).first)
    #expect(deadlock.waiters.map(\.thread).sorted() == ["auditor", "teller"])
  }

  @Test func `A dump as JSON may be on one line, however long`() throws {
    let json = ReportFile("jvm-virtual.json").text
    let line = json.split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
    let filler = #"{"tid":"1","name":"idle","stack":["a.b(C.java:1)"]},"#
    let long = line.replacing(
      "\"threads\": [", with: "\"threads\": [" + String(repeating: filler, count: 4000))
    #expect(long.utf8.count > 1 << 17)
    let fingerprints = try analyze(json).findings.map(\.fingerprint)
    let analysis = try analyze(long)
    #expect(analysis.findings.map(\.fingerprint) == fingerprints)
    #expect(!fingerprints.isEmpty)
  }

  @Test func `A dump cut off before its first thread says so`() throws {
    let error = try #require(failure(of: "2024-03-01 10:11:12\n" + Self.head))
    #expect(error.message == "is a Java thread dump that is cut off before its first thread")
  }

  @Test func `A dump in which nobody waits is one`() throws {
    let analysis = try analyze(Self.head + Self.thread("main", "\tat A.b(A.java:1)\n"))
    #expect(analysis.findings.isEmpty)
    #expect(!analysis.inputs[0].isEmpty)
  }
}
