/// The page without its data, as `Page` has it, and what of it may run.
enum PageTemplate {
  /// What is filled in.
  enum Slot: String, CaseIterable {
    case policy, title, style, picture, data, script
  }

  enum Part {
    case text(String)
    case slot(Slot)
  }

  static var style: String { embeddedStyle }
  static var script: String { embeddedScript }

  /// Between the parts, `{{NAME}}` in the file is a slot.
  static let parts: [Part] = {
    var parts: [Part] = []
    for (number, piece) in embeddedDocument.split(
      separator: "{{", omittingEmptySubsequences: false
    ).enumerated() {
      guard number > 0 else {
        parts.append(.text(String(piece)))
        continue
      }
      guard let end = piece.ranges(of: "}}").first,
        let slot = Slot(rawValue: String(piece[..<end.lowerBound]))
      else { preconditionFailure("the page has no slot '\(piece.prefix(20))'") }
      parts.append(.slot(slot))
      parts.append(.text(String(piece[end.upperBound...])))
    }
    return parts
  }()

  /// The page's Content-Security-Policy: its own script and style by their hashes, and nothing
  /// else. No image is fetched; the icon is in the page.
  static let policy: String = {
    let script = source(of: embeddedScript)
    let style = source(of: embeddedStyle)
    return "default-src 'none'; script-src \(script); style-src \(style); img-src data:; "
      + "base-uri 'none'; form-action 'none'"
  }()

  private static func source(of text: String) -> String {
    "'sha256-\(Base64.text(SHA256.digest(of: Array(text.utf8))))'"
  }
}
