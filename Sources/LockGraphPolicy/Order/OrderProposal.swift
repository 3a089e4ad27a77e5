import LockGraphEngine

/// An order of the classes of a graph in which everything that was seen goes forward, as a policy
/// to be edited.
///
/// Classes that are taken in a circle share a level, since nothing says which of them comes first;
/// every other class stands as early as those that were seen before it allow. Classes without an
/// order are left out.
public struct OrderProposal {
  /// The policy's text, lines ended by newlines; the same for the same graph.
  public let text: String

  /// - Complexity: O(classes + dependencies).
  public init(_ graph: OrderGraphSnapshot) {
    let names = graph.classes.map(\.name)
    var successors = Array(repeating: [Int](), count: names.count)
    var isNested: [Int] = []
    var isOrdered = Array(repeating: false, count: names.count)
    for dependency in graph.dependencies where dependency.isOrder {
      if dependency.from == dependency.to {
        isNested.append(dependency.from)
      } else {
        successors[dependency.from].append(dependency.to)
        isOrdered[dependency.from] = true
        isOrdered[dependency.to] = true
      }
    }
    let components = StrongComponents(nodeCount: names.count, successors: successors)
    let levels = Self.levels(components, successors, isOrdered)
    var lines = Self.introduction(
      ordered: isOrdered.count { $0 }, others: isOrdered.count { !$0 })
    lines += Self.circles(components, names)
    lines += isNested.map {
      YAMLText.comment(
        "Locks of one class are nested, which no order of classes tells: \(shown(names[$0]))")
    }
    lines.append("version: 1")
    lines += Self.list(levels.map { level in level.map { names[$0] } })
    text = lines.map { $0 + "\n" }.joined()
  }

  /// The classes of each level, by name.
  private static func levels(
    _ components: StrongComponents, _ successors: [[Int]], _ isOrdered: [Bool]
  ) -> [[Int]] {
    var members = Array(repeating: [Int](), count: components.count)
    for node in successors.indices { members[components.component[node]].append(node) }
    var level = Array(repeating: 0, count: components.count)
    // Edges between components lead to lesser numbers.
    for component in members.indices.reversed() {
      for next in members[component].lazy.flatMap({ successors[$0] })
      where components.component[next] != component {
        let other = components.component[next]
        level[other] = max(level[other], level[component] + 1)
      }
    }
    var levels: [[Int]] = []
    for node in successors.indices where isOrdered[node] {
      let number = level[components.component[node]]
      while levels.count <= number { levels.append([]) }
      levels[number].append(node)
    }
    return levels
  }

  private static func introduction(ordered: Int, others: Int) -> [String] {
    var lines = [
      "An order of \(Counted.plain(ordered, "lock class", "lock classes")), proposed from what was seen. "
        + "A class is taken before those",
      "of later levels; inside a level there is no order. Take out what nobody relies on.",
    ]
    if others > 0 {
      lines.append(
        Counted.plain(others, "class was", "classes were") + " seen in no order and "
          + Counted.noun(others, "is", "are") + " left out.")
    }
    return lines.map(YAMLText.comment)
  }

  private static func circles(_ components: StrongComponents, _ names: [String]) -> [String] {
    var members: [Int: [Int]] = [:]
    for node in names.indices { members[components.component[node], default: []].append(node) }
    return members.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }.map { circle in
      let shownNames = circle.prefix(20).map { shown(names[$0]) }
      let more = circle.count > 20 ? " and \(circle.count - 20) more" : ""
      return YAMLText.comment(
        "Taken in a circle, so no order is proposed between them: "
          + shownNames.joined(separator: ", ") + more)
    }
  }

  private static func list(_ levels: [[String]]) -> [String] {
    guard !levels.isEmpty else { return ["levels: []"] }
    func scalar(_ name: String) -> String {
      // Yams drops a byte order mark at the beginning of a scalar, even one that is an escape.
      guard name.unicodeScalars.first == "\u{FEFF}" else {
        return YAMLText.scalar(ClassPattern(literally: name).text)
      }
      let rest = String(name.unicodeScalars.dropFirst())
      return YAMLText.scalar("?" + ClassPattern(literally: rest).text)
    }
    guard levels.contains(where: { $0.count > 1 }) else {
      return ["order:"] + levels.joined().map { "  - " + scalar($0) }
    }
    return ["levels:"]
      + levels.flatMap { level in
        level.enumerated().map { ($0 == 0 ? "  - - " : "    - ") + scalar($1) }
      }
  }
}

private func shown(_ name: String) -> String { RemarkText.shown(name) }
