import LockGraphEngine

/// Chooses what of a graph is drawn: the way from a snapshot and findings to a drawing.
struct DrawingSelection {
  private let graph: OrderGraphSnapshot
  private let findings: [Finding]
  private let directory: ClassDirectory
  private var limits = DrawingLimits.findings()
  private var selection: FindingSelection
  private var nodes: [DrawnNode] = []
  private var notes: [String] = []
  private let options: PictureOptions
  private var weights: ClassWeights? { options.weights }
  private var novelties: GraphNovelties? { options.novelties }
  private let waits: WaitSelection

  /// The drawing of a scope.
  ///
  /// - Complexity: O(classes + dependencies + dependencies of findings), beside work bounded by
  ///   the limits.
  static func drawing(
    of graph: OrderGraphSnapshot, findings: [Finding], waiting: [WaitGroup] = [],
    options: PictureOptions = PictureOptions()
  ) throws(PictureError) -> Drawing {
    var selection = try DrawingSelection(
      graph: graph, findings: findings, waiting: waiting, options: options)
    return selection.drawing()
  }

  private init(
    graph: OrderGraphSnapshot, findings: [Finding], waiting: [WaitGroup], options: PictureOptions
  ) throws(PictureError) {
    self.graph = graph
    self.findings = findings
    self.options = options
    var isAround = false
    var shown = waiting
    switch options.scope {
    case .findings, .all: break
    case .around:
      // Around a class its order is asked for, and not what one run came to.
      isAround = true
      shown = []
    case .finding(let number):
      guard number >= 1, number <= findings.count else {
        throw .unknownFinding(number: number, count: findings.count)
      }
      shown = findings[number - 1].groups(among: waiting)
    }
    waits = WaitSelection(shown, limit: DrawingLimits.waits)
    directory = ClassDirectory(
      graph: graph, findings: findings, waited: waits.classes, needsNames: isAround)
    let waited = waits.classes.compactMap { [directory] in directory.index(of: $0) }

    switch options.scope {
    case .findings:
      limits = .findings(
        atMost: options.maxClasses, isShared: options.weights != nil || options.novelties != nil)
      selection = FindingSelection(findings, directory: directory, limits: limits)
      var classes = ClassSelection(
        graph: graph, chosen: Self.classes(of: selection.nodes) + waited)
      let isSmall = graph.classes.count <= limits.classes && selection.nodes.isEmpty
      let heaviest = isSmall ? nil : Self.heaviestWords(weights)
      let hasNew =
        !isSmall && novelties.map { !$0.classes.isEmpty || !$0.dependencies.isEmpty } ?? false
      if let novelties, hasNew {
        classes.addNew(novelties, atMost: min(limits.newClasses, room(beside: classes)))
      }
      if let weights, heaviest != nil {
        classes.addHeaviest(weights, atMost: min(limits.heaviest, room(beside: classes)))
      }
      if selection.nodes.isEmpty, classes.chosen.count <= waited.count {
        classes.addMostUsed(upTo: limits.classes)
        addNodes(
          classes.chosen + waited,
          what: waited.isEmpty ? "the most used" : "what still waits and the most used")
      } else {
        classes.addNeighbours(
          atMost: min(limits.neighbours, room(beside: classes)), besides: selection.reported)
        let what = [
          selection.nodes.isEmpty ? nil : "findings", hasNew ? "what is new" : nil, heaviest,
        ].compactMap(\.self)
        addNodes(
          classes.chosen + waited, what: what.joined(separator: ", ") + " and their neighbours")
      }
    case .finding(let number):
      limits = .finding(atMost: options.maxClasses)
      selection = FindingSelection(findings, directory: directory, limits: limits, only: number - 1)
      addNodes(Self.classes(of: selection.nodes) + waited, what: "those of finding #\(number)")
    case .all:
      limits = .all(atMost: options.maxClasses)
      selection = FindingSelection(findings, directory: directory, limits: limits)
      var classes = ClassSelection(
        graph: graph, chosen: Self.classes(of: selection.nodes) + waited)
      classes.addMostUsed(upTo: limits.classes)
      addNodes(
        classes.chosen + waited,
        what: selection.nodes.isEmpty ? "the most used" : "findings and the most used",
        isEverything: true)
    case .around(let name, let depth):
      limits = .around(atMost: options.maxClasses)
      guard let center = directory.index(of: name), center < graph.classes.count else {
        throw .unknownClass(
          name: name,
          nearest: nearestWord(
            to: name, among: graph.classes.lazy.map(\.name), isAnyGood: true))
      }
      var classes = ClassSelection(graph: graph, chosen: [center])
      classes.addSurroundings(depth: depth, atMost: limits.neighbours - 1)
      selection = FindingSelection(
        findings, directory: directory, limits: limits, permitted: Set(classes.chosen))
      addNodes(
        classes.chosen,
        what: "those at most \(Counted.grouped(max(0, depth), "dependency", "dependencies"))"
          + " away from \(DisplayText.shortened(name, to: 60))")
    }
  }

