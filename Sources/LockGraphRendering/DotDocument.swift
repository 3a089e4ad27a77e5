/// A drawing in Graphviz's language: sorted as the drawing is, one statement a line.
struct DotDocument {
  private let drawing: Drawing

  init(_ drawing: Drawing) { self.drawing = drawing }

  /// The whole document.
  var text: String {
    let names = nodeNames
    var lines = ["digraph lock_order {"]
    lines.append("  graph [\(attributes(graphAttributes))];")
    lines.append("  node [\(attributes(nodeDefaults))];")
    lines.append("  edge [\(attributes(edgeDefaults))];")
    if !drawing.classes.isEmpty { lines.append("") }
    for (lockClass, name) in zip(drawing.classes, names) {
      lines.append("  \(name) [\(attributes(self.attributes(of: lockClass)))];")
    }
    if !drawing.dependencies.isEmpty { lines.append("") }
    for dependency in drawing.dependencies {
      let attributes = attributes(self.attributes(of: dependency))
      lines.append("  \(names[dependency.from]) -> \(names[dependency.to]) [\(attributes)];")
    }
    lines.append("}")
    return lines.joined(separator: "\n") + "\n"
  }

  private typealias Attribute = (name: String, value: String)

  /// Attributes of the form `name="value"`; the values are quoted already.
  private func attributes(_ list: [Attribute]) -> String {
    list.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
  }

  private var graphAttributes: [Attribute] {
    let captions = drawing.notes + Legend(drawing).words
    let lines = captions.flatMap {
      TextWidth.wrapped($0, size: DrawingStyle.captionSize, width: 720)
    }
    var list: [Attribute] = [
      ("label", DotText.label(lines, alignment: "l")), ("labelloc", "b"), ("labeljust", "l"),
      ("fontname", DotText.quoted(DrawingStyle.fontFamily)),
      ("fontsize", Decimal.text(DrawingStyle.captionSize)),
      ("bgcolor", DotText.quoted(DrawingStyle.background)), ("pad", "0.3"),
    ]
    list += drawing.arrangement.attributes.map { ($0.name, DotText.quoted($0.value)) }
    return list
  }

  private var nodeDefaults: [Attribute] {
    [
      ("shape", "box"), ("style", "\"rounded,filled\""), ("margin", "\"0.2,0.1\""),
      ("fontname", DotText.quoted(DrawingStyle.fontFamily)), ("fontsize", "12"),
    ]
  }

  private var edgeDefaults: [Attribute] {
    [
      ("fontname", DotText.quoted(DrawingStyle.fontFamily)),
      ("fontsize", Decimal.text(DrawingStyle.edgeLabelSize)),
    ]
  }

  private func attributes(of lockClass: Drawing.LockClass) -> [Attribute] {
    let lines = DrawingStyle.lines(of: lockClass)
    let isRemainder = lockClass.standsFor != nil
    var list: [Attribute] = [
      ("label", DotText.label(lines.map(\.text), alignment: "n")),
      ("id", DotText.quoted(lockClass.identifier)),
      ("class", DotText.quoted(DrawingStyle.styleClasses(of: lockClass))),
      ("color", DotText.quoted(DrawingStyle.stroke(of: lockClass))),
      ("fillcolor", DotText.quoted(DrawingStyle.fill(of: lockClass))),
      ("fontcolor", DotText.quoted(lines.first?.color ?? DrawingStyle.ink)),
      ("penwidth", Decimal.text(DrawingStyle.nodeWidth(of: lockClass))),
    ]
    if lockClass.weightLevel > 0 {
      list.append(("fontsize", Decimal.text(DrawingStyle.nameSize(of: lockClass))))
    }
    if lockClass.wait != nil { list.append(("shape", "ellipse")) }
    if isRemainder { list.append(("style", "\"rounded,filled,dotted\"")) }
    list.append(("tooltip", DotText.label(lockClass.tooltip)))
    return list
  }

  private func attributes(of dependency: Drawing.Dependency) -> [Attribute] {
    let color = DrawingStyle.stroke(of: dependency)
    var list: [Attribute] = []
    if let label = EdgeLabel(dependency, in: drawing) {
      let first = [label.badge, label.lines[0]].filter { !$0.isEmpty }.joined(separator: " ")
      let lines = ([first] + label.lines.dropFirst()).map { " " + $0 }
      list.append(("label", DotText.label(lines, alignment: lines.count > 1 ? "l" : "")))
    }
    list += [
      ("id", DotText.quoted(dependency.identifier)),
      ("class", DotText.quoted(DrawingStyle.styleClasses(of: dependency))),
      ("color", DotText.quoted(color)),
      ("fontcolor", DotText.quoted(DrawingStyle.labelColor(of: dependency))),
      ("penwidth", Decimal.text(DrawingStyle.edgeWidth(of: dependency))),
      ("arrowsize", Decimal.text(DrawingStyle.arrowSize(of: dependency))),
    ]
    if dependency.wait != nil { list.append(("style", "dotted")) }
    if dependency.isDashed { list.append(("style", "dashed")) }
    if dependency.emphasis > .note { list.append(("weight", "4")) }
    list.append(("tooltip", DotText.label(dependency.tooltip)))
    return list
  }

  /// The quoted names of the nodes: the class's own if it is plain, else its identifier.
  private var nodeNames: [String] {
    var names = UniqueIdentifiers()
    return drawing.classes.map { lockClass in
      let name = DotText.isPlain(lockClass.name) ? lockClass.name : lockClass.identifier
      return DotText.quoted(names.register(name))
    }
  }
}
