import Foundation
import TestSupport
import Testing

/// The README's first screen is what the command does.
struct ReadmeTests {
  private let root = BuiltProducts.packageRoot

  private func file(_ name: String) throws -> String {
    try String(contentsOfFile: "\(root)/\(name)", encoding: .utf8)
  }

  @Test("The report in the README is the report of its sample")
  func report() throws {
    let report = try lockdepCheck("analyze", "samples/abba.trace", directory: root).text
    let shown = report.components(separatedBy: "\n  Where each order")[0]
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
    #expect(try file("README.md").contains(shown))
  }

  /// Coordinates depend on the version of Graphviz, what is written does not.
  @Test("The picture in the README says what the picture of its sample says")
  func picture() throws {
    func texts(_ picture: String) -> [String] {
      picture.split(separator: ">").compactMap { part in
        let text = part.prefix { $0 != "<" }.trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? nil : text
      }.sorted()
    }
    let picture = try lockdepCheck("render", "samples/abba.trace", directory: root).text
    #expect(texts(try file("docs/abba.svg")) == texts(picture))
    #expect(texts(picture).contains("Account.lock"))
  }
}
