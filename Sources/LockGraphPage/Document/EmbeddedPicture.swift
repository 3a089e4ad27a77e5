/// The picture of the order graph as an element of the page.
enum EmbeddedPicture {
  /// The `svg` element without what is before it, and without styles and scripts of its own: the
  /// page's style sheet gives it its colours, by the words of its elements.
  static func text(_ document: String) -> String {
    guard let start = document.ranges(of: "<svg").first else { return "" }
    var text = String(document[start.lowerBound...])
    for name in ["style", "script"] {
      while let open = text.ranges(of: "<\(name)").first {
        let end =
          text[open.upperBound...].ranges(of: "</\(name)>").first?.upperBound ?? text.endIndex
        text.removeSubrange(open.lowerBound..<end)
      }
    }
    return text
  }

  /// The identifiers of its elements.
  ///
  /// - Complexity: O(length).
  static func identifiers(in text: String) -> Set<String> {
    let name = Array("<g id=\"".utf8)
    var identifiers: Set<String> = []
    let bytes = text.utf8
    var position = bytes.startIndex
    while let found = bytes[position...].firstIndex(of: name[0]) {
      position = bytes.index(after: found)
      guard bytes[found...].starts(with: name) else { continue }
      let start = bytes.index(found, offsetBy: name.count)
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\"")) else { break }
      identifiers.insert(String(text[start..<end]))
    }
    return identifiers
  }
}
