import LockGraphEngine

/// Compares the dependencies of a graph with what is declared [semantics 19].
struct OrderCheck {
  private typealias Place = PatternTable.Place

  private let order: DeclaredOrder
  private let chains: PatternTable
  /// The chains backward, since dependencies come sorted by the class that is held: what comes
  /// before that is asked.
  private let before: ChainOrder
  private let leaves: PatternTable
  private let sets: PatternTable
  private let names: [ClassName]
  /// The places of each class in the chains.
  private let places: [[Place]]
  /// Where everything before a class ends; of the class that was asked for last.
  private var last: (held: Int, arrivals: [Int: ChainOrder.Arrival])?

  /// - Parameter classes: the names of the graph's classes.
  /// - Throws: two declarations that contradict each other, for one of these classes or one that is
  ///   declared.
  init(_ order: DeclaredOrder, classes: [String]) throws(TraceError) {
    self.order = order
    let chains = PatternTable(order.chains.map(\.groups))
    self.chains = chains
    leaves = PatternTable([[order.leaves]])
    sets = PatternTable(order.neverTogether.map { $0.map { [$0] } })
    names = classes.map { ClassName($0) }
    places = names.map { chains.places(of: $0) }
    // Whatever is declared takes part, seen or not: a pattern with wildcards as such, a name as the
    // class.
    var members = zip(classes, places).map { (name: $0, places: $1) }
    var known = Set(names.map(\.key))
    for declared in chains.declared {
      guard let literal = declared.pattern.literal else { continue }
      let name = ClassName(literal)
      if known.insert(name.key).inserted { members.append((literal, chains.places(of: name))) }
    }
    members += chains.wildcardPlaces.map { ($0.text, $0.places) }
    let count = order.chains.count
    before = ChainOrder(
      chainCount: count, members: members.map { ($0.name, $0.places.map(\.backward)) })
    if let circle = ChainOrder(chainCount: count, members: members).circle() {
      throw contradiction(circle)
    }
  }

  private func contradiction(_ circle: [(name: String, place: Place)]) -> TraceError {
    let declared = circle.map { chains.declared[$0.place.declared] }
    let last = declared.indices.max { declared[$0].offset < declared[$1].offset }!
    let rotated = Array(circle[last...] + circle[..<last])
    let names = rotated.map { "'\(RemarkText.shown($0.name))'" }
    let others = Set(declared.indices.filter { $0 != last }.map { declared[$0].line }).sorted()
    let lines =
      Counted.noun(others.count, "line") + " "
      + others.map(String.init).joined(separator: ", ")
    let message =
      names.count == 2
      ? "\(names[0]) is declared before \(names[1]) here and after it in \(lines)"
      : "the declared orders go in a circle: "
        + (names.prefix(8) + (names.count > 8 ? ["…"] : []))
        .joined(separator: ", ") + ", \(names[0])"
    return order.document.error(
      at: declared[last].offset, message: message,
      expected: "orders that do not contradict each other"
        + (names.count == 2 ? "" : "; see also \(lines)"))
  }

  /// What a dependency of the graph violates.
  mutating func violation(by dependency: OrderGraphSnapshot.Dependency) -> ForbiddenDependency? {
    if dependency.isOrder, let path = path(from: dependency.to, to: dependency.from) {
      return ForbiddenDependency(
        why: "against the declared order",
        declaration: Finding.Declaration(text: path.text, source: path.source))
    }
    let held = names[dependency.from]
    if let leaf = leaves.places(of: held).first {
      let declared = leaves.declared[leaf.declared]
      return ForbiddenDependency(
        why: "which is declared a leaf",
        declaration: Finding.Declaration(
          text: "leaf: nothing is taken under \(declared.pattern.text)",
          source: order.source(declared)))
    }
    let wanted = sets.places(of: names[dependency.to])
    guard !wanted.isEmpty else { return nil }
    for place in sets.places(of: held) {
      guard let other = wanted.first(where: { $0.list == place.list }),
        other.position != place.position
      else { continue }
      let declared = [place, other].map { sets.declared[$0.declared] }
      return ForbiddenDependency(
        why: "which are declared never to be held together",
        declaration: Finding.Declaration(
          text: "never-together: "
            + declared.map(\.pattern.text).joined(separator: " and "),
          source: order.source(declared[0])))
    }
    return nil
  }

  /// How one class is declared before another that is held, if it is.
  private mutating func path(from first: Int, to held: Int) -> (text: String, source: String)? {
    guard !places[first].isEmpty, !places[held].isEmpty else { return nil }
    if last?.held != held {
      last = (held, before.arrivals(from: places[held].map(\.backward)))
    }
    let arrivals = last!.arrivals
    guard
      let start = places[first].first(where: { place in
        arrivals[place.list].map { $0.place.position < place.backward.position } ?? false
      })
    else { return nil }
    let declared = chains.declared[start.declared]
    var steps = [declared.pattern.text]
    var arrival = arrivals[start.list]!
    while let joint = arrival.joint {
      steps.append(before.name(joint))
      arrival = arrivals[arrival.chain]!
    }
    steps.append(chains.declared[arrival.place.declared].pattern.text)
    return (
      "\(order.chains[start.list].word): \(steps.joined(separator: " before "))",
      order.source(declared)
    )
  }
}

extension PatternTable.Place {
  /// The same in a list that is read from its end.
  fileprivate var backward: PatternTable.Place {
    PatternTable.Place(list: list, position: -position, declared: declared)
  }
}
