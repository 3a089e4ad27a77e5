import Testing

@testable import LockGraphEngine

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

  @Test func `Where any is good, the nearest name has the fewest differences`() {
    let names = ["alpha", "beta", "gamma", ""]
    #expect(nearestWord(to: "betta", among: names, isAnyGood: true) == "beta")
    #expect(nearestWord(to: "GAMMA", among: names, isAnyGood: true) == "gamma")
    #expect(nearestWord(to: "x", among: names, isAnyGood: true) == "")
    #expect(nearestWord(to: "x", among: [String](), isAnyGood: true) == nil)
  }

  @Test func `Long words are compared by their beginnings`() {
    let long = String(repeating: "x", count: 100)
    #expect(
      nearestWord(to: long + "a", among: ["y", long + "bcdefghijklm"]) == long + "bcdefghijklm")
  }

  @Test(
    arguments: [
      "\0", "\u{1B}", "\u{7F}", "\u{9B}", "\u{61C}", "\u{200E}", "\u{202E}", "\u{2028}", "\u{2069}",
      "\u{FEFF}",
    ] as [Unicode.Scalar])
  func `What steers text or shows nothing is escaped`(scalar: Unicode.Scalar) {
    #expect(
      "a\(scalar)b".withVisibleControls == "a\\u{\(String(scalar.value, radix: 16))}b")
  }

  @Test func `Text is wrapped at blanks`() {
    #expect(TextLayout.wrap("one two three", width: 8) == ["one two", "three"])
    #expect(TextLayout.wrap("one two three", width: 8, hanging: 2) == ["one two", "  three"])
    #expect(TextLayout.wrap("", width: 8) == [""])
  }

  @Test func `What is wrapped is counted in characters`() {
    #expect(TextLayout.wrap("änd öne twö", width: 7) == ["änd öne", "twö"])
    // A blank that bears an accent is no place to break.
    #expect(TextLayout.wrap("a \u{301}b c", width: 3) == ["a \u{301}b", "c"])
    #expect(TextLayout.wrap("a\r\nb c", width: 5) == ["a\r\nb c"])
  }

  @Test func `Words that are too long have a line to themselves, and what is no word is cut`() {
    let word = String(repeating: "x", count: 50)
    #expect(
      TextLayout.wrap("a \(word) b", width: 20, hanging: 2) == ["a", "  \(word)", "  b"])
    let lines = TextLayout.wrap(
      "a " + String(repeating: "x", count: 10_000), width: 20, hanging: 2)
    #expect(lines.allSatisfy { $0.count <= 4_202 })
    #expect(lines.dropLast().allSatisfy { $0.count <= 20 })
    #expect(lines.joined().filter { $0 == "x" }.count == 10_000)
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
    #expect(Counted.grouped(1, "event") == "1 event")
    #expect(Counted.grouped(0, "event") == "0 events")
    #expect(Counted.grouped(1_234_567, "class", "classes") == "1,234,567 classes")
    #expect(Counted.grouped(-1234) == "-1,234")
    #expect(Counted.grouped(999) == "999")
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
