/// What differs between two graphs, for people: one line each, new things with `+`, gone ones
/// with `-`, and findings that are graded otherwise with `~`.
public struct DifferenceText: StreamedDocument {
  private let difference: GraphDifference
  private let style: TextStyle

  /// - Parameter isColored: with ANSI colours.
  public init(_ difference: GraphDifference, isColored: Bool = false) {
    self.difference = difference
    style = TextStyle(isColored: isColored)
  }

  /// Writes the report, lines ended by newlines.
  @discardableResult
  public func write(_ take: @escaping (UnsafeRawBufferPointer) -> Bool) -> Bool {
    var output = OutputBuffer(window: 1 << 16, take)
    if difference.isEmpty {
      output.append("No difference in classes, dependencies and findings.\n" as StaticString)
    } else {
      write("Classes", \.classes, to: &output) { item, _ in Self.line(item.lockClass) }
      write("Dependencies", \.dependencies, to: &output) { Self.line($0, $1.witness(of: $0)) }
      write("Findings", \.findings, to: &output) { finding, _ in Self.line(finding) }
      writeRegraded(to: &output)
      output.append(summary + "\n")
    }
    output.flush()
    return !output.isBroken
  }

  private func write<Item>(
    _ title: String, _ items: (GraphDifference.Side) -> [Item], to output: inout OutputBuffer,
    _ lines: (Item, GraphDifference.Side) -> [String]
  ) {
    let sides = [("+", difference.new), ("-", difference.gone)]
    guard sides.contains(where: { !items($0.1).isEmpty }) else { return }
    output.append(style.paint(title, .strong) + "\n")
    for (sign, side) in sides {
      for item in items(side) {
        let lines = lines(item, side)
        output.append("  \(sign) \(lines[0].withVisibleControls)\n")
        for line in lines.dropFirst() {
          output.append(style.paint("      " + line.withVisibleControls, .faint) + "\n")
        }
        output.writeIfFull()
      }
    }
    output.append("\n" as StaticString)
  }

  private func writeRegraded(to output: inout OutputBuffer) {
    guard !difference.regraded.isEmpty else { return }
    output.append(style.paint("Graded otherwise", .strong) + "\n")
    for finding in difference.regraded {
      let new = finding.new
      let grades = [finding.old, new].map { $0.confidence?.rawValue ?? "none" }
      output.append("  ~ \(new.severity.rawValue): \(new.title.withVisibleControls)\n")
      let lines = [
        "[\(new.rule.rawValue), \(grades.joined(separator: " -> "))] fingerprint \(new.fingerprint)",
        new.confidenceReason,
      ]
      for line in lines.compactMap(\.self) {
        output.append(style.paint("      " + line.withVisibleControls, .faint) + "\n")
      }
      output.writeIfFull()
    }
    output.append("\n" as StaticString)
  }

  private static func line(_ lockClass: OrderGraphSnapshot.LockClass) -> [String] {
    [lockClass.name + (lockClass.kind.map { " (\($0.name))" } ?? "")]
  }

  private static func line(
    _ dependency: GraphDifference.Dependency, _ witness: Witness?
  ) -> [String] {
    var line = "\(dependency.from) -> \(dependency.to)"
    if dependency.count > 0 { line += ", \(Counted.grouped(dependency.count, "time"))" }
    // What plain mutexes make needs no words.
    let kinds = dependency.kinds
    let lines = [line] + (kinds.isEmpty || kinds == .en ? [] : [kinds.text])
    guard let witness else { return lines }
    let position = "\(witness.input):\(witness.line)"
    guard !witness.isStated else { return lines + ["stated at \(position)"] }
    let held = witness.held.place.map { " at \($0)" } ?? ""
    let wanted = witness.wanted.place.map { " at \($0)" } ?? ""
    return lines + [
      "\(witness.thread): \(witness.held.lock)\(held), then \(witness.wanted.lock)\(wanted) (\(position))"
    ]
  }

  private static func line(_ finding: Finding) -> [String] {
    let grade = finding.confidence.map { ", \($0.rawValue)" } ?? ""
    return [
      "\(finding.severity.rawValue): \(finding.title)",
      "[\(finding.rule.rawValue)\(grade)] fingerprint \(finding.fingerprint)",
    ]
  }

  private var summary: String {
    func counts(_ one: String, _ many: String, _ count: (GraphDifference.Side) -> Int) -> String {
      let (new, gone) = (count(difference.new), count(difference.gone))
      return "\(Counted.grouped(new, "new \(one)", "new \(many)")), \(gone) gone"
    }
    let regraded =
      difference.regraded.isEmpty ? [] : ["\(difference.regraded.count) graded otherwise"]
    return
      ([
        counts("class", "classes", \.classes.count),
        counts("dependency", "dependencies", \.dependencies.count),
        counts("finding", "findings", \.findings.count),
      ] + regraded).joined(separator: "; ") + "."
  }
}
