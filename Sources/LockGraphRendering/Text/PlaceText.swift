import LockGraphEngine

/// Places of the source as labels have them: the file without its folders, and the line.
enum PlaceText {
  /// The most characters of a place; tooltips have the whole.
  static let limit = 30

  /// `Sources/Bank/Teller.swift:88:12` is `Teller.swift:88`, and so is `pay() (Teller.swift:88)`;
  /// what ends in no file and line, as a function does not, stays as it is but for its middle.
  static func short(_ place: String) -> String {
    DisplayText.shortened(file(place) ?? place, to: limit)
  }

  private static func file(_ place: String) -> String? {
    guard let position = SourcePosition(frame: place) ?? SourcePosition(place) else { return nil }
    let name = position.file.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last
    return name.map { "\($0):\(position.line)" }
  }
}
