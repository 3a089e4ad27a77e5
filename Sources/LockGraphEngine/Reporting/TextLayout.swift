/// Breaking and placing text in a terminal.
package enum TextLayout {
  /// Longer than any path with a line and column; what is longer is no word that anybody copies.
  private static let wordLimit = 4200
  /// Stands for a blank at which no line is broken. No text that is safe to print has it.
  private static let glue: Character = "\u{0}"

  /// A text that `wrap` leaves in one piece, as a place with blanks in it, with controls visible.
  static func whole(_ text: String) -> String {
    let text = text.withVisibleControls
    guard text.utf8.contains(UInt8(ascii: " ")) else { return text }
    return String(text.map { $0 == " " ? glue : $0 })
  }

  /// Lines of at most `width` characters, broken at blanks alone: what is longer than a line has
  /// one to itself. Blanks at the beginning indent all of them.
  ///
  /// - Complexity: O(length of the text).
  package static func wrap(_ text: String, width: Int, hanging: Int = 0) -> [String] {
    let indentation = text.prefix { $0 == " " }
    guard indentation.isEmpty else {
      let rest = String(text.dropFirst(indentation.count))
      return wrap(rest, width: max(8, width - indentation.count), hanging: hanging)
        .map { indentation + $0 }
    }
    var lines: [String] = []
    var line = ""
    var length = 0
    for (whole, count) in words(text) {
      var word = whole
      var wordLength = count
      if length > 0, length + 1 + wordLength > width {
        lines.append(line)
        line = String(repeating: " ", count: hanging)
        length = 0
      }
      while wordLength > max(Self.wordLimit, width) {
        let cut = max(width - hanging, 8)
        lines.append(line + word.prefix(cut))
        word = word.dropFirst(cut)
        wordLength -= cut
        line = String(repeating: " ", count: hanging)
        length = 0
      }
      if length > 0 {
        line += " "
        length += 1
      } else {
        length = line.utf8.count
      }
      line += word
      length += wordLength
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    return lines.map(unglued)
  }

  private static func unglued(_ line: String) -> String {
    guard line.utf8.contains(0) else { return line }
    return String(line.map { $0 == glue ? " " : $0 })
  }

  /// What stands between blanks, and how many characters that is.
  private static func words(_ text: String) -> [(text: Substring, length: Int)] {
    // Where each byte is a character they need not be looked for.
    if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0 }) {
      return text.utf8.split(separator: UInt8(ascii: " ")).map { (Substring($0), $0.count) }
    }
    return text.split(separator: " ").map { ($0, $0.count) }
  }

  /// Texts side by side: each wrapped to its share of the width, or where a place is longer than
  /// that, each as wide as it is.
  ///
  /// - Returns: `nil` if a column would be narrower than `leastColumn`, or if a place does not fit.
  static func columns(
    _ columns: [[String]], width: Int, leastColumn: Int = 26, gap: Int = 3
  ) -> [String]? {
    let share = (width - gap * (columns.count - 1)) / max(1, columns.count)
    guard share >= leastColumn else { return nil }
    let wrapped = columns.map { $0.map { wrap($0, width: share, hanging: 2) } }
    if wrapped.allSatisfy({ $0.allSatisfy { $0.allSatisfy { $0.count <= share } } }) {
      return rows(wrapped, widths: columns.map { _ in share }, gap: gap)
    }
    let whole = columns.map { $0.map { [unglued($0)] } }
    let widths = whole.map { $0.map { $0[0].count }.max() ?? 0 }
    guard widths.reduce(gap * (columns.count - 1), +) <= width else { return nil }
    return rows(whole, widths: widths, gap: gap)
  }

  /// All columns keep their rows level, so that the same step stands side by side.
  private static func rows(_ columns: [[[String]]], widths: [Int], gap: Int) -> [String] {
    var rows: [String] = []
    for row in 0..<(columns.map(\.count).max() ?? 0) {
      let cells = columns.map { row < $0.count ? $0[row] : [] }
      for line in 0..<(cells.map(\.count).max() ?? 0) {
        var text = ""
        for (number, cell) in cells.enumerated() {
          let part = line < cell.count ? cell[line] : ""
          text += part
          if number < cells.count - 1 {
            let rest = widths[number] - min(widths[number], part.count)
            text += String(repeating: " ", count: rest + gap)
          }
        }
        while text.last == " " { text.removeLast() }
        rows.append(text)
      }
    }
    return rows
  }

  /// Nanoseconds as seconds.
  static func seconds(_ nanoseconds: Int64) -> String {
    let fraction = String(nanoseconds.magnitude % 1_000_000_000)
    let zeros = String(repeating: "0", count: 9 - fraction.count)
    let sign = nanoseconds < 0 ? "-" : ""
    return "\(sign)\(nanoseconds.magnitude / 1_000_000_000).\(zeros)\(fraction) s"
  }
}
