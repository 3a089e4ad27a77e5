/// Why there is no picture.
public enum PictureError: Error, Equatable, Sendable {
  /// The class to draw around is not in the graph.
  ///
  /// `nearest` is the known class whose name is most like it; nil if the graph has no classes.
  case unknownClass(name: String, nearest: String?)
  /// The format needs Graphviz, and the package was built without its `Graphviz` trait.
  case graphvizMissing(format: PictureFormat)
  /// Graphviz refused; `message` is what it said.
  case graphvizFailed(format: PictureFormat, message: String)
}

extension PictureError: CustomStringConvertible {
  /// One line for people; names are bounded and have no control characters.
  public var description: String {
    switch self {
    case .unknownClass(let name, let nearest):
      let unknown = DisplayText.shortened(name, to: 80)
      guard let nearest else { return "no lock class “\(unknown)”: the graph has no classes" }
      return "no lock class “\(unknown)”; did you mean “\(DisplayText.shortened(nearest, to: 80))”?"
    case .graphvizMissing(let format):
      return "\(format.rawValue) pictures need Graphviz, and this build has none: "
        + "enable the package trait Graphviz, or write dot and convert it with the dot tool"
    case .graphvizFailed(let format, let message):
      let reason = message.isEmpty ? "it gave no reason" : DisplayText.shortened(message, to: 300)
      return "Graphviz could not make the \(format.rawValue) picture: \(reason)"
    }
  }
}
