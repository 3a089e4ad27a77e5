/// Names as labels, shortened so that names that differ are labels that differ.
enum DistinctLabels {
  /// The label of each name, at most `limit` characters, or a few more where a number has to tell
  /// names apart.
  ///
  /// - Complexity: O(length of all names) and a sort.
  static func labels(of names: [String], limit: Int) -> [String] {
    var labels = names.map { label($0, limit) }
    for group in groups(labels, names) {
      let middles = differing(group.map { names[$0] }, limit: limit)
      for (position, middle) in zip(group, middles) { labels[position] = middle }
    }
    // Where what differs is in several places, or does not show, a number tells them apart.
    var used = Set(labels)
    for group in groups(labels, names) {
      var numbers: [String: Int] = [:]
      let distinct = Array(Set(group.map { names[$0] })).sorted()
      let label = labels[group[0]]
      var number = 2
      for name in distinct.dropFirst() {
        while !used.insert("\(label) (\(number))").inserted { number += 1 }
        numbers[name] = number
      }
      for position in group {
        if let number = numbers[names[position]] { labels[position] += " (\(number))" }
      }
    }
    return labels
  }

  private static func label(_ name: String, _ limit: Int) -> String {
    let label = DisplayText.shortened(name, to: limit)
    return label.allSatisfy { $0 == " " } ? "(no name)" : label
  }

  /// The positions of different names that have one label.
  private static func groups(_ labels: [String], _ names: [String]) -> [[Int]] {
    Dictionary(grouping: labels.indices, by: { labels[$0] }).values
      .filter { group in group.contains { names[$0] != names[group[0]] } }
      .sorted { $0[0] < $1[0] }
  }

  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar == "_" || ("0"..."9").contains(scalar)
  }

  /// Names that begin and end alike: their beginnings, what is about the first place where one
  /// differs from another, and their ends.
  private static func differing(_ names: [String], limit: Int) -> [String] {
    let scalars = names.map { Array($0.unicodeScalars) }
    let shortest = scalars.map(\.count).min() ?? 0
    var common = 0
    while common < shortest, scalars.allSatisfy({ $0[common] == scalars[0][common] }) {
      common += 1
    }
    let (head, tail) = (limit / 5, limit / 4)
    let room = limit - head - tail - 2
    return scalars.map { name in
      // From where the word begins that differs, if that is near.
      let word = name[..<min(common, name.count)].lastIndex { !isOfWord($0) }.map { $0 + 1 } ?? 0
      let wanted = common - word <= room / 2 ? word : common - room / 4
      let start = max(head, min(wanted, name.count - tail - room))
      let end = min(name.count - tail, start + room)
      guard name.count > limit, start < end else {
        return label(String(String.UnicodeScalarView(name)), limit)
      }
      let lead = start > head ? "…" : ""
      let trail = end < name.count - tail ? "…" : ""
      return DisplayText.visible(name[..<head]) + lead + DisplayText.visible(name[start..<end])
        + trail + DisplayText.visible(name[(name.count - tail)...])
    }
  }
}
