import Testing

@testable import LockGraph

@Suite struct TextTests {
  @Test(arguments: [
    ("aquire", "acquire"), ("acquier", "acquire"), ("ACQUIRE", "acquire"), ("relese", "release"),
    ("acquiree", "acquire"), ("xit", "exit"),
  ])
  func `The nearest word is the one with few typing errors`(typed: String, meant: String) {
    #expect(nearestWord(to: typed, among: EventVerb.allCases.map(\.name)) == meant)
  }

  @Test func `Words that are far away are not suggested`() {
    #expect(nearestWord(to: "xyzzy", among: ["acquire", "release"]) == nil)
    #expect(nearestWord(to: "", among: ["a"]) == nil)
    #expect(nearestWord(to: "a", among: []) == nil)
  }

  @Test func `Swapped letters are one error`() {
    #expect(nearestWord(to: "ab", among: ["cb", "ba"]) == "cb")
    #expect(nearestWord(to: "abcd", among: ["abxy", "bacd"]) == "bacd")
  }

  @Test func `Text is wrapped at blanks`() {
    #expect(TextLayout.wrap("one two three", width: 8) == ["one two", "three"])
    #expect(TextLayout.wrap("one two three", width: 8, hanging: 2) == ["one two", "  three"])
    #expect(TextLayout.wrap("", width: 8) == [""])
  }

  @Test func `Words that are too long are cut`() {
    let lines = TextLayout.wrap("a " + String(repeating: "x", count: 50), width: 20, hanging: 2)
    #expect(lines.allSatisfy { $0.count <= 20 })
    #expect(lines.joined().filter { $0 == "x" }.count == 50)
  }

  @Test func `Wrapping keeps every word and the width`() {
    let text = "the quick brown fox jumps over a ridiculously-long-hyphenated-word and a dog"
    for width in 10...80 {
      for hanging in [0, 2] {
        let lines = TextLayout.wrap(text, width: width, hanging: hanging)
        #expect(lines.allSatisfy { $0.count <= width })
        #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
      }
    }
  }

  @Test func `Columns stand level side by side or not at all`() throws {
    let columns = [["a", "b b b b b b b b b b b b b b b"], ["c", "d"]]
    let rows = try #require(TextLayout.columns(columns, width: 57))
    #expect(rows[0] == "a" + String(repeating: " ", count: 29) + "c")
    #expect(rows[1].hasSuffix("d"))
    #expect(rows.allSatisfy { $0.count <= 57 })
    #expect(TextLayout.columns(columns, width: 54) == nil)
  }

  @Test func `Numbers are grouped and nouns counted`() {
    #expect(TextLayout.count(1, "event") == "1 event")
    #expect(TextLayout.count(0, "event") == "0 events")
    #expect(TextLayout.count(1_234_567, "class", "classes") == "1,234,567 classes")
    #expect(TextLayout.grouped(-1234) == "-1,234")
    #expect(TextLayout.grouped(999) == "999")
  }

  @Test func `A fingerprint separates its parts`() {
    func fingerprint(_ parts: String...) -> String {
      var fingerprint = Fingerprint(rule: .releaseNotHeld)
      for part in parts { fingerprint.add(part) }
      return fingerprint.text
    }
    #expect(fingerprint("a", "bc") != fingerprint("ab", "c"))
    #expect(fingerprint("notHeld", "A") == "ab4fe3c974b666d4")
    #expect(fingerprint().count == 16)
  }
}