  private func room(beside classes: ClassSelection) -> Int {
    max(0, limits.classes - classes.chosen.count)
  }

  /// `nil` if no class weighs anything.
  private static func heaviestWords(_ weights: ClassWeights?) -> String? {
    guard let weights, weights.heaviest != nil else { return nil }
    return switch weights.measure {
    case .hold: "the longest held"
    case .contention: "the most contended"
    }
  }

  private static func classes(of nodes: [DrawnNode]) -> [Int] {
    nodes.compactMap { if case .lockClass(let index) = $0 { index } else { nil } }
  }

  /// Puts the findings' nodes first and in the order of their cycles, since layers begin with what
  /// comes first; the others follow by name.
  private mutating func addNodes(_ chosen: [Int], what: String, isEverything: Bool = false) {
    nodes = selection.nodes
    let known = Set(nodes)
    nodes += Set(chosen).sorted().map { .lockClass($0) }.filter { !known.contains($0) }
    noteOmittedClasses(what: what, isEverything: isEverything)
  }

  private mutating func noteOmittedClasses(what: String, isEverything: Bool) {
    guard directory.count > 0 else {
      notes.append("The order graph is empty: no lock was taken.")
      return
    }
    let drawn = Self.classes(of: nodes).count
    guard drawn < directory.count else { return }
    notes.append(
      "\(Counted.grouped(drawn)) of \(Counted.grouped(directory.count)) classes drawn: "
        + what + (isEverything ? "." : "; render --all draws more."))
  }

  private mutating func drawing() -> Drawing {
    var drawing = Drawing()
    drawing.saysKinds = options.saysKinds
    addClasses(to: &drawing)
    addDependencies(to: &drawing)
    let happened = addWaitsAndEvents(to: &drawing)
    noteFindings(in: &drawing, happened: happened)
    drawing.label()
    explainWeights(in: &drawing)
    if drawing.arrangement == .forces {
      notes.append("Too much for layers: only arrowheads say which way the order goes.")
    }
    let placed = drawing.dependencies.filter { $0.place != nil && $0.isOrder }
    if drawing.arrangement != .forces, !drawing.labelsContextPlaces,
      placed.contains(where: { $0.emphasis == .context }),
      placed.contains(where: { $0.emphasis != .context })
    {
      notes.append("Places of orders on no cycle are in their tooltips only.")
    }
    drawing.notes = notes
    return drawing
  }

  /// Returns the positions of the findings whose events are drawn.
  private mutating func addWaitsAndEvents(to drawing: inout Drawing) -> Set<Int> {
    if waits.omitted > 0 {
      notes.append("\(Counted.grouped(waits.omitted, "more wait")) not drawn.")
    }
    let drawn = Set(Self.classes(of: nodes).map { directory.name($0) })
    let events = EventSelection(
      findings, candidates: eventCandidates, limit: DrawingLimits.threads,
      isDrawn: drawn.contains)
    guard !waits.nodes.isEmpty || !events.nodes.isEmpty else { return [] }
    var identifiers = UniqueIdentifiers()
    for lockClass in drawing.classes { _ = identifiers.register(lockClass.identifier) }
    for dependency in drawing.dependencies { _ = identifiers.register(dependency.identifier) }
    var positions: [String: Int] = [:]
    for (position, node) in nodes.enumerated() {
      if case .lockClass(let index) = node { positions[directory.name(index)] = position }
    }
    let first = drawing.classes.count
    drawing.add(waits, identifiers: &identifiers) { positions[$0] }
    var waiting: [EventSelection.Thread: Int] = [:]
    for (number, node) in waits.nodes.enumerated() where node.role == .thread {
      waiting[.init(name: node.name, input: node.input)] = first + number
    }
    drawing.add(events, waiting: waiting, identifiers: &identifiers) { positions[$0] }
    return events.findings
  }

