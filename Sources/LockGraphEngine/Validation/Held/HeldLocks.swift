/// A lock that a thread holds.
struct HeldLock {
  var lock: LockID
  var lockClass: LockClassID
  var mode: LockMode
  var options: AcquisitionOptions
  /// Takes part in the order: neither `unchecked` nor a read-copy-update section.
  var isOrdered: Bool
  /// Whether it may keep other threads out, so that having it or not makes a difference to
  /// evidence.
  var isEvidence: Bool
  /// Whether the end of the input tells if it is a lock at all.
  var isSemaphore: Bool
  /// How often a recursive lock was taken again.
  var reentries: UInt32 = 0
  var symbol: ChainCache.Symbol
  /// The context frame it was taken in, or `HeldLocks.noFrame` once that was left.
  var frame: UInt16
  /// The contexts that were active.
  var contexts: UInt8
  /// The lock that `nest=` named, if any.
  var nest: LockID?
  /// What may be taken while it is held.
  var innerWaitType: WaitType?
  /// The frame's chain and evidence before this lock.
  var chainBefore: UInt32
  var evidenceBefore: UInt64
  var placeStart: Int
  var atLength: UInt32
  var stackLength: UInt32
  /// The mark of the place, or 0 if nobody asked for it.
  var placeMark: UInt32 = 0
  var line: UInt64

  /// The event told where it was taken.
  var hasPlace: Bool { atLength != 0 || stackLength != 0 }
}

/// A request that is open.
struct PendingRequest {
  var lock: LockID
  var mode: LockMode
  var options: AcquisitionOptions
  var subclass: UInt8
  var nest: LockID?
  var at: [UInt8]
  var stack: [UInt8]
  var line: UInt64
  var time: Int64?
  /// How deep in interrupts it was made.
  var depth: Int
  /// The event at which it was made.
  var event: UInt64
  /// The thread went on without a word about it.
  var isPassedBy = false
  /// The deadlock that it is part of, if it is.
  var deadlock: DeadlockStore.Occurrence?
}

/// What a thread gave up for a condition wait.
struct WaitedLock {
  /// A number of `Signals`; `nil` where the trace does not name it.
  var condition: UInt32?
  var lock: LockID
  var lockClass: LockClassID
  var mode: LockMode
  /// `unchecked`, if it was taken so; a try or a time-out was of the first acquisition alone.
  var options: AcquisitionOptions = []
  var nest: LockID?
  var reentries: UInt32
}

/// What one thread holds, in the order in which it was taken, and in which contexts.
struct HeldLocks {
  /// Code that interrupted the frame below it: its own chain begins at the root.
  struct Frame {
    var contexts: UInt8
    var context: InterruptContext?
    var isUnthreaded = false
    var chain: UInt32 = ChainCache.root
    var evidence: UInt64
    /// What is masked here; what interrupted code had masked comes back with it.
    var masks = ContextMasks() {
      didSet { updateInterruptible() }
    }
    /// The contexts that could interrupt, as a set of bits.
    private(set) var interruptible: UInt8
    /// No interrupt runs, and signals are masked.
    private(set) var isSignalMasked: Bool

    init(
      contexts: UInt8, context: InterruptContext? = nil, isUnthreaded: Bool = false,
      masks: ContextMasks = ContextMasks(), evidence: UInt64
    ) {
      self.contexts = contexts
      self.context = context
      self.isUnthreaded = isUnthreaded
      self.evidence = evidence
      self.masks = masks
      interruptible = masks.interruptible(inside: contexts)
      isSignalMasked = contexts == 0 && masks.signal == .masked
    }

    private mutating func updateInterruptible() {
      interruptible = masks.interruptible(inside: contexts)
      isSignalMasked = contexts == 0 && masks.signal == .masked
    }
  }

  static let noFrame = UInt16.max
  private(set) var ignoredFrames = 0
  /// False once events were lost: the thread may have entered or left a context unseen.
  private(set) var isContextKnown = true

  private(set) var locks: [HeldLock] = []
  /// How many of them were taken with `nest=`.
  private(set) var nestedCount = 0
  /// How many of them are semaphores.
  private(set) var semaphoreCount = 0
  /// How many of them restrict what may be taken: with inner wait type spin, with config.
  private(set) var restrictiveCounts = (spin: 0, config: 0)
  private(set) var frames: [Frame]
  /// The texts of the places, in the order of `locks`.
  private var places: [UInt8] = []
  /// With more bytes of places it is looked whether they are wanted.
  private var placesLimit = leastPlacesLimit
  private static let leastPlacesLimit = 1 << 14
  /// Differs between threads, and between the fork/join epochs of one.
  private(set) var evidenceSeed: UInt64
  /// The frames' chains are those of locks that are no longer held: `rebuildChains` before asking
  /// for one. Put off until then, because releases in the order of acquisition come in rows.
  private(set) var areChainsStale = false

