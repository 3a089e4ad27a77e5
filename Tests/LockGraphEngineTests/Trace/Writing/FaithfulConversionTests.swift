import TestSupport
import Testing

@testable import LockGraphEngine

/// What the format says in another way means the same.
@Suite struct FaithfulConversionTests {
  private let a = "00000000d62be939 lock_a"
  private let b = "00000000d62be93a lock_b"
  private let c = "00000000d62be93b lock_c"

  private func lines(_ trace: KernelTrace) throws -> [String] {
    let (bytes, warnings) = try convert([Array(trace.text.utf8)])
    #expect(warnings == [[]])
    // Times are another test's matter.
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      .filter { !$0.hasPrefix("#") && !$0.contains("lost") && !$0.contains("able ") }
      .map { line in line.hasPrefix("[") ? line.split(separator: "] ")[1] : line }
      .map { String($0).replacing(#/@0+d62be9../#, with: "").replacing(" rank=0", with: "") }
  }

  @Test func `A wait that is told of late is a request where the lock was asked for`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", a)
    trace.add("lock_acquire", b, task: "two-2", cpu: 1)
    trace.add("lock_contended", a)
    trace.add("lock_acquired", a)
    trace.add("lock_contended", b, task: "two-2", cpu: 1)
    trace.add("lock_release", b, task: "two-2", cpu: 1)
    trace.add("lock_release", a)
    #expect(
      try lines(trace) == [
        "init-1 request lock_a write class=lock_a", "two-2 request lock_b write class=lock_b",
        "init-1 acquire lock_a", "two-2 abandon lock_b reason=interrupted", "init-1 release lock_a",
      ])
  }

