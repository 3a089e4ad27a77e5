/// A strict reader for the XML of pictures: elements, attributes, text, five entities.
struct Document {
  struct Element {
    var name: String
    var attributes: [String: String]

    func hasClass(_ word: String) -> Bool {
      attributes["class"]?.split(separator: " ").contains(Substring(word)) ?? false
    }
  }

  struct Malformed: Error {
    var reason: String
  }

  private(set) var elements: [Element] = []
  /// The text of every element that has some.
  private(set) var texts: [String] = []

  var identifiers: [String] { elements.compactMap { $0.attributes["id"] } }

  func element(id: String) -> Element? { elements.first { $0.attributes["id"] == id } }

  init(_ text: String) throws {
    var rest = Substring(text).unicodeScalars
    var open: [String] = []
    for scalar in rest {
      let isPermitted =
        scalar == "\n" || scalar == "\t"
        || scalar.value >= 0x20
          && scalar.value & 0xFFFE != 0xFFFE
      guard isPermitted else { throw Malformed(reason: "character \(scalar.value)") }
    }
    while !rest.isEmpty {
      let content = Self.take(while: { $0 != "<" }, from: &rest)
      guard !content.contains("]]>") else { throw Malformed(reason: "]]>") }
      let decoded = try Self.decoded(content)
      if decoded.contains(where: { !$0.isWhitespace }) {
        guard !open.isEmpty else { throw Malformed(reason: "text outside") }
        texts.append(decoded)
      }
      guard rest.popFirst() != nil else { break }
      let tag = Self.take(while: { $0 != ">" }, from: &rest)
      guard rest.popFirst() != nil else { throw Malformed(reason: "open tag") }
      if tag.hasPrefix("/") {
        guard open.popLast() == String(tag.dropFirst()) else { throw Malformed(reason: tag) }
        continue
      }
      let element = try Self.element(tag.hasSuffix("/") ? String(tag.dropLast()) : tag)
      if !tag.hasSuffix("/") { open.append(element.name) }
      elements.append(element)
    }
    guard open.isEmpty, elements.first?.name == "svg" else { throw Malformed(reason: "open") }
  }

  private static func take(
    while condition: (Unicode.Scalar) -> Bool, from rest: inout Substring.UnicodeScalarView
  ) -> String {
    let taken = rest.prefix(while: condition)
    rest = rest[taken.endIndex...]
    return String(Substring(taken))
  }

  private static func element(_ tag: String) throws -> Element {
    var rest = Substring(tag).unicodeScalars
    let name = take(while: { $0 != " " }, from: &rest)
    guard !name.isEmpty, name.allSatisfy(\.isLetter) else { throw Malformed(reason: tag) }
    var attributes: [String: String] = [:]
    while rest.popFirst() != nil {
      let key = take(while: { $0 != "=" }, from: &rest)
      guard rest.popFirst() == "=", rest.popFirst() == "\"", attributes[key] == nil,
        key.allSatisfy({ $0.isLetter || $0 == "-" || $0.isNumber })
      else { throw Malformed(reason: tag) }
      attributes[key] = try decoded(take(while: { $0 != "\"" }, from: &rest))
      guard rest.popFirst() != nil else { throw Malformed(reason: tag) }
    }
    return Element(name: name, attributes: attributes)
  }

  private static func decoded(_ text: String) throws -> String {
    let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
    var result = ""
    var rest = Substring(text).unicodeScalars
    while !rest.isEmpty {
      result += take(while: { $0 != "&" }, from: &rest)
      guard rest.popFirst() != nil else { break }
      let name = take(while: { $0 != ";" }, from: &rest)
      guard rest.popFirst() != nil, let character = entities[name] else {
        throw Malformed(reason: "&\(name)")
      }
      result += character
    }
    return result
  }
}
