import LockGraphEngine
import Yams

/// Makes a policy of a YAML file, strictly: what it does not know is an error.
struct PolicyReader {
  private let file: YAMLFile

  init(_ file: YAMLFile) { self.file = file }

  func read() throws(TraceError) -> Policy {
    let members = try mapping(
      file.root, of: "a policy",
      keys: [
        "version", "order", "levels", "leaf", "never-together", "limits", "ignore", "fail-on",
      ],
      required: ["version"])
    try checkVersion(members["version"]!)
    var order = DeclaredOrder(document: file.document)
    if let node = members["order"] { order.chains += try chains(node) }
    if let node = members["levels"] { order.chains += try levels(node) }
    if let node = members["leaf"] { order.leaves = try patterns(node, of: "leaf") }
    if let node = members["never-together"] { order.neverTogether = try sets(node) }
    return Policy(
      order: order,
      limits: try members["limits"].map(limits) ?? DeclaredLimits(name: file.document.name),
      ignores: try members["ignore"].map(ignores) ?? [],
      grades: try members["fail-on"].map(grades) ?? [:])
  }

  private func checkVersion(_ node: Node) throws(TraceError) {
    let version = try text(node, expected: "the number of a version")
    guard version == "1" else {
      throw file.error(at: node, "the version is '\(RemarkText.shown(version))'", expected: "1")
    }
  }
}

// Orders.
extension PolicyReader {
  private func chains(_ node: Node) throws(TraceError) -> [DeclaredOrder.Chain] {
    try lists(node, of: "order").map { (list) throws(TraceError) in
      try chain("order", list.map { [$0] })
    }
  }

  private func levels(_ node: Node) throws(TraceError) -> [DeclaredOrder.Chain] {
    let groups = try sequence(node, expected: "a list of levels").map {
      (level) throws(TraceError) in
      level.scalar == nil
        ? try patterns(level, of: "levels") : [try pattern(level)]
    }
    return groups.isEmpty ? [] : [try chain("levels", groups)]
  }

  private func sets(_ node: Node) throws(TraceError) -> [[DeclaredOrder.Declared]] {
    let lists = try lists(node, of: "never-together")
    for list in lists {
      try refuseRepeated(list)
      guard list.count > 1 else {
        let offset = list.first?.offset ?? file.offset(of: node)
        throw file.document.error(
          at: offset, message: "one pattern alone in a set", expected: "two patterns or more")
      }
    }
    return lists
  }

  private func chain(
    _ word: String, _ groups: [[DeclaredOrder.Declared]]
  ) throws(TraceError) -> DeclaredOrder.Chain {
    try refuseRepeated(Array(groups.joined()))
    return DeclaredOrder.Chain(word: word, groups: groups)
  }

  /// What stands twice in one list would come before itself.
  private func refuseRepeated(_ list: [DeclaredOrder.Declared]) throws(TraceError) {
    var lines: [[UInt32]: Int] = [:]
    for declared in list {
      let key = ClassName(declared.pattern.literal ?? declared.pattern.text).key
      if let line = lines.updateValue(declared.line, forKey: key) {
        throw file.document.error(
          at: declared.offset,
          message: "'\(RemarkText.shown(declared.pattern.text))' is there twice",
          expected: "each pattern once in a list; the first one is in line \(line)")
      }
    }
  }

  /// A list of patterns, or a list of such lists.
  private func lists(
    _ node: Node, of word: String
  ) throws(TraceError) -> [[DeclaredOrder.Declared]] {
    let elements = try sequence(node, expected: "a list of patterns, or a list of such lists")
    guard let first = elements.first else { return [] }
    guard first.scalar == nil else { return [try patterns(node, of: word)] }
    return try elements.map { (element) throws(TraceError) in
      guard element.scalar == nil else {
        throw file.error(
          at: element, "a pattern among lists of patterns", expected: "a list, as before it")
      }
      return try patterns(element, of: word)
    }
  }

  private func patterns(
    _ node: Node, of word: String
  ) throws(TraceError) -> [DeclaredOrder.Declared] {
    try sequence(node, expected: "a list of patterns, in '\(word)'")
      .map { (element) throws(TraceError) in try pattern(element) }
  }

  private func pattern(_ node: Node) throws(TraceError) -> DeclaredOrder.Declared {
    let text = try text(node, expected: "a pattern for names of classes")
    return DeclaredOrder.Declared(
      pattern: ClassPattern(text), line: node.mark?.line ?? 1, offset: file.offset(of: node))
  }
}

// Limits.
extension PolicyReader {
  private func limits(_ node: Node) throws(TraceError) -> DeclaredLimits {
    guard let entries = node.mapping else {
      throw unexpected(node, expected: "patterns with limits, as \"*\": {hold: 50ms}")
    }
    try refuseMarks(node)
    var limits = DeclaredLimits(name: file.document.name)
    for (key, value) in entries {
      let declared = try pattern(key)
      let members = try mapping(value, of: "a limit", keys: ["hold", "wait"], required: [])
      guard !members.isEmpty else {
        throw unexpected(value, expected: "'hold' or 'wait' with a duration, as hold: 50ms")
      }
      limits.entries.append(
        DeclaredLimits.Entry(
          declared: declared, hold: try members["hold"].map(duration),
          wait: try members["wait"].map(duration)))
    }
    try refuseRepeated(limits.entries.map(\.declared))
    return limits
  }

  private func duration(_ node: Node) throws(TraceError) -> UInt64 {
    let expected = "a duration, as 200us, 50ms, 1.5s or 2min"
    let text = try text(node, expected: expected)
    guard let nanoseconds = DurationText.nanoseconds(text) else {
      throw file.error(at: node, "a bad duration '\(RemarkText.shown(text))'", expected: expected)
    }
    return nanoseconds
  }
}

