/// A lock instance.
struct LockRecord: Sendable {
  // In an order without gaps, for there can be millions: single bytes fill the room behind the
  // rank.
  /// The event at which it was taken last.
  var lastTaken: UInt64 = 0
  var rank: Int64?
  var kind: LockKind?
  /// Its class is its own name, for want of another.
  var hasOwnClass: Bool
  var isUnchecked = false
  /// Something states with it that its class is judged by instance.
  var nestsByInstance = false
  var isCounted = false
  private var signs: Signs = []
  /// Somebody asked for it for writing, and would have waited.
  var isWritten = false
  /// The mode in which it was taken last, if its thread held nothing then and might have waited.
  var bareMode: LockMode?
  /// There is evidence of somebody asking for it.
  var isAskedFor = false
  /// Its first use is over.
  var isPlaced = false
  /// A thread held it and ended, and nobody had it again yet; the table knows which.
  fileprivate(set) var hasEndedOwner = false
  /// Its name in its input, as a number of the name table.
  var name: UInt32
  /// How often the name had come before; 1 for the first lock of that name.
  var generation: UInt32
  var lockClass: LockClassID
  /// How many threads hold it, re-entries not counted.
  var holds: UInt32 = 0
  /// The thread that took it last.
  var lastTaker = ThreadID(.max)
  /// Open requests for writing.
  var openWriters: UInt32 = 0
  var input: UInt32

  init(
    name: UInt32, generation: UInt32, lockClass: LockClassID, hasOwnClass: Bool, input: UInt32
  ) {
    self.name = name
    self.generation = generation
    self.lockClass = lockClass
    self.hasOwnClass = hasOwnClass
    self.input = input
  }

  private struct Signs: OptionSet {
    static let signalled = Signs(rawValue: 1)
    static let grantedTwice = Signs(rawValue: 2)
    static let shared = Signs(rawValue: 4)
    let rawValue: UInt8

    subscript(sign: Signs) -> Bool {
      get { contains(sign) }
      set { if newValue { formUnion(sign) } else { subtract(sign) } }
    }
  }

  /// A thread gave it up that did not hold it: it signals rather than guards.
  var isSignalled: Bool {
    get { signs[.signalled] }
    set { signs[.signalled] = newValue }
  }
  /// It was granted while somebody had it for writing: if it is a semaphore, it has more permits
  /// than one.
  var isGrantedTwice: Bool {
    get { signs[.grantedTwice] }
    set { signs[.grantedTwice] = newValue }
  }
  /// Two threads had it at once for themselves, which was said.
  var isShared: Bool {
    get { signs[.shared] }
    set { signs[.shared] = newValue }
  }

  /// Somebody takes it; whether anybody had it before.
  @inline(__always)
  mutating func noteTaking(by thread: ThreadID, at event: UInt64, bareMode mode: LockMode?) -> Bool
  {
    bareMode = mode
    lastTaker = thread
    lastTaken = event
    return holds > 0
  }
}

/// A lock class or one nesting level of it.
struct LockClassRecord: Sendable {
  var kind: LockKind?
  /// The class of which this is a nesting level.
  var base: LockClassID?
  /// Something states it.
  var isStated = false
  /// Nestings of its locks are judged by instance.
  fileprivate(set) var nestsByInstance = false
  /// A thread held one of it with signals masked.
  fileprivate(set) var isHeldMasked = false
  /// How many locks it was the own class of.
  var ownLocks = 0
  /// What its locks are put together as for readers, where that was worked out from a place.
  var derived: LockClassID?
  /// From what it was worked out, on a class that is derived.
  var origin: ClassOrigin?
  var instances: Int = 0
  /// How often a lock of it was taken or asked for; those in the order are counted by chain and
  /// added at the end.
  var acquisitions: UInt64 = 0
  /// An input states that it exists, whether or not there are events of it.
  var isListed = false
}