  init(evidenceSeed: UInt64) {
    self.evidenceSeed = evidenceSeed
    frames = [Frame(contexts: 0, evidence: evidenceSeed)]
  }

  var isEmpty: Bool { locks.isEmpty }
  var contexts: UInt8 { frames[frames.count - 1].contexts }
  /// The innermost context, as a set of bits.
  var innermostContext: UInt8 { frames[frames.count - 1].context?.bit ?? 0 }
  var interruptible: UInt8 { frames[frames.count - 1].interruptible }
  /// The thread itself has masked signals.
  var isSignalMasked: Bool { frames[frames.count - 1].isSignalMasked }
  /// How deep in interrupts the thread is.
  var depth: Int { frames.count - 1 + ignoredFrames }
  var chain: UInt32 { frames[frames.count - 1].chain }
  var evidence: UInt64 { frames[frames.count - 1].evidence }

  /// The topmost hold of a lock.
  ///
  /// - Complexity: O(locks held), O(1) for the last one taken.
  @inline(__always)
  func lastIndex(of lock: LockID) -> Int? {
    var index = locks.count - 1
    while index >= 0 {
      if locks[index].lock == lock { return index }
      index -= 1
    }
    return nil
  }

  /// Whether a held lock has edges to what is taken in the current context.
  @inline(__always)
  func isSource(_ held: HeldLock, contexts: UInt8) -> Bool {
    held.isOrdered && held.contexts == contexts && held.frame != Self.noFrame
  }

  func at(_ held: HeldLock) -> ArraySlice<UInt8> {
    let start = held.placeStart
    return places[start..<start + Int(held.atLength)]
  }

  func stack(_ held: HeldLock) -> ArraySlice<UInt8> {
    let start = held.placeStart + Int(held.atLength)
    return places[start..<start + Int(held.stackLength)]
  }

  mutating func setPlaceMark(_ mark: UInt32, at index: Int) { locks[index].placeMark = mark }

  /// The mark of the place at which a lock was taken.
  func placeMark(at index: Int) -> UInt32 { withPlace(of: locks[index], PlaceMark.of) }

  /// The place at which a lock was taken, and the stack.
  @inline(__always)
  func withPlace<Result>(
    of held: HeldLock, _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Result
  ) -> Result {
    places.withUnsafeBytes { places in
      let end = held.placeStart + Int(held.atLength)
      return body(
        UnsafeRawBufferPointer(rebasing: places[held.placeStart..<end]),
        UnsafeRawBufferPointer(rebasing: places[end..<end + Int(held.stackLength)]))
    }
  }

  @inline(__always)
  func nextEvidence(_ lock: LockID, _ options: AcquisitionOptions, _ origin: UInt32) -> UInt64 {
    let next = mixHash(evidence, UInt64(options.rawValue) << 32 | UInt64(lock.rawValue))
    return origin == 0 ? next : mixHash(next, UInt64(origin))
  }

  @inline(__always)
  private static func evidence(_ evidence: UInt64, with held: HeldLock) -> UInt64 {
    mixHash(evidence, UInt64(held.mode.rawValue) << 32 | UInt64(held.lock.rawValue))
  }

  /// Takes a lock; `chain` is the frame's chain with it.
  @inline(__always)
  mutating func push(
    _ held: HeldLock, chain: UInt32, at: UnsafeRawBufferPointer?, stack: UnsafeRawBufferPointer?
  ) {
    var held = held
    let top = frames.count - 1
    held.frame = UInt16(truncatingIfNeeded: top)
    held.contexts = frames[top].contexts
    held.chainBefore = frames[top].chain
    held.evidenceBefore = frames[top].evidence
    if at != nil || stack != nil {
      compactPlacesIfWasteful()
      held.placeStart = places.count
      if let at { places.append(contentsOf: at) }
      if let stack { places.append(contentsOf: stack) }
      held.atLength = UInt32(at?.count ?? 0)
      held.stackLength = UInt32(stack?.count ?? 0)
    } else {
      held.placeStart = places.count
    }
    if held.isEvidence { frames[top].evidence = Self.evidence(frames[top].evidence, with: held) }
    if held.isOrdered { frames[top].chain = chain }
    count(held, 1)
    locks.append(held)
  }

  @inline(__always)
  private mutating func count(_ held: HeldLock, _ sign: Int) {
    if held.nest != nil { nestedCount += sign }
    if held.isSemaphore { semaphoreCount += sign }
    switch held.innerWaitType {
    case .spin: restrictiveCounts.spin += sign
    case .config: restrictiveCounts.config += sign
    default: break
    }
  }

