import LockGraphEngine

/// The report as one page for a browser, with everything in it: findings, the code, the picture,
/// and what was measured.
///
/// The page needs no network and asks for none. Its data are `lockgraph-page/1`, in the element
/// `#data`; `Schemas/lockgraph-page-1.schema.json` describes them. A name out of a trace is never
/// more than text in it: the data are JSON without a `<`, the script makes text of them, and the
/// page's policy lets nothing run but its own script.
public struct PageReport: StreamedDocument {
  /// The data's name and version, their `schema` entry.
  public static let schema = "lockgraph-page/1"

  private let data: PageData
  private let picture: String
  private let title: String

  /// The page of an analysis.
  ///
  /// - Parameters:
  ///   - analysis: what was found.
  ///   - verdict: with it, each finding has its standing.
  ///   - statistics: how locks were used, of the same inputs.
  ///   - picture: the order graph as SVG; `nil` where none could be drawn.
  ///   - settings: what paths are relative to, and where a file is that a module names.
  ///   - sources: the folder below which lines of the source are read; `nil` shows none.
  public init(
    _ analysis: Analysis, verdict: GateVerdict? = nil, statistics: LockStatistics? = nil,
    picture: [UInt8]? = nil, settings: ReportSettings = ReportSettings(), sources: String? = nil
  ) {
    let text = picture.map { String(decoding: $0, as: UTF8.self) }
    self.picture = text.map(EmbeddedPicture.text) ?? ""
    data = PageData(
      analysis: analysis, verdict: verdict, statistics: statistics,
      drawn: EmbeddedPicture.identifiers(in: self.picture), settings: settings,
      sources: sources.flatMap(SourceFolder.init))
    let findings = Counted.grouped(analysis.findings.count, "finding")
    let first = analysis.inputs.first.map { $0.name.withVisibleControls } ?? ""
    let name = first.split(separator: "/").last.map(String.init) ?? first
    title = "\(findings) · \(name.shortened(to: 120)) · LockGraph"
  }

  /// Writes the page, in UTF-8 with a newline at its end.
  @discardableResult
  public func write(_ take: @escaping (UnsafeRawBufferPointer) -> Bool) -> Bool {
    let escaped = ScriptSafeBytes(take)
    for part in PageTemplate.parts {
      let isWritten =
        switch part {
        case .text(let text): Self.write(text, take)
        case .slot(.style): Self.write(PageTemplate.style, take)
        case .slot(.script): Self.write(PageTemplate.script, take)
        case .slot(.policy): Self.write(PageTemplate.policy, take)
        case .slot(.title): Self.write(MarkupText.escaped(title), take)
        case .slot(.picture): Self.write(picture, take)
        case .slot(.data): data.write { escaped.write($0) }
        }
      guard isWritten else { return false }
    }
    return true
  }

  private static func write(
    _ text: String, _ take: (UnsafeRawBufferPointer) -> Bool
  ) -> Bool {
    var text = text
    return text.withUTF8 { take(UnsafeRawBufferPointer($0)) }
  }
}