/// Locks and classes, and the names they go by.
struct LockTable: Sendable {
  fileprivate(set) var classes: [LockClassRecord] = []
  var locks: [LockRecord] = []
  private var classNames = ByteInterner()
  /// (class, nesting level) to the class that is.
  private var nestingLevels = PairTable()
  fileprivate var lockNames = ByteInterner()
  private var endedOwners: [LockID: EndedOwner] = [:]
  /// How many can have a semaphore at once, where that is stated.
  private var permits: [LockID: UInt32] = [:]
  /// Locks of the current input of which its end tells what they are: semaphores, and those of
  /// which something was stated after they were used.
  private(set) var unsettled: Set<LockID> = []
  /// Where the kind of those was stated of which it was not stated at once.
  private(set) var lateKinds: [LockID: UInt64] = [:]
  /// Locks of the current input of which a second kind was stated, the first of each.
  private(set) var secondKinds: [LockID: (kind: LockKind, line: UInt64)] = [:]
  /// The current lock of each lock number of the current input.
  private var current: [LockID] = []
  private var currentNames: [UInt32] = []
  /// The last generation of each name of the current input whose lock was destroyed.
  private var ended: [UInt32: UInt32] = [:]
  private(set) var input: UInt32 = 0
  /// Classes of locks by their own names, the classes that were stated later, and of how many
  /// locks.
  private var lateClasses: [LockClassID: (stated: LockClassID, count: Int)?] = [:]

  private static let absent = LockID(.max)
  /// Whether locks are taken at nesting levels above 0 at all.
  private(set) var hasNestingLevels = false
  /// Whether there may be semaphores that are pools.
  private(set) var hasPools = false
  /// Whether there are classes that are judged by instance.
  private(set) var hasClassesByInstance = false
  /// Not all acquisitions are seen, so any lock may be written.
  var lacksAcquisitions = false
  /// What becomes the class of locks of which none is stated.
  var classBasis = ClassBasis.lock
  private(set) var hasDerivedClasses = false
  /// Whether there was a lock without a stated class.
  private(set) var hasOwnClasses = false

  mutating func beginInput(_ number: UInt32) {
    input = number
    current.removeAll(keepingCapacity: true)
    currentNames.removeAll(keepingCapacity: true)
    ended.removeAll()
    unsettled.removeAll()
    lateKinds.removeAll()
    secondKinds.removeAll()
  }

  /// A lock number of the current input, in their order.
  mutating func add(name: UnsafeRawBufferPointer) {
    current.append(Self.absent)
    currentNames.append(lockNames.intern(name).id)
  }

  /// The lock that a number means now.
  @inline(__always)
  mutating func lock(_ number: UInt32, lockClass: UnsafeRawBufferPointer? = nil) -> LockID {
    let lock = current[Int(number)]
    return lock != Self.absent ? lock : makeLock(number, lockClass: lockClass)
  }

  @inline(never)
  private mutating func makeLock(
    _ number: UInt32, lockClass stated: UnsafeRawBufferPointer?
  ) -> LockID {
    let name = currentNames[Int(number)]
    let generation = (ended[name] ?? 0) + 1
    let lock = LockID(UInt32(locks.count))
    var lockClass: LockClassID
    if let stated {
      lockClass = self.lockClass(named: stated)
    } else {
      var ownName = lockNames.string(name)
      if generation > 1 { ownName += "#\(generation)" }
      lockClass = self.lockClass(named: ownName)
    }
    locks.append(
      LockRecord(
        name: name, generation: generation, lockClass: lockClass, hasOwnClass: stated == nil,
        input: input))
    if stated == nil {
      hasOwnClasses = true
      classes[lockClass.index].ownLocks += 1
    } else {
      classes[lockClass.index].isStated = true
    }
    current[Int(number)] = lock
    return lock
  }

  /// The lock is gone; its name will mean another one.
  mutating func end(_ number: UInt32) {
    let lock = current[Int(number)]
    ended[currentNames[Int(number)]] = lock == Self.absent ? 1 : locks[lock.index].generation
    current[Int(number)] = Self.absent
  }

  /// The name means another lock from now on.
  mutating func renew(_ number: UInt32, lockClass: UnsafeRawBufferPointer?) -> LockID {
    end(number)
    return makeLock(number, lockClass: lockClass)
  }

  mutating func lockClass(named name: String) -> LockClassID {
    lockClass(name: classNames.intern(name))
  }

  mutating func lockClass(named name: UnsafeRawBufferPointer) -> LockClassID {
    lockClass(name: classNames.intern(name).id)
  }

  /// A nesting level of a class; level 0 is the class itself.
  @inline(__always)
  mutating func subclass(_ level: UInt8, of lockClass: LockClassID) -> LockClassID {
    level == 0 ? lockClass : nestingLevel(level, of: lockClass)
  }

