/// Who established which dependency, in a form that is small and never grows with the trace.
///
/// All dependencies that one acquisition establishes share one record of what its thread held last;
/// a witness adds its own source. Places are interned, because many witnesses stand at few places.
package struct EvidenceStore: Sendable {
  package static let none = UInt32.max
  /// How many of the locks that a thread holds go into a record, the last taken ones.
  package static let heldLimit = 64
  /// How many distinct witnesses an edge keeps, beyond the first one of each kind.
  package static let witnessLimit = 64
  /// How many of them differ by nothing but thread and epoch; where spawns and joins order threads,
  /// more.
  package static let likeWitnessLimit = (unordered: 4, ordered: 32)

  /// A lock as it was held.
  package struct HeldRecord: Sendable, Equatable {
    package var lock: LockID
    package var lockClass: LockClassID
    package var mode: LockMode
    /// Nobody else can hold it at the same time.
    package var isGate: Bool
    package var place: UInt32
    package var stack: UInt32
    /// Its place in the held stack, from the bottom.
    package var position: UInt32
    package var line: UInt64

    /// Whether two threads cannot hold it so at the same time.
    package func excludes(_ other: HeldRecord) -> Bool {
      lock == other.lock
        && (isGate || other.isGate || mode == .upgradable && other.mode == .upgradable)
    }
  }

  /// In an order that leaves no gaps: there are as many as ways to nest.
  package struct Record: Sendable {
    package var thread: ThreadID
    package var input: UInt32
    package var wanted: LockID
    package var wantedClass: LockClassID
    package var wantedMode: LockMode
    package var options: AcquisitionOptions
    /// How waits of this sort were seen to end without the lock.
    package var endings: AcquisitionOptions = []
    /// It named a lock that serialises its class.
    package var isNested = false
    package var heldStart: UInt32
    package var heldCount: UInt32
    package var place: UInt32
    package var stack: UInt32
    /// The node of the fork/join order at which it happened.
    package var epoch: UInt32
    /// The thread's name may come back as another thread.
    package var owner: ThreadLife
    package var line: UInt64
    /// Equal for the same set of locks that could serve as gates.
    package var gates: UInt64
    /// Differs where the same locks were nested in another way that matters.
    package var origin: UInt32 = 0
    /// Set if an input states the dependency and nothing is known of thread, instances and modes.
    package var statement: LockOrderGraph.Basis?

    /// How a waiter could leave without the lock.
    package var waysOut: AcquisitionOptions {
      options.union(endings).intersection(.canGiveUp)
    }
  }

  package struct Entry: Sendable {
    package var record: UInt32
    /// The edge's source as it was held.
    package var source: HeldRecord
    package var next: UInt32
    package var kind: DependencyKinds
  }

  /// An entry as it is kept: its source is one of what is kept as held.
  private struct Row {
    var record: UInt32
    var source: UInt32
    var next: UInt32
    var kind: DependencyKinds
  }

  /// What records hold, and what of entries is in none of them.
  package private(set) var held: [HeldRecord] = []
  package var records: [Record] = []
  private var rows: [Row] = []
  package var places = ByteInterner()

  package init() {
    // Number 0 is the absent place and the absent stack.
    _ = places.intern("")
  }

  /// Whether it has any place; the first one is none.
  var knowsPlaces: Bool { places.count > 1 }

  /// Without evidence, and with the numbers that places have in another one.
  init(places: ByteInterner) { self.places = places }

  /// Makes room for so many more, so that what is large is not copied to grow.
  mutating func reserve(records: Int, held: Int, entries: Int) {
    self.records.reserveCapacity(self.records.count + records)
    self.held.reserveCapacity(self.held.count + held)
    rows.reserveCapacity(rows.count + entries)
  }

  package mutating func add(_ record: Record, holding: [HeldRecord]) -> UInt32 {
    var record = record
    record.heldStart = UInt32(held.count)
    record.heldCount = UInt32(holding.count)
    held.append(contentsOf: holding)
    records.append(record)
    return UInt32(records.count - 1)
  }

  /// How many entries there are.
  package var entryCount: Int { rows.count }

  /// - Complexity: O(1).
  package subscript(entry number: UInt32) -> Entry {
    let row = rows[Int(number)]
    return Entry(
      record: row.record, source: held[Int(row.source)], next: row.next, kind: row.kind)
  }

  /// - Complexity: O(locks held).
  package mutating func addEntry(_ entry: Entry, after last: UInt32) -> UInt32 {
    let source = place(of: entry.source, in: entry.record)
    return addRow(
      Row(record: entry.record, source: source, next: entry.next, kind: entry.kind), after: last)
  }

  /// Adds an entry whose source is one of what its record holds.
  ///
  /// - Complexity: O(1).
  mutating func addEntry(
    of record: UInt32, heldAt number: Int, kind: DependencyKinds, after last: UInt32
  ) -> UInt32 {
    let source = records[Int(record)].heldStart + UInt32(number)
    return addRow(Row(record: record, source: source, next: Self.none, kind: kind), after: last)
  }

  private mutating func addRow(_ row: Row, after last: UInt32) -> UInt32 {
    let number = UInt32(rows.count)
    rows.append(row)
    if last != Self.none { rows[Int(last)].next = number }
    return number
  }

  /// Where a lock stands among those that a record holds, or else behind all, where it is put.
  private mutating func place(of source: HeldRecord, in record: UInt32) -> UInt32 {
    let start = Int(records[Int(record)].heldStart)
    let end = start + Int(records[Int(record)].heldCount)
    if let place = held[start..<end].firstIndex(of: source) { return UInt32(place) }
    held.append(source)
    return UInt32(held.count - 1)
  }

  package mutating func link(_ entry: UInt32, after last: UInt32) {
    rows[Int(entry)].next = Self.none
    if last != Self.none { rows[Int(last)].next = entry }
  }

  /// The records without the entries that lead to them.
  var withoutEntries: EvidenceStore {
    var store = self
    store.rows = []
    return store
  }

  /// Takes out entries that were added last, and the records that nothing else leads to.
  ///
  /// - Parameters:
  ///   - start: nothing before leads behind it.
  ///   - isKept: for each entry from there on; those that are become the ends of their lists.
  /// - Returns: the new number of each, or none.
  mutating func keep(from start: Length, where isKept: [Bool]) -> [UInt32] {
    let lastEntries = (start.entries..<rows.count).map { self[entry: UInt32($0)] }
    let lastRecords = Array(records[start.records...])
    let lastHeld = Array(held[start.held...])
    rows.removeLast(lastEntries.count)
    records.removeLast(lastRecords.count)
    held.removeLast(lastHeld.count)
    var newRecords = [UInt32](repeating: Self.none, count: lastRecords.count)
    return lastEntries.indices.map { index in
      guard isKept[index] else { return Self.none }
      var entry = lastEntries[index]
      let old = Int(entry.record) - start.records
      if newRecords[old] == Self.none {
        let record = lastRecords[old]
        let first = Int(record.heldStart) - start.held
        newRecords[old] = add(
          record, holding: Array(lastHeld[first..<first + Int(record.heldCount)]))
      }
      entry.record = newRecords[old]
      return addEntry(entry, after: Self.none)
    }
  }

  /// Ends the list of an edge's witnesses with one of them, or makes it empty.
  mutating func cut(after last: UInt32, of dependency: inout LockOrderGraph.Dependency) {
    dependency.lastWitness = last
    if last == Self.none {
      dependency.firstWitness = last
    } else {
      rows[Int(last)].next = Self.none
    }
  }

  package mutating func renameHeld(_ classes: [LockClassID]) {
    for index in held.indices { held[index].lockClass = classes[held[index].lockClass.index] }
  }

  mutating func setHeld(_ lock: HeldRecord, at index: Int) { held[index] = lock }

  /// What its record holds may have changed.
  mutating func setSource(_ source: HeldRecord, ofEntry number: UInt32) {
    rows[Int(number)].source = place(of: source, in: rows[Int(number)].record)
  }

  package func heldRecords(_ record: Record) -> ArraySlice<HeldRecord> {
    held[Int(record.heldStart)..<Int(record.heldStart + record.heldCount)]
  }

  /// One of the locks that a record has as held, by its place among them.
  func heldRecord(_ number: Int, of record: UInt32) -> HeldRecord {
    held[Int(records[Int(record)].heldStart) + number]
  }

  /// The witnesses of an edge in the order in which they were found; those that state it come last.
  ///
  /// - Parameter limit: how many of them, the first ones.
  package func entries(
    of dependency: LockOrderGraph.Dependency, limit: Int = .max
  ) -> [Entry] {
    var (seen, stated): ([Entry], [Entry]) = ([], [])
    var number = dependency.firstWitness
    while number != Self.none, seen.count < limit {
      let entry = self[entry: number]
      if dependency.statementCount > 0, isStated(entry) {
        stated.append(entry)
      } else {
        seen.append(entry)
      }
      number = entry.next
    }
    return stated.isEmpty ? seen : seen + stated.prefix(limit - seen.count)
  }

  /// Whether an input states it, and nobody was there.
  package func isStated(_ entry: Entry) -> Bool {
    records[Int(entry.record)].statement != nil
  }
}
