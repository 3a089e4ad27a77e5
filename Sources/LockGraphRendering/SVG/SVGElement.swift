/// An XML element as text: attributes and contents are escaped here and nowhere else.
struct SVGElement {
  private(set) var text: String
  private let name: String

  /// An element with those attributes that have a value.
  init(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:]) {
    self.name = name
    text = "<" + name
    for case (let key, let value?) in attributes {
      text += " \(key)=\"\(Self.escaped(value))\""
    }
  }

  /// The element without contents.
  var empty: String { text + "/>" }

  /// The element around text.
  func containing(text content: String) -> String {
    text + ">" + Self.escaped(content) + "</\(name)>"
  }

  /// The element around other elements, one on each line.
  func containing(_ elements: [String]) -> String {
    text + ">\n" + elements.joined(separator: "\n") + "\n</\(name)>"
  }

  /// Text as XML's character data or attribute value; what XML forbids becomes U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
