extension MarkdownReport {
  /// A page that was written beside the report, and where it can be opened.
  public struct Page: Sendable {
    /// What it is called.
    let name: String
    /// Where it is, as a link has it; `nil` where nobody knows.
    let address: String?
    let isArtifact: Bool

    /// A page in a file.
    ///
    /// - Parameters:
    ///   - name: the file's.
    ///   - path: from the folder of the report; `nil` if the report goes somewhere else.
    public init(name: String, path: String?) {
      self.name = name
      address = path.map { MarkdownText.encoded($0) }
      isArtifact = false
    }

    /// A page among the artifacts of a run of a CI system.
    ///
    /// - Parameters:
    ///   - name: the file's.
    ///   - address: of the artifacts.
    ///   - path: behind the address, where each file has one.
    /// - Returns: `nil` if the address is none of the web.
    public init?(name: String, artifacts address: String, path: String? = nil) {
      guard address.hasPrefix("https://") || address.hasPrefix("http://"),
        address.utf8.allSatisfy(MarkdownText.isPartOfAddress)
      else { return nil }
      self.name = name
      self.address = address + (path.map { "/" + MarkdownText.encoded($0) } ?? "")
      isArtifact = true
    }
  }

  /// A line that leads to the page.
  static func line(_ page: Page) -> String {
    let name =
      page.address.map { "[\(MarkdownText.code(page.name))](\($0))" }
      ?? MarkdownText.code(page.name)
    let place = page.isArtifact ? ", among the artifacts of this run" : ""
    return "\nThe same as a page, with the code, the graph and every step: \(name)\(place).\n"
  }
}
