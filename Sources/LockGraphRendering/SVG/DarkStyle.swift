/// Colours for screens that are dark, by those that they stand for.
///
/// Elements have their light colours as attributes, which every program that draws SVG reads; a
/// style sheet replaces each of them where the reader's screen is dark.
enum DarkStyle {
  /// From light to dark. Text keeps a contrast of 4.5 to 1 on all grounds that it has.
  static let colors: KeyValuePairs = [
    DrawingStyle.background: "#0d1117", DrawingStyle.ink: "#e6edf3",
    DrawingStyle.quietInk: "#9da7b3", DrawingStyle.stroke(.context): "#6e7681",
    DrawingStyle.stroke(.warning): "#e3b341", DrawingStyle.stroke(.error): "#ff8a80",
    DrawingStyle.newStroke: "#56d364", DrawingStyle.waitStroke: "#c4a7ff",
    DrawingStyle.waitFill: "#221a38", DrawingStyle.fill(.context): "#161b22",
    DrawingStyle.fill(.note): "#262c36", DrawingStyle.fill(.warning): "#33290f",
    DrawingStyle.fill(.error): "#3b1618", DrawingStyle.weightFills[0]: "#14202f",
    DrawingStyle.weightFills[1]: "#162d4a", DrawingStyle.weightFills[2]: "#193c66",
    DrawingStyle.weightFills[3]: "#1d4b83", DrawingStyle.weightFills[4]: "#225a9f",
  ]

  /// The style sheet of a document with these elements.
  static func element(for elements: [String]) -> String {
    let used = paints(of: elements)
    let rules = colors.flatMap { light, dark in
      ["fill", "stroke"].compactMap { name in
        used.contains("\(name)=\(light)")
          ? "[\(name)=\"\(light)\"]{\(name):\(dark)}" : nil
      }
    }
    return "<style>@media screen and (prefers-color-scheme:dark){\(rules.joined())}</style>"
  }

  /// Which attributes have which colours, as `fill=#ffffff`.
  private static func paints(of elements: [String]) -> Set<String> {
    var paints: Set<String> = []
    for element in elements {
      var before: Substring?
      for part in element.utf8.split(
        separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
      {
        let part = Substring(part)
        for name in ["fill=", "stroke="]
        where part.utf8.first == UInt8(ascii: "#") && before?.hasSuffix(" \(name)") == true {
          paints.insert("\(name)\(part)")
        }
        before = part
      }
    }
    return paints
  }
}
