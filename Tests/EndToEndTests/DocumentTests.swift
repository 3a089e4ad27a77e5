import Foundation
import TestSupport
import Testing

/// That documents say of the command what it says of itself.
@Suite("Documents")
struct DocumentTests {
  private func text(_ file: String) throws -> String {
    try String(contentsOfFile: "\(BuiltProducts.packageRoot)/\(file)", encoding: .utf8)
  }

  @Test("The pages of rules are what explain says")
  func rules() throws {
    let folder = try TemporaryFolder()
    let result = try ProcessRunner(
      "/bin/bash",
      [
        "\(BuiltProducts.packageRoot)/scripts/rules", BuiltProducts.executable("lockdep-check"),
        folder.path,
      ]
    ).run()
    #expect(result.status == .exited(0), "\(result.messages)")
    let pages = try folder.contents
    #expect(pages.count > 18)
    let folderOfPages = "\(BuiltProducts.packageRoot)/docs/rules"
    #expect(try FileManager.default.contentsOfDirectory(atPath: folderOfPages).sorted() == pages)
    for page in pages {
      #expect(
        try folder.text(of: page) == text("docs/rules/\(page)"), "run scripts/rules for \(page)")
    }
    // Where SARIF leads to.
    let sarif = try lockdepCheck("analyze", "--format", "sarif", input: Traces.feasible).text
    let links = sarif.matches(of: /"helpUri": "https:\/\/[^"]*\/docs\/rules\/([^"]*)"/)
      .map { String($0.output.1) }
    #expect(Set(links) == Set(pages).subtracting(["README.md"]))
    #expect(sarif.contains("\"informationUri\": \"https://"))
  }

  @Test("Every format of reports stands in the table of formats")
  func formats() throws {
    let help = try lockdepCheck("gate", "--help").text.replacing(/\s+/, with: " ")
    let list = try #require(help.firstMatch(of: /The format of the report: ([^.]*)\./)).output.1
    let formats = list.split(separator: ", ").map(String.init)
    #expect(formats.count > 8)
    let table = try text("docs/formats.md").components(separatedBy: "\n## ")[0]
    let rows = table.matches(of: /\n\| `([a-z]+)`/).map {
      String($0.output.1)
    }
    #expect(rows.sorted() == formats.sorted())
  }

  @Test("The package plugin knows every command")
  func commands() throws {
    let help = try lockdepCheck("--help").text
    let section = try #require(help.components(separatedBy: "SUBCOMMANDS:").last)
    let commands = section.matches(of: /\n  ([a-z-]+)[ ]/).map { String($0.output.1) }
    #expect(commands.count > 12)
    let plugin = try text("Plugins/LockOrderPlugin/LockOrderPlugin.swift")
    for command in commands { #expect(plugin.contains("\"\(command)\""), "\(command)") }
  }

  @Test("Wherever the repository is named, it is the one that reports lead to")
  func repository() throws {
    let sarif = try lockdepCheck("analyze", "--format", "sarif", input: Traces.feasible).text
    let link = try #require(
      sarif.firstMatch(of: /"informationUri": "https:\/\/github\.com\/([^"]+)"/))
    let repository = String(link.output.1)
    let places = [
      ("README.md", /url: "https:\/\/github\.com\/([^"]+)"/),
      ("docs/ci.md", /uses: ((?i:[\w.-]+\/lockgraph))@/),
      ("docs/ci.md", /repo: https:\/\/github\.com\/(\S+)/),
    ]
    for (file, pattern) in places {
      let named = try text(file).matches(of: pattern).map { String($0.output.1) }
      #expect(!named.isEmpty, "\(file)")
      #expect(named.allSatisfy { $0 == repository }, "\(file): \(named)")
    }
  }
}
