import Foundation
import TestSupport
import Testing

@testable import LockGraphEngine

/// What is written is what was there.
@Suite struct EncodingTests {
  private func randomEvents(_ count: Int, _ generator: inout SeededGenerator) -> [NamedEvent] {
    let events = RandomEvents(using: &generator)
    return (0..<count).map { _ in events.next(using: &generator) }
  }

  @Test func `Every event reads from text as it was written`() throws {
    try withSeeds(0..<150) { generator in
      let events = randomEvents(60, &generator)
      let (output, warnings) = encode(events, with: TextEventEncoder.self)
      #expect(warnings.isEmpty)
      let read = try NamedEvents.read(output.bytes, format: .text)
      #expect(read == events, "\(TestContext.description)")
    }
  }

  @Test func `Every event stands in JSON Lines as it was written`() throws {
    try withSeeds(0..<150) { generator in
      let events = randomEvents(60, &generator)
      let (output, warnings) = encode(events, with: JSONLinesEventEncoder.self)
      #expect(warnings.isEmpty)
      #expect(output.lines.count == events.count + 1)
      let read = try output.lines.dropFirst().map { try NamedEvent(json: $0) }
      #expect(read == events, "\(TestContext.description)")
    }
  }

  @Test func `Text stays as it is by way of text and by way of JSON Lines`() throws {
    try withSeeds(0..<50) { generator in
      let text = encode(randomEvents(60, &generator), with: TextEventEncoder.self).output.bytes
      let again = try convert([text]).bytes
      #expect(again == text, "\(TestContext.description)")
      let json = try convert([text], to: .jsonl).bytes
      let back = try convert([json]).bytes
      #expect(back == text, "\(TestContext.description)")
      let jsonAgain = try convert([json], to: .jsonl).bytes
      #expect(jsonAgain == json, "\(TestContext.description)")
    }
  }

  @Test(arguments: [EventVerb.lost, .dropped])
  func `What is missing has no place`(verb: EventVerb) throws {
    var event = NamedEvent(verb, "T")
    event.at = "a.swift:1"
    event.stack = "f;g"
    #expect(
      encode([event], with: TextEventEncoder.self).output.lines.dropFirst() == ["T \(verb)"])
    let json = encode([event], with: JSONLinesEventEncoder.self).output
    #expect(json.lines.dropFirst() == [#"{"thread":"T","event":"\#(verb)"}"#])
    #expect(try convert([json.bytes]).bytes == Array("# lockgraph-trace 1\nT \(verb)\n".utf8))
  }

  @Test func `A lock stands for a condition that has no name`() {
    let events = [NamedEvent(.wait, "T", lock: "a b"), NamedEvent(.wake, "T")]
    #expect(
      encode(events, with: TextEventEncoder.self).output.lines.dropFirst()
        == [#"T wait "a b" lock="a b""#, "T wake ?"])
    #expect(
      encode(events, with: JSONLinesEventEncoder.self).output.lines.dropFirst() == [
        #"{"thread":"T","event":"wait","condition":"a b","lock":"a b"}"#,
        #"{"thread":"T","event":"wake","condition":"?"}"#,
      ])
  }

  @Test func `The text has quotes only where it needs them`() {
    func word(_ name: String) -> String? {
      let output = encode([NamedEvent(.exit, name)], with: TextEventEncoder.self).output
      return output.lines.last.map { String($0.dropLast(" exit".count)) }
    }
    for name in [
      "T1", "swapper/0", "&mm->mmap_lock", "a=b", "x#", "x[1]", "it's", "a\"b", "back\\slash", "é锁",
      "=",
      "reads=1", "\u{FEFF}",
    ] {
      #expect(word(name) == name)
    }
    for (name, quoted) in [
      ("a b", #""a b""#), ("\"", #""\"""#), ("#1", ##""#1""##), ("[1]", #""[1]""#),
      ("at=1", #""at=1""#), ("\n\t\r\u{1F}\u{7F}", #""\n\t\r\u001f\u007f""#), ("\\ ", #""\\ ""#),
    ] {
      #expect(word(name) == quoted)
    }
  }

  @Test func `Times have the decimals that they need, by threes`() {
    for (time, text) in [
      (0, "0"), (1, "0.000000001"), (1_000_000_000, "1"), (12_000_345_123, "12.000345123"),
      (16_318_850_000, "16.318850"), (1_500_000_000, "1.500"),
      (Int64.max, "9223372036.854775807"),
    ] {
      var event = NamedEvent(.exit, "T")
      event.time = time
      #expect(
        encode([event], with: TextEventEncoder.self).output.lines.last == "[\(text)] T exit")
      #expect(
        encode([event], with: JSONLinesEventEncoder.self).output.lines.last
          == #"{"time":\#(text),"thread":"T","event":"exit"}"#)
    }
  }

  @Test func `A line may be longer than the window`() throws {
    let name = String(repeating: "n", count: 100_000)
    let events = [
      NamedEvent(.acquire, "T", lock: name), NamedEvent(.release, "T", lock: name),
      NamedEvent(.exit, name),
    ]
    let (output, _) = encode(events, with: TextEventEncoder.self, window: 1000)
    #expect(try NamedEvents.read(output.bytes) == events)
  }

  @Test func `What cannot be written ends the reading`() throws {
    let line = "T1 sleep at=" + String(repeating: "x", count: 1000) + "\n"
    let bytes = Array(String(repeating: line, count: 40_000).utf8)
    var calls = 0
    var converter = TraceConverter(to: .text) { _ in
      calls += 1
      return false
    }
    let error = #expect(throws: TraceError.self) {
      _ = try converter.read(.bytes(bytes, name: "x"))
    }
    #expect(error?.input == "x")
    converter.finish()
    #expect(calls == 1)
  }

  @Test func `Nothing is written before there is much, so that a mistake leaves nothing`() throws {
    var calls = 0
    var converter = TraceConverter(to: .jsonl) { _ in
      calls += 1
      return true
    }
    let bytes = Array((String(repeating: "T1 sleep\n", count: 20_000) + "T1 oops\n").utf8)
    let error = #expect(throws: TraceError.self) {
      _ = try converter.read(.bytes(bytes, name: "x"))
    }
    #expect(error?.line == 20_001)
    #expect(calls == 0)
  }

  @Test func `What is no UTF-8 is replaced and counted`() throws {
    let output = Collected()
    var writer = TraceWriter<TextEventEncoder>(joinsInputs: false) { output.write($0) }
    writer.beginInput(0, traits: TraceTraits())
    for (line, name) in [(7, [0x61, 0xFF]), (8, [0x61, 0xFE])] as [(UInt64, [UInt8])] {
      let thread = name.withUnsafeBytes { writer.newThread(named: $0) }
      var event = LockEvent(verb: .exit, thread: thread, line: line)
      let place: [UInt8] = line == 7 ? [0x78] : [0x20, 0xC3, 0x22]
      place.withUnsafeBytes {
        event.at = $0
        writer.consume(event)
      }
    }
    writer.finish()
    #expect(
      output.lines.dropFirst() == ["a\u{FFFD} exit at=x", #"1:a\#u{FFFD} exit at=" \#u{FFFD}\"""#])
    #expect(
      writer.takeLosses().warnings == [
        "1 thread has a name that is taken or empty; the input's number and a colon were put before it "
          + "(line 8)",
        "3 texts were no UTF-8 and had bytes replaced (the first at line 7)",
      ])
  }
}

