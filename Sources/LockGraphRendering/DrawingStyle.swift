import LockGraphEngine

/// How a drawing looks, whatever the format: colours, lines and the words on nodes and edges.
///
/// Cycles differ from the rest by width and numbers too, so that a picture can be read without
/// colour. Colours keep a contrast of 4.5 to 1 for text on their ground.
enum DrawingStyle {
  /// A line of text on a node.
  struct Line: Equatable {
    var text: String
    var size: Double
    var isBold = false
    var color: String
  }

  static let fontFamily = "Helvetica,Arial,sans-serif"
  static let ink = "#1f2328"
  static let quietInk = "#57606a"
  static let background = "#ffffff"
  static let edgeLabelSize = 11.0
  static let captionSize = 12.0
  /// The most characters of a class name on a node; tooltips have more.
  static let labelLimit = 40

  static func stroke(_ emphasis: Emphasis) -> String {
    switch emphasis {
    case .context: "#8c959f"
    case .note: "#57606a"
    case .warning: "#9a5b00"
    case .error: "#c4161c"
    }
  }

  /// What is new and on no reported cycle.
  static let newStroke = "#1a7f37"

  /// What still waits.
  static let waitStroke = "#6639ba"
  static let waitFill = "#f6f0ff"

  static func stroke(of dependency: Drawing.Dependency) -> String {
    dependency.wait != nil
      ? waitStroke : isNewContext(dependency) ? newStroke : stroke(dependency.emphasis)
  }

  private static func isNewContext(_ dependency: Drawing.Dependency) -> Bool {
    dependency.isNew && dependency.emphasis == .context
  }

  /// The colour of the words at a dependency.
  static func labelColor(of dependency: Drawing.Dependency) -> String {
    dependency.emphasis == .context && !dependency.isNew && dependency.wait == nil
      ? quietInk : stroke(of: dependency)
  }

  /// The stroke of a node's border.
  static func stroke(of lockClass: Drawing.LockClass) -> String {
    lockClass.isWaiting ? waitStroke : stroke(lockClass.emphasis)
  }

  /// The width of a node's border.
  static func nodeWidth(of lockClass: Drawing.LockClass) -> Double {
    guard let wait = lockClass.wait else { return nodeWidth(lockClass.emphasis) }
    return nodeWidth(wait.isInCircle ? .error : .note)
  }

  static func edgeWidth(of dependency: Drawing.Dependency) -> Double {
    if dependency.wait != nil { return edgeWidth(dependency.isInCircle ? .error : .note) }
    return isNewContext(dependency) ? edgeWidth(.warning) : edgeWidth(dependency.emphasis)
  }

  static func arrowSize(of dependency: Drawing.Dependency) -> Double {
    if dependency.wait != nil { return arrowSize(dependency.isInCircle ? .error : .note) }
    return isNewContext(dependency) ? arrowSize(.warning) : arrowSize(dependency.emphasis)
  }

  static func fill(_ emphasis: Emphasis) -> String {
    switch emphasis {
    case .context: "#f6f8fa"
    case .note: "#eaeef2"
    case .warning: "#fff4d6"
    case .error: "#ffe9e8"
    }
  }

  /// The ground of a node: by its weight if it has one, else by its findings. All of it carries
  /// `ink`.
  static func fill(of lockClass: Drawing.LockClass) -> String {
    if let wait = lockClass.wait { return wait.isWaiting ? waitFill : background }
    return lockClass.standsFor != nil
      ? background : weightFill(lockClass) ?? fill(lockClass.emphasis)
  }

  private static func weightFill(_ lockClass: Drawing.LockClass) -> String? {
    lockClass.weightLevel > 0 ? weightFills[lockClass.weightLevel - 1] : nil
  }

  /// From what weighs little to what weighs most.
  static let weightFills = ["#e9f1fb", "#cfe2f7", "#a9cbf0", "#7fb0e6", "#5a97dc"]

  static func nodeWidth(_ emphasis: Emphasis) -> Double {
    switch emphasis {
    case .context: 1
    case .note: 1.5
    case .warning: 2
    case .error: 2.5
    }
  }

  static func edgeWidth(_ emphasis: Emphasis) -> Double {
    switch emphasis {
    case .context: 1
    case .note: 1.75
    case .warning: 3
    case .error: 3.5
    }
  }

  /// The length of an arrowhead, as Graphviz's factor of ten points.
  static func arrowSize(_ emphasis: Emphasis) -> Double {
    switch emphasis {
    case .context: 0.7
    case .note: 0.9
    case .warning: 1.25
    case .error: 1.4
    }
  }

