import LockGraphEngine
import TestSupport
import Testing

/// What the oracles found, each with a least trace.
@Suite struct OracleFindingTests {
  private func confidences(_ text: String) throws -> [Confidence] {
    try analyze(text).findings
      .filter { [.lockOrderInversion, .recursiveAcquisition].contains($0.rule) }
      .compactMap(\.confidence)
  }

  @Test(arguments: [
    // T2 gets past A only when T1 is through with both locks.
    """
    T1 acquire A
    T1 spawn T2
    T1 acquire B
    T1 release B
    T1 release A
    T2 acquire A
    T2 release A
    T2 acquire B
    T2 acquire A
    """,
    // T2 runs only while T1 holds the gate.
    """
    T1 acquire G
    T1 spawn T2
    T2 acquire A
    T2 acquire B
    T2 release B
    T2 release A
    T1 join T2
    T1 release G
    T3 acquire G
    T3 acquire B
    T3 acquire A
    """,
  ])
  func `Order by a lock that is held while a thread is started is no feasible deadlock`(
    text: String
  ) throws {
    let confidences = try confidences(text)
    #expect(!confidences.contains(.feasible))
  }

  @Test func `A recursive reader under a reader of its class takes part in deadlocks with writers`()
    throws
  {
    let readers = "T2 acquire b recursive-read\nT2 acquire a recursive-read\n"
    let writers = """
      T1 acquire a class=C
      T1 acquire b class=C
      T1 release b
      T1 release a

      """
    // T2 holds b and waits for T1's a, and T1 waits for b.
    let alone = try confidences(writers + readers)
    let gated = try confidences(
      "T1 acquire G\n" + writers + "T1 release G\nT3 acquire G\nT3 acquire b\nT3 acquire a\n"
        + "T3 release a\nT3 release b\nT3 release G\n" + readers)
    #expect(alone == [.feasible])
    #expect(gated == [.feasible])
  }

  @Test func `All pairs of three locks of a class are evidence`() throws {
    let confidences = try confidences(
      """
      T1 acquire a class=C
      T1 acquire b class=C
      T1 acquire c class=C
      T1 release c
      T1 release b
      T1 release a
      T2 acquire c
      T2 acquire a
      """)
    #expect(confidences == [.feasible])
  }

  @Test func `A writer that comes to wait for a deadlock's lock is no part of it`() throws {
    let deadlocks = try analyze(
      """
      T1 acquire A
      T2 acquire B
      T1 request B
      T2 request A read
      T3 request A write
      """
    ).findings(.deadlock)
    #expect(deadlocks.map { $0.waiters.map(\.thread) } == [["T1", "T2"]])
  }

  @Test func `A reader that ended with the lock keeps it though others read it`() throws {
    let deadlocks = try analyze(
      """
      T1 acquire A read
      T1 exit
      T2 acquire A read
      T2 release A
      T3 request A write
      """
    ).findings(.deadlock)
    #expect(deadlocks.count == 1)
  }

  @Test func `What takes no part in the order is nested in nothing`() throws {
    let findings = try analyze(
      "T1 acquire n\nT1 acquire r kind=rcu nest=n\nT1 release n\n"
    ).findings
    #expect(findings.isEmpty)
  }

  @Test func `A thread that ends has nothing pinned any more`() throws {
    let findings = try analyze("T1 acquire L\nT1 pin L\nT1 exit\nT1 unpin L\n").findings
    #expect(findings.map(\.rule) == [.heldAtExit, .pinViolated])
  }
}
