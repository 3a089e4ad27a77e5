/// The chains of lock classes that were seen: which classes were held, in which modes, in which
/// order.
///
/// Lockdep keys its cache by a 64-bit hash of the held stack and rests its proof on hashes that do
/// not collide. Here a chain is a number, found by (number of the chain below, symbol of the new
/// lock), so a look-up costs one probe and is exact. The symbol separates what the rules
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

  /// All that an acquisition asks of a chain, beside the key that it is found by: two entries are
  /// in a line of the processor's cache.
  package struct Entry: Sendable {
    /// How often an acquisition completed this chain.
    package var count: UInt64 = 0
    /// The instances, thread and fork/join epoch that were last offered as evidence.
    fileprivate var lastEvidence: UInt64 = 0
    package fileprivate(set) var parent: UInt32
    package fileprivate(set) var symbol: Symbol
    /// The chain's number.
    package fileprivate(set) var chain: UInt32
    /// How many more different offers of evidence for its dependencies this chain takes.
    fileprivate var evidenceBudget = ChainCache.evidenceBudget
    /// Whether another offer has to be looked at. Not where nothing is below, and not once one came
    /// that the budget did not cover.
    package fileprivate(set) var takesEvidence: Bool
    /// Whether a lock of the same class is below, so that the same-class rule has to look.
    package fileprivate(set) var repeatsClass: Bool
    /// Whether an acquisition completed the chain, so that its dependencies are in the graph. A
    /// chain that came about by a release or a downgrade below its last lock is not.
    package var isEstablished = false

    fileprivate var isFree: Bool { parent == ChainCache.none }
  }

  /// What a chain consists of; its number is the index.
  private struct Link {
    var parent: UInt32
    var symbol: Symbol
  }

  package static let root: UInt32 = 0
  private static let none = UInt32.max
  /// How many different offers of evidence one chain takes; further acquisitions cost the look-up
  /// and no more.
  package static let evidenceBudget: UInt8 = 128

  package enum EvidenceOffer {
    case known, new
    /// Said once a chain: there is more than it takes.
    case beyondBudget
  }

  private var links: [Link]
  private var entries: [Entry]
  private var mask: Int
  /// The offers that were taken, by a 64-bit key of chain, thread, epoch and instances.
  private var offers = PairTable()
  /// How many chains are kept at present, and at most.
  private var limit: Int
  private let largestLimit: Int

  private static let rootLink = Link(
    parent: none,
    symbol: Symbol(lockClass: LockClassID(0), mode: .write, isTry: false, isExcusedByNest: false))
  private static let free = Entry(
    parent: none, symbol: rootLink.symbol, chain: none, takesEvidence: false, repeatsClass: false)
  private static let leastCapacity = 64
  /// So many chains are in the processor's own cache.
  private static let leastLimit = 1 << 13

  /// - Parameter limit: how many chains are kept before the cache starts again, so that a program
  ///   with ever new nestings does not grow the cache with the length of its trace.
  package init(limit: Int = 1 << 17) {
    self.limit = limit
    largestLimit = limit
    links = [Self.rootLink]
    entries = Array(repeating: Self.free, count: Self.leastCapacity)
    mask = Self.leastCapacity - 1
  }

  /// How many chains there are, the empty one among them.
  package var count: Int { links.count }
  package var isFull: Bool { links.count > limit }

  /// Where the entry of a chain is that goes on from another one, until one is added.
  ///
  /// - Complexity: expected O(1).
  @inline(__always)
  package func position(of parent: UInt32, _ symbol: Symbol) -> Int? {
    let (position, isFound) = OpenAddressing.place(from: Self.home(parent, symbol), mask) {
      entries[$0].symbol == symbol && entries[$0].parent == parent
        ? .found : entries[$0].isFree ? .free : .other
    }
    return isFound ? position : nil
  }

  /// Where the entry of a chain is, unless it is the root.
  package func position(of chain: UInt32) -> Int? {
    let link = links[Int(chain)]
    return position(of: link.parent, link.symbol)
  }

  package subscript(position: Int) -> Entry {
    @inline(__always) get { entries[position] }
    @inline(__always) _modify { yield &entries[position] }
  }

  /// All chains but the root, in no order.
  package func forEach(_ body: (Entry) -> Void) {
    for entry in entries where !entry.isFree { body(entry) }
  }

  /// Where the entry of a chain is that goes on from another one, made where it is missing; until
  /// one is added.
  ///
  /// - Complexity: expected O(1), and O(length of the chain) for a new one, amortised.
  @inline(__always)
  package mutating func add(_ symbol: Symbol, behind parent: UInt32) -> Int {
    position(of: parent, symbol) ?? addNew(symbol, behind: parent)
  }

  @inline(never)
  private mutating func addNew(_ symbol: Symbol, behind parent: UInt32) -> Int {
    if (links.count + 1) * 2 > entries.count { grow() }
    var repeatsClass = false
    forEachSymbol(of: parent) { repeatsClass = repeatsClass || $0.lockClass == symbol.lockClass }
    let chain = UInt32(links.count)
    links.append(Link(parent: parent, symbol: symbol))
    return place(
      Entry(
        parent: parent, symbol: symbol, chain: chain, takesEvidence: parent != Self.root,
        repeatsClass: repeatsClass))
  }

  @inline(__always)
  private static func home(_ parent: UInt32, _ symbol: Symbol) -> Int {
    PairTable.home(PairTable.key(parent, symbol.rawValue))
  }

  private mutating func place(_ entry: Entry) -> Int {
    let (position, _) = OpenAddressing.place(from: Self.home(entry.parent, entry.symbol), mask) {
      entries[$0].isFree ? .free : .other
    }
    entries[position] = entry
    return position
  }

  private mutating func grow() {
    let old = entries
    entries = Array(repeating: Self.free, count: old.count * 2)
    mask = entries.count - 1
    for entry in old where !entry.isFree { _ = place(entry) }
  }

  /// What an offer of evidence is to a chain that takes some; it is remembered.
  ///
  /// - Complexity: O(1) for the offer that was last, else expected O(1) with a look-up.
  package mutating func offer(_ evidence: UInt64, at position: Int) -> EvidenceOffer {
    let last = entries[position].lastEvidence
    guard last != evidence else { return .known }
    let chain = entries[position].chain
    entries[position].lastEvidence = evidence
    if entries[position].evidenceBudget == Self.evidenceBudget {
      // Most chains get one offer, which needs no other place than this.
      entries[position].evidenceBudget -= 1
      return .new
    }
    if entries[position].evidenceBudget == Self.evidenceBudget - 1 {
      let (high, low) = Self.offerKey(last, chain)
      offers.insert(high, low, value: 0)
    }
    let (high, low) = Self.offerKey(evidence, chain)
    guard offers.value(high, low) == nil else { return .known }
    guard entries[position].evidenceBudget > 0 else {
      entries[position].takesEvidence = false
      return .beyondBudget
    }
    entries[position].evidenceBudget -= 1
    offers.insert(high, low, value: 0)
    return .new
  }

  private static func offerKey(_ evidence: UInt64, _ chain: UInt32) -> (UInt32, UInt32) {
    let key = mixHash(evidence, UInt64(chain))
    return (UInt32(truncatingIfNeeded: key >> 33), UInt32(truncatingIfNeeded: key))
  }

  /// The symbols of a chain, the last taken first.
  package func forEachSymbol(of chain: UInt32, _ body: (Symbol) -> Void) {
    var chain = chain
    while chain != Self.root {
      body(links[Int(chain)].symbol)
      chain = links[Int(chain)].parent
    }
  }

  /// Starts again because it is full: with room for fewer where chains hardly came back, since
  /// those that are found no more need no room, and for more where they did.
  ///
  /// - Complexity: O(room).
  package mutating func startAgain() {
    var uses: UInt64 = 0
    forEach { uses += $0.count }
    let cameBack = uses > UInt64(links.count) * 2
    limit =
      cameBack ? min(limit * 4, largestLimit) : max(limit / 4, min(limit, Self.leastLimit))
    removeAll()
  }

  /// - Complexity: O(room); memory stays for as many chains as there were.
  package mutating func removeAll() {
    guard links.count > 1 else { return }
    let isWorthItsRoom = min(links.count, limit) * 8 > entries.count
    links.removeLast(links.count - 1)
    offers.removeAll()
    if isWorthItsRoom {
      for index in entries.indices { entries[index] = Self.free }
    } else {
      entries = Array(repeating: Self.free, count: Self.leastCapacity)
      mask = Self.leastCapacity - 1
    }
  }
}
