@testable import LockGraphEngine
@testable import LockGraphRendering

/// A graph and findings about it, by a few words each.
struct GraphFixture {
  private(set) var classes: [OrderGraphSnapshot.LockClass] = []
  private(set) var dependencies: [OrderGraphSnapshot.Dependency] = []
  var findings: [Finding] = []
  private var indices: [String: Int] = [:]

  @discardableResult
  mutating func addClass(
    _ name: String, kind: LockKind? = .mutex, instances: Int = 1, acquisitions: UInt64 = 10
  ) -> Int {
    if let known = indices[name] { return known }
    indices[name] = classes.count
    classes.append(
      .init(name: name, kind: kind, instances: instances, acquisitions: acquisitions))
    return classes.count - 1
  }

  mutating func addDependency(
    _ from: String, _ to: String, kinds: DependencyKinds = .en, count: UInt64 = 1
  ) {
    let (from, to) = (addClass(from), addClass(to))
    dependencies.append(
      .init(from: from, to: to, kinds: kinds, count: count, id: UInt32(dependencies.count)))
  }

  /// A finding about the cycle through the classes, whose dependencies are added if `isInGraph`.
  mutating func addCycle(
    _ names: [String], kinds: DependencyKinds = .en, severity: Severity = .error, count: UInt64 = 1,
    isInGraph: Bool = true
  ) {
    var edges: [FindingEdge] = []
    for (index, from) in names.enumerated() {
      let to = names[(index + 1) % names.count]
      if isInGraph { addDependency(from, to, kinds: kinds, count: count) }
      edges.append(
        FindingEdge(
          from: from, to: to, kinds: kinds, decidingKind: kinds, count: count,
          witnesses: [.between(from, to, thread: "worker-\(index)", line: UInt64(index) + 3)]))
    }
    findings.append(
      Finding(
        fingerprint: names.joined(), rule: .deadlock, severity: severity, confidence: .feasible,
        title: "possible deadlock of \(names.count) classes", classes: names, edges: edges,
        events: [], occurrences: 1))
  }

  /// A finding without dependencies about a class.
  mutating func addMarker(
    _ name: String, rule: Rule = .releaseNotHeld, severity: Severity = .error,
    context: InterruptContext? = nil
  ) {
    findings.append(
      Finding(
        fingerprint: name, rule: rule, severity: severity, title: "released without being held",
        classes: [name], edges: [], context: context, events: [], occurrences: 1))
  }

  /// A finding about an interrupt that takes the first class and can come while the last one is
  /// held.
  mutating func addInterruptedPath(_ names: [String], _ context: InterruptContext = .hardirq) {
    var edges: [FindingEdge] = []
    for (from, to) in zip(names, names.dropFirst()) {
      addDependency(from, to)
      edges.append(
        FindingEdge(
          from: from, to: to, kinds: .en, decidingKind: .en, count: 1,
          witnesses: [.between(from, to, thread: "main", line: 3)]))
    }
    let ends = [(EventRole.usedIn, names[0]), (.enabled, names[names.count - 1])]
    let events = ends.map { role, name in
      FindingEvent(
        role: role, thread: "cpu-0",
        lock: Witness.between(name, name, thread: "", line: 5).held, at: nil, stack: [],
        input: "trace.lg", line: 5)
    }
    findings.append(
      Finding(
        fingerprint: names.joined(), rule: .contextOrderInversion, severity: .error,
        title: "an interrupt closes a cycle", classes: names, edges: edges, context: context,
        events: events, occurrences: 1))
  }

  var graph: OrderGraphSnapshot {
    let (classes, dependencies) = (classes, dependencies)
    return OrderGraphSnapshot(classes: classes, dependencies: dependencies) { id, _ in
      let dependency = dependencies[Int(id)]
      return [
        .between(
          classes[dependency.from].name, classes[dependency.to].name, thread: "main", line: 7)
      ]
    }
  }

  func picture(_ scope: PictureOptions.Scope = .findings) -> GraphPicture {
    GraphPicture(graph: graph, findings: findings, options: PictureOptions(scope: scope))
  }

  func drawing(_ options: PictureOptions) throws -> Drawing {
    try DrawingSelection.drawing(of: graph, findings: findings, options: options)
  }

  func drawing(_ scope: PictureOptions.Scope = .findings) throws -> Drawing {
    try drawing(PictureOptions(scope: scope))
  }

  func text(
    _ format: PictureFormat = .svg, scope: PictureOptions.Scope = .findings
  ) throws -> String {
    String(decoding: try picture(scope).rendered(as: format).bytes, as: UTF8.self)
  }
}

extension Witness {
  static func between(
    _ held: String, _ wanted: String, thread: String, line: UInt64
  ) -> Witness {
    func lock(_ lockClass: String, _ line: UInt64) -> WitnessedLock {
      WitnessedLock(
        lock: "0x\(lockClass.utf8.count)", lockClass: lockClass, mode: .write,
        at: "source.c:\(line)", stack: [], line: line)
    }
    return Witness(
      thread: thread, held: lock(held, line), wanted: lock(wanted, line + 1), kind: .en,
      options: [], alsoHeld: [lock("outer", 1)], input: "trace.lg", line: line + 1)
  }
}

/// Numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

/// Graphs of the sizes that have made layouts slow.
enum Shapes {
  static func ring(_ count: Int) -> GraphFixture {
    var fixture = GraphFixture()
    fixture.addCycle((0..<count).map { "link_\($0)" })
    return fixture
  }

  /// Every class before every other, with a finding for each pair.
  static func complete(_ count: Int) -> GraphFixture {
    var fixture = GraphFixture()
    for from in 0..<count {
      for to in 0..<count where from < to { fixture.addCycle(["class_\(from)", "class_\(to)"]) }
    }
    return fixture
  }

  /// Random dependencies, from lesser to greater numbers if `isAcyclic`.
  static func random(
    classes: Int, dependencies: Int, isAcyclic: Bool = true, seed: UInt64 = 1
  ) -> GraphFixture {
    var fixture = GraphFixture()
    var generator = SeededGenerator(seed: seed)
    for index in 0..<classes {
      fixture.addClass(
        "subsystem_\(index)_lock", acquisitions: .random(in: 1...9_999, using: &generator))
    }
    var seen: Set<Int> = []
    while fixture.dependencies.count < dependencies {
      let left = Int.random(in: 0..<classes, using: &generator)
      let right = Int.random(in: 0..<classes, using: &generator)
      guard left != right else { continue }
      let (from, to) = isAcyclic ? (min(left, right), max(left, right)) : (left, right)
      guard seen.insert(from * classes + to).inserted else { continue }
      fixture.addDependency(
        "subsystem_\(from)_lock", "subsystem_\(to)_lock",
        kinds: DependencyKinds(rawValue: .random(in: 1...15, using: &generator)),
        count: .random(in: 1...5_000, using: &generator))
    }
    return fixture
  }
}
