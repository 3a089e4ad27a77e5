import TestSupport
import Testing

@testable import LockGraphEngine

/// The one event of a line of the text format.
func withEvent(
  of line: String, _ body: (LockEvent, borrowing EventCollector) throws -> Void
) throws {
  var reader = TextTraceReader()
  var collector = EventCollector()
  let bytes = Array(line.utf8)
  let isEvent = try bytes.withUnsafeBytes { try reader.read($0, number: 1, into: &collector) }
  try #require(isEvent && collector.events.count == 1, "\(line)")
  try body(collector.events[0], collector)
}

@Suite struct TextVerbTests {
  @Test(arguments: [
    ("T1 init L class=C kind=spin rank=3 unchecked at=a:1 stack=f;g", EventVerb.`init`),
    ("T1 init L permits=3", .`init`),
    ("T1 post L at=a:1", .post),
    ("T1 signal C", .signal),
    ("T1 broadcast C stack=f", .broadcast),
    ("T1 barrier B", .barrier),
    ("T1 dropped count=3", .dropped),
    ("T1 destroy L at=a:1", .destroy),
    ("T1 request L read timeout", .request),
    ("T1 acquire L", .acquire),
    ("T1 abandon L reason=killed", .abandon),
    ("T1 release L", .release),
    ("T1 downgrade L", .downgrade),
    ("T1 wait C lock=L", .wait),
    ("T1 wait C timeout", .wait),
    ("T1 wake C lock=L", .wake),
    ("T1 spawn T2", .spawn),
    ("T1 join T2", .join),
    ("T1 join T2 timeout", .join),
    ("T1 exit", .exit),
    ("T1 enter hardirq unthreaded", .enter),
    ("T1 leave nmi", .leave),
    ("T1 disable softirq", .disable),
    ("T1 enable signal", .enable),
    ("T1 assert L not-held", .assert),
    ("T1 pin L", .pin),
    ("T1 unpin L", .unpin),
    ("T1 sleep", .sleep),
    ("T1 read x", .read),
    ("T1 write x", .write),
    ("T1 lost count=7", .lost),
  ])
  func `Every verb is read with its operand and options`(line: String, verb: EventVerb) throws {
    try withEvent(of: line) { event, collector in
      #expect(event.verb == verb)
      #expect(collector.threads.first == "T1")
    }
  }

  @Test func `There is a line for every verb in the vocabulary`() {
    for verb in EventVerb.allCases {
      let found = Array(verb.name.utf8).withUnsafeBytes { TextVocabulary.verb($0) }
      #expect(found == verb)
    }
    #expect(EventVerb.allCases.count == 28)
  }

  @Test func `A condition wait names its lock and not its condition`() throws {
    try withEvent(of: "T1 wait ready lock=M") { event, collector in
      #expect(collector.locks == ["M"])
      #expect(event.lock == 0)
    }
  }

  @Test func `Spawn and join name another thread`() throws {
    try withEvent(of: "T1 spawn T2") { event, collector in
      #expect(collector.threads == ["T1", "T2"])
      #expect(event.otherThread.index == 1)
    }
  }

  @Test(arguments: InterruptContext.allCases)
  func `Contexts are read`(context: InterruptContext) throws {
    try withEvent(of: "T1 enter \(context.name)") { event, _ in #expect(event.context == context) }
  }

  @Test func `A loss concerns one thread or all`() throws {
    try withEvent(of: "* lost count=18446744073709551615") { event, collector in
      #expect(event.isOfAllThreads)
      #expect(event.omittedCount == .max)
      #expect(collector.threads.isEmpty)
    }
    try withEvent(of: "T1 lost") { event, _ in
      #expect(!event.isOfAllThreads)
      #expect(event.omittedCount == 0)
    }
  }

  @Test(arguments: [
    ("T1 assert L", LockAssertion.held), ("T1 assert L held", .held),
    ("T1 assert L not-held", .notHeld), ("T1 assert L read", .read), ("T1 assert L write", .write),
  ])
  func `Assertions are read`(line: String, assertion: LockAssertion) throws {
    try withEvent(of: line) { event, _ in #expect(event.assertion == assertion) }
  }
}
