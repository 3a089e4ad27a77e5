import Foundation
import TestSupport
import Testing

@Suite("The Markdown report beside a page")
struct MarkdownPageTests {
  private let folder: TemporaryFolder
  private let trace: String

  init() throws {
    folder = try TemporaryFolder()
    trace = try folder.write(Traces.feasible, to: "t.trace")
    for name in ["pages", "md"] {
      try FileManager.default.createDirectory(
        atPath: folder.file(name), withIntermediateDirectories: true)
    }
  }

  /// The line that leads to the page.
  private func line(
    _ page: String, to markdown: String, _ environment: [String: String] = [:]
  ) throws -> String? {
    let result = try lockdepCheck(
      arguments: ["analyze", trace, "--html", page, "--report", "markdown=\(markdown)"],
      environment: environment, directory: folder.path)
    #expect(result.status == .exited(0), "\(result.messages)")
    return try folder.text(of: markdown).split(separator: "\n")
      .first { $0.contains("as a page") }.map(String.init)
  }

  @Test("It links to the file from where it is written")
  func relative() throws {
    let line = try line("pages/a b.html", to: "md/x.md")
    #expect(line?.hasSuffix("[<code>a b.html</code>](../pages/a%20b.html).") == true)
    let plain = try lockdepCheck(
      "analyze", trace, "--format", "markdown", directory: folder.path)
    #expect(!plain.text.contains("as a page"))
    let printed = try lockdepCheck(
      "analyze", trace, "--format", "markdown", "--html", "p.html", directory: folder.path)
    #expect(printed.text.contains("every step: <code>p.html</code>.\n"))
  }

  @Test("In a job it links to the artifacts, by an address that can be nothing else")
  func artifacts() throws {
    let gitHub = [
      "GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com",
      "GITHUB_REPOSITORY": "o/r", "GITHUB_RUN_ID": "17",
    ]
    let run = try line("p.html", to: "x.md", gitHub)
    #expect(
      run?.hasSuffix(
        "[<code>p.html</code>](https://github.com/o/r/actions/runs/17#artifacts), among the "
          + "artifacts of this run.") == true)
    let gitLab = ["CI_JOB_URL": "https://h/g/-/jobs/4", "CI_PROJECT_DIR": folder.path]
    let job = try line("pages/p q.html", to: "x.md", gitLab)
    #expect(job?.contains("](https://h/g/-/jobs/4/artifacts/file/pages/p%20q.html)") == true)
    let hostile = gitHub.merging(["GITHUB_SERVER_URL": "https://x)](https://y <b>"]) { $1 }
    #expect(try line("p.html", to: "x.md", hostile)?.hasSuffix("](p.html).") == true)
  }

  @Test("The schedule of a prediction tells places below the source root, as all else does")
  func schedule() throws {
    let source = folder.file("Sources/Bank.swift")
    try folder.write(
      """
      # lockgraph-trace 1
      teller acquire account class=Account at=\(source):1
      teller acquire ledger class=Ledger at=\(source):2
      teller release ledger
      teller release account
      auditor acquire ledger at=\(source):3
      auditor acquire account at=\(source):4
      auditor release account
      auditor release ledger

      """, to: "abba.trace")
    let result = try lockdepCheck(
      "analyze", "abba.trace", "--format", "markdown", "--source-root", folder.path,
      directory: folder.path)
    #expect(result.text.contains("auditor runs up to Sources/Bank.swift:3 (line 6)"))
    #expect(!result.text.contains(folder.path))
  }
}
