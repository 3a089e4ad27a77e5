/// The order graph: which class was asked for while which other was held.
///
/// Nodes and edges are dense numbers; an edge keeps the kinds it was seen with, how often, and a
/// list of witnesses in the evidence store. Insert-only.
package struct LockOrderGraph: Sendable {
  /// What a dependency rests on, the least sure first.
  package enum Basis: UInt8, Sendable, Comparable {
    /// An input states that the one was taken while the other was held, perhaps by a try: no order.
    case statedNesting
    /// An input states that another validator has it in its order.
    case statedOrder
    /// Events.
    case events

    package static func < (left: Basis, right: Basis) -> Bool { left.rawValue < right.rawValue }
  }

  package struct Dependency: Sendable {
    package var from: LockClassID
    package var to: LockClassID
    package var kinds: DependencyKinds
    package var basis = Basis.events
    /// Nobody says how the locks were held and asked for; `kinds` is the worst case.
    package var areKindsAssumed = false
    /// How many of its witnesses state it and were at no event; not in `witnessCount`.
    package var statementCount: UInt16 = 0
    package var witnessCount: UInt32 = 0
    /// More distinct witnesses were there than are kept.
    package var isEvidenceBounded = false
    /// More threads or epochs than are kept did the same on the same locks, holding the same
    /// besides.
    package var isThreadBounded = false
    package var firstWitness: UInt32 = EvidenceStore.none
    package var lastWitness: UInt32 = EvidenceStore.none
    package var count: UInt64 = 0
  }

  /// How many edges are kept: a trace that means nothing must not take all memory.
  package static let limit = 1 << 22

  package private(set) var dependencies: [Dependency] = []
  /// Edges were left out because there were too many.
  package private(set) var isBounded = false
  /// By the hash of their classes, the numbers of edges, and `none` where a place is free. Which
  /// classes an edge has stands with the edge, which is looked at next anyway.
  private var index = [UInt32](repeating: none, count: 32)
  private static let none = UInt32.max

  package init() {}

  /// - Complexity: expected O(1).
  package func dependency(from: LockClassID, to: LockClassID) -> DependencyID? {
    number(from, to).map(DependencyID.init)
  }

  @inline(__always)
  private func number(_ from: LockClassID, _ to: LockClassID) -> UInt32? {
    let (position, isFound) = place(from, to)
    return isFound ? index[position] : nil
  }

  @inline(__always)
  private func place(
    _ from: LockClassID, _ to: LockClassID
  ) -> (position: Int, isFound: Bool) {
    let home = PairTable.home(PairTable.key(from.rawValue, to.rawValue))
    return OpenAddressing.place(from: home, index.count - 1) { position in
      let number = index[position]
      if number == Self.none { return .free }
      return dependencies[Int(number)].from == from && dependencies[Int(number)].to == to
        ? .found : .other
    }
  }

  private mutating func widenIndex() {
    index = [UInt32](repeating: Self.none, count: index.count * 2)
    for number in 0..<dependencies.count - 1 {
      let (from, to) = (dependencies[number].from, dependencies[number].to)
      index[place(from, to).position] = UInt32(number)
    }
  }

  /// The edge between two classes, made where it is missing, with a kind added; `nil` beyond the
  /// limit.
  ///
  /// - Complexity: amortised expected O(1).
  package mutating func add(
    from: LockClassID, to: LockClassID, kind: DependencyKinds
  ) -> (id: DependencyID, isNewKind: Bool)? {
    if let found = number(from, to) {
      dependencies[Int(found)].basis = .events
      dependencies[Int(found)].forgetAssumedKinds()
      let isNewKind = !dependencies[Int(found)].kinds.contains(kind)
      dependencies[Int(found)].kinds.formUnion(kind)
      return (DependencyID(found), isNewKind)
    }
    guard dependencies.count < Self.limit else {
      isBounded = true
      return nil
    }
    let id = UInt32(dependencies.count)
    dependencies.append(Dependency(from: from, to: to, kinds: kind))
    if dependencies.count * 2 > index.count { widenIndex() }
    index[place(from, to).position] = id
    return (DependencyID(id), true)
  }

  /// The edge between two classes that an input states, made where it is missing; `nil` beyond the
  /// limit.
  ///
  /// Events say more: they decide on the kinds, where there are any.
  ///
  /// - Parameter kinds: `nil` if they are not known.
  /// - Complexity: amortised expected O(1).
  package mutating func state(
    from: LockClassID, to: LockClassID, kinds: DependencyKinds?, basis: Basis
  ) -> DependencyID? {
    let known = kinds.flatMap { $0.isEmpty ? nil : $0 }
    if let found = number(from, to) {
      dependencies[Int(found)].basis = max(dependencies[Int(found)].basis, basis)
      if let known {
        dependencies[Int(found)].forgetAssumedKinds()
        dependencies[Int(found)].kinds.formUnion(known)
      }
      return DependencyID(found)
    }
    guard let (id, _) = add(from: from, to: to, kind: known ?? .en) else { return nil }
    self[id].basis = basis
    self[id].areKindsAssumed = known == nil
    return id
  }

  package mutating func count(_ id: DependencyID, times: UInt64) {
    dependencies[id.index].count += times
  }

  package subscript(id: DependencyID) -> Dependency {
    get { dependencies[id.index] }
    _modify { yield &dependencies[id.index] }
  }

  /// For tests: index and edges agree, and every edge carries a kind.
  package func checkInvariants() {
    for (number, dependency) in dependencies.enumerated() {
      precondition(!dependency.kinds.isEmpty, "an edge without a kind")
      precondition(
        self.dependency(from: dependency.from, to: dependency.to)?.index == number,
        "an edge that its index does not find")
    }
    precondition(
      index.count { $0 != Self.none } == dependencies.count,
      "an index of another size than the edges")
  }
}

extension LockOrderGraph.Dependency {
  /// Before kinds are added that are known.
  fileprivate mutating func forgetAssumedKinds() {
    guard areKindsAssumed else { return }
    areKindsAssumed = false
    kinds = []
  }
}
