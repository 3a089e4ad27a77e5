/// A cycle as a graph for Mermaid, which GitHub and GitLab draw. Of long cycles the beginning and
/// the end are drawn.
struct MermaidGraph {
  private static let shownSteps = (first: 12, last: 4)

  private var nodes: [String] = []
  private var lines: [String] = []

  /// - Returns: `nil` for findings that have no cycle.
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
          return (edge.from, edge.to, "\(side.thread) at \(Self.place(judged, number))")
        })
    }
    if let context = finding.context, let first = finding.classes.first,
      let last = finding.classes.last,
      finding.rule == .contextInversion || finding.rule == .contextOrderInversion
    {
      let (from, to) = (node(last), node(first))
      lines.append("\(from) -.->|\(Self.label(context.name))| \(to)")
    }
    if lines.isEmpty { return nil }
  }

  /// The graph as a block of code, with a newline at its end.
  var text: String {
    let names = nodes.enumerated().map { "  n\($0)[\(Self.label($1))]\n" }.joined()
    let edges = lines.map { "  \($0)\n" }.joined()
    return "```mermaid\nflowchart LR\n\(names)\(edges)```\n"
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

  /// The last part of the path, and the line, of where a side of the cycle wants its lock.
  private static func place(_ judged: JudgedFinding, _ number: Int) -> String {
    let paths = judged.paths.filter { !$0.steps.contains(where: \.isSentence) }
    guard number < paths.count else { return judged.place.text }
    let place = paths[number].steps[paths[number].key].place
    return "\(place.path.split(separator: "/").last ?? ""):\(place.line)"
  }

  /// In quotes, with Mermaid's own escapes for everything that could mean something.
  private static func label(_ text: String) -> String {
    var result = "\""
    for scalar in text.withVisibleControls.shortened(to: 80).unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", " ", ".", ":", "/", "-", "_", ",", "(", ")", "+":
        result.unicodeScalars.append(scalar)
      case _ where scalar.value >= 0x80: result.unicodeScalars.append(scalar)
      default: result += "#\(scalar.value);"
      }
    }
    return result + "\""
  }
}