// Exceptions and grades.
extension PolicyReader {
  private func ignores(_ node: Node) throws(TraceError) -> [GateIgnore] {
    try sequence(node, expected: "a list of what is ignored").map { (entry) throws(TraceError) in
      let members = try mapping(
        entry, of: "an ignore", keys: ["rule", "classes", "reason", "owner", "expires"],
        required: ["rule", "classes", "reason"])
      let expires = try members["expires"].map { (node) throws(TraceError) in try date(node) }
      let classes = try patterns(members["classes"]!, of: "classes").map(\.pattern)
      guard !classes.isEmpty else {
        throw file.error(
          at: members["classes"]!, "an ignore without classes",
          expected: "the classes of what is ignored, or '*'")
      }
      return GateIgnore(
        rule: try rule(members["rule"]!),
        classes: classes,
        reason: try words(members["reason"]!, expected: "why it is ignored"),
        owner: try members["owner"].map { (node) throws(TraceError) in
          try words(node, expected: "who answers for it")
        },
        expires: expires,
        source: "\(file.document.name.withVisibleControls):\(entry.mark?.line ?? 1)")
    }
  }

  private func grades(_ node: Node) throws(TraceError) -> [Rule: FailureGrade] {
    guard let mapping = node.mapping else {
      throw unexpected(node, expected: "rules with their grades")
    }
    try refuseMarks(node)
    var grades: [Rule: FailureGrade] = [:]
    for (key, value) in mapping {
      let rule = try rule(key)
      let word = try text(value, expected: "a grade")
      guard let grade = rule.grade(word) else {
        throw file.error(
          at: value, "an unknown grade '\(RemarkText.shown(word))' of \(rule.rawValue)",
          expected: suggestion(word, rule.gradeWords))
      }
      grades[rule] = grade
    }
    return grades
  }

  private func rule(_ node: Node) throws(TraceError) -> Rule {
    let name = try text(node, expected: "the name of a rule")
    guard let rule = Rule(rawValue: name) else {
      throw file.error(
        at: node, "an unknown rule '\(RemarkText.shown(name))'",
        expected: suggestion(name, Rule.allCases.map(\.rawValue)))
    }
    return rule
  }

  private func date(_ node: Node) throws(TraceError) -> CalendarDate {
    let text = try text(node, expected: "a day, as YYYY-MM-DD")
    guard let date = CalendarDate(text) else {
      throw file.error(
        at: node, "a bad day '\(RemarkText.shown(text))'",
        expected: "a day of the calendar, as YYYY-MM-DD")
    }
    return date
  }
}

// Nodes of a kind.
extension PolicyReader {
  private func mapping(
    _ node: Node, of what: String, keys: [String], required: [String]
  ) throws(TraceError) -> [String: Node] {
    guard let mapping = node.mapping else {
      throw unexpected(node, expected: "\(what), with the keys \(required.joined(separator: ", "))")
    }
    try refuseMarks(node)
    var members: [String: Node] = [:]
    for (key, value) in mapping {
      let name = try text(key, expected: "a key")
      guard keys.contains(name) else {
        throw file.error(
          at: key, "an unknown key '\(RemarkText.shown(name))'", expected: suggestion(name, keys))
      }
      members[name] = value
    }
    if let missing = required.first(where: { members[$0] == nil }) {
      throw file.error(
        at: node, "\(what) lacks '\(missing)'",
        expected: required.map { "'\($0)'" }.joined(separator: ", "))
    }
    return members
  }

  private func sequence(_ node: Node, expected: String) throws(TraceError) -> [Node] {
    guard let sequence = node.sequence else { throw unexpected(node, expected: expected) }
    try refuseMarks(node)
    return Array(sequence)
  }

  private func text(_ node: Node, expected: String) throws(TraceError) -> String {
    guard let scalar = node.scalar else { throw unexpected(node, expected: expected) }
    try refuseMarks(node)
    guard !scalar.string.isEmpty, !isNull(scalar) else {
      throw unexpected(node, expected: expected)
    }
    return scalar.string
  }

  /// A text that says something.
  private func words(_ node: Node, expected: String) throws(TraceError) -> String {
    let words = try text(node, expected: expected)
    guard !words.allSatisfy(\.isWhitespace) else { throw unexpected(node, expected: expected) }
    return words
  }

  private func isNull(_ scalar: Node.Scalar) -> Bool {
    scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  private func unexpected(_ node: Node, expected: String) -> TraceError {
    let what =
      switch node {
      case .mapping: "keys with values"
      case .sequence: "a list"
      case .alias: "an alias"
      case .scalar(let scalar):
        isNull(scalar) || scalar.string.isEmpty
          ? "nothing" : "an unexpected '\(RemarkText.shown(scalar.string))'"
      }
    return file.error(at: node, what, expected: expected)
  }

  /// An anchor or a tag on a node is more likely a name without quotes.
  private func refuseMarks(_ node: Node) throws(TraceError) {
    if let anchor = node.anchor {
      throw file.error(
        at: node, "an anchor '&\(RemarkText.shown(anchor.rawValue))'",
        expected: "names that begin with & in quotes; policies have no anchors")
    }
    let usual: Tag.Name =
      switch node {
      case .mapping: .map
      case .sequence: .seq
      case .scalar, .alias: .str
      }
    guard node.tag != Tag(usual) else { return }
    throw file.error(
      at: node, "a tag '\(RemarkText.shown(node.tag.description))'",
      expected: "names that begin with ! in quotes; policies have no tags")
  }

  private func suggestion(_ word: String, _ words: [String]) -> String {
    nearestWord(to: word, among: words).map { "'\($0)'" }
      ?? "one of " + words.joined(separator: ", ")
  }
}