  @Test func `Two threads may wait for one lock`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", "00000000d62be939 read lock_a")
    trace.add("lock_acquire", a, task: "two-2", cpu: 1)
    trace.add("lock_acquire", a, task: "three-3", cpu: 1)
    trace.add("lock_contended", a, task: "two-2", cpu: 1)
    trace.add("lock_contended", a, task: "three-3", cpu: 1)
    #expect(
      try lines(trace) == [
        "init-1 acquire lock_a read class=lock_a", "two-2 request lock_a write",
        "three-3 request lock_a write",
      ])
  }

  @Test func `A wait that is told of too late is left out and counted`() throws {
    for (end, written) in [
      (NamedEvent(.abandon, "T", lock: "L"), ["T release L"]),
      (NamedEvent(.acquire, "T", lock: "L"), []),
    ] {
      var late = NamedEvent(.request, "T", lock: "L")
      late.isOrderKnown = true
      let filler = (0..<1000).map { _ in NamedEvent(.sleep, "T2") }
      let events =
        [NamedEvent(.acquire, "T", lock: "L")] + filler + [late, end, NamedEvent(.exit, "T")]
      let (output, warnings) = encode(events, with: TextEventEncoder.self, window: 500)
      #expect(
        output.lines.filter { !$0.contains("sleep") }
          == ["# lockgraph-trace 1", "T acquire L"] + written + ["T exit"])
      #expect(warnings.count == 1)
      #expect(warnings[0].hasPrefix("1 wait is left out"))
      #expect(warnings[0].hasSuffix("(line 1002)"))
      let near = encode(events, with: JSONLinesEventEncoder.self, window: 1 << 20)
      #expect(near.warnings.isEmpty)
      #expect(near.output.lines[1] == #"{"thread":"T","event":"request","lock":"L"}"#)
    }
  }

  @Test func `A lock in another of its name is no finding, and one in itself is`() throws {
    var trace = KernelTrace()
    let other = "00000000d62be93f lock_a"
    trace.nest(a, other)
    trace.nest(other, a)
    trace.nest(a, other, b)
    trace.nest(b, c)
    trace.nest(c, b, task: "two-2", cpu: 1)
    let original = try analyze(trace.text)
    let converted = try analyze(inputs: [convert([Array(trace.text.utf8)]).bytes])
    #expect(original.verdicts == ["lock-order-inversion feasible lock_b lock_c"])
    #expect(converted.verdicts == original.verdicts)
    #expect(converted.edges == original.edges)

    trace.add("lock_acquire", a)
    trace.add("lock_acquire", a)
    #expect(try analyze(trace.text).findings.count == 2)
    #expect(try analyze(inputs: [convert([Array(trace.text.utf8)]).bytes]).findings.count == 2)
  }

  @Test func `Of what is masked only changes are written`() throws {
    func mask(
      _ verb: EventVerb, _ context: InterruptContext, isAbsolute: Bool = true
    ) -> NamedEvent {
      var event = NamedEvent(verb, "T")
      event.context = context
      event.isAbsolute = isAbsolute
      return event
    }
    func written(_ events: [NamedEvent]) -> [String] {
      encode(events, with: TextEventEncoder.self).output.lines.dropFirst()
        .map { String($0.dropFirst(2)) }
    }
    #expect(written([mask(.enable, .hardirq), mask(.enable, .softirq)]) == [])
    #expect(
      written([
        mask(.disable, .hardirq), mask(.disable, .hardirq), mask(.enable, .hardirq),
        mask(.enable, .hardirq),
      ]) == ["disable hardirq", "enable hardirq"])
    // After a loss the state is unknown, of the counter until it is at zero once more.
    #expect(
      written([
        NamedEvent(.lost, nil), NamedEvent(.lost, "T"), mask(.enable, .hardirq),
        mask(.disable, .softirq), mask(.enable, .softirq), mask(.enable, .softirq),
      ]) == [
        "lost", "lost", "enable hardirq", "disable softirq", "enable softirq", "enable softirq",
      ])
    // A context begins with what is masked around it, and what it changes ends with it.
    var enter = NamedEvent(.enter, "T")
    enter.context = .hardirq
    var leave = NamedEvent(.leave, "T")
    leave.context = .hardirq
    #expect(
      written([
        mask(.disable, .softirq), enter, mask(.disable, .softirq), mask(.enable, .softirq), leave,
        mask(.disable, .softirq),
      ]) == ["disable softirq", "enter hardirq", "enable softirq", "leave hardirq"])
    #expect(
      written([
        mask(.disable, .softirq, isAbsolute: false), mask(.disable, .softirq, isAbsolute: false),
        mask(.enable, .softirq), mask(.enable, .softirq),
      ]) == ["disable softirq", "disable softirq", "enable softirq", "enable softirq"])
  }

  @Test func `What is masked means the same when it is written`() throws {
    withSeeds(0..<300) { generator in
      var events: [NamedEvent] = []
      for _ in 0..<40 {
        var event = NamedEvent(.sleep, "T\(Int.random(in: 0...1, using: &generator))")
        switch Int.random(in: 0..<10, using: &generator) {
        case 0...3:
          event.verb = Bool.random(using: &generator) ? .enable : .disable
          event.context = Bool.random(using: &generator) ? .hardirq : .softirq
          event.isAbsolute = true
        case 4: (event.verb, event.context) = (.enter, .hardirq)
        case 5: (event.verb, event.context) = (.leave, .hardirq)
        case 6: (event.verb, event.thread) = (.lost, nil)
        case 7: (event.verb, event.lock) = (.release, "L")
        default: (event.verb, event.lock) = (.acquire, "L")
        }
        events.append(event)
      }
      var validator = Validator()
      validator.beginInput(0, traits: TraceTraits())
      var feed = EventFeed()
      for event in events { feed.feed(event, to: &validator) }
      let input = TraceInput(
        name: "1.trace", format: "text", events: 0, skipped: 0, firstSkipped: nil, warnings: [])
      let original = validator.finish().analysis(of: [input], inversionLimit: 100)
      let text = encode(events, with: TextEventEncoder.self).output.text
      let converted = try? analyze(text)
      #expect(converted?.verdicts == original.verdicts, "\(TestContext.description)\n\(text)")
    }
  }

  @Test func `Names that come late and times before zero are counted`() throws {
    let output = Collected()
    var writer = TraceWriter<TextEventEncoder>(joinsInputs: false) { output.write($0) }
    writer.beginInput(0, traits: TraceTraits())
    let thread = Array("<...>-1".utf8).withUnsafeBytes { writer.newThread(named: $0) }
    Array("init-1".utf8).withUnsafeBytes { writer.rename(thread, to: $0) }
    var event = LockEvent(verb: .exit, thread: thread, line: 5)
    event.time = -1
    writer.consume(event)
    writer.finish()
    #expect(output.lines.last == "<...>-1 exit")
    #expect(
      writer.takeLosses().warnings == [
        "1 thread keeps the name under which it was seen first; the trace tells another later (line 5)",
        "1 time before zero left out (line 5)",
      ])
    #expect(writer.takeLosses().warnings.isEmpty)
  }
}
