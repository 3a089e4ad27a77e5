import TestSupport
import Testing

@testable import LockGraphEngine

/// What the text report does with places: none is cut, and what led there is told.
@Suite struct TextPlaceTests {
  private static let places = [
    "/home/bank/Sources/Bank/Very/Long/Path/Of/Files/Teller.swift:88:5",
    "/home/bank/My Sources/Bank [1]/Ledger.swift:41",
    "audit (/home/bank/Sources/Bank/Very/Long/Path/Of/Files/Audit.swift:133)", "x.c:1",
  ]
  private static let trace = """
    teller acquire account class=Account at="\(places[0])"
    teller acquire ledger class=Ledger at="\(places[1])"
    teller release ledger
    teller release account
    auditor acquire ledger stack="\(places[2]);main;start"
    auditor acquire account at=\(places[3]) stack="deep;main (src/main.c:12)"

    """

  @Test(arguments: [40, 60, 80, 120, 200])
  func `A place stands in one piece wherever it is told`(width: Int) throws {
    let report = try TextReport(analyze(Self.trace), width: width).text
    for place in Self.places {
      let lines = report.split(separator: "\n").filter { $0.contains(place) }
      // In the scenario, and where each order comes from.
      #expect(lines.count >= 2, "\(place)\n\(report)")
    }
    #expect(!report.unicodeScalars.contains("\0"))
  }

  @Test func `Columns become rows where a place is longer than they are`() throws {
    func scenario(_ width: Int) throws -> [Substring] {
      let text = try TextReport(analyze(Self.trace), width: width).text
      let start = try #require(text.firstRange(of: "What could happen\n")).upperBound
      let end = try #require(text.firstRange(of: "and each waits")).lowerBound
      return text[start..<end].split(separator: "\n")
    }
    #expect(
      try scenario(80).prefix(3) == [
        "    teller", "      holds Account (account)",
        "        at /home/bank/Sources/Bank/Very/Long/Path/Of/Files/Teller.swift:88:5",
      ])
    // As wide as they are, if that is not the same for all.
    let wide = try scenario(200)
    #expect(wide[0].split(separator: " ") == ["teller", "auditor"])
    #expect(wide.allSatisfy { $0.count <= 200 })
  }

  @Test func `The calls that led to a place are told at every one`() throws {
    let report = try TextReport(analyze(Self.trace), width: 200).text
    #expect(report.contains("          from main < start\n"))
    #expect(report.contains("          in deep\n             main (src/main.c:12)\n"))
    let many = (1...12).map { "f\($0)" }.joined(separator: ";")
    let deep = try TextReport(analyze("t acquire a at=x.c:1 stack=\(many)\nt exit\n")).text
    #expect(deep.contains("in f1 < f2 < f3 < f4 < f5 < f6 < f7 < f8 < … 4 more calls"))
  }

  @Test func `Breaking lines keeps every word and every line that can be as short as it should`() {
    withSeeds(0..<200) { generator in
      let words = (0..<Int.random(in: 0..<20, using: &generator)).map { _ in
        String(
          repeating: ["x", "é", "-"].randomElement(using: &generator)!,
          count: Int.random(in: 1..<60, using: &generator))
      }
      let width = Int.random(in: 8..<90, using: &generator)
      let hanging = Int.random(in: 0..<4, using: &generator)
      let lines = TextLayout.wrap(
        words.joined(separator: " "), width: width, hanging: hanging)
      #expect(lines.flatMap { $0.split(separator: " ").map(String.init) } == words)
      for line in lines where line.count > width {
        #expect(line.split(separator: " ").count == 1)
      }
      for (line, next) in zip(lines, lines.dropFirst()) {
        let word = next.split(separator: " ")[0]
        #expect(line.count + 1 + word.count > width)
        #expect(next.prefix { $0 == " " }.count == hanging)
      }
    }
  }

  @Test func `Readers are told of in words and not by the names of kinds`() throws {
    let report = try TextReport(
      analyze(
        """
        a acquire s
        a acquire z read kind=rwlock
        a release z
        a release s
        b acquire z read
        b acquire s
        b release s
        b release z
        w acquire z

        """), width: 120
    ).text
    #expect(
      report.contains("\n      held exclusively, asked for by a reader that cannot recurse\n"))
    #expect(report.contains("\n      held by a reader, asked for by a writer\n"))
    #expect(!report.contains("EN") && !report.contains("[S"))
    #expect(
      DependencyKinds(rawValue: 15).text.split(separator: ";").count == 4)
  }
}
