/// The order graph: which class was asked for while which other was held.
///
/// Nodes and edges are dense numbers; an edge keeps the kinds it was seen with, how often, and a list of
/// witnesses in the evidence store. Insert-only.
package struct LockOrderGraph: Sendable {
  package struct Dependency: Sendable {
    package var from: LockClassID
    package var to: LockClassID
    package var kinds: DependencyKinds
    package var witnessCount: UInt16 = 0
    /// More distinct witnesses were there than are kept.
    package var isEvidenceBounded = false
    /// More threads or epochs than are kept did the same on the same locks, holding the same besides.
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
  private var index = PairTable()

  package init() {}

  /// - Complexity: expected O(1).
  package func dependency(from: LockClassID, to: LockClassID) -> DependencyID? {
    index.value(from.rawValue, to.rawValue).map(DependencyID.init)
  }

  /// The edge between two classes, made where it is missing, with a kind added; `nil` beyond the limit.
  ///
  /// - Complexity: amortised expected O(1).
  package mutating func add(
    from: LockClassID, to: LockClassID, kind: DependencyKinds
  ) -> (id: DependencyID, isNewKind: Bool)? {
    if let found = index.value(from.rawValue, to.rawValue) {
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
    index.insert(from.rawValue, to.rawValue, value: id)
    return (DependencyID(id), true)
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
    precondition(index.count == dependencies.count, "an index of another size than the edges")
  }
}
