// What readers say of words that they do not know.
extension LineFailure {
  /// A token as it is shown in messages: short, and safe to print.
  static func shown(_ bytes: UnsafeRawBufferPointer) -> String {
    let shown = String(decoding: bytes.prefix(80), as: UTF8.self).withVisibleControls
    return bytes.count > 80 ? shown + "…" : shown
  }

  /// `a, b or c`.
  static func list(_ words: [String]) -> String {
    words.count > 1
      ? words.dropLast().joined(separator: ", ") + " or " + words.last! : words.first ?? "nothing"
  }

  static func badNumber(
    _ key: String, _ value: UnsafeRawBufferPointer, column: Int, _ expected: String
  ) -> LineFailure {
    LineFailure(column: column, message: "a bad \(key) '\(shown(value))'", expected: expected)
  }

  /// A value that is none of a key's.
  static func unknownValue(
    _ key: String, _ value: UnsafeRawBufferPointer, column: Int, _ words: [String]
  ) -> LineFailure {
    unknown("\(key) '\(shown(value))'", shown(value), column: column, words)
  }

  /// A word that is none of those that would have been right; the nearest of them is suggested.
  static func unknown(
    _ what: String, _ word: String, column: Int, _ words: [String]
  ) -> LineFailure {
    let near = nearestWord(to: word, among: words)
    let expected = near.map { "'\($0)', perhaps" } ?? list(words)
    return LineFailure(column: column, message: "unknown \(what)", expected: expected)
  }

  static func unknownVerb(_ token: UnsafeRawBufferPointer, column: Int) -> LineFailure {
    unknownValue("verb", token, column: column, TextVocabulary.verbWords)
  }

  static func unknownContext(
    _ token: UnsafeRawBufferPointer, column: Int, _ expected: TextVocabulary.Operand
  ) -> LineFailure {
    let words = InterruptContext.allCases.map(\.name).filter { $0 != "nmi" || expected == .context }
    return unknownValue("context", token, column: column, words)
  }
}
