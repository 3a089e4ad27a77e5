/// Which witnesses of a dependency may be like one more, without looking at them, and whether one
/// more can change anything at all.
///
/// Sixteen bits of a hash of what makes witnesses alike stand side by side, four in a word, and are
/// compared a word at a time; the witness's number stands where its bits do. It forgets nothing
/// that was added, so what it says not to be there is not there.
struct LikeIndex {
  private enum State: UInt8 {
    case unknown, open, closed
  }

  private struct Row {
    /// The first of its words.
    var start: UInt32 = 0
    var count: UInt32 = 0
    /// Room for four times so many, a power of two; none if its witnesses are not known here.
    var words: UInt32 = 0
    var state = State.unknown
  }

  /// With fewer witnesses there is nothing to save.
  static let least = 2
  private static let perWord = 4

  /// By dependency.
  private var rows: [Row] = []
  /// The bits of hashes, none of them 0; 0 where there is room.
  private var words: [UInt64] = []
  private var witnesses: [UInt32] = []
  /// Rooms that were given up for larger ones, by the logarithm of their words.
  private var rooms: [[UInt32]] = []

  // MARK: Alike

  /// Equal for witnesses that are alike.
  @inline(__always)
  static func key(
    _ wanted: LockID, _ held: LockID, _ kind: DependencyKinds, _ gates: UInt64, _ origin: UInt32,
    _ options: AcquisitionOptions
  ) -> UInt64 {
    let locks = UInt64(wanted.rawValue) << 32 | UInt64(held.rawValue)
    let rest =
      UInt64(origin) << 32 | UInt64(kind.rawValue) << 8
      | UInt64(options.intersection(.evidence).rawValue)
    return mixHash(mixHash(gates, locks), rest)
  }

  @inline(__always)
  private static func tag(_ key: UInt64) -> UInt64 { max(key & 0xFFFF, 1) }

  @inline(__always)
  func knows(_ dependency: DependencyID) -> Bool {
    dependency.index < rows.count && rows[dependency.index].words > 0
  }

  /// The witnesses of a dependency that is known here which may have a key, in the order in which
  /// they were added, until one is told to be the last.
  ///
  /// - Parameter isLast: asked for each of them.
  /// - Complexity: O(witnesses / 4).
  @inline(__always)
  func forEach(
    like key: UInt64, of dependency: DependencyID, isLast: (UInt32) -> Bool
  ) {
    let row = rows[dependency.index]
    let lanes: UInt64 = 0x0001_0001_0001_0001
    let pattern = Self.tag(key) &* lanes
    let end = Int(row.start + (row.count + 3) / 4)
    for index in Int(row.start)..<end {
      let difference = words[index] ^ pattern
      // What is set tells that some lane is 0, the lowest for sure.
      guard (difference &- lanes) & ~difference & (lanes << 15) != 0 else { continue }
      for lane in 0..<Self.perWord where (difference >> UInt64(lane * 16)) & 0xFFFF == 0 {
        if isLast(witnesses[index * Self.perWord + lane]) { return }
      }
    }
  }

  /// A witness was added to a dependency; nothing happens where its witnesses are not known here.
  mutating func note(_ key: UInt64, _ witness: UInt32, of dependency: DependencyID) {
    guard knows(dependency) else { return }
    add(key, witness, of: dependency)
  }

  /// Takes over the witnesses that a dependency has.
  @inline(never)
  mutating func know(
    _ dependency: DependencyID, _ all: [(key: UInt64, witness: UInt32)]
  ) {
    grow(to: dependency)
    rows[dependency.index].start = room(ofLogarithm: 0)
    rows[dependency.index].words = 1
    for (key, witness) in all { add(key, witness, of: dependency) }
  }

  private mutating func add(_ key: UInt64, _ witness: UInt32, of dependency: DependencyID) {
    if rows[dependency.index].count == rows[dependency.index].words * UInt32(Self.perWord) {
      widen(dependency)
    }
    let row = rows[dependency.index]
    let place = Int(row.start) * Self.perWord + Int(row.count)
    words[place / Self.perWord] |= Self.tag(key) << UInt64(place % Self.perWord * 16)
    witnesses[place] = witness
    rows[dependency.index].count += 1
  }

  private mutating func widen(_ dependency: DependencyID) {
    let row = rows[dependency.index]
    let logarithm = row.words.trailingZeroBitCount
    let start = room(ofLogarithm: logarithm + 1)
    for index in 0..<Int(row.words) {
      words[Int(start) + index] = words[Int(row.start) + index]
      words[Int(row.start) + index] = 0
    }
    for index in 0..<Int(row.count) {
      witnesses[Int(start) * Self.perWord + index] =
        witnesses[Int(row.start) * Self.perWord + index]
    }
    rooms[logarithm].append(row.start)
    rows[dependency.index].start = start
    rows[dependency.index].words = row.words * 2
  }

  private mutating func room(ofLogarithm logarithm: Int) -> UInt32 {
    while rooms.count <= logarithm { rooms.append([]) }
    if let start = rooms[logarithm].popLast() { return start }
    let start = UInt32(words.count)
    for _ in 0..<1 << logarithm {
      words.append(0)
      for _ in 0..<Self.perWord { witnesses.append(0) }
    }
    return start
  }

  private mutating func grow(to dependency: DependencyID) {
    while rows.count <= dependency.index { rows.append(Row()) }
  }

  // MARK: Closed

  /// Whether no further witness of this input can change a dependency: its room for them is taken,
  /// and what one more could tell, that there are more and that more threads did the same, is told
  /// or cannot come about.
  ///
  /// - Complexity: O(1).
  @inline(__always)
  func isClosed(_ dependency: DependencyID) -> Bool {
    dependency.index < rows.count && rows[dependency.index].state == .closed
  }

  /// All is told.
  mutating func close(_ dependency: DependencyID) {
    grow(to: dependency)
    rows[dependency.index].state = .closed
  }

  /// That there are more witnesses is told: looks, once, whether more threads can come about, which
  /// so many witnesses that are alike tell of.
  ///
  /// - Complexity: O(n log n) in the witnesses that are known here, the first time.
  @inline(never)
  mutating func closeUnless(_ dependency: DependencyID, hasCrowdOf crowd: Int) {
    guard knows(dependency), rows[dependency.index].state == .unknown else { return }
    let first = Int(rows[dependency.index].start) * Self.perWord
    let tags = (first..<first + Int(rows[dependency.index].count)).map {
      words[$0 / Self.perWord] >> UInt64($0 % Self.perWord * 16) & 0xFFFF
    }.sorted()
    let hasCrowd = tags.indices.dropFirst(crowd - 1).contains { tags[$0] == tags[$0 - crowd + 1] }
    rows[dependency.index].state = hasCrowd ? .open : .closed
  }

  /// A witness was added, though, and may make a crowd.
  mutating func open(_ dependency: DependencyID) {
    if isClosed(dependency) { rows[dependency.index].state = .open }
  }

  /// Witnesses were taken away, or there is room for those of another input.
  mutating func removeAll() {
    rows.removeAll(keepingCapacity: true)
    words.removeAll(keepingCapacity: true)
    witnesses.removeAll(keepingCapacity: true)
    rooms.removeAll()
  }
}