  @inline(never)
  private mutating func nestingLevel(_ level: UInt8, of lockClass: LockClassID) -> LockClassID {
    if let found = nestingLevels.value(lockClass.rawValue, UInt32(level)) {
      return LockClassID(found)
    }
    hasNestingLevels = true
    let id = self.lockClass(named: "\(uniqueName(of: lockClass))/\(level)")
    nestingLevels.insert(lockClass.rawValue, UInt32(level), value: id.rawValue)
    if classes[id.index].base == nil, id != lockClass { classes[id.index].base = lockClass }
    return id
  }

  /// Classes are one if their printed names are.
  private mutating func lockClass(name: UInt32) -> LockClassID {
    while classes.count <= Int(name) { classes.append(LockClassRecord()) }
    return LockClassID(name)
  }

  /// The first kind that is stated is the lock's.
  ///
  /// - Parameter line: where it is stated.
  mutating func setKind(_ kind: LockKind, of lock: LockID, line: UInt64) {
    let known = locks[lock.index].kind
    guard known != kind else { return }
    // That a mutex is recursive says more of it.
    if let known, known != .mutex || kind != .recursive {
      let isKnown = known == .recursive && kind == .mutex
      if !isKnown, secondKinds[lock] == nil { secondKinds[lock] = (kind, line) }
      return
    }
    locks[lock.index].kind = kind
    if kind == .semaphore, locks[lock.index].isGrantedTwice { hasPools = true }
    setKind(kind, of: locks[lock.index].lockClass)
    let isLate = locks[lock.index].isCounted
    if isLate { lateKinds[lock] = line }
    if isLate || kind.isReleasedByAnyThread { unsettled.insert(lock) }
  }

  mutating func setPermits(_ count: UInt32, of lock: LockID, line: UInt64) {
    permits[lock] = count
    if count == 0 { locks[lock.index].isSignalled = true }
    hasPools = true
    if locks[lock.index].kind == nil { setKind(.semaphore, of: lock, line: line) }
  }

  func permits(of lock: LockID) -> UInt32? { permits[lock] }

  /// It is granted while somebody has it.
  @inline(never)
  mutating func noteGrantedTwice(_ lock: LockID) {
    locks[lock.index].isGrantedTwice = true
    if locks[lock.index].kind == .semaphore { hasPools = true }
  }

  mutating func setRank(_ rank: Int64, of lock: LockID) {
    if locks[lock.index].rank != rank, locks[lock.index].isCounted { unsettled.insert(lock) }
    locks[lock.index].rank = rank
  }

  /// Whether who has a lock is who gives it back, and nobody can have it meanwhile. A completion is
  /// nobody's, and a semaphore is not owned once another thread posted it, or it was granted to a
  /// second holder: not from the beginning, as the end of its input tells.
  func isOwned(_ lock: LockID) -> Bool {
    let row = locks[lock.index]
    switch row.kind {
    case .completion: return false
    case .semaphore:
      return !row.isSignalled && !row.isGrantedTwice && permits[lock] ?? 1 == 1
    default: return true
    }
  }

  /// Whether a lock is a semaphore of which all permits are out while all who have one wait: how
  /// many there are is stated, or there are more than one.
  func isPool(_ lock: LockID) -> Bool {
    let row = locks[lock.index]
    return row.kind == .semaphore && !row.isSignalled
      && (row.isGrantedTwice || permits[lock] != nil)
  }

  /// Whether nothing is sure of who owns a lock before its input ends.
  func mayTurnOutUnowned(_ lock: LockID) -> Bool {
    locks[lock.index].kind.map(\.isReleasedByAnyThread) ?? true
  }

  /// The thread that held a lock and ended, until somebody has it again.
  func endedOwner(of lock: LockID) -> EndedOwner? {
    locks[lock.index].hasEndedOwner ? endedOwners[lock] : nil
  }

  mutating func setEndedOwner(_ owner: EndedOwner?, of lock: LockID) {
    guard owner != nil || locks[lock.index].hasEndedOwner else { return }
    locks[lock.index].hasEndedOwner = owner != nil
    endedOwners[lock] = owner
  }

