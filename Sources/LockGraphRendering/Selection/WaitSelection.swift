import LockGraphEngine

/// What still waits, as it is drawn: threads, and what they wait for.
///
/// A line leads from each thread that waits to the class of the lock that it waits for, to the
/// thread whose end it waits for or to its condition; and from a lock's class to who has it.
struct WaitSelection {
  /// A thread of an input, or a condition.
  struct Node {
    var role: Drawing.WaitRole
    var name: String
    var input: String
    /// What the node says below its name.
    var words: String
    var isInCircle = false
  }

  enum End: Hashable {
    case lockClass(String)
    case node(Int)
  }

  struct Line {
    var role: Drawing.WaitLine
    var from: End
    var to: End
    var place: String?
    var tooltip: String
    var isInCircle: Bool
  }

  private(set) var nodes: [Node] = []
  private(set) var lines: [Line] = []
  /// The classes that lines lead to or from, in their order.
  private(set) var classes: [String] = []
  /// Waits that are not drawn.
  private(set) var omitted = 0

  private var numbers: [[String]: Int] = [:]
  private var known: Set<[End]> = []

  /// - Parameter limit: how many waits are drawn, those nearest to the worst roots.
  /// - Complexity: O(waits).
  init(_ groups: [WaitGroup], limit: Int) {
    var room = limit
    for group in groups {
      let shown = group.waits.prefix(max(0, room))
      room -= shown.count
      omitted += group.waits.count - shown.count
      for wait in shown { add(wait, of: group) }
    }
  }

  private mutating func add(_ wait: OpenWait, of group: WaitGroup) {
    let thread = node(.thread, wait.thread, wait.input)
    nodes[thread].words = "waits since line \(wait.line)"
    nodes[thread].isInCircle = nodes[thread].isInCircle || wait.isInCircle
    let place = wait.place.map { " at \($0)" } ?? ""
    let position = "\(place) (\(wait.input):\(wait.line))"
    if let wanted = wait.wanted {
      let lockClass = self.lockClass(wanted.lockClass)
      add(
        .waits, .node(thread), lockClass, wait.isInCircle, wait.place,
        "Thread \(wait.thread) waits for \(wanted.lock) of \(wanted.lockClass)\(position)")
      for other in wait.obstacles.prefix(Self.holders) {
        addHolder(other, of: wanted, lockClass, wait)
      }
    } else if let joined = wait.joined {
      let other = node(.thread, joined, wait.input)
      add(
        .waits, .node(thread), .node(other), wait.isInCircle, wait.place,
        "Thread \(wait.thread) waits for the end of \(joined)\(position)")
    } else {
      let condition = node(.condition, wait.condition ?? "a condition", wait.input)
      if let line = group.root.line, group.root.kind == .signal {
        nodes[condition].words = "not signalled after line \(line)"
      }
      add(
        .waits, .node(thread), .node(condition), wait.isInCircle, wait.place,
        "Thread \(wait.thread) waits on \(nodes[condition].name)\(position)")
    }
  }

  private mutating func addHolder(
    _ other: OpenWait.Obstacle, of wanted: WitnessedLock, _ lockClass: End, _ wait: OpenWait
  ) {
    guard other.reason == .holds || other.reason == .ended else { return }
    let holder = node(.thread, other.thread, wait.input)
    let hasEnded = other.reason == .ended
    if hasEnded { nodes[holder].words = "has ended" }
    let place = other.held?.place.map { " at \($0)" } ?? ""
    let line = other.held.map { " (\(wait.input):\($0.line))" } ?? ""
    add(
      .held, lockClass, .node(holder), wait.isInCircle && other.isWaiting, other.held?.place,
      "\(wanted.lock) of \(wanted.lockClass) is held by thread \(other.thread)"
        + "\(hasEnded ? ", which has ended" : "")\(place)\(line)")
  }

  private mutating func add(
    _ role: Drawing.WaitLine, _ from: End, _ to: End, _ isInCircle: Bool, _ place: String?,
    _ tooltip: String
  ) {
    guard known.insert([from, to]).inserted else { return }
    lines.append(
      Line(
        role: role, from: from, to: to, place: place, tooltip: tooltip, isInCircle: isInCircle))
  }

  private mutating func node(_ role: Drawing.WaitRole, _ name: String, _ input: String) -> Int {
    let key = ["\(role)", name, input]
    if let number = numbers[key] { return number }
    numbers[key] = nodes.count
    nodes.append(Node(role: role, name: name, input: input, words: ""))
    return nodes.count - 1
  }

  private mutating func lockClass(_ name: String) -> End {
    if !classes.contains(name) { classes.append(name) }
    return .lockClass(name)
  }

  /// Of many that hold one lock so many are drawn.
  private static let holders = 4
}

extension Drawing {
  /// Adds what still waits, behind all classes and dependencies that are there.
  ///
  /// - Parameter position: where a class is among those of the drawing; `nil` if it is not drawn.
  mutating func add(
    _ waits: WaitSelection, identifiers: inout UniqueIdentifiers,
    position: (String) -> Int?
  ) {
    let first = classes.count
    for node in waits.nodes {
      var drawn = LockClass(
        identifier: identifiers.register(
          "\(node.role.rawValue)-\(StableIdentifiers.slug(node.name))"),
        name: node.name)
      drawn.wait = Wait(
        role: node.role, input: node.input, words: node.words.isEmpty ? [] : [node.words],
        isInCircle: node.isInCircle)
      drawn.tooltip = Tooltip.text(of: node)
      classes.append(drawn)
    }
    func index(_ end: WaitSelection.End) -> Int? {
      switch end {
      case .lockClass(let name): position(name)
      case .node(let number): first + number
      }
    }
    for line in waits.lines {
      guard let from = index(line.from), let to = index(line.to) else { continue }
      let names = [from, to].map { StableIdentifiers.slug(classes[$0].name) }
      var drawn = Dependency(
        identifier: identifiers.register("\(line.role.rawValue)-\(names.joined(separator: "--"))"),
        from: from, to: to, kinds: [], emphasis: .context)
      drawn.wait = line.role
      drawn.words = [line.role == .waits ? "waits" : "held by"]
      if let place = line.place.map(PlaceText.short) {
        drawn.words.append((line.role == .waits ? "at " : "since ") + place)
      }
      drawn.isInCircle = line.isInCircle
      drawn.tooltip = Tooltip.bounded(line.tooltip)
      dependencies.append(drawn)
    }
  }
}
