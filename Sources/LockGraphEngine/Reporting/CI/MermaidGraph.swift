/// A finding as a graph for Mermaid, which GitHub and GitLab draw: a cycle as its locks, of which
/// long ones show the beginning and the end, and what is no cycle as what each thread did.
struct MermaidGraph {
  private static let shownSteps = (first: 12, last: 4)
  private static let threadLimit = 6

  private var nodes: [String] = []
  private var lines: [String] = []
  private var groups: [(title: String, nodes: Range<Int>)] = []

  /// - Returns: `nil` for findings of which a graph would say nothing.
  init?(_ judged: JudgedFinding) {
    let finding = judged.finding
    if !finding.waiters.isEmpty {
      add(
        finding.waiters.map { waiter in
          let wanted = waiter.wanted.map(\.shownName) ?? "its end"
          return (waiter.thread, waiter.blockedBy, "waits for \(wanted)")
        })
      return
    }
    let isOneClass = finding.classes.count == 1
    if !finding.edges.isEmpty {
      let sides = InversionScenario(finding).sides
      add(
        sides.enumerated().map { number, side in
          let edge = finding.edges[isOneClass ? 0 : number]
          return (edge.from, edge.to, "\(side.thread): \(Self.places(judged, number))")
        })
    }
    if let context = finding.context, let first = finding.classes.first,
      let last = finding.classes.last,
      finding.rule == .contextInversion || finding.rule == .contextOrderInversion
    {
      let (from, to) = (node(last), node(first))
      lines.append("\(from) -.->|\(Self.label(context.name))| \(to)")
    }
    if lines.isEmpty { addThreads(judged.paths) }
    if lines.isEmpty, nodes.count < 2 { return nil }
  }

  /// The graph as a block of code, with a newline at its end.
  var text: String {
    let loose = (groups.last?.nodes.upperBound ?? 0)..<nodes.count
    var names = ""
    for (number, group) in groups.enumerated() {
      names += "  subgraph t\(number)[\(Self.label(group.title))]\n"
      names += group.nodes.map { "  \(text(ofNode: $0))" }.joined() + "  end\n"
    }
    names += loose.map(text(ofNode:)).joined()
    let edges = lines.map { "  \($0)\n" }.joined()
    return "```mermaid\nflowchart LR\n\(names)\(edges)```\n"
  }

  private func text(ofNode number: Int) -> String {
    "  n\(number)[\(Self.label(nodes[number]))]\n"
  }

  /// What each thread did, one thing after the other.
  private mutating func addThreads(_ paths: [FindingPath]) {
    for path in paths.prefix(Self.threadLimit) {
      let start = nodes.count
      for step in path.steps.suffix(Self.shownSteps.first) {
        if nodes.count > start { lines.append("n\(nodes.count - 1) --> n\(nodes.count)") }
        nodes.append("\(path.action(step)) at \(Self.text(step.place))")
      }
      groups.append((path.thread, start..<nodes.count))
    }
  }

  private mutating func add(_ steps: [(from: String, to: String, label: String)]) {
    let (first, last) = Self.shownSteps
    guard steps.count > first + last + 1 else {
      for step in steps { add(step) }
      return
    }
    for step in steps.prefix(first) { add(step) }
    let more = node("… \(steps.count - first - last - 1) more …")
    lines.append("\(node(steps[first - 1].to)) --> \(more)")
    lines.append("\(more) --> \(node(steps[steps.count - last].from))")
    for step in steps.suffix(last) { add(step) }
  }

  private mutating func add(_ step: (from: String, to: String, label: String)) {
    let (from, to) = (node(step.from), node(step.to))
    lines.append("\(from) -->|\(Self.label(step.label))| \(to)")
  }

  private mutating func node(_ name: String) -> String {
    if let known = nodes.firstIndex(of: name) { return "n\(known)" }
    nodes.append(name)
    return "n\(nodes.count - 1)"
  }

  /// Where a side of the cycle takes its first lock and wants the next one.
  private static func places(_ judged: JudgedFinding, _ number: Int) -> String {
    let paths = judged.paths.filter { !$0.steps.contains(where: \.isSentence) }
    guard number < paths.count else { return text(judged.place) }
    let steps = paths[number].steps
    return [steps[0], steps[paths[number].key]].map { text($0.place) }.joined(separator: " -> ")
  }

  /// The last part of the path, and the line.
  private static func text(_ place: ReportPlace) -> String {
    "\(place.path.split(separator: "/").last ?? ""):\(place.line)"
  }

  /// In quotes, with Mermaid's own escapes for everything that could mean something.
  private static func label(_ text: String) -> String {
    var result = "\""
    let scalars = Array(text.withVisibleControls.shortened(to: 120).unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      // What follows could make a picture or an address of it.
      case ":"
      where index + 1 < scalars.count && !" 0123456789".unicodeScalars.contains(scalars[index + 1]):
        result += "#\(scalar.value);"
      case "a"..."z", "A"..."Z", "0"..."9", " ", ".", ":", "/", "-", "_", ",", "(", ")", "+":
        result.unicodeScalars.append(scalar)
      case _ where scalar.value >= 0x80: result.unicodeScalars.append(scalar)
      default: result += "#\(scalar.value);"
      }
    }
    return result + "\""
  }
}