/// An object of JSON Lines, by the meaning of its keys.
private struct EventObject: Decodable {
  var thread: String
  var event: String
  var lock: String?
  var other: String?
  var condition: String?
  var variable: String?
  var barrier: String?
  var context: String?
  var unthreaded: Bool?
  var state: String?
  var reason: String?
  var mode: String?
  var `try`: Bool?
  var interruptible: Bool?
  var killable: Bool?
  var timeout: Bool?
  var unchecked: Bool?
  var `class`: String?
  var kind: String?
  var rank: Int64?
  var permits: UInt32?
  var nesting: String?
  var exclusive: Bool?
  var subclass: UInt8?
  var nest: String?
  var at: String?
  var stack: Stack?
  var count: UInt64?

  enum Stack: Decodable {
    case frames([String])
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self = .text(text)
      } else {
        self = .frames(try container.decode([String].self))
      }
    }
  }
}

extension NamedEvent {
  /// Reads an object with a reader of JSON that is not the project's own.
  init(json line: String) throws {
    let object = try JSONDecoder().decode(EventObject.self, from: Data(line.utf8))
    let verb = try #require(EventVerb.allCases.first { $0.name == object.event })
    self.init(verb, verb == .lost && object.thread == "*" ? nil : object.thread)
    lock = object.lock
    other = object.other
    operandName = object.condition ?? object.variable ?? object.barrier
    context = InterruptContext.allCases.first { $0.name == object.context }
    isUnthreaded = object.unthreaded ?? false
    let states: [String: LockAssertion] = [
      "held": .held, "not-held": .notHeld, "read": .read, "write": .write,
    ]
    assertion = object.state.flatMap { states[$0] }
    reason = AbandonReason.allCases.first { "\($0)" == object.reason }
    mode = LockMode.allCases.first { $0.name == object.mode }
    for (flag, option) in [
      (object.`try`, AcquisitionOptions.try), (object.interruptible, .interruptible),
      (object.killable, .killable), (object.timeout, .timeout), (object.unchecked, .unchecked),
      (object.exclusive, .exclusive),
    ] where flag == true {
      options.insert(option)
    }
    lockClass = object.`class`
    kind = LockKind.allCases.first { $0.name == object.kind }
    rank = object.rank
    permits = object.permits
    nestsByInstance = object.nesting == "by-instance"
    subclass = object.subclass ?? 0
    nest = object.nest
    at = object.at
    switch object.stack {
    case .frames(let frames): stack = frames.joined(separator: ";")
    case .text(let text): stack = text
    case nil: break
    }
    omittedCount = object.count ?? 0
    // As text: a floating-point number would not hold it.
    guard let digits = line.prefixMatch(of: #/\{"time":(\d+)(?:\.(\d+))?,/#) else { return }
    let decimals = String(digits.2 ?? "")
    time = Int64(digits.1 + decimals + String(repeating: "0", count: 9 - decimals.count))
  }
}
