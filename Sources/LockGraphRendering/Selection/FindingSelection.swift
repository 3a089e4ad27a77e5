import LockGraphEngine

/// A node of a drawing: a class by its index in the directory, or what stands for part of a cycle.
enum DrawnNode: Hashable {
  case lockClass(Int)
  case remainder(ofFinding: Int, classes: Int)
}

/// An edge of a drawing.
struct DrawnPair: Hashable {
  var from: DrawnNode
  var to: DrawnNode
  /// Set if it is no dependency but what an interrupt may do.
  var interrupt: InterruptContext?

  fileprivate var endsInRemainder: Bool {
    for case .remainder in [from, to] { return true }
    return false
  }
}

/// Which findings are drawn, worst first, and what they bring into the drawing.
struct FindingSelection {
  /// What a drawn finding says of a dependency.
  struct Edge {
    var pair: DrawnPair
    /// The finding's record; nil for edges to and from the remainder of a cycle, and of interrupts.
    var evidence: FindingEdge?
    var finding: Int
    var emphasis = Emphasis.note
    var numbers = FindingNumbers()
  }

  private(set) var nodes: [DrawnNode] = []
  private(set) var edges: [Edge] = []
  private(set) var markers: [Int: [Drawing.Marker]] = [:]
  /// Every dependency of any finding, drawn or not, by indices in the directory: what is on a cycle
  /// that is not drawn must not look harmless.
  private(set) var reported: Set<DrawnPair> = []
  /// The positions of those that are drawn; nothing in the drawing has a number of another one.
  private(set) var drawnFindings: Set<Int> = []
  private(set) var abbreviated: [(number: Int, drawn: Int, all: Int)] = []
  /// Cycles of which only the dependencies between the permitted classes are drawn.
  private(set) var partlyDrawn = 0

  private var drawnCycles: Set<Int> = []
  private var isDrawn: Set<DrawnNode> = []
  private var edgeIndices: [DrawnPair: Int] = [:]

  private let permitted: Set<Int>?

  /// Selects among findings; with `permitted` classes, only what lies between those, and with
  /// `only` that finding.
  ///
  /// - Complexity: O(dependencies of all findings).
  init(
    _ findings: [Finding], directory: ClassDirectory, limits: DrawingLimits,
    permitted: Set<Int>? = nil, only: Int? = nil
  ) {
    self.permitted = permitted
    for finding in only.map({ [$0] }) ?? Self.worstFirst(findings) {
      add(findings[finding], at: finding, directory: directory, limits: limits)
    }
    countParticipants(findings, directory: directory)
  }

  /// By severity, and then the surer ones; equal ones as the report has them.
  static func worstFirst(_ findings: [Finding]) -> [Int] {
    func weight(_ finding: Finding) -> (Int, Confidence) {
      (-Emphasis(finding.severity).rawValue, finding.confidence ?? .feasible)
    }
    return findings.indices.sorted {
      let (one, other) = (weight(findings[$0]), weight(findings[$1]))
      return one == other ? $0 < $1 : one < other
    }
  }

  private mutating func add(
    _ finding: Finding, at index: Int, directory: ClassDirectory, limits: DrawingLimits
  ) {
    let isMarked = addMarkers(of: finding, at: index, directory: directory, limits: limits)
    let path = Self.edges(of: finding, at: index, directory: directory)
    let isDrawn = addCycle(path, at: index, limits: limits)
    if isMarked || isDrawn { drawnFindings.insert(index) }
    if isDrawn { drawnCycles.insert(index) }
  }

  /// True if all of it is drawn, as far as it is permitted and not abbreviated.
  private mutating func addCycle(_ whole: [Edge], at index: Int, limits: DrawingLimits) -> Bool {
    var path = whole
    if permitted != nil {
      path.removeAll { !isPermitted($0.pair.from) || !isPermitted($0.pair.to) }
      guard !path.isEmpty else { return false }
      if path.count < whole.count { partlyDrawn += 1 }
    } else if path.count > limits.wholeCycle {
      path = Self.ends(of: path, finding: index, length: limits.cycleEnd)
    }
    let newNodes = Self.distinct(path.flatMap { [$0.pair.from, $0.pair.to] }, besides: isDrawn)
    let newEdges = Self.distinct(path.map(\.pair), besides: edgeIndices.keys)
    let isFirst = edges.isEmpty
    guard
      isFirst
        || nodes.count + newNodes.count <= limits.findingClasses
          && edges.count + newEdges.count <= limits.findingDependencies
    else { return false }
    for node in newNodes { add(node) }
    for edge in path where edgeIndices[edge.pair] == nil {
      edgeIndices[edge.pair] = edges.count
      edges.append(edge)
    }
    if path.contains(where: { $0.pair.endsInRemainder }) {
      abbreviated.append((index + 1, 2 * limits.cycleEnd, whole.count))
    }
    return !path.isEmpty
  }

