import LockGraphEngine
import TestSupport
import Testing

@Suite struct TextErrorTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    var line: String
    var column: Int
    var message: String
    var expected: String

    init(_ line: String, _ column: Int, _ message: String, _ expected: String) {
      self.line = line
      self.column = column
      self.message = message
      self.expected = expected
    }

    var testDescription: String { line }
  }

  private static let verbs =
    "init, destroy, request, acquire, abandon, release, downgrade, wait, wake, signal, broadcast, "
    + "barrier, post, spawn, join, exit, enter, leave, disable, enable, assert, pin, unpin, sleep, "
    + "read, write, lost or dropped"
  private static let acquisition =
    "write, read, recursive-read, upgradable, try, interruptible, killable, timeout, unchecked, exclusive, "
    + "class=, kind=, rank=, nesting=, subclass=, nest=, at= or stack="

  static let mistakes =
    [
      Mistake("T1 aquire L", 4, "unknown verb 'aquire'", "'acquire', perhaps"),
      Mistake(
        "T1 Acquire L", 4, "unknown verb 'Acquire'", "'acquire', perhaps"),
      Mistake("T1 xyzzyqqq L", 4, "unknown verb 'xyzzyqqq'", verbs),
      Mistake(
        "T1 acquire at=x:1", 12, "'acquire' lacks its operand before its options",
        "the name of a lock"),
      Mistake("T1", 3, "a verb is missing", "what the thread does"),
      Mistake("T1 acquire", 11, "'acquire' lacks its operand", "the name of a lock"),
      Mistake("T1 acquire  ", 13, "'acquire' lacks its operand", "the name of a lock"),
      Mistake("T1 wait", 8, "'wait' lacks its operand", "the name of a condition"),
      Mistake("T1 spawn", 9, "'spawn' lacks its operand", "the name of a thread"),
      Mistake("T1 enter", 9, "'enter' lacks its operand", "hardirq, softirq, nmi or signal"),
      Mistake("T1 enable", 10, "'enable' lacks its operand", "hardirq, softirq or signal"),
      Mistake("T1 read", 8, "'read' lacks its operand", "the name of a variable"),
      Mistake("T1 acquire \"\"", 12, "an empty name", "the name of a lock"),
      Mistake("\"\" acquire L", 1, "an empty thread name", "the name of a thread"),
      Mistake(
        "T1 enter hardirk", 10, "unknown context 'hardirk'",
        "'hardirq', perhaps"),
      Mistake("T1 disable nmi", 12, "unknown context 'nmi'", "hardirq, softirq or signal"),
      Mistake(
        "T1 acquire L reed", 14, "unknown flag 'reed'", "'read', perhaps"),
      Mistake(
        "T1 acquire L clas=x", 14, "unknown key 'clas='",
        "'class=', perhaps"),
      Mistake(
        "T1 acquire L class", 14, "unknown flag 'class'",
        "'class=', perhaps"),
      Mistake(
        "T1 acquire L read=1", 14, "unknown key 'read='",
        "'read', perhaps"),
      Mistake("T1 acquire L held", 14, "'held' does not go with 'acquire'", acquisition),
      Mistake(
        "T1 init L rank=1 read", 18, "'read' does not go with 'init'",
        "unchecked, class=, kind=, rank=, permits=, nesting=, at= or stack="),
      Mistake("T1 release L read", 14, "'read' does not go with 'release'", "at= or stack="),
      Mistake("T1 acquire L class=", 20, "'class=' lacks its value", "a value behind ="),
      Mistake("T1 acquire L class= read", 20, "'class=' lacks its value", "a value behind ="),
      Mistake("T1 acquire L at=\"\"", 17, "'at=' lacks its value", "a value behind ="),
      Mistake(
        "T1 acquire L kind=mutix", 19, "unknown kind 'mutix'",
        "'mutex', perhaps"),
      Mistake(
        "T1 abandon L reason=bored", 21, "unknown reason 'bored'",
        "interrupted, killed, timeout, cancelled, deadlock or failed"),
      Mistake("T1 acquire L subclass=8", 23, "a bad subclass '8'", "a nesting level from 0 to 7"),
      Mistake("T1 acquire L subclass=01", 23, "a bad subclass '01'", "a nesting level from 0 to 7"),
      Mistake("T1 acquire L rank=1.5", 19, "a bad rank '1.5'", "a whole number"),
      Mistake(
        "T1 acquire L rank=9223372036854775808", 19, "a bad rank '9223372036854775808'",
        "a whole number"),
      Mistake("T1 lost count=-1", 15, "a bad count '-1'", "how many events were lost"),
      Mistake("T1 acquire L read read", 19, "'read' is there twice", "it once"),
      Mistake("T1 acquire L class=a class=b", 22, "'class=' is there twice", "it once"),
      Mistake("T1 acquire L read write", 19, "'write' contradicts an earlier word", "one of them"),
      Mistake(
        "T1 assert L held not-held", 18, "'not-held' contradicts an earlier word", "one of them"),
      Mistake(
        "T1 enter softirq unthreaded", 18, "'unthreaded' goes with hardirq only", "enter hardirq"),
      Mistake("T1 acquire \"L", 12, "a string is not closed", "\" at its end"),
      Mistake("T1 acquire \"L\\", 12, "a string is not closed", "\" at its end"),
      Mistake(
        "T1 acquire \"L\"x", 15, "a string goes on behind its closing quote", "a blank there"),
      Mistake(
        "T1 acquire \"L\\x\"", 14, "an unknown escape in a string",
        "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"),
    ]
    + ["\\u12", "\\u12g4", "\\ud800", "\\ud800\\u0041", "\\udc00"].map {
      Mistake(
        "T1 acquire \"L\($0)\"", 14, "a bad \\u escape in a string",
        "four hexadecimal digits that are a character, or a surrogate pair")
    }
    + ["[x]", "[1", "[1.]", "[.5]", "[1.0000000001]", "[1.2.3]", "[]", "[-1]", "[99999999999]"].map
  {
    Mistake(
      "\($0) T1 exit", 1, "a bad time '\($0)'",
      "seconds with up to nine decimals, as in [12.000345123]")
  } + [Mistake("[1]", 4, "a thread is missing", "the name of a thread")]

  @Test(arguments: mistakes)
  func `A mistake is named with its place and what was expected`(mistake: Mistake) throws {
    let error = try #require(failure(of: "T0 sleep\n\(mistake.line)\n", format: .text))
    #expect(error.input == "1.trace")
    #expect(error.line == 2)
    #expect(error.column == mistake.column)
    #expect(error.message == mistake.message)
    #expect(error.expected == mistake.expected)
    #expect(error.text == mistake.line)
  }

  @Test func `Options behind the end are too many`() throws {
    let error = try #require(failure(of: "T1 lost count=1 at=x\n"))
    #expect(error.message == "'at=' does not go with 'lost'")
    #expect(error.expected == "count=")
  }

  @Test func `The description is that of a compiler`() throws {
    let error = try #require(failure(of: "T1 aquire L\n"))
    #expect(
      error.description.hasPrefix(
        "1.trace:1:4: error: unknown verb 'aquire'\n    T1 aquire L\n       ^\n    expected 'acquire', perhaps"
      ))
  }

  @Test func `Bytes that are not UTF-8 are an error at their column`() throws {
    let error = try #require(failure(of: Array("T1 acquire é".utf8) + [0xFF] + Array("x\n".utf8)))
    #expect(error.column == 14)
    #expect(error.message == "bytes that are not UTF-8")
    #expect(error.expected == "UTF-8")
  }

  @Test(arguments: ["2", "", "1.1", "one"])
  func `Another version is an error`(version: String) throws {
    let error = try #require(failure(of: "# lockgraph-trace \(version)\nT1 exit\n"))
    #expect(error.line == 1)
    #expect(error.column == 19)
    #expect(error.message == "trace version '\(version)' is not known")
    #expect(error.expected == "version 1")
  }

  @Test func `The version matters on the first line only`() throws {
    #expect(failure(of: "\n# lockgraph-trace 2\nT1 exit\n") == nil)
    #expect(failure(of: "# lockgraph-trace 1\r\nT1 exit\n") == nil)
  }

  @Test func `Long lines are quoted in part and control characters made visible`() throws {
    let error = try #require(
      failure(of: "T1 acquire L class=\(String(repeating: "x", count: 500)) \u{1B}[31mred at=y\n"))
    let text = try #require(error.text)
    #expect(text.hasPrefix("…x"))
    #expect(text.contains("\\u{1b}[31mred"))
    #expect(text.count < 200)
    #expect(error.message == "unknown flag '\\u{1b}[31mred'")
  }
}