  /// Somebody has the lock again, so nobody can wait for the thread that ended, unless both read.
  @inline(never)
  mutating func takeFromEndedOwner(_ lock: LockID, mode: LockMode) {
    guard let owner = endedOwner(of: lock), mode.waits(for: owner.mode) else { return }
    setEndedOwner(nil, of: lock)
  }

  /// Counts a lock as an instance of its class once it is used.
  mutating func countInstance(_ lock: LockID) {
    guard !locks[lock.index].isCounted else { return }
    locks[lock.index].isCounted = true
    classes[locks[lock.index].lockClass.index].instances += 1
  }

  /// A class is stated for a lock that was its own class, or of another.
  mutating func state(_ lockClass: LockClassID, of lock: LockID) {
    classes[lockClass.index].isStated = true
    guard locks[lock.index].lockClass != lockClass else { return }
    if locks[lock.index].hasOwnClass {
      locks[lock.index].hasOwnClass = false
      noteLateClass(lockClass, of: locks[lock.index].lockClass)
    }
    if locks[lock.index].isCounted {
      classes[locks[lock.index].lockClass.index].instances -= 1
      classes[lockClass.index].instances += 1
    }
    locks[lock.index].lockClass = lockClass
    if let kind = locks[lock.index].kind { setKind(kind, of: lockClass) }
    if locks[lock.index].nestsByInstance { setNestsByInstance(lockClass) }
  }

  private mutating func noteLateClass(_ stated: LockClassID, of own: LockClassID) {
    if let known = lateClasses[own] {
      lateClasses[own] = known.flatMap { $0.stated == stated ? (stated, $0.count + 1) : nil }
    } else {
      lateClasses[own] = (stated, 1)
    }
  }

