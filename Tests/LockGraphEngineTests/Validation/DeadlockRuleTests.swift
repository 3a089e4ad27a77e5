import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct DeadlockRuleTests {
  private func deadlocks(_ text: String) throws -> [Finding] {
    try analyze(text).findings.filter { $0.rule == .deadlock }
  }

  @Test func `Two threads that wait for each other are a deadlock`() throws {
    let finding = try #require(
      deadlocks("T1 acquire A\nT2 acquire B at=b.c:1\nT1 request B\n[2.5] T2 request A\n").first)
    #expect(finding.confidence == .observed)
    #expect(finding.severity == .error)
    #expect(finding.recoverable == false)
    #expect(finding.classes == ["A", "B"])
    #expect(finding.edges.map { "\($0.from) \($0.to)" } == ["A B", "B A"])
    #expect(finding.waiters.map(\.thread) == ["T1", "T2"])
    #expect(finding.waiters.map(\.blockedBy) == ["T2", "T1"])
    #expect(finding.waiters.map(\.line) == [3, 4])
    #expect(finding.waiters[1].time == 2_500_000_000)
    #expect(finding.waiters[1].held.map(\.at) == ["b.c:1"])
  }

  @Test(arguments: [
    "T1 acquire L\nT1 request L\n",
    "T1 acquire L read\nT1 request L write\n",
    "T1 acquire L\nT1 enter signal\nT1 request L\n",
    "T1 acquire L\nT1 exit\nT2 request L\n",
    "T1 acquire L\nT2 request L\nT1 exit\n",
    "T1 acquire L\nT2 request L\nT1 join T2\n",
    "T1 acquire L\nT1 join T2\nT2 request L\n",
    "T1 acquire A\nT2 acquire B read\nT2 request A\nT1 request B\n",
    "T1 acquire A read\nT2 acquire B\nT3 request A write\nT2 request A read\nT1 request B\n",
    "T1 acquire A read\nT2 acquire B\nT2 request A read\nT1 request B\nT3 request A write\n",
    "T1 acquire A kind=semaphore\nT2 acquire B kind=semaphore\nT1 request B\nT2 request A\n",
  ])
  func `Waiting for what cannot come is a deadlock`(text: String) throws {
    #expect(try deadlocks(text).count == 1)
  }

  @Test(arguments: [
    "T1 acquire A\nT2 request A\n",
    "T1 acquire L kind=recursive\nT1 request L\n",
    // Who reads a re-entrant lock reads it again past a writer that waits.
    "T1 acquire L read kind=recursive\nT2 request L\nT1 request L read\n",
    "T1 acquire L read kind=reentrant-rwlock\nT1 request L read\nT2 request L\nT3 request L\n",
    "T1 acquire A\nT2 acquire B\nT1 request B try\nT2 request A\n",
    "T1 acquire A read\nT2 acquire B\nT2 request A recursive-read\nT3 request A write\n"
      + "T1 request B\n",
    "T1 acquire A\nT1 exit\nT2 acquire A\nT3 request A\n",
    "T1 acquire S kind=semaphore\nT1 request S\n",
    "T1 acquire S kind=semaphore\nT1 exit\nT2 request S\n",
    "T0 init A kind=semaphore\nT3 release A\nT1 acquire A\nT2 acquire B\nT1 request B\nT2 request A\n",
    "T2 exit\nT1 acquire L\nT1 join T2\n",
    // T1 lets go of what it took in an interrupt, whatever it waits for outside.
    "T2 acquire A\nT1 request A\nT1 enter hardirq\nT1 acquire B\nT2 request B\n",
  ])
  func `Waiting for what can come is none`(text: String) throws {
    #expect(try deadlocks(text).isEmpty)
  }

  private let circle = "T1 acquire A\nT2 acquire B\nT1 request B interruptible\nT2 request A\n"

  @Test func `A wait that a signal ended was a deadlock until then`() throws {
    let text = circle + "T1 abandon B reason=interrupted\nT1 release A\nT2 acquire A\n"
    let found = try deadlocks(text)
    #expect(found.map(\.recoverable) == [true])
  }

  @Test func `A lock that comes though nobody gave up shows that events are out of order`() throws {
    #expect(try deadlocks(circle + "T1 acquire B\n").isEmpty)
    #expect(try deadlocks(circle + "T2 release B\nT1 acquire B\n").count == 1)
  }

  @Test func `A lock that refuses is no wait`() throws {
    #expect(try deadlocks("T1 acquire L\nT1 request L\nT1 abandon L reason=deadlock\n").isEmpty)
  }

  @Test func `The same deadlock again is counted`() throws {
    let again =
      circle
      + "T1 abandon B reason=interrupted\nT1 release A\nT2 acquire A\nT2 release A\nT2 release B\n"
    #expect(try deadlocks(again + again).map(\.occurrences) == [2])
  }

  @Test func `A ring of a thousand threads is one deadlock`() throws {
    let count = 1000
    let text =
      (0..<count).map { "T\($0) acquire L\($0)\n" }.joined()
      + (0..<count).map { "T\($0) request L\(($0 + 1) % count)\n" }.joined()
    #expect(try deadlocks(text).map(\.waiters.count) == [count])
  }

  @Test func `The report says who waits for what, holding what`() throws {
    let text = TextReport(try analyze(circle)).text
    #expect(text.contains("T1 waits for B, kept from it by T2, at 1.trace:3"))
    #expect(text.contains("holding A, taken at 1.trace:1"))
    #expect(text.contains("T1 can give up B: a signal ends its wait."))
  }
}