  /// The findings that a mark at a drawn class names, and those about no class.
  private var eventCandidates: [Int] {
    let marked = selection.markers.values.flatMap { $0.prefix(DrawingLimits.markers) }
    var candidates = Set(marked.map { $0.number - 1 })
    switch options.scope {
    case .findings, .all:
      candidates.formUnion(findings.indices.filter { findings[$0].classes.isEmpty })
    case .finding(let number): candidates.insert(number - 1)
    case .around: break
    }
    return FindingSelection.worstFirst(findings).filter(candidates.contains)
  }

  private func addClasses(to drawing: inout Drawing) {
    var identifiers = UniqueIdentifiers()
    for node in nodes {
      switch node {
      case .remainder(let finding, let count):
        var lockClass = Drawing.LockClass(
          identifier: identifiers.register(StableIdentifiers.remainder(ofFinding: finding + 1)),
          name: "", standsFor: count)
        lockClass.tooltip =
          "\(Counted.grouped(count, "more class", "more classes"))"
          + " of cycle #\(finding + 1)"
        drawing.classes.append(lockClass)
      case .lockClass(let index):
        let name = directory.name(index)
        let record = directory.record(index)
        var lockClass = Drawing.LockClass(
          identifier: identifiers.register(StableIdentifiers.lockClass(name)), name: name,
          kind: record?.kind, counts: record.map { ($0.instances, $0.acquisitions) },
          usage: options.saysKinds ? record?.usage : nil)
        if let usage = record?.usage {
          lockClass.contexts = (
            ContextText.lines(ofUsage: usage), ContextText.lines(ofUsage: usage, inAll: true)
          )
        }
        lockClass.isNew = novelties?.classes.contains(index) ?? false
        if let weights, let weight = weights[name] {
          lockClass.weight = Drawing.Weight(
            level: weights.level(of: weight), words: weight.words, details: weight.details)
        }
        let markers = selection.markers[index] ?? []
        lockClass.markers = Array(markers.prefix(DrawingLimits.markers))
        lockClass.furtherMarkers = markers.count - lockClass.markers.count
        lockClass.emphasis = markers.map { Emphasis($0.severity) }.max() ?? .context
        lockClass.tooltip = Tooltip.text(
          of: lockClass, findings: markers.map { ($0.number, findings[$0.number - 1].title) })
        drawing.classes.append(lockClass)
      }
    }
  }

  private mutating func explainWeights(in drawing: inout Drawing) {
    guard let weights else { return }
    guard let heaviest = weights.heaviest else {
      notes.append(
        weights.measure == .hold
          ? "No hold of a lock has a known beginning and end." : "No acquisition waited.")
      return
    }
    guard drawing.classes.contains(where: { $0.weightLevel > 0 }) else { return }
    let meaning =
      weights.measure == .hold ? "longer held, all holds together" : "waited for more"
    let name =
      drawing.classes.first { $0.name == heaviest.name && $0.wait == nil }?.label
      ?? DisplayText.shortened(heaviest.name, to: DrawingStyle.labelLimit)
    drawing.weightExplanation = "darker and larger: \(meaning); most: \(name), \(heaviest.words)"
  }

