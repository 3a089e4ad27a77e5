import CLockGraph

/// Locks that a thread asked for, or held, not long after it made them.
struct LifetimeEvidence {
  /// A lock among those of a record of evidence.
  struct Young {
    var lock: LockID
    /// Of the record's stack, the first frame of a function that may have made it.
    var start: Int
  }

  private(set) var records: [UInt32: [Young]] = [:]

  mutating func add(_ lock: LockID, start: Int, to record: UInt32) {
    records[record, default: []].append(Young(lock: lock, start: start))
  }

  /// The first frame of a function that began before a lock was made.
  static func start(_ frame: UInt64, _ frames: [UInt]) -> Int {
    frames.firstIndex { UInt64($0) > frame } ?? frames.count
  }

  /// Differs between the functions that have the locks in hand: a nesting in the one that made them
  /// is no evidence for one that comes later.
  static func origin(
    _ young: [(number: UInt64, frame: UInt64)], _ addresses: [UInt], _ frames: [UInt]
  ) -> UInt32 {
    var hash: UInt64 = 1
    for one in young {
      // Closures and what this package puts between them come first.
      for address in addresses[start(one.frame, frames)...].prefix(12) {
        hash = mixHash(hash, UInt64(address))
      }
    }
    return UInt32(truncatingIfNeeded: hash) | 1
  }

  /// Whether the nesting is to be looked at again when it comes again, because the thread made one
  /// of the locks of late; so many times.
  static func staysNew(on thread: UnsafeMutablePointer<lg_thread>, wanted: UInt64) -> Bool {
    var stays = lg_made_count(thread, wanted)
    for held in HeldStack.all(thread) where lg_made_count(thread, held.number) { stays = true }
    return stays
  }

  /// Of the lock that is asked for and those that the thread holds, which it made of late, and the
  /// deepest frame of a function that can have made each.
  static func young(
    on thread: UnsafeMutablePointer<lg_thread>, wanted: UInt64
  ) -> [(number: UInt64, frame: UInt64)] {
    var young: [(number: UInt64, frame: UInt64)] = []
    func look(_ number: UInt64) {
      let frame = lg_made_frame(thread, number)
      if frame != 0, frame != .max { young.append((number, frame)) }
    }
    look(wanted)
    for held in HeldStack.all(thread) { look(held.number) }
    return young
  }
}

/// Tells which nestings of a running program were made while an object was initialised that nobody
/// else had seen, or deinitialised when nobody else had it any more.
///
/// - An initialiser of a type is on the thread's stack, and during that call the thread made one of the two locks, in
///   that initialiser, as the first lock of its class was made; no other thread had it before.
/// - A deinitialiser of a type is on the stack, and one of the two locks is of a class whose first lock was made in
///   that type's initialiser; no other thread had it afterwards.
///
/// Names of functions are looked up only for what would be a side of a deadlock. Where the compiler
/// has put an initialiser into its caller nothing is known. Not thread-safe.
final class LifetimeJudge {
  private let evidence: EvidenceStore
  private let table: LockTable
  private let lifetimes: LifetimeEvidence
  private var makers: [LockClassID: Set<String>] = [:]
  private var stacks: [UInt32: [LifetimeFunction?]] = [:]
  /// Which threads had each lock, as far as there is evidence, and when.
  private lazy var uses = usesOfLocks()

  init(evidence: EvidenceStore, table: LockTable, lifetimes: LifetimeEvidence) {
    self.evidence = evidence
    self.table = table
    self.lifetimes = lifetimes
  }

  /// How the witness was made where nobody else could reach one of its locks; `nil` if others
  /// could.
  func privacy(of candidate: CycleGrading.Candidate) -> String? {
    let record = candidate.record
    guard record.stack != 0 else { return nil }
    let stack = functions(of: record.stack)
    let locks = [candidate.held.lock, record.wanted]
    for young in lifetimes.records[candidate.entry.record] ?? []
    where locks.contains(young.lock) && young.start < stack.count {
      let types = typesMaking(young.lock)
      for case .initializer(let type)? in stack[young.start...]
      where types.contains(type) && !isUsedByOthers(young.lock, record, before: true) {
        return "is made in the initialiser of \(type)"
      }
    }
    for case .deinitializer(let type)? in stack {
      for lock in locks
      where typesMaking(lock).contains(type) && !isUsedByOthers(lock, record, before: false) {
        return "is made in the deinitialiser of \(type)"
      }
    }
    return nil
  }

  private func functions(of stack: UInt32) -> [LifetimeFunction?] {
    if let known = stacks[stack] { return known }
    let names = Symbolizer.functions(StackText.addresses(in: evidence.places.string(stack)))
    let functions = names.map { LifetimeFunction($0) }
    stacks[stack] = functions
    return functions
  }

  /// The types in whose initialisers the first lock of the lock's class was made.
  private func typesMaking(_ lock: LockID) -> Set<String> {
    let lockClass = table.locks[lock.index].lockClass
    if let known = makers[lockClass] { return known }
    var types: Set<String> = []
    let calls = Symbolizer.functions(LockClassRegistry.origin(named: table.name(of: lockClass)))
    // The innermost ones are this package's own.
    for name in calls.drop(while: \.isEmpty) {
      guard case .initializer(let type)? = LifetimeFunction(name) else { break }
      types.insert(type)
    }
    makers[lockClass] = types
    return types
  }

  private func isUsedByOthers(
    _ lock: LockID, _ record: EvidenceStore.Record, before: Bool
  ) -> Bool {
    (uses[lock] ?? []).contains { use in
      use.owner != record.owner && (before ? use.line < record.line : use.line > record.line)
    }
  }

  private func usesOfLocks() -> [LockID: [(owner: UInt64, line: UInt64)]] {
    var uses: [LockID: [(owner: UInt64, line: UInt64)]] = [:]
    for record in evidence.records {
      uses[record.wanted, default: []].append((record.owner, record.line))
      for held in evidence.heldRecords(record) {
        uses[held.lock, default: []].append((record.owner, record.line))
      }
    }
    return uses
  }
}