  private func isPermitted(_ node: DrawnNode) -> Bool {
    guard let permitted, case .lockClass(let index) = node else { return permitted == nil }
    return permitted.contains(index)
  }

  /// Its dependencies in their order, and what the interrupt that it is about adds to them.
  private static func edges(
    of finding: Finding, at index: Int, directory: ClassDirectory
  ) -> [Edge] {
    var edges = finding.edges.compactMap { evidence in
      directory.pair(from: evidence.from, to: evidence.to).map {
        Edge(pair: $0, evidence: evidence, finding: index)
      }
    }
    if let (context, from, to) = finding.interruptEdge,
      var pair = directory.pair(from: from, to: to)
    {
      pair.interrupt = context
      edges.append(Edge(pair: pair, evidence: nil, finding: index))
    }
    return edges
  }

  /// The ends of a long cycle with a node for the rest.
  ///
  /// The last dependency leads back to the first class, so the ends meet there, and as many classes
  /// are drawn as dependencies.
  private static func ends(of path: [Edge], finding: Int, length: Int) -> [Edge] {
    let head = path.prefix(length - 1)
    let tail = path.suffix(length)
    let rest = DrawnNode.remainder(ofFinding: finding, classes: path.count - 2 * length)
    let (before, after) = (head[head.endIndex - 1].pair.to, tail[tail.startIndex].pair.from)
    return head + [
      Edge(pair: DrawnPair(from: before, to: rest), evidence: nil, finding: finding),
      Edge(pair: DrawnPair(from: rest, to: after), evidence: nil, finding: finding),
    ] + tail
  }

  /// True if a class is marked.
  private mutating func addMarkers(
    of finding: Finding, at index: Int, directory: ClassDirectory, limits: DrawingLimits
  ) -> Bool {
    var isMarked = false
    for name in finding.unjoinedClasses {
      guard let lockClass = directory.index(of: name) else { continue }
      let node = DrawnNode.lockClass(lockClass)
      guard isPermitted(node) else { continue }
      if !isDrawn.contains(node) {
        guard nodes.count < limits.findingClasses else { continue }
        add(node)
      }
      markers[lockClass, default: []].append(
        Drawing.Marker(number: index + 1, rule: finding.rule, severity: finding.severity))
      isMarked = true
    }
    return isMarked
  }

  private mutating func add(_ node: DrawnNode) {
    isDrawn.insert(node)
    nodes.append(node)
  }

  /// Gives every drawn dependency the numbers and the severity of all drawn findings it is on.
  private mutating func countParticipants(_ findings: [Finding], directory: ClassDirectory) {
    for (index, finding) in findings.enumerated() {
      for edge in Self.edges(of: finding, at: index, directory: directory) {
        if edge.pair.interrupt == nil { reported.insert(edge.pair) }
        guard drawnCycles.contains(index), let position = edgeIndices[edge.pair] else { continue }
        count(index, finding.severity, at: position)
      }
    }
    for position in edges.indices where edges[position].pair.endsInRemainder {
      let finding = edges[position].finding
      count(finding, findings[finding].severity, at: position)
    }
  }

  private mutating func count(_ finding: Int, _ severity: Severity, at position: Int) {
    edges[position].numbers.append(finding + 1)
    edges[position].emphasis = max(edges[position].emphasis, Emphasis(severity))
  }

  private static func distinct<Element: Hashable>(
    _ elements: [Element], besides known: some Collection<Element>
  ) -> [Element] {
    var seen: Set<Element> = []
    return elements.filter { !known.contains($0) && seen.insert($0).inserted }
  }
}
