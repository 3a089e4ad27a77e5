import LockGraphEngine

/// What happened in findings that are no cycle, as it is drawn: threads, and what they did to which
/// locks.
struct EventSelection {
  /// A thread of an input.
  struct Thread: Hashable {
    var name: String
    var input: String
  }

  struct Node {
    var thread: Thread
    /// What it did that was about no lock that is drawn.
    var words: [String] = []
    var emphasis = Emphasis.note
    var findings = FindingNumbers()
  }

  struct Line {
    var node: Int
    var lockClass: String
    var words: [String]
    var emphasis: Emphasis
    var finding: Int
    var tooltip: String
  }

  private(set) var nodes: [Node] = []
  private(set) var lines: [Line] = []
  /// The positions of the findings whose events are drawn.
  private(set) var findings: Set<Int> = []

  private var numbers: [Thread: Int] = [:]

  /// Of one finding so many events are drawn.
  private static let eventLimit = 6
  /// A thread that has so many words is told enough of.
  private static let wordLimit = 24

  /// - Parameters:
  ///   - candidates: the positions of findings that may be drawn, the worst first.
  ///   - limit: how many threads are drawn.
  ///   - isDrawn: whether a class is.
  /// - Complexity: O(candidates).
  init(
    _ findings: [Finding], candidates: [Int], limit: Int, isDrawn: (String) -> Bool
  ) {
    for position in candidates where findings[position].tellsEvents {
      let finding = findings[position]
      let events = finding.events.prefix(Self.eventLimit)
      let threads = Set(events.map { Thread(name: $0.thread, input: $0.input) })
      let isToldEnough = threads.contains {
        numbers[$0].map { nodes[$0].words.count >= Self.wordLimit } ?? false
      }
      guard !isToldEnough, nodes.count + threads.count(where: { numbers[$0] == nil }) <= limit
      else { continue }
      self.findings.insert(position)
      for event in events { add(event, of: finding, number: position + 1, isDrawn) }
    }
  }

  private mutating func add(
    _ event: FindingEvent, of finding: Finding, number: Int, _ isDrawn: (String) -> Bool
  ) {
    let emphasis = Emphasis(finding.severity)
    let node = node(Thread(name: event.thread, input: event.input))
    nodes[node].emphasis = max(nodes[node].emphasis, emphasis)
    nodes[node].findings.insert(number)
    if finding.classes.isEmpty {
      add(["\(emphasis.word) #\(number) \(finding.rule.rawValue)"], to: node)
    }
    if finding.rule == .invalidWaitContext, event.role == .acquire || event.role == .sleep,
      let context = finding.context
    {
      add(["in a \(ContextText.name(context))"], to: node)
    }
    let words = EventText.lines(of: event, context: finding.context)
    guard let lock = event.lock, !event.role.isOfThread else {
      return add([words.joined(separator: " ")], to: node)
    }
    guard isDrawn(lock.lockClass) else {
      let name = DisplayText.shortened(lock.lockClass, to: DrawingStyle.labelLimit)
      return add(["\(words[0]) \(name)"] + words.dropFirst(), to: node)
    }
    lines.append(
      Line(
        node: node, lockClass: lock.lockClass, words: words, emphasis: emphasis, finding: number,
        tooltip: Tooltip.text(of: event, in: finding, number: number)))
  }

  private mutating func add(_ words: [String], to node: Int) {
    for line in words where !nodes[node].words.contains(line) { nodes[node].words.append(line) }
  }

  private mutating func node(_ thread: Thread) -> Int {
    if let number = numbers[thread] { return number }
    numbers[thread] = nodes.count
    nodes.append(Node(thread: thread))
    return nodes.count - 1
  }
}

extension EventRole {
  /// It is what a thread does, and not what it does to a lock.
  fileprivate var isOfThread: Bool {
    switch self {
    case .exit, .returned, .sleep, .leave, .enable, .rcu, .warn, .join, .resume: true
    default: false
    }
  }
}

extension Finding {
  /// Its events say what happened, and nothing else that is drawn does.
  fileprivate var tellsEvents: Bool {
    edges.isEmpty && interruptEdge == nil && rule != .deadlock && rule != .stillWaiting
  }
}

extension Drawing {
  /// Adds what happened; threads that are there because they wait are not added again.
  ///
  /// - Parameter position: where a class is among those of the drawing; `nil` if it is not drawn.
  mutating func add(
    _ events: EventSelection, waiting: [EventSelection.Thread: Int],
    identifiers: inout UniqueIdentifiers, position: (String) -> Int?
  ) {
    var positions: [Int] = []
    for node in events.nodes {
      if let known = waiting[node.thread] {
        classes[known].wait?.words += node.words.filter { $0 != "ends" }
        for number in node.findings.kept { classes[known].findings.insert(number) }
        positions.append(known)
        continue
      }
      positions.append(classes.count)
      var drawn = LockClass(
        identifier: identifiers.register("thread-" + StableIdentifiers.slug(node.thread.name)),
        name: node.thread.name)
      drawn.wait = Wait(
        role: .thread, input: node.thread.input, words: node.words, isInCircle: false,
        isWaiting: false)
      drawn.emphasis = node.emphasis
      drawn.findings = node.findings
      drawn.tooltip = Tooltip.text(of: node)
      classes.append(drawn)
    }
    for line in events.lines {
      guard let lockClass = position(line.lockClass) else { continue }
      let thread = positions[line.node]
      let names = [thread, lockClass].map { StableIdentifiers.slug(classes[$0].name) }
      var drawn = Dependency(
        identifier: identifiers.register("event-" + names.joined(separator: "--")), from: thread,
        to: lockClass, kinds: [], emphasis: line.emphasis)
      drawn.isEvent = true
      drawn.words = line.words
      drawn.findings.append(line.finding)
      drawn.tooltip = line.tooltip
      dependencies.append(drawn)
    }
  }
}