  /// The classes, nesting levels included, of which all locks got another class later, and which;
  /// what they counted is that one's.
  mutating func takeLateClasses() -> [(own: LockClassID, stated: LockClassID)] {
    var moves: [(own: LockClassID, stated: LockClassID)] = []
    for (own, late) in lateClasses.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      let record = classes[own.index]
      guard let late, !record.isStated, record.ownLocks == late.count else { continue }
      moves.append((own, late.stated))
    }
    lateClasses.removeAll()
    moves = withNestingLevels(moves)
    moveCounts(moves)
    return moves
  }

  mutating func countUnordered(_ lockClass: LockClassID) {
    classes[lockClass.index].acquisitions += 1
  }

  mutating func countOrdered(_ lockClass: LockClassID, times: UInt64) {
    classes[lockClass.index].acquisitions += times
  }

  /// What the locks of a class are, if anything says so of it or of the class it is a nesting level
  /// of.
  func kind(of lockClass: LockClassID) -> LockKind? {
    classes[lockClass.index].kind
      ?? classes[lockClass.index].base.flatMap { classes[$0.index].kind }
  }

  mutating func setNestsByInstance(_ lock: LockID) {
    locks[lock.index].nestsByInstance = true
    setNestsByInstance(locks[lock.index].lockClass)
  }

  /// Whether the ranks of two locks allow the one inside the other [semantics 7].
  func ranksRise(from held: LockID, to wanted: LockID) -> Bool {
    guard let low = locks[held.index].rank, let high = locks[wanted.index].rank else {
      return false
    }
    return low < high
  }

  mutating func setHeldMasked(_ lockClass: LockClassID) {
    classes[lockClass.index].isHeldMasked = true
  }

  /// Holds for the class from the beginning, and for all that go by its name.
  mutating func setNestsByInstance(_ lockClass: LockClassID) {
    classes[lockClass.index].nestsByInstance = true
    hasClassesByInstance = true
  }

  /// Whether nestings of two locks of a class are judged by instance, as something says of it or of
  /// the class it is a nesting level of.
  func nestsByInstance(_ lockClass: LockClassID) -> Bool {
    guard hasClassesByInstance else { return false }
    let record = classes[lockClass.index]
    return record.nestsByInstance || record.base.map { classes[$0.index].nestsByInstance } ?? false
  }

  /// Whether somebody asks for a lock for writing.
  func isWritten(_ lock: LockID) -> Bool { lacksAcquisitions || locks[lock.index].isWritten }

  /// Whether nobody else can hold a lock that is held in a mode.
  func isGate(_ lock: LockID, mode: LockMode) -> Bool {
    guard mode.isExclusive else { return false }
    switch locks[lock.index].kind {
    // How many can have a semaphore at once is seldom stated.
    case .semaphore: return permits[lock] == 1 && isOwned(lock)
    case .completion, .local, .rcu, .rcuSched: return false
    default: return true
    }
  }

  /// `name`, or `name/N` for a nesting level; several have the name of the class that is derived
  /// for them.
  func name(of lockClass: LockClassID) -> String {
    guard hasDerivedClasses else { return uniqueName(of: lockClass) }
    let record = classes[lockClass.index]
    if let derived = record.derived { return uniqueName(of: derived) }
    guard let base = record.base, let derived = classes[base.index].derived else {
      return uniqueName(of: lockClass)
    }
    return uniqueName(of: derived) + uniqueName(of: lockClass).suffix(2)
  }

  /// The name of a class that no other has.
  func uniqueName(of lockClass: LockClassID) -> String { classNames.string(lockClass.rawValue) }

  /// What makes locks a class, or the class it is a nesting level of.
  func origin(of lockClass: LockClassID) -> ClassOrigin {
    let record = classes[lockClass.index]
    guard !record.isStated, !record.isListed else { return .stated }
    if let base = record.base { return origin(of: base) }
    if let origin = record.derived.map({ classes[$0.index].origin }) ?? record.origin {
      return origin
    }
    return record.ownLocks > 0 ? .lock : .stated
  }

  /// Puts a lock without a stated class together with others for readers. Its class is of its own
  /// still, and of the place: in another input the name may be that of a lock made elsewhere.
  mutating func derive(_ derived: LockClassID, _ origin: ClassOrigin, of lock: LockID) {
    let old = locks[lock.index].lockClass
    let own = lockClass(named: "\(name(of: lock))@\(uniqueName(of: derived))")
    setDerived(derived, origin, of: own)
    classes[own.index].ownLocks += 1
    classes[old.index].ownLocks -= 1
    if locks[lock.index].isCounted {
      classes[old.index].instances -= 1
      classes[own.index].instances += 1
    }
    locks[lock.index].lockClass = own
    if let kind = locks[lock.index].kind { setKind(kind, of: own) }
    if locks[lock.index].nestsByInstance { setNestsByInstance(own) }
  }

  /// - Parameter own: the class of locks of one name.
  mutating func setDerived(
    _ derived: LockClassID, _ origin: ClassOrigin, of own: LockClassID
  ) {
    classes[own.index].derived = derived
    classes[derived.index].origin = origin
    hasDerivedClasses = true
  }

  /// The classes of single locks, nesting levels included, and what they are put together as.
  var derivedClasses: [(own: LockClassID, derived: LockClassID)] {
    guard hasDerivedClasses else { return [] }
    return classes.indices.compactMap { index in
      let own = LockClassID(UInt32(index))
      // What was stated later is a class already.
      return classes[index].derived.flatMap { classes[index].isStated ? nil : (own, $0) }
    }
  }

  /// Moves what the classes of single locks count to those they are put together as.
  ///
  /// - Returns: the moves, those of nesting levels too.
  mutating func join(
    _ moves: [(own: LockClassID, derived: LockClassID)]
  ) -> [(own: LockClassID, stated: LockClassID)] {
    let all = withNestingLevels(moves.map { ($0.own, $0.derived) })
    for (own, derived) in moves {
      if let kind = classes[own.index].kind { setKind(kind, of: derived) }
      if classes[own.index].nestsByInstance { setNestsByInstance(derived) }
    }
    moveCounts(all)
    return all
  }

  private mutating func withNestingLevels(
    _ moves: [(own: LockClassID, stated: LockClassID)]
  ) -> [(own: LockClassID, stated: LockClassID)] {
    moves.flatMap { own, stated in
      var all = [(own: own, stated: stated)]
      for level in UInt8(1)...7 {
        guard let nested = nestingLevels.value(own.rawValue, UInt32(level)) else { continue }
        all.append((LockClassID(nested), subclass(level, of: stated)))
      }
      return all
    }
  }

  private mutating func moveCounts(_ moves: [(own: LockClassID, stated: LockClassID)]) {
    for (own, stated) in moves {
      classes[stated.index].acquisitions += classes[own.index].acquisitions
      classes[stated.index].instances += classes[own.index].instances
      if classes[own.index].isHeldMasked { setHeldMasked(stated) }
      classes[own.index].acquisitions = 0
      classes[own.index].instances = 0
    }
  }

  /// What is known of a class from elsewhere.
  mutating func setOrigin(_ origin: ClassOrigin, of lockClass: LockClassID) {
    if origin == .stated {
      classes[lockClass.index].isStated = true
    } else {
      classes[lockClass.index].ownLocks += 1
    }
  }

  /// Whether there are classes that nothing states.
  var hasUnstatedClasses: Bool {
    classes.indices.contains { origin(of: LockClassID(UInt32($0))) != .stated }
  }

  /// The bytes of a class's name, for the time of the call.
  func withName<Result>(
    of lockClass: LockClassID, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    classNames.withBytes(lockClass.rawValue, body)
  }

  /// `name`, or `name#N` for the N-th lock of that name.
  func name(of lock: LockID) -> String {
    let record = locks[lock.index]
    let name = lockNames.string(record.name)
    return record.generation == 1 ? name : "\(name)#\(record.generation)"
  }
}

