/// Texts of others in remarks, which are one line each.
package enum RemarkText {
  /// At most 200 characters, controls made visible.
  package static func shown(_ text: String) -> String {
    let beginning = text.unicodeScalars.prefix(201)
    guard beginning.count == 201 else { return text.withVisibleControls }
    return String(String.UnicodeScalarView(beginning.dropLast())).withVisibleControls + "…"
  }
}