  static func lines(of lockClass: Drawing.LockClass) -> [Line] {
    if let count = lockClass.standsFor {
      return [Line(text: "… \(Counted.grouped(count)) more …", size: 13, color: ink)]
    }
    if let wait = lockClass.wait { return lines(of: wait, named: lockClass.label) }
    let isContext = lockClass.emphasis == .context
    var lines = [
      Line(
        text: lockClass.label,
        size: nameSize(of: lockClass), isBold: !isContext,
        color: isContext && lockClass.weightLevel == 0 ? quietInk : ink)
    ]
    let detail = detail(of: lockClass)
    let detailColor = lockClass.weightLevel > 0 ? ink : quietInk
    for text in [detail] + lockClass.contexts.shown where !text.isEmpty {
      lines.append(Line(text: text, size: 10.5, color: detailColor))
    }
    if let weight = lockClass.weight, !weight.words.isEmpty {
      lines.append(
        Line(
          text: weight.words, size: 10.5 + Double(weight.level) / 2, isBold: true, color: ink))
    }
    for marker in lockClass.markers {
      lines.append(
        Line(
          text: "\(Emphasis(marker.severity).word) #\(marker.number) \(marker.rule.rawValue)",
          size: 10.5, isBold: true,
          color: lockClass.weightLevel > 0 ? ink : stroke(Emphasis(marker.severity))))
    }
    if lockClass.furtherMarkers > 0 {
      lines.append(
        Line(
          text: "… +\(lockClass.furtherMarkers)", size: 10.5, isBold: true, color: detailColor))
    }
    return lines
  }

  private static func lines(of wait: Drawing.Wait, named name: String) -> [Line] {
    [Line(text: name, size: 12, isBold: true, color: ink)]
      + wait.words.map { Line(text: $0, size: 10.5, color: quietInk) }
  }

  static func nameSize(of lockClass: Drawing.LockClass) -> Double {
    (lockClass.emphasis == .context ? 12 : 14) + 1.5 * Double(lockClass.weightLevel)
  }

  /// Kind, use in interrupts and counts: `spin · {-.+.} · 3 locks · 1,200×`.
  static func detail(of lockClass: Drawing.LockClass) -> String {
    var parts: [String] = []
    if lockClass.isNew { parts.append("new") }
    if let kind = lockClass.kind { parts.append(kind.name) }
    if let usage = lockClass.usage { parts.append("{\(usage)}") }
    if let counts = lockClass.counts, lockClass.saysCount {
      parts.append(Counted.grouped(counts.instances, "lock", "locks"))
      parts.append("\(Counted.grouped(counts.acquisitions))×")
    }
    return parts.joined(separator: " · ")
  }

  /// The worst severity on a dependency, and the findings' numbers: `error #1 #3`.
  static func badge(of dependency: Drawing.Dependency) -> String {
    guard dependency.emphasis != .context else { return "" }
    return "\(dependency.emphasis.word) \(dependency.findings.label)"
  }

  /// The words by which style sheets and scripts find a class.
  static func styleClasses(of lockClass: Drawing.LockClass) -> String {
    if let wait = lockClass.wait {
      let words = [wait.role.rawValue] + (wait.isInCircle ? ["in-circle"] : [])
      return
        (words + emphasisWords(lockClass.emphasis, isOnCycle: false)
        + lockClass.findings.kept.map { "finding-\($0)" }).joined(separator: " ")
    }
    var words = [lockClass.standsFor == nil ? "lock-class" : "cycle-remainder"]
    words += emphasisWords(lockClass.emphasis, isOnCycle: lockClass.findings.count > 0)
    if !lockClass.markers.isEmpty { words.append("has-finding") }
    var findings = lockClass.findings
    for marker in lockClass.markers { findings.insert(marker.number) }
    words += findings.kept.map { "finding-\($0)" }
    if lockClass.isNew { words.append("new") }
    if let kind = lockClass.kind { words.append("lock-\(kind.name)") }
    if let weight = lockClass.weight { words.append("weight-\(weight.level)") }
    return words.joined(separator: " ")
  }

  /// The words by which style sheets and scripts find a dependency.
  static func styleClasses(of dependency: Drawing.Dependency) -> String {
    if let wait = dependency.wait {
      return wait.rawValue + (dependency.isInCircle ? " in-circle" : "")
    }
    var words = [
      dependency.isEvent ? "event" : dependency.interrupt == nil ? "dependency" : "interrupt"
    ]
    words += emphasisWords(dependency.emphasis, isOnCycle: !dependency.isEvent)
    words += dependency.findings.kept.map { "finding-\($0)" }
    if dependency.isNew { words.append("new") }
    words += dependency.kinds.names.map { "kind-\($0)" }
    if let interrupt = dependency.interrupt { words.append("context-\(interrupt.name)") }
    return words.joined(separator: " ")
  }

  private static func emphasisWords(_ emphasis: Emphasis, isOnCycle: Bool) -> [String] {
    let severity: String
    switch emphasis {
    case .context: return []
    case .note: severity = "severity-note"
    case .warning: severity = "severity-warning"
    case .error: severity = "severity-error"
    }
    return isOnCycle ? ["on-cycle", severity] : [severity]
  }
}