  /// Gives up a lock. Out of order it leaves the chains of what was taken after it stale.
  @inline(__always)
  mutating func remove(at index: Int) {
    let held = locks[index]
    count(held, -1)
    if index == locks.count - 1, Int(held.frame) == frames.count - 1 {
      locks.removeLast()
      places.removeLast(places.count - held.placeStart)
      let top = frames.count - 1
      frames[top].chain = held.chainBefore
      frames[top].evidence = held.evidenceBefore
    } else {
      locks.remove(at: index)
      areChainsStale = !locks.isEmpty
      if locks.isEmpty { removeAll() }
    }
  }

  mutating func reenter(at index: Int) { locks[index].reentries &+= 1 }

  /// Counts a lock that is taken again just as it is held instead of stacking it: it is the source
  /// of the same edges, and a recorder that loses releases must not make the stack grow with the
  /// trace.
  mutating func reenter(_ acquisition: Acquisition, isOrdered: Bool) -> Bool {
    guard let top = lastIndex(of: acquisition.lock) else { return false }
    var index = top
    if !isLike(locks[top], acquisition, isOrdered) || locks[top].nest != nil {
      // Which of several holds a release gives up is the last one, so others are put together only
      // where there are more than anybody means.
      guard holdCount(of: acquisition.lock) > Self.distinctHolds,
        let like = locks.lastIndex(where: { isLike($0, acquisition, isOrdered) })
      else { return false }
      index = like
    }
    reenter(at: index)
    return true
  }

  /// One level of a recursive lock is given up; false if it was the last.
  mutating func leaveReentry(at index: Int) -> Bool {
    guard locks[index].reentries > 0 else { return false }
    locks[index].reentries -= 1
    return true
  }

  mutating func setReentries(_ count: UInt32, at index: Int) { locks[index].reentries = count }

  /// Splits a hold that counts several: all but one stay as they are.
  mutating func split(at index: Int) {
    var one = locks[index]
    locks[index].reentries -= 1
    one.reentries = 0
    one.placeStart += Int(one.atLength) + Int(one.stackLength)
    one.atLength = 0
    one.stackLength = 0
    one.placeMark = 0
    count(one, 1)
    locks.insert(one, at: index + 1)
    areChainsStale = true
  }

  /// How many holds of one lock stand apart.
  private static var distinctHolds: Int { 16 }

  private func holdCount(of lock: LockID) -> Int {
    locks.reduce(0) { $0 + ($1.lock == lock ? 1 : 0) }
  }

  private func isLike(_ held: HeldLock, _ acquisition: Acquisition, _ isOrdered: Bool) -> Bool {
    held.lock == acquisition.lock && held.mode == acquisition.mode
      && held.lockClass == acquisition.lockClass && held.isOrdered == isOrdered
      && held.contexts == contexts && held.frame != Self.noFrame
      && held.nest == (isOrdered ? acquisition.nest : nil)
  }

  /// Counts a hold that became like another one of the same lock with that one; true if there is
  /// one.
  mutating func mergeWithLike(at index: Int) -> Bool {
    let held = locks[index]
    guard holdCount(of: held.lock) > Self.distinctHolds,
      let other = locks[..<index].lastIndex(where: {
        $0.lock == held.lock && $0.mode == held.mode && $0.lockClass == held.lockClass
          && $0.isOrdered == held.isOrdered && $0.contexts == held.contexts
          && $0.frame == held.frame && $0.frame != Self.noFrame && $0.nest == held.nest
      })
    else { return false }
    locks[other].reentries &+= held.reentries &+ 1
    remove(at: index)
    return true
  }

  mutating func changeMode(at index: Int, to mode: LockMode, symbol: ChainCache.Symbol) {
    locks[index].mode = mode
    locks[index].symbol = symbol
    areChainsStale = true
  }

  /// Enters a context. One of the same kind as a frame below goes on with that one's chain: it is
  /// the same context, entered again.
  mutating func enter(_ context: InterruptContext, isUnthreaded: Bool) {
    let contexts = contexts | context.bit
    // What the interrupted code holds can be a gate, so it is part of the evidence.
    var frame = Frame(
      contexts: contexts, context: context, isUnthreaded: isUnthreaded,
      masks: frames[frames.count - 1].masks, evidence: evidence)
    if let same = frames.last(where: { $0.contexts == contexts }) { frame.chain = same.chain }
    guard frames.count < ContextMasks.deepestNesting else {
      ignoredFrames += 1
      return
    }
    frames.append(frame)
  }