  private mutating func addDependencies(to drawing: inout Drawing) {
    let positions = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
    var edges = DrawnEdges(selection.edges)
    edges.add(
      graph.dependencies, between: Self.classes(of: nodes), reported: selection.reported,
      classCount: graph.classes.count, new: novelties?.dependencies ?? [],
      newLimit: limits.newDependencies)
    let fixed = edges.fixed
    let context = reducedContext(edges.context, fixed: fixed, positions: positions)
    omittedDependencies += edges.omitted
    drawing.arrangement = context.arrangement

    var identifiers = UniqueIdentifiers()
    for edge in fixed + context.edges {
      guard let from = positions[edge.pair.from], let to = positions[edge.pair.to] else { continue }
      var dependency = Drawing.Dependency(
        identifier: identifiers.register(
          dependencyIdentifier(
            drawing.classes[from], drawing.classes[to], interrupt: edge.pair.interrupt)),
        from: from, to: to, kinds: edge.kinds, count: edge.count, interrupt: edge.pair.interrupt,
        emphasis: edge.emphasis, findings: edge.numbers)
      dependency.isNew = edge.isNew
      describe(&dependency, edge: edge, in: drawing)
      drawing.dependencies.append(dependency)
      guard edge.emphasis != .context else { continue }
      for end in [from, to] {
        drawing.classes[end].emphasis = max(drawing.classes[end].emphasis, edge.emphasis)
        for number in edge.numbers.kept { drawing.classes[end].findings.insert(number) }
      }
    }
    noteNovelties(drawn: drawing.dependencies.count(where: \.isNew))
    noteDependencies()
  }

  private mutating func noteNovelties(drawn: Int) {
    let count = novelties?.dependencies.count ?? 0
    guard drawn < count else { return }
    notes.append(
      "\(Counted.grouped(drawn)) of "
        + Counted.grouped(count, "new dependency", "new dependencies") + " drawn.")
  }

  private var omittedDependencies = 0
  private var impliedDependencies = 0

  private func dependencyIdentifier(
    _ from: Drawing.LockClass, _ to: Drawing.LockClass, interrupt: InterruptContext?
  ) -> String {
    func part(_ lockClass: Drawing.LockClass) -> String {
      lockClass.standsFor == nil ? StableIdentifiers.slug(lockClass.name) : lockClass.identifier
    }
    return "\(interrupt?.name ?? "dep")-\(part(from))--\(part(to))"
  }

  private func describe(
    _ dependency: inout Drawing.Dependency, edge: DrawnEdges.Edge, in drawing: Drawing
  ) {
    let (from, to) = (drawing.classes[dependency.from], drawing.classes[dependency.to])
    let titles = dependency.findings.kept.prefix(3).map { ($0, findings[$0 - 1].title) }
    if let interrupt = dependency.interrupt {
      let events = dependency.findings.kept.first.map { findings[$0 - 1].events } ?? []
      func place(_ role: EventRole) -> String? {
        events.first { $0.role == role }.flatMap { $0.place ?? $0.lock?.place }
      }
      dependency.words = [ContextText.name(interrupt)]
      dependency.place = Drawing.Place(held: place(.enabled), wanted: place(.usedIn))
      dependency.tooltip = Tooltip.text(
        of: interrupt, over: from, takes: to, findings: titles, events: events)
      return
    }
    let witnesses =
      edge.evidence?.witnesses ?? edge.source.map { graph.witnesses(of: graph.dependencies[$0]) }
    dependency.place = witnesses?.first.flatMap {
      Drawing.Place(held: $0.isStated ? nil : $0.held.place, wanted: $0.wanted.place)
    }
    dependency.tooltip = Tooltip.text(
      of: dependency, from: from, to: to, findings: titles, witnesses: witnesses ?? [])
  }

