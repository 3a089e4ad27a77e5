import LockGraphEngine

/// Where a reader of the Markdown report opens the page that the same command writes.
enum PageLink {
  /// - Parameters:
  ///   - page: the file that it is written to.
  ///   - markdown: the file that the report is written to; `nil` is standard output.
  static func page(_ page: String, from markdown: String?) -> MarkdownReport.Page {
    let name = page.split(separator: "/").last.map(String.init) ?? page
    let artifacts = gitHubArtifacts.map { ($0, String?.none) } ?? gitLabArtifacts(page)
    if let (address, path) = artifacts,
      let page = MarkdownReport.Page(name: name, artifacts: address, path: path)
    {
      return page
    }
    guard let markdown, !OutputFile.isSpecial(markdown) else {
      return MarkdownReport.Page(name: name, path: nil)
    }
    return MarkdownReport.Page(name: name, path: relative(page, to: markdown))
  }

  /// GitHub gives an artifact an address when it is uploaded; those of a run are listed on its
  /// page.
  private static var gitHubArtifacts: String? {
    guard Terminal.environment("GITHUB_ACTIONS") == "true",
      let server = Terminal.environment("GITHUB_SERVER_URL"),
      let repository = Terminal.environment("GITHUB_REPOSITORY"),
      let run = Terminal.environment("GITHUB_RUN_ID")
    else { return nil }
    return "\(server)/\(repository)/actions/runs/\(run)#artifacts"
  }

  /// GitLab keeps the files of a job by their paths in the project.
  private static func gitLabArtifacts(_ page: String) -> (String, String?)? {
    guard let job = Terminal.environment("CI_JOB_URL"),
      let folder = Terminal.environment("CI_PROJECT_DIR")
    else { return nil }
    let (root, file) = (SourceRoot.absolute(folder), SourceRoot.absolute(page))
    guard file.hasPrefix(root + "/") else { return nil }
    return ("\(job)/artifacts/file", String(file.dropFirst(root.count + 1)))
  }

  /// The way from the folder of one file to another one.
  private static func relative(_ path: String, to other: String) -> String {
    let parts = SourceRoot.absolute(path).split(separator: "/")
    let folder = SourceRoot.absolute(other).split(separator: "/").dropLast()
    let shared = zip(parts, folder).prefix { $0 == $1 }.count
    let up = Array(repeating: "..", count: folder.count - shared)
    return (up + parts.dropFirst(shared).map(String.init)).joined(separator: "/")
  }
}