extension LockTable {
  /// What an event states of its lock.
  @inline(never)
  mutating func applyStatements(_ event: LockEvent, to lock: LockID) {
    if let kind = event.kind { setKind(kind, of: lock, line: event.line) }
    if let permits = event.permits { setPermits(permits, of: lock, line: event.line) }
    if let name = event.lockClass { state(lockClass(named: name), of: lock) }
    if let rank = event.rank { setRank(rank, of: lock) }
    if event.nestsByInstance { setNestsByInstance(lock) }
  }

  /// A class of which nothing but its name is known, and perhaps how often its locks were taken.
  mutating func stateClass(_ lockClass: LockClassID, acquisitions: UInt64) {
    classes[lockClass.index].isListed = true
    classes[lockClass.index].isStated = true
    // What inputs state has no bound, and must leave room for what is counted.
    let limit: UInt64 = 1 << 56
    classes[lockClass.index].acquisitions = min(
      limit, min(limit, classes[lockClass.index].acquisitions) + min(limit, acquisitions))
  }

  /// Of several kinds that are stated of a class, the one that is listed first is its, in whatever
  /// order they come.
  mutating func setKind(_ kind: LockKind, of lockClass: LockClassID) {
    if let known = classes[lockClass.index].kind, known.rawValue <= kind.rawValue { return }
    classes[lockClass.index].kind = kind
  }

  /// Adds what was counted elsewhere.
  mutating func count(_ lockClass: LockClassID, acquisitions: UInt64, instances: Int) {
    classes[lockClass.index].acquisitions &+= acquisitions
    classes[lockClass.index].instances &+= instances
  }

  /// The classes with these locks alone, numbered in this order.
  func keeping(_ kept: [LockID]) -> LockTable {
    var table = LockTable()
    table.classes = classes
    table.classNames = classNames
    table.hasClassesByInstance = hasClassesByInstance
    table.lacksAcquisitions = lacksAcquisitions
    table.hasDerivedClasses = hasDerivedClasses
    for lock in kept {
      var record = locks[lock.index]
      record.name = lockNames.withBytes(record.name) { table.lockNames.intern($0).id }
      table.locks.append(record)
    }
    return table
  }

  /// Makes room for so many more.
  mutating func reserveLocks(_ count: Int) { locks.reserveCapacity(locks.count + count) }

  /// A lock that is known from evidence alone.
  mutating func addLock(
    named name: UnsafeRawBufferPointer, lockClass: LockClassID, isWritten: Bool, input: UInt32
  ) -> LockID {
    let id = LockID(UInt32(locks.count))
    var record = LockRecord(
      name: lockNames.intern(name).id, generation: 1, lockClass: lockClass, hasOwnClass: false,
      input: input)
    record.isWritten = isWritten
    locks.append(record)
    return id
  }

  /// Stands in evidence for a lock of a class of which nobody knows which one it was.
  mutating func addStandIn(for lockClass: LockClassID) -> LockID {
    let id = LockID(UInt32(locks.count))
    locks.append(
      LockRecord(
        name: lockNames.intern(uniqueName(of: lockClass)), generation: 1, lockClass: lockClass,
        hasOwnClass: false, input: input))
    return id
  }
}
