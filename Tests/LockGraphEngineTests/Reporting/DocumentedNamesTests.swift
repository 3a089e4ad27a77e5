import Foundation
import LockGraphEngine
import TestSupport
import Testing

/// That documents and schemas name what there is, each of it and nothing else.
@Suite("Documented names") struct DocumentedNamesTests {
  private func text(_ file: String) throws -> String {
    try String(contentsOfFile: "\(BuiltProducts.packageRoot)/\(file)", encoding: .utf8)
  }

  /// The first cells of a table's rows, of which each is one name in backquotes.
  private func firstCells(_ file: String, under heading: String) throws -> [String] {
    let text = try text(file)
    let begin = try #require(text.range(of: heading))
    let section = text[begin.upperBound...].split(separator: "\n## ")[0]
    return section.matches(of: /\n\| `([a-z-]+)` \|/).map { String($0.output.1) }
  }

  @Test(arguments: ["baseline", "page", "report"])
  func `Schemas know every rule`(_ name: String) throws {
    let schema = try text("Schemas/lockgraph-\(name)-1.schema.json")
    let lists = schema.matches(of: /"enum":\s*\[([^\]]*)\]/).map { list in
      list.output.1.matches(of: /"([^"]*)"/).map { String($0.output.1) }
    }
    let all = Set(Rule.allCases.map(\.rawValue))
    // Rules with grades and those without may be two lists.
    let rules = lists.filter { !all.isDisjoint(with: $0) }
    for list in rules { #expect(all.isSuperset(of: list)) }
    #expect(Set(rules.joined()) == all)
  }

  @Test func `The front page tells of every rule`() throws {
    // The grades have a table there too.
    let names = Rule.allCases.map(\.rawValue) + Confidence.allCases.map(\.rawValue)
    #expect(Set(try firstCells("README.md", under: "## What it finds")) == Set(names))
  }

  @Test func `The format of traces is described with all its verbs`() throws {
    let text = try text("docs/trace-format.md")
    for verb in EventVerb.allCases { #expect(text.contains("`\(verb.name)"), "\(verb.name)") }
  }

  @Test func `Every format of inputs is described`() throws {
    let text = try text("docs/inputs.md")
    for format in TraceFormat.allCases {
      #expect(text.contains("`\(format.rawValue)`"), "\(format.rawValue)")
    }
  }
}
