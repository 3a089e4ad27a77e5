import LockGraphEngine

extension DeclaredOrder {
  /// How many are told one by one.
  private static let listed = 20

  /// What is declared of classes that are not there, one line for each text, in the order of the
  /// file.
  func unused(_ patterns: [Declared], among classes: [String]) -> [String] {
    guard !patterns.isEmpty else { return [] }
    var seen: Set<String> = []
    let patterns = patterns.sorted { $0.offset < $1.offset }
      .filter { seen.insert($0.pattern.text).inserted }
    let names = classes.map { ClassName($0) }
    let known = Set(names.flatMap { [$0.key, $0.baseKey].compactMap(\.self) })
    let unused = patterns.filter { declared in
      guard let literal = declared.pattern.literal else {
        return !names.contains { declared.pattern.matches($0) }
      }
      return !known.contains(ClassName(literal).key)
    }
    var lines = unused.prefix(Self.listed).map { declared in
      let text = declared.pattern.text
      let hint = nearestWord(to: text, among: classes).map {
        "; did you mean '\(RemarkText.shown($0))'?"
      }
      return
        "\(source(declared)): unused: no class matches '\(RemarkText.shown(text))'\(hint ?? "")"
    }
    if unused.count > Self.listed {
      let count = Counted.plain(
        unused.count - Self.listed, "more pattern matches", "more patterns match")
      lines.append("\(document.name.withVisibleControls): unused: \(count) no class")
    }
    return lines
  }

  /// Every pattern.
  var declarations: [Declared] {
    chains.flatMap { $0.groups.joined() } + leaves + neverTogether.joined()
  }
}
