/// The explanation of the lines and grounds that a drawing has, and of no others.
struct Legend {
  struct Entry {
    enum Sample {
      case line(Emphasis), newLine, dashedLine, interrupt(Emphasis), event(Emphasis)
      case node(Emphasis), weights, wait
    }

    var sample: Sample
    var text: String
  }

  let entries: [Entry]
  /// What holds of all lines; empty if there are none.
  let explanation: String

  init(_ drawing: Drawing) {
    let taken = drawing.dependencies.filter(\.isOrder)
    func has(_ emphasis: Emphasis) -> Bool { taken.contains { $0.emphasis == emphasis } }
    var entries: [Entry] = []
    // The first says it whole, those after it only how they differ.
    let severities: [(Emphasis, String)] = [
      (.error, "an error"), (.warning, "a warning"), (.note, "a note: excluded in this trace"),
    ]
    for (emphasis, word) in severities where has(emphasis) {
      let text =
        entries.isEmpty
        ? "on a reported cycle, \(word); #: number in the report" : "the same, \(word)"
      entries.append(Entry(sample: .line(emphasis), text: text))
    }
    entries += Self.interrupts(in: drawing, isFirst: entries.isEmpty)
    entries += Self.events(in: drawing, isFirst: entries.isEmpty)
    entries += Self.marked(in: drawing, isFirst: entries.isEmpty)
    if taken.contains(where: { $0.isNew && $0.emphasis == .context }) {
      entries.append(Entry(sample: .newLine, text: "other order, not in the old graph"))
    }
    if taken.contains(where: { !$0.isNew && $0.emphasis == .context }) {
      entries.append(Entry(sample: .line(.context), text: "other order"))
    }
    if taken.contains(where: { $0.isRecursiveReadOnly }) {
      entries.append(Entry(sample: .dashedLine, text: "recursive reads only"))
    }
    if drawing.dependencies.contains(where: { $0.wait != nil }) {
      entries.append(
        Entry(
          sample: .wait,
          text:
            "what still waits at the end: from a thread to what it waits for, from a lock to who "
            + "has it"))
    }
    if let weight = drawing.weightExplanation {
      entries.append(Entry(sample: .weights, text: weight))
    }
    self.entries = entries
    let labels = drawing.dependencies.compactMap { EdgeLabel($0, in: drawing) }
    let order = [
      taken.isEmpty
        ? ""
        : "A → B: B was asked for while A was held"
          + (labels.contains(where: \.saysPlaces) ? ", at the places beside the line." : "."),
      drawing.saysKinds && taken.contains { !$0.kinds.isEmpty }
        ? "First letter: A held exclusively (E) or shared (S); "
          + "second: B asked for non-recursively (N) or as recursive read (R)." : "",
      labels.contains(where: \.saysCount) || drawing.classes.contains(where: \.saysCount)
        ? "×: how often." : "",
    ].filter { !$0.isEmpty }.joined(separator: " ")
    let hasNew = drawing.classes.contains(where: \.isNew) || taken.contains(where: \.isNew)
    let new = hasNew ? "new: not in the old graph." : ""
    let usage =
      drawing.classes.contains { $0.usage != nil }
      ? "{}: hardirqs, their recursive readers, softirqs, theirs; - used inside, + held where one can come, "
        + "? both, . neither."
      : ""
    explanation = [order, new, usage].filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static let numbered = "; #: number in the report"

  private static func interrupts(in drawing: Drawing, isFirst: Bool) -> [Entry] {
    let strongest = drawing.dependencies.filter { $0.interrupt != nil }.map(\.emphasis).max()
    guard let strongest else { return [] }
    return [
      Entry(
        sample: .interrupt(strongest),
        text: "what an interrupt or signal may do" + (isFirst ? numbered : ""))
    ]
  }

  private static func events(in drawing: Drawing, isFirst: Bool) -> [Entry] {
    let strongest = drawing.dependencies.filter(\.isEvent).map(\.emphasis).max()
    guard let strongest else { return [] }
    return [
      Entry(
        sample: .event(strongest),
        text: "what a thread did, in a finding without a cycle" + (isFirst ? numbered : ""))
    ]
  }

  /// Classes that stand out as no line from or to them does.
  private static func marked(in drawing: Drawing, isFirst: Bool) -> [Entry] {
    let lines = Set(drawing.dependencies.filter { $0.wait == nil }.map(\.emphasis))
    let reached = Set(drawing.dependencies.filter(\.isEvent).map(\.to))
    let marked = drawing.classes.enumerated().filter { position, lockClass in
      !lockClass.markers.isEmpty && !reached.contains(position)
        && (lockClass.findings.count == 0 || !lines.contains(lockClass.emphasis))
    }
    .map(\.element)
    let severities: [(Emphasis, String)] = [
      (.error, "an error"), (.warning, "a warning"), (.note, "a note"),
    ]
    var entries: [Entry] = []
    for (emphasis, word) in severities where marked.contains(where: { $0.emphasis == emphasis }) {
      let text =
        entries.isEmpty
        ? "in a finding without a cycle, \(word)" + (isFirst ? numbered : "") : "the same, \(word)"
      entries.append(Entry(sample: .node(emphasis), text: text))
    }
    return entries
  }

  /// The legend in words, for formats without sample lines.
  var words: [String] {
    guard !entries.isEmpty else { return [] }
    let looks = entries.map { entry in
      switch entry.sample {
      case .weights: entry.text
      case .newLine: "thick, green: " + entry.text
      case .dashedLine: "dashed: " + entry.text
      case .wait: "dotted: " + entry.text
      case .interrupt: "dashed, numbered: " + entry.text
      case .event: "from a thread: " + entry.text
      case .node: "numbered at the class: " + entry.text
      case .line(.error): "thickest, numbered: " + entry.text
      case .line(.warning): "thick, numbered: " + entry.text
      case .line(.note): "thin, numbered: " + entry.text
      case .line(.context): "thin, grey: " + entry.text
      }
    }
    return [looks.joined(separator: "; ") + ".", explanation].filter { !$0.isEmpty }
  }
}
