import LockGraphEngine

/// Why there is no picture.
public enum PictureError: Error, Equatable, Sendable {
  /// The class to draw around is not in the graph.
  ///
  /// `nearest` is the known class whose name is most like it; nil if the graph has no classes.
  case unknownClass(name: String, nearest: String?)
  /// The findings have no such number; `count` is how many there are.
  case unknownFinding(number: Int, count: Int)
  /// The format needs Graphviz, and the package was built without its `Graphviz` trait.
  case graphvizMissing(format: PictureFormat)
  /// Graphviz refused; `message` is what it said.
  case graphvizFailed(format: PictureFormat, message: String)
  /// The format is drawn by librsvg and cairo, and `name` of what they need is not there.
  case converterMissing(format: PictureFormat, name: String)
  /// They have no font to write with.
  case fontMissing(format: PictureFormat)
  /// They refused; `message` is what they said.
  case converterFailed(format: PictureFormat, message: String)
}

extension PictureError: CustomStringConvertible {
  /// One line for people; names are bounded and have no control characters.
  public var description: String {
    switch self {
    case .unknownClass(let name, let nearest):
      let unknown = DisplayText.shortened(name, to: 80)
      guard let nearest else { return "no lock class “\(unknown)”: the graph has no classes" }
      return "no lock class “\(unknown)”; did you mean “\(DisplayText.shortened(nearest, to: 80))”?"
    case .unknownFinding(let number, let count):
      return count == 0
        ? "no finding #\(number): there are none"
        : "no finding #\(number): there are \(Counted.grouped(count)), from #1 on"
    case .graphvizMissing(let format):
      return "\(format.rawValue) pictures need Graphviz, and this build has none: "
        + "enable the package trait Graphviz, or write dot and convert it with the dot tool"
    case .graphvizFailed(let format, let message):
      return "Graphviz could not make the \(format.rawValue) picture: \(Self.reason(message))"
    case .converterMissing(let format, let name):
      return "\(format.rawValue) pictures are drawn by librsvg and cairo, and \(name) is missing: "
        + "install libgraphviz-dev or librsvg2-2 (brew install librsvg), or write svg"
    case .fontMissing(let format):
      return "\(format.rawValue) pictures need a font, and there is none: install one, as "
        + "fonts-dejavu-core, or write svg"
    case .converterFailed(let format, let message):
      return "librsvg and cairo could not make the \(format.rawValue) picture: "
        + Self.reason(message)
    }
  }

  private static func reason(_ message: String) -> String {
    message.isEmpty ? "no reason given" : DisplayText.shortened(message, to: 300)
  }
}
