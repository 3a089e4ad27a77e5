/// Tells which nestings of a running program were made while an object was initialised that nobody
/// else had seen, or deinitialised when nobody else had it any more.
///
/// - An initialiser of a type is on the thread's stack, and during that call the thread made one of
///   the two locks, in that initialiser, as the first lock of its class was made; no other thread
///   had it before.
/// - A deinitialiser of a type is on the stack, and one of the two locks is of a class whose first
///   lock was made in that type's initialiser; no other thread had it afterwards.
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

  private func usesOfLocks() -> [LockID: [(owner: ThreadLife, line: UInt64)]] {
    var uses: [LockID: [(owner: ThreadLife, line: UInt64)]] = [:]
    for record in evidence.records {
      uses[record.wanted, default: []].append((record.owner, record.line))
      for held in evidence.heldRecords(record) {
        uses[held.lock, default: []].append((record.owner, record.line))
      }
    }
    return uses
  }
}
