import LockGraphEngine
import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct JSONLinesEventTests {
  private func events(_ text: String) throws -> [String] {
    try describe(text, by: JSONLinesReader())
  }

  /// Lines of the text format and the same in JSON.
  static let pairs = [
    (
      "T1 init L class=C kind=spin rank=-3 unchecked at=a:1 stack=f;g",
      #"{"thread":"T1","event":"init","lock":"L","class":"C","kind":"spin","rank":-3,"unchecked":true,"at":"a:1","stack":["f","g"]}"#
    ),
    ("T1 destroy L", #"{"thread":"T1","event":"destroy","lock":"L"}"#),
    (
      "[12.000345123] T1 request L recursive-read try interruptible killable timeout unchecked class=C subclass=7 nest=M",
      #"{"time":12.000345123,"thread":"T1","event":"request","lock":"L","mode":"recursive-read","try":true,"interruptible":true,"killable":true,"timeout":true,"unchecked":true,"class":"C","subclass":7,"nest":"M"}"#
    ),
    ("T1 acquire L read", #"{"thread":"T1","event":"acquire","lock":"L","read":true}"#),
    ("T1 acquire L write", #"{"thread":"T1","event":"acquire","lock":"L","mode":"write"}"#),
    (
      "T1 acquire L recursive-read",
      #"{"thread":"T1","event":"acquire","lock":"L","recursive-read":true}"#
    ),
    (
      "T1 abandon L reason=killed",
      #"{"thread":"T1","event":"abandon","lock":"L","reason":"killed"}"#
    ),
    ("T1 release L", #"{"thread":"T1","event":"release","operand":"L"}"#),
    ("T1 downgrade L", #"{"thread":"T1","event":"downgrade","lock":"L"}"#),
    ("T1 wait C lock=L", #"{"thread":"T1","event":"wait","condition":"C","lock":"L"}"#),
    ("T1 wake C lock=L", #"{"thread":"T1","event":"wake","operand":"C","lock":"L"}"#),
    ("T1 wait C", #"{"thread":"T1","event":"wait","condition":"C"}"#),
    ("T1 spawn T2", #"{"thread":"T1","event":"spawn","other":"T2"}"#),
    ("T1 spawn T2", #"{"thread":"T1","event":"spawn","child":"T2"}"#),
    ("T1 join T2", #"{"thread":"T1","event":"join","target":"T2"}"#),
    ("T1 join T2", #"{"thread":"T1","event":"join","operand":"T2"}"#),
    ("T1 exit", #"{"thread":"T1","event":"exit"}"#),
    (
      "T1 enter hardirq unthreaded",
      #"{"thread":"T1","unthreaded":true,"event":"enter","context":"hardirq"}"#
    ),
    ("T1 leave nmi", #"{"thread":"T1","event":"leave","context":"nmi"}"#),
    ("T1 disable softirq", #"{"thread":"T1","event":"disable","operand":"softirq"}"#),
    ("T1 enable signal", #"{"thread":"T1","event":"enable","context":"signal"}"#),
    ("T1 assert L", #"{"thread":"T1","event":"assert","lock":"L"}"#),
    ("T1 assert L held", #"{"thread":"T1","event":"assert","lock":"L","held":true}"#),
    ("T1 assert L not-held", #"{"thread":"T1","event":"assert","lock":"L","not-held":true}"#),
    ("T1 assert L not-held", #"{"thread":"T1","event":"assert","lock":"L","state":"not-held"}"#),
    ("T1 assert L read", #"{"thread":"T1","event":"assert","lock":"L","mode":"read"}"#),
    ("T1 assert L write", #"{"thread":"T1","event":"assert","lock":"L","state":"write"}"#),
    ("T1 pin L", #"{"thread":"T1","event":"pin","lock":"L"}"#),
    ("T1 unpin L", #"{"thread":"T1","event":"unpin","lock":"L"}"#),
    ("T1 sleep at=a:1", #"{"thread":"T1","event":"sleep","at":"a:1"}"#),
    ("T1 read x", #"{"thread":"T1","event":"read","variable":"x"}"#),
    ("T1 write x", #"{"thread":"T1","event":"write","operand":"x"}"#),
    ("T1 lost count=7", #"{"thread":"T1","event":"lost","count":7}"#),
    ("T1 dropped count=7", #"{"thread":"T1","event":"dropped","count":7}"#),
    ("T1 init S permits=3", #"{"thread":"T1","event":"init","lock":"S","permits":3}"#),
    ("T1 post S", #"{"thread":"T1","event":"post","lock":"S"}"#),
    ("T1 signal C", #"{"thread":"T1","event":"signal","condition":"C"}"#),
    ("T1 broadcast C at=a:1", #"{"thread":"T1","event":"broadcast","condition":"C","at":"a:1"}"#),
    ("T1 barrier B", #"{"thread":"T1","event":"barrier","barrier":"B"}"#),
    ("T1 join T2 timeout", #"{"thread":"T1","event":"join","other":"T2","timeout":true}"#),
    ("* lost count=7", #"{"thread":"*","event":"lost","count":"7"}"#),
  ]

  @Test(arguments: pairs)
  func `An object says what its line of text says`(text: String, json: String) throws {
    #expect(try events(json) == describe(text, by: TextTraceReader()))
    #expect(try events(json).count == 1)
  }

  @Test(arguments: pairs)
  func `The order of the keys does not matter`(text: String, json: String) throws {
    // No value of these objects holds a comma but the arrays.
    var members = json.dropFirst().dropLast().split(separator: ",").map(String.init)
    if let start = members.firstIndex(where: { $0.contains("[") }) {
      members[start...] = [members[start...].joined(separator: ",")]
    }
    let reversed = " { " + members.reversed().joined(separator: " , ") + "\t} "
    #expect(try events(reversed) == describe(text, by: TextTraceReader()))
  }

  @Test func `Every verb has an object here`() {
    let verbs = Set(
      Self.pairs.map { $0.0.split(separator: " ") }.map { $0.first!.hasPrefix("[") ? $0[2] : $0[1] }
    )
    #expect(verbs == Set(EventVerb.allCases.map { Substring($0.name) }))
  }

  @Test func `What is null or false is not there`() throws {
    let text =
      #"{"thread":"T1","event":"release","lock":"L","try":false,"mode":null,"at":null,"held":false,"other":null,"stack":[]}"#
    #expect(try events(text) == ["T1 release L"])
  }

  @Test func `Headers, empty lines and blanks carry no event`() throws {
    let text = "{\"lockgraph-trace\": 1}\n\n \t\n{\"thread\":\"T1\",\"event\":\"exit\"} \r"
    #expect(try events(text) == ["T1 exit"])
  }

  @Test func `Threads and locks may be numbers`() throws {
    let text = """
      {"thread":4711,"event":"acquire","lock":17,"subclass":"2","rank":"-1"}
      {"thread":"4711","event":"release","lock":"17"}
      """
    #expect(try events(text) == ["4711 acquire 17 rank=-1 subclass=2", "4711 release 17"])
  }

  @Test func `Every escape is decoded`() throws {
    let text =
      #"{"thread":"\u0054\u0031","event":"acq\u0075ire","lock":"\"\\\/\b\f\n\r\t\u20AC\ud83d\ude00é","at":"a\tb"}"#
    #expect(try events(text) == ["T1 acquire \"\\/\u{8}\u{C}\n\r\t€😀é at=a\tb"])
  }

  @Test func `Keys may have escapes too`() throws {
    #expect(try events(#"{"th\u0072ead":"T1","event":"exit"}"#) == ["T1 exit"])
  }

  @Test(arguments: [
    (#"["f","g","h"]"#, "f;g;h"), (#""f;g""#, "f;g"), (#"["a\tb","","c\td","e"]"#, "a\tb;c\td;e"),
    (#"[ "f" ,"g\u00e9" ]"#, "f;gé"), (#"["\u0041\u0042\u0043"]"#, "ABC"),
  ])
  func `Stacks are arrays or strings`(json: String, stack: String) throws {
    let text =
      #"{"class":"\u0043","stack":\#(json),"thread":"T","event":"acquire","lock":"\u004c"}"#
    #expect(try events(text) == ["T acquire L class=C stack=\(stack)"])
  }

  @Test(arguments: [
    ("12.000345123", 12_000_345_123), ("0", 0), ("12", 12_000_000_000),
    ("1.5e3", 1_500_000_000_000),
    ("25E-1", 2_500_000_000), ("1e-9", 1), ("9007199254740993e-9", 9_007_199_254_740_993),
    ("1700000000.123456789", 1_700_000_000_123_456_789), ("9223372036.854775807", Int64.max),
    ("0.30000000000000004", 300_000_000), ("1.7000000001234567890123e9", 1_700_000_000_123_456_789),
    ("\"12345678901234567890e-10\"", 1_234_567_890_123_456_789),
    ("0e999999999999", 0), ("\"12.000345123\"", 12_000_345_123), ("\"2.5e-3\"", 2_500_000),
  ])
  func `Times are exact`(json: String, nanoseconds: Int64) throws {
    let text = #"{"time":\#(json),"thread":"T","event":"exit"}"#
    #expect(try events(text) == ["[\(nanoseconds)] T exit"])
  }

  @Test func `An analysis is that of the text`() throws {
    let text = Self.pairs.map(\.0).joined(separator: "\n") + "\n"
    let json = Self.pairs.map(\.1).joined(separator: "\n") + "\n"
    let (one, other) = (try analyze(text), try analyze(json))
    #expect(one.findings.map(\.fingerprint) == other.findings.map(\.fingerprint))
    #expect(one.edges == other.edges)
    #expect(other.inputs.first?.format == "jsonl")
    #expect(!one.edges.isEmpty)
  }
}
