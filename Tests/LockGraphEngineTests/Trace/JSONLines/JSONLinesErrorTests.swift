import LockGraphEngine
import TestSupport
import Testing

@Suite struct JSONLinesErrorTests {
  typealias Mistake = TextErrorTests.Mistake

  private static let start = #"{"thread":"T1","event":"acquire","lock":"L","#

  private static func acquire(_ rest: String, _ column: Int, _ message: String, _ expected: String)
    -> Mistake
  {
    Mistake(start + rest, start.utf8.count + column, message, expected)
  }

  static let mistakes =
    [
      Mistake("T1 acquire L", 1, "an unexpected 'T'", "{, at the beginning of an object"),
      Mistake("{", 2, "the object ends early", "a key in quotes"),
      Mistake(#"{"thread":"T1","event":"exit""#, 30, "the object ends early", ", or }"),
      Mistake(#"{"thread":"T1","event":"exit",}"#, 31, "an unexpected '}'", "a key in quotes"),
      Mistake(#"{"thread":"T1","event":"exit"}}"#, 31, "an unexpected '}'", "the end of the line"),
      Mistake(#"{"thread":"T1" "event":"exit"}"#, 16, "an unexpected '\"'", ", or }"),
      Mistake(#"{"thread" "T1"}"#, 11, "an unexpected '\"'", ": behind the key"),
      Mistake(#"{thread:"T1"}"#, 2, "an unexpected 't'", "a key in quotes"),
      Mistake(#"{"thread":T1}"#, 11, "an unexpected 'T'", "a string, as the value of 'thread'"),
      Mistake(#"{"evnt":"exit"}"#, 2, "unknown key 'evnt'", "'event', perhaps"),
      Mistake(#"{"event":"aquire"}"#, 10, "unknown verb 'aquire'", "'acquire', perhaps"),
      Mistake("{}", 2, "'event' is missing", "what the thread does"),
      Mistake(#"{"thread":"T1"}"#, 15, "'event' is missing", "what the thread does"),
      Mistake(#"{"event":"exit"}"#, 16, "'thread' is missing", "the name of a thread"),
      Mistake(#"{"event":null,"thread":"T"}"#, 27, "'event' is missing", "what the thread does"),
      Mistake(
        #"{"thread":"T1","event":"acquire"}"#, 33, "'acquire' lacks its operand",
        "the name of a lock, as 'lock'"),
      Mistake(
        #"{"thread":"T1","event":"spawn","lock":"x"}"#, 42, "'spawn' lacks its operand",
        "the name of a thread, as 'other'"),
      Mistake(
        #"{"thread":"T1","event":"wait","lock":"x"}"#, 41, "'wait' lacks its operand",
        "the name of a condition, as 'condition'"),
      Mistake(
        #"{"thread":"T1","event":"join","other":"x","child":"y"}"#, 43,
        "'child' is a second operand", "'other' alone"),
      Mistake(
        #"{"thread":"T1","event":"enter","context":"hardirk"}"#, 42, "unknown context 'hardirk'",
        "'hardirq', perhaps"),
      Mistake(
        #"{"thread":"T1","event":"disable","context":"nmi"}"#, 44, "unknown context 'nmi'",
        "hardirq, softirq or signal"),
      Mistake(
        #"{"thread":"T1","event":"enter","context":"signal","unthreaded":true}"#, 51,
        "'unthreaded' goes with hardirq only", "enter hardirq"),
      Mistake(
        #"{"thread":"T1","event":"release","lock":"x","try":true}"#, 45,
        "'try' does not go with 'release'", "at or stack"),
      Mistake(
        #"{"thread":"T1","event":"release","lock":"x","mode":"read"}"#, 45,
        "'mode' does not go with 'release'", "at or stack"),
      Mistake(
        #"{"thread":"T1","event":"exit","lock":"x"}"#, 31, "'lock' does not go with 'exit'",
        "at or stack"),
      Mistake(
        #"{"thread":"T1","event":"assert","lock":"x","state":"hold"}"#, 52, "unknown state 'hold'",
        "'held', perhaps"),
      Mistake(
        #"{"thread":"T1","event":"lost","count":-1}"#, 39, "a bad count '-1'",
        "how many events were lost"),
      acquire(#""lock":"M"}"#, 1, "'lock' is there twice", "it once"),
      acquire(#""lock":null}"#, 1, "'lock' is there twice", "it once"),
      acquire(#""mode":"reed"}"#, 8, "unknown mode 'reed'", "'read', perhaps"),
      acquire(
        #""mode":"read","write":true}"#, 15, "'write' contradicts an earlier key", "one of them"),
      acquire(#""try":1}"#, 7, "a bad value of 'try'", "true or false"),
      acquire(#""try":"true"}"#, 7, "a bad value of 'try'", "true or false"),
      acquire(#""at":true}"#, 6, "a bad value of 'at'", "a string"),
      acquire(#""at":""}"#, 6, "'at' is empty", "a string, or null"),
      acquire(#""at":["x"]}"#, 6, "an array as the value of 'at'", "a string"),
      acquire(#""at":{"file":"x"}}"#, 6, "an object as the value of 'at'", "a string"),
      acquire(
        #""stack":{}}"#, 9, "an object as the value of 'stack'",
        "an array of strings, or one string"),
      acquire(#""stack":7}"#, 9, "a bad value of 'stack'", "an array of strings, or one string"),
      acquire(#""stack":["f",["g"]]}"#, 14, "an unexpected '['", "a string, in an array of them"),
      acquire(#""stack":["f",]}"#, 14, "an unexpected ']'", "a string, in an array of them"),
      acquire(#""stack":["f" "g"]}"#, 14, "an unexpected '\"'", ", or ] in an array"),
      acquire(#""stack":["f""#, 13, "the object ends early", ", or ] in an array"),
      acquire(#""kind":"mutix"}"#, 8, "unknown kind 'mutix'", "'mutex', perhaps"),
      acquire(#""subclass":8}"#, 12, "a bad subclass '8'", "a nesting level from 0 to 7"),
      acquire(#""rank":1.5}"#, 8, "a bad rank '1.5'", "a whole number"),
      acquire(
        #""nest":1.5}"#, 8, "a fraction as the value of 'nest'", "a string or a whole number"),
      acquire(#""at":"x}"#, 6, "a string is not closed", "\" at its end"),
      acquire(#""at":"x\"#, 6, "a string is not closed", "\" at its end"),
      acquire(
        "\"at\":\"x\ty\"}", 8, "a control character in a string", "an escape like \\t or \\u0001"),
      acquire(
        #""at":"\x"}"#, 7, "an unknown escape in a string",
        "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"),
      acquire(
        #""at":"\ud800"}"#, 7, "a bad \\u escape in a string",
        "four hexadecimal digits that are a character, or a surrogate pair"),
    ]
    + ["-1", "1e12", "1e99999999999", "\"x\"", "\"0.0000000001\"", "\"-1\""].map {
      acquire(
        "\"time\":\($0)}", 8, "a bad time '\($0.filter { $0 != "\"" })'",
        "seconds with up to nine decimals, as in 12.000345123")
    }
    + ["01", "1.", "-", "1e", "1.e3", "+1".replacing("+", with: "-0")].filter { $0 != "-01" }.map {
      acquire(
        "\"time\":\($0)}", 8, "a bad number '\($0)'", "digits, as in 12, -1 or 12.000345123")
    }

  @Test func `A time in quotes is not finer than a nanosecond`() throws {
    let text = #"{"time":"12345678901234567891e-10","thread":"T","event":"exit"}"# + "\n"
    let error = try #require(failure(of: text))
    #expect(error.message == "a bad time '12345678901234567891e-10'")
  }

  @Test(arguments: mistakes)
  func `A mistake is named with its place and what was expected`(mistake: Mistake) throws {
    let text = "{\"thread\":\"T0\",\"event\":\"sleep\"}\n\(mistake.line)\n"
    let error = try #require(failure(of: text))
    #expect(error.line == 2)
    #expect(error.column == mistake.column)
    #expect(error.message == mistake.message)
    #expect(error.expected == mistake.expected)
  }

  @Test func `A strange key is answered with all keys if none is near`() throws {
    let known = #"{"thread":"T0","event":"sleep"}"# + "\n"
    let error = try #require(failure(of: known + #"{"xyzzyqqq":1}"# + "\n"))
    #expect(error.message == "unknown key 'xyzzyqqq'")
    #expect(error.expected?.hasPrefix("time, thread, event, mode, state, ") == true)
    #expect(error.expected?.hasSuffix(", lock or count") == true)
  }

  @Test(arguments: ["2", "\"2\"", "1.1", "0"])
  func `Another version is an error`(version: String) throws {
    let error = try #require(failure(of: "{\"lockgraph-trace\":\(version)}\n"))
    #expect(error.column == 20)
    #expect(
      error.message == "trace version '\(version.filter { $0 != "\"" })' is not known")
    #expect(error.expected == "version 1")
  }

  @Test func `A header is no event`() throws {
    let error = try #require(
      failure(of: #"{"lockgraph-trace":1,"thread":"T1","event":"exit"}"# + "\n"))
    #expect(error.column == 22)
    #expect(error.message == "'thread' does not go with 'lockgraph-trace'")
  }

  @Test func `Bytes that are not UTF-8 are an error at their column`() throws {
    let bytes = Array(#"{"thread":"é"#.utf8) + [0xFF] + Array("\",\"event\":\"exit\"}\n".utf8)
    let error = try #require(failure(of: bytes))
    #expect(error.column == 14)
    #expect(error.message == "bytes that are not UTF-8")
  }

  @Test func `Bad lines can be left out`() throws {
    let good = #"{"thread":"T1","event":"acquire","lock":"A"}"#
    let analysis = try analyze(good + "\n{\"x\":1}\nnonsense\n" + good, keepGoing: true)
    #expect(analysis.inputs.first?.events == 2)
    #expect(analysis.inputs.first?.skipped == 2)
    #expect(analysis.inputs.first?.firstSkipped?.line == 2)
  }

  @Test func `A line that was cut off is a warning`() throws {
    let analysis = try analyze("{\"thread\":\"T1\",\"event\":\"exit\"}\n{\"thread\":\"T1\",\"ev")
    #expect(
      analysis.inputs.first?.warnings == ["line 2, the last one, is cut off and was left out"])
  }
}