  /// What remains of the dependencies on no cycle: not implied, within the limits, and not too much
  /// for the arrangement.
  private mutating func reducedContext(
    _ context: [DrawnEdges.Edge], fixed: [DrawnEdges.Edge], positions: [DrawnNode: Int]
  ) -> (edges: [DrawnEdges.Edge], arrangement: Drawing.Arrangement) {
    func ends(_ edge: DrawnEdges.Edge) -> (from: Int, to: Int) {
      (positions[edge.pair.from]!, positions[edge.pair.to]!)
    }
    var remaining = context
    if fixed.count + context.count > DrawingLimits.unreducedDependencies {
      // An interrupt implies no order.
      let taken = fixed.filter { $0.pair.interrupt == nil }
      let stays = DependencyReduction.stays(
        taken.map { .init(from: ends($0).from, to: ends($0).to, isFixed: true) }
          + context.map { .init(from: ends($0).from, to: ends($0).to, isFixed: false) },
        nodeCount: nodes.count)
      remaining = zip(context, stays.dropFirst(taken.count)).filter(\.1).map(\.0)
      impliedDependencies = context.count - remaining.count
    }
    remaining = ContextPriority.sorted(remaining, nodeCount: nodes.count, ends: ends)
    let bounded = Array(remaining.prefix(limits.contextDependencies))

    let layers = LayerEstimate.layers(
      nodeCount: nodes.count, edges: (fixed + bounded).map(ends))
    var crossed = 0
    func crosses(_ edge: DrawnEdges.Edge) -> Int {
      max(0, abs(layers[ends(edge).to] - layers[ends(edge).from]) - 1)
    }
    for edge in fixed { crossed += crosses(edge) }
    let total = bounded.reduce(crossed) { $0 + crosses($1) }
    if nodes.count > DrawingLimits.layeredClasses
      || total > DrawingLimits.layersCrossed && nodes.count > DrawingLimits.usualClasses
    {
      omittedDependencies += remaining.count - bounded.count
      return (bounded, .forces)
    }
    let affordable = bounded.filter { edge in
      crossed += crosses(edge)
      return crossed <= DrawingLimits.layersCrossed
    }
    omittedDependencies += remaining.count - affordable.count
    return (affordable, Self.direction(layers))
  }

  /// The direction in which a page of common proportions holds the layers at the greater size.
  ///
  /// Nodes are several times as wide as high, so many in one layer go below each other; between
  /// layers that lead sideways there is room for labels.
  private static func direction(_ layers: [Int]) -> Drawing.Arrangement {
    var widths: [Int: Int] = [:]
    for layer in layers { widths[layer, default: 0] += 1 }
    let broadest = Double(widths.values.max() ?? 0)
    let count = Double(widths.count)
    let (node, pageProportion) = (Extent(width: 180, height: 65), 1.6)
    let down = max(broadest * node.width / pageProportion, count * 1.6 * node.height)
    let sideways = max(count * 1.6 * node.width / pageProportion, broadest * node.height)
    return sideways < down && broadest > 5 ? .sidewaysLayers : .layers
  }

  private mutating func noteDependencies() {
    if impliedDependencies > 0 {
      notes.append(
        Counted.grouped(
          impliedDependencies, "dependency that drawn ones imply is",
          "dependencies that drawn ones imply are") + " left out.")
    }
    if omittedDependencies > 0 {
      notes.append(
        Counted.grouped(
          omittedDependencies, "further dependency between drawn classes is",
          "further dependencies between drawn classes are") + " left out.")
    }
  }

  private mutating func noteFindings(in drawing: inout Drawing, happened: Set<Int>) {
    let drawn = selection.drawnFindings.union(happened)
    if case .finding = options.scope {
      // The others were not asked for.
    } else if let other = findings.indices.first(where: { !drawn.contains($0) }) {
      let note =
        "\(Counted.grouped(drawn.count)) of "
        + Counted.grouped(findings.count, "finding", "findings") + " drawn"
      drawing.omittedFindings = "\(note); render --finding \(other + 1) draws #\(other + 1)"
      notes.append(note + ".")
    }
    for (number, drawn, all) in selection.abbreviated.prefix(3) {
      notes.append(
        "Cycle #\(number) is abbreviated: "
          + "\(drawn) of its \(Counted.grouped(all)) classes drawn."
      )
    }
    if selection.abbreviated.count > 3 {
      let further = selection.abbreviated.count - 3
      notes.append(
        Counted.grouped(further, "more cycle is", "more cycles are") + " abbreviated.")
    }
    if selection.partlyDrawn > 0 {
      notes.append(
        Counted.grouped(selection.partlyDrawn, "cycle leads", "cycles lead")
          + " out of the drawn part.")
    }
  }
}

/// Hands out identifiers once each: a crafted name can have another name's identifier.
struct UniqueIdentifiers {
  private var used: Set<String> = []

  mutating func register(_ identifier: String) -> String {
    var result = identifier
    var number = 2
    while !used.insert(result).inserted {
      result = "\(identifier)--\(number)"
      number += 1
    }
    return result
  }
}
