import Foundation
import LockGraphEngine
import TestSupport
import Testing

/// The same bytes give the same result whether they come from memory, a mapped file or a pipe.
@Suite struct InputStreamTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private static let text: [UInt8] = {
    var text = "# lockgraph-trace 1\n"
    for round in 0..<400 {
      let (one, other) = (round % 7, (round * 3 + 1) % 7)
      text += "T\(round % 5) acquire L\(one) class=\"class \(one)\" at=f.c:\(round)\n"
      text += "T\(round % 5) acquire M\(other) stack=f\\g;h\r\nT\(round % 5) release L\(one)\n"
      text += "T\(round % 5) release M\(other)\n\n"
    }
    return Array(text.utf8)
  }()

  private func report(_ path: String) throws -> String {
    var analyzer = TraceAnalyzer()
    try analyzer.read(.file(path))
    // The name of the input is all that may differ.
    return String(decoding: JSONReport(analyzer.finish()).bytes, as: UTF8.self)
      .replacing(path, with: "1.trace")
  }

  private func reportFromMemory(_ bytes: [UInt8]) throws -> String {
    String(decoding: JSONReport(try analyze(inputs: [bytes])).bytes, as: UTF8.self)
  }

  @Test func `A mapped file is read like memory`() throws {
    let path = try directory.write(Self.text, to: "file")
    #expect(try report(path) == reportFromMemory(Self.text))
  }

  @Test(arguments: [1, 7, 64, 4095, 65_537])
  func `A pipe is read like memory whatever the size of its pieces`(size: Int) throws {
    let bytes = Array(Self.text.prefix(size == 1 ? 3000 : Self.text.count))
    let whole = Array(bytes[...bytes.lastIndex(of: 0x0A)!])
    let path = try directory.pipe("pipe", of: whole.chunks(of: size))
    #expect(try report(path) == reportFromMemory(whole))
  }

  @Test(arguments: [1, 40, 131])
  func `A trace of the kernel is recognised in a pipe`(size: Int) throws {
    let bytes = Array(
      """
      # tracer: nop
      #
                  init-1       [000] .....    16.318850: lock_acquire: 00000000d62be939 a
                  init-1       [000] .....    16.318851: lock_acquire: 00000000d62be93a b

      """.utf8)
    let path = try directory.pipe("pipe", of: bytes.chunks(of: size))
    #expect(try report(path) == reportFromMemory(bytes))
  }

  @Test(arguments: ["\n", "# recorded on Monday\n\n"])
  func `Comments that arrive first do not decide the format`(beginning: String) throws {
    let line =
      "            init-1       [000] .....    16.318850: lock_acquire: 00000000d62be939 a\n"
    let path = try directory.pipe(
      "pipe", of: [Array(beginning.utf8)] + Array(line.utf8).chunks(of: 8))
    #expect(try report(path) == reportFromMemory(Array((beginning + line).utf8)))
  }

  @Test func `A line may be longer than the buffer of a pipe`() throws {
    let name = String(repeating: "n", count: 700_000)
    let text = "T1 acquire A\nT1 acquire \(name) at=x\nT1 acquire B\n"
    let path = try directory.pipe("pipe", of: [Array(text.utf8)])
    var analyzer = TraceAnalyzer()
    try analyzer.read(.file(path))
    let analysis = analyzer.finish()
    #expect(analysis.edges == ["A -> B [EN]", "A -> \(name) [EN]", "\(name) -> B [EN]"])
  }

  @Test func `A line may be longer than a window of a mapped file`() throws {
    let comment = "#" + String(repeating: "x", count: 20 << 20) + "\n"
    let path = try directory.write(
      Array(("T1 acquire A\n" + comment + "T1 acquire B\n").utf8), to: "long")
    var analyzer = TraceAnalyzer()
    try analyzer.read(.file(path))
    #expect(analyzer.finish().edges == ["A -> B [EN]"])
  }

  @Test func `A line without end is refused`() throws {
    let bytes = [UInt8](repeating: 0x78, count: 65 << 20)
    let error = try #require(failure(of: bytes))
    #expect(error.message == "a line is longer than 64 MiB")
  }

  @Test func `An empty file is an analysis of nothing`() throws {
    let path = try directory.write([], to: "empty")
    #expect(try report(path) == reportFromMemory([]))
  }

  @Test func `A file that is not there or a directory is named`() throws {
    for (path, message) in [
      (directory.path + "/none", "cannot be opened: No such file or directory"),
      (directory.path, "is a directory"),
    ] {
      var analyzer = TraceAnalyzer()
      let error = #expect(throws: TraceError.self) { try analyzer.read(.file(path)) }
      #expect(error?.input == path)
      #expect(error?.message == message)
      #expect(error?.line == nil)
    }
  }

  @Test func `Progress grows up to the size of the input`() throws {
    let path = try directory.write(Self.text, to: "file")
    var analyzer = TraceAnalyzer()
    var steps: [Int] = []
    try analyzer.read(.file(path)) { steps.append($0) }
    #expect(steps == steps.sorted())
    #expect(steps.last == Self.text.count)
  }
}
