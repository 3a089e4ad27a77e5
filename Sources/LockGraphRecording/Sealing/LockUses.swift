import LockGraphEngine

/// The locks of a recording, each in all its lives: where it came into being, and where it was
/// first used.
struct LockUses {
  /// One lock.
  struct Use {
    var key: RecordingTables.LockKey
    var kind: RecordedKind
    /// Sites, or 0.
    var initialization: UInt32 = 0
    var firstUse: UInt32 = 0
  }

  private struct Place {
    var generation: UInt32 = 0
    var use: Int?
  }

  private(set) var uses: [Use] = []
  /// Conditions and barriers.
  private(set) var others: Set<UInt64> = []
  /// Sites of releases and the like do not show what is locked, so these are told apart.
  private(set) var acquiringSites: Set<UInt32> = []
  /// Whether a site is among them, by its number.
  private var isAcquiring: [Bool] = []
  private var table = PairTable(minimumCapacity: 64)
  private var places: [Place] = []
  /// Addresses that came up last with their places: locks come in runs.
  private var recent = Array(repeating: (address: UInt64.max, index: 0), count: Self.recentCount)
  private static let recentCount = 1024

  init() {}

  /// Reads a recording.
  ///
  /// - Parameter includesUnsettled: whether what may still be taken back counts.
  /// - Throws: what is damaged; what came before was taken.
  mutating func read(
    _ recording: Recording, includesUnsettled: Bool = false
  ) throws(TraceError) {
    isAcquiring = Array(repeating: false, count: recording.tables.sites.count + 1)
    var merge = try RecordingMerge(recording, includesUnsettled: includesUnsettled)
    while try merge.takeTurn({ take($1) }) {}
  }

  @inline(__always)
  private mutating func take(_ event: RecordedEvent) {
    switch event.operation {
    case .acquire, .held, .wait: use(event)
    case .release, .post, .destroy: use(event, isFirstUse: false)
    case .initialize where event.flags.kind == .condition || event.flags.kind == .barrier:
      others.insert(event.address)
    case .initialize:
      let index = index(of: event.address)
      places[index].generation &+= 1
      places[index].use = nil
      add(event, index)
      uses[uses.count - 1].initialization = event.site
    case .conditionWait, .signal, .broadcast, .barrier: others.insert(event.address)
    default: break
    }
  }

  @inline(__always)
  private mutating func use(_ event: RecordedEvent, isFirstUse: Bool = true) {
    let index = index(of: event.address)
    if places[index].use == nil { add(event, index) }
    guard isFirstUse, let use = places[index].use else { return }
    if uses[use].firstUse == 0 { uses[use].firstUse = event.site }
    let site = Int(event.site)
    if site < isAcquiring.count, isAcquiring[site] { return }
    acquiringSites.insert(event.site)
    if site < isAcquiring.count { isAcquiring[site] = true }
  }

  private mutating func add(_ event: RecordedEvent, _ index: Int) {
    places[index].use = uses.count
    uses.append(
      Use(
        key: .init(address: event.address, generation: places[index].generation),
        kind: event.flags.kind))
  }

  @inline(__always)
  private mutating func index(of address: UInt64) -> Int {
    let slot = Int(truncatingIfNeeded: address >> 3 ^ address >> 13) & (Self.recentCount - 1)
    if recent[slot].address == address { return recent[slot].index }
    let index = find(address)
    recent[slot] = (address, index)
    return index
  }

  @inline(never)
  private mutating func find(_ address: UInt64) -> Int {
    let (high, low) = (UInt32(address >> 32), UInt32(truncatingIfNeeded: address))
    if let index = table.value(high, low) { return Int(index) }
    table.insert(high, low, value: UInt32(places.count))
    places.append(Place())
    return places.count - 1
  }
}
