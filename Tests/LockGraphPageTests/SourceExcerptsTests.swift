import LockGraphEngine
import TestSupport
import Testing

@testable import LockGraphPage

@Suite struct SourceExcerptsTests {
  private func excerpts(
    _ text: [UInt8], lines: [Int]
  ) throws -> SourceExcerpts.File {
    let outer = try TemporaryFolder()
    _ = try outer.write(text, to: "a.c")
    var excerpts = SourceExcerpts()
    for line in lines { _ = excerpts.file("a.c", line: line, isCaller: false) }
    excerpts.read(from: try #require(SourceFolder(outer.path)))
    #expect(excerpts.files.count == 1)
    return excerpts.files[0]
  }

  @Test func `Two lines are shown before a place and after it, each once`() throws {
    let text = (1...20).map { "line \($0)\n" }.joined()
    let file = try excerpts(Array(text.utf8), lines: [1, 8, 9, 20])
    #expect(file.lines.map(\.number) == [1, 2, 3, 6, 7, 8, 9, 10, 11, 18, 19, 20])
    #expect(file.lines.allSatisfy { $0.text == "line \($0.number)" })
    #expect(file.lineCount == 20)
  }

  @Test func `A line that the file does not have shows none`() throws {
    let file = try excerpts(Array("a\nb".utf8), lines: [3, 7_000_000])
    #expect(file.lines.isEmpty)
    #expect(file.lineCount == 2)
    #expect(file.lack == nil)
  }

  @Test func `Ends of lines, what is no UTF-8 and long lines are mended`() throws {
    let long = [UInt8](repeating: 0x78, count: 1_000)
    let file = try excerpts(Array("a\r\n".utf8) + [0xFF, 0x0A] + long, lines: [2])
    #expect(file.lines.map(\.text).prefix(2) == ["a", "\u{FFFD}"])
    #expect(file.lines[2].text == String(repeating: "x", count: SourceFolder.lineLimit) + "…")
  }

  @Test func `All lines together are bounded, those of places before those of callers`() throws {
    let outer = try TemporaryFolder()
    let line = String(repeating: "y", count: 200) + "\n"
    let text = String(repeating: line, count: 20_000)
    _ = try outer.write(text, to: "a.c")
    var excerpts = SourceExcerpts()
    for number in 1...20_000 { _ = excerpts.file("a.c", line: number, isCaller: true) }
    _ = excerpts.file("a.c", line: 20_000, isCaller: false)
    excerpts.read(from: try #require(SourceFolder(outer.path)))
    #expect(excerpts.isCut)
    #expect(excerpts.files[0].lines.last?.number == 20_000)
    let size = excerpts.files[0].lines.reduce(0) { $0 + $1.text.utf8.count }
    #expect(size <= SourceExcerpts.limit)
    #expect(size > SourceExcerpts.limit / 2)
  }
}
