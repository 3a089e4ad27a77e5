/// The chains of lock classes that were seen: which classes were held, in which modes, in which
/// order.
///
/// Lockdep keys its cache by a 64-bit hash of the held stack and rests its proof on hashes that do
/// not collide. Here a chain is a node of a trie, found by (node of the chain below, symbol of the
/// new lock), so a look-up costs one probe and is exact. The symbol separates what the rules
/// separate: class, mode, try, and whether `nest=` excused the acquisition. A context starts again
/// at the root.
package struct ChainCache: Sendable {
  /// A class with the facts about its acquisition that rules depend on.
  package struct Symbol: Hashable, Sendable {
    package var rawValue: UInt32

    /// Five bits of facts below the class.
    @inline(__always)
    package init(lockClass: LockClassID, mode: LockMode, isTry: Bool, isExcusedByNest: Bool) {
      rawValue =
        lockClass.rawValue << 5 | UInt32(mode.rawValue) | (isTry ? 4 : 0)
        | (isExcusedByNest ? 8 : 0)
    }

    package var lockClass: LockClassID { LockClassID(rawValue >> 5) }
    package var mode: LockMode { LockMode(rawValue: UInt8(rawValue & 3))! }
    package var hasIncomingDependencies: Bool { rawValue & 12 == 0 }
  }

  package struct Node: Sendable {
    package var parent: UInt32
    package var symbol: Symbol
    /// How often an acquisition completed this chain.
    package var count: UInt64 = 0
    /// The instances, thread and fork/join epoch that were last offered as evidence.
    package var lastEvidence: UInt64 = 0
    /// How many more different offers of evidence for its dependencies this chain takes.
    package var evidenceBudget: UInt16
    /// Whether another offer has to be looked at. Not where nothing is below, and not once one came
    /// that the budget did not cover.
    package var takesEvidence: Bool
    /// Whether a lock of the same class is below, so that the same-class rule has to look.
    package var repeatsClass: Bool
    /// Whether an acquisition completed the chain, so that its dependencies are in the graph. A
    /// chain that came about by a release or a downgrade below its last lock is not.
    package var isEstablished = false
  }

  package static let root: UInt32 = 0
  /// How many different offers of evidence one chain takes; further acquisitions cost the look-up
  /// and no more.
  package static let evidenceBudget: UInt16 = 128

  package enum EvidenceOffer {
    case known, new
    /// Said once a chain: there is more than it takes.
    case beyondBudget
  }

  package private(set) var nodes: [Node]
  private var children = PairTable()
  /// The offers that were taken, by a 64-bit key of chain, thread, epoch and instances.
  private var offers = PairTable()
  private let limit: Int

  /// - Parameter limit: how many chains are kept before the cache starts again, so that a program
  ///   with ever new nestings does not grow the cache with the length of its trace.
  package init(limit: Int = 1 << 17) {
    self.limit = limit
    nodes = [
      Node(
        parent: 0,
        symbol: Symbol(
          lockClass: LockClassID(0), mode: .write, isTry: false, isExcusedByNest: false),
        evidenceBudget: 0, takesEvidence: false, repeatsClass: false)
    ]
  }

  package var isFull: Bool { nodes.count > limit }

  /// - Complexity: expected O(1).
  @inline(__always)
  package func child(of parent: UInt32, _ symbol: Symbol) -> UInt32? {
    children.value(parent, symbol.rawValue)
  }

  /// - Complexity: O(length of the chain).
  package mutating func add(child symbol: Symbol, of parent: UInt32) -> UInt32 {
    let node = UInt32(nodes.count)
    var repeatsClass = false
    forEachSymbol(of: parent) { repeatsClass = repeatsClass || $0.lockClass == symbol.lockClass }
    nodes.append(
      Node(
        parent: parent, symbol: symbol,
        evidenceBudget: Self.evidenceBudget, takesEvidence: parent != Self.root,
        repeatsClass: repeatsClass))
    children.insert(parent, symbol.rawValue, value: node)
    return node
  }

  @inline(__always)
  package mutating func count(_ node: UInt32) { nodes[Int(node)].count += 1 }

  /// What an offer of evidence is to a chain that takes some; it is remembered.
  ///
  /// - Complexity: O(1) for the offer that was last, else expected O(1) with a look-up.
  package mutating func offer(_ evidence: UInt64, to node: UInt32) -> EvidenceOffer {
    let index = Int(node)
    let last = nodes[index].lastEvidence
    guard last != evidence else { return .known }
    nodes[index].lastEvidence = evidence
    if nodes[index].evidenceBudget == Self.evidenceBudget {
      // Most chains get one offer, which needs no other place than this.
      nodes[index].evidenceBudget -= 1
      return .new
    }
    if nodes[index].evidenceBudget == Self.evidenceBudget - 1 {
      let (high, low) = Self.offerKey(last, node)
      offers.insert(high, low, value: 0)
    }
    let (high, low) = Self.offerKey(evidence, node)
    guard offers.value(high, low) == nil else { return .known }
    guard nodes[index].evidenceBudget > 0 else {
      nodes[index].takesEvidence = false
      return .beyondBudget
    }
    nodes[index].evidenceBudget -= 1
    offers.insert(high, low, value: 0)
    return .new
  }

  private static func offerKey(_ evidence: UInt64, _ node: UInt32) -> (UInt32, UInt32) {
    let key = mixHash(evidence, UInt64(node))
    return (UInt32(truncatingIfNeeded: key >> 33), UInt32(truncatingIfNeeded: key))
  }

  package mutating func establish(_ node: UInt32) { nodes[Int(node)].isEstablished = true }

  /// The symbols of a chain, the last taken first.
  package func forEachSymbol(of node: UInt32, _ body: (Symbol) -> Void) {
    var node = node
    while node != Self.root {
      body(nodes[Int(node)].symbol)
      node = nodes[Int(node)].parent
    }
  }

  /// - Complexity: O(chains); memory stays for as many.
  package mutating func removeAll() {
    guard nodes.count > 1 else { return }
    nodes.removeLast(nodes.count - 1)
    children.removeAll()
    offers.removeAll()
  }
}