  /// Leaves the innermost frame of a context, and those inside it, if there is one. What was taken
  /// there and is still held is left behind; returns the holds that became one with a hold left
  /// behind before.
  mutating func leave(_ context: InterruptContext) -> [LockID] {
    if ignoredFrames > 0 {
      ignoredFrames -= 1
      return []
    }
    guard let index = frameIndex(of: context) else { return [] }
    frames.removeSubrange(index...)
    var number = locks.count - 1
    var leavesLocks = false
    while number >= 0, locks[number].frame == Self.noFrame || Int(locks[number].frame) >= index {
      if locks[number].frame != Self.noFrame {
        locks[number].frame = Self.noFrame
        leavesLocks = true
      }
      number -= 1
    }
    guard leavesLocks else { return [] }
    let merged = mergeLeftBehind(from: number + 1)
    rebuildEvidence()
    return merged
  }

  /// What every interrupt leaves behind is counted instead of stacked.
  private mutating func mergeLeftBehind(from first: Int) -> [LockID] {
    var merged: [LockID] = []
    for number in (first..<locks.count).reversed() {
      let held = locks[number]
      guard
        let earlier = locks[..<number].firstIndex(where: {
          $0.frame == Self.noFrame && $0.lock == held.lock && $0.mode == held.mode
        })
      else { continue }
      locks[earlier].reentries &+= held.reentries &+ 1
      count(held, -1)
      locks.remove(at: number)
      merged.append(held.lock)
    }
    return merged
  }

  mutating func changeEvidenceSeed(to seed: UInt64) {
    evidenceSeed = seed
    areChainsStale = true
  }

  /// Everything held is keyed anew.
  mutating func rebuildChains(_ child: (UInt32, ChainCache.Symbol) -> UInt32) {
    areChainsStale = false
    for frame in frames.indices {
      frames[frame].chain = ChainCache.root
      for below in frames[..<frame] where below.contexts == frames[frame].contexts {
        frames[frame].chain = below.chain
      }
      for index in locks.indices where Int(locks[index].frame) == frame {
        locks[index].chainBefore = frames[frame].chain
        guard locks[index].isOrdered else { continue }
        frames[frame].chain = child(frames[frame].chain, locks[index].symbol)
      }
    }
    rebuildEvidence()
  }

  /// What a context left behind is held by the thread before everything else.
  private mutating func rebuildEvidence() {
    var evidence = evidenceSeed
    for held in locks where held.frame == Self.noFrame && held.isEvidence {
      evidence = Self.evidence(evidence, with: held)
    }
    for frame in frames.indices {
      for index in locks.indices where Int(locks[index].frame) == frame {
        locks[index].evidenceBefore = evidence
        if locks[index].isEvidence { evidence = Self.evidence(evidence, with: locks[index]) }
      }
      frames[frame].evidence = evidence
    }
  }

  mutating func removeAll() {
    nestedCount = 0
    semaphoreCount = 0
    restrictiveCounts = (0, 0)
    areChainsStale = false
    locks.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    for frame in frames.indices {
      frames[frame].chain = ChainCache.root
      frames[frame].evidence = evidenceSeed
    }
  }

  /// Nothing is known any more: neither what is held nor in which context the thread is or what it
  /// masked.
  mutating func forget() {
    removeAll()
    ignoredFrames = 0
    isContextKnown = false
    frames = [Frame(contexts: 0, masks: .unknown, evidence: evidenceSeed)]
  }

  /// The thread begins, so it masks nothing.
  mutating func begin() {
    frames[0].masks = ContextMasks()
    isContextKnown = true
  }

  /// Where the innermost frame of a context is; `nil` if it was not entered.
  func frameIndex(of context: InterruptContext) -> Int? {
    frames.lastIndex { $0.context == context }
  }

  /// False if softirqs were unmasked that were not masked.
  mutating func setMask(
    _ context: InterruptContext, isMasked: Bool, isAbsolute: Bool
  ) -> Bool {
    let top = frames.count - 1
    var masks = frames[top].masks
    var isBalanced = true
    if isMasked {
      masks.mask(context, isAbsolute: isAbsolute)
    } else {
      isBalanced = masks.unmask(context, isAbsolute: isAbsolute)
    }
    frames[top].masks = masks
    return isBalanced
  }

  /// Releases out of order leave texts of places behind.
  private mutating func compactPlacesIfWasteful() {
    guard places.count > placesLimit else { return }
    let live = locks.reduce(0) { $0 + Int($1.atLength) + Int($1.stackLength) }
    // To look at all locks is worth it again when there is as much more.
    defer { placesLimit = max(Self.leastPlacesLimit, 2 * places.count) }
    guard places.count > 4 * live else { return }
    var compacted: [UInt8] = []
    for index in locks.indices {
      let texts = Array(at(locks[index])) + Array(stack(locks[index]))
      locks[index].placeStart = compacted.count
      compacted += texts
    }
    places = compacted
  }
}
