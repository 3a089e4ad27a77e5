import CLockGraph

/// Putting off what no finding can come of.
///
/// A nesting whose dependencies close no circle, and that no other rule is about, has nothing but evidence to give:
/// who held what where. That costs several times as much as to see that there is no circle, so it is written down in
/// short and given to the validator when a circle closes, somebody asks, or much has gathered.

extension LiveValidator {
  /// How often one nesting of classes is put off before the validator says whether it wants more of its like.
  private static let likeLimit: UInt8 = 4

  /// What became of the nestings of some classes; a small table in which one pushes out another.
  struct RecentNestings {
    private struct Slot {
      var key: UInt64 = 0
      var count: UInt8 = 0
      var isSettled = false
    }

    private static let size = 1 << 12
    private var slots = [Slot](repeating: Slot(), count: RecentNestings.size)

    private static func home(_ key: UInt64) -> Int {
      Int(truncatingIfNeeded: key >> 11) & (size - 1)
    }

    /// The validator wants no more of them.
    func isSettled(_ key: UInt64) -> Bool {
      let slot = slots[Self.home(key)]
      return slot.key == key && slot.isSettled
    }

    /// How many were put off before this one.
    mutating func count(_ key: UInt64) -> UInt8 {
      let home = Self.home(key)
      if slots[home].key != key { slots[home] = Slot(key: key) }
      slots[home].count &+= 1
      return slots[home].count - 1
    }

    mutating func set(_ key: UInt64, isSettled: Bool) {
      slots[Self.home(key)] = Slot(key: key, isSettled: isSettled)
    }
  }

  /// Judges a request for a lock, now or as soon as it could matter.
  ///
  /// - Parameter classKey: equal for the same nesting of the same classes; `nil` if more than classes matters.
  /// - Returns: whether the same nesting of other instances is worth another look.
  mutating func note(
    _ thread: UnsafeMutablePointer<lg_thread>, number: UInt64, lockClass: UInt32, traits: UInt32,
    nest: UInt64, classKey: UInt64?, site: lg_site
  ) -> Bool {
    guard let classKey else {
      return ask(
        thread, number: number, lockClass: lockClass, traits: traits, nest: nest, site: site)
    }
    if nestings.isSettled(classKey) { return false }
    let held = HeldStack.all(thread)
    if mayPutOff(held, lockClass, traits), nestings.count(classKey) < Self.likeLimit,
      closesNoCircle(held, lockClass, traits)
    {
      putOff(thread, held, number: number, lockClass: lockClass, traits: traits, site: site)
      if backlog.count >= Backlog.limit { catchUp() }
      return true
    }
    let isWorthMore = ask(
      thread, number: number, lockClass: lockClass, traits: traits, nest: nest, site: site)
    nestings.set(classKey, isSettled: !isWorthMore)
    return isWorthMore
  }

  /// Whether no rule but that of circles can be broken here, and there are none yet.
  private func mayPutOff(
    _ held: UnsafeBufferPointer<lg_held>, _ lockClass: UInt32, _ traits: UInt32
  ) -> Bool {
    guard order.asideCount == 0, held.count <= Backlog.deepest, lockClass & LG_HAS_RANK == 0 else {
      return false
    }
    // What waits asleep must not be asked for under what spins.
    let mayWaitWrongly = lockClass & LG_KIND_MASK != LG_KIND_SPIN && traits & LG_TRY == 0
    return held.allSatisfy {
      $0.lock_class & LG_HAS_RANK == 0
        && !(mayWaitWrongly && $0.lock_class & LG_KIND_MASK == LG_KIND_SPIN)
    }
  }

  /// Puts the dependencies of a nesting into the order of classes; false at the first that closes a circle.
  private mutating func closesNoCircle(
    _ held: UnsafeBufferPointer<lg_held>, _ lockClass: UInt32, _ traits: UInt32
  ) -> Bool {
    func isOrdered(_ lockClass: UInt32, _ traits: UInt32) -> Bool {
      traits & LG_UNCHECKED == 0 && lockClass & LG_UNORDERED == 0
    }
    guard traits & LG_TRY == 0, isOrdered(lockClass, traits) else { return true }
    let to = classNumber(lockClass, traits)
    for one in held where isOrdered(one.lock_class, one.traits) {
      let from = classNumber(one.lock_class, one.traits)
      if knownOrders.insert(from.rawValue, to.rawValue),
        order.add(from: from.index, to: to.index)
      {
        return false
      }
    }
    return true
  }

  /// The validator's number of a class with its nesting level.
  private mutating func classNumber(_ lockClass: UInt32, _ traits: UInt32) -> LockClassID {
    let number = Int(lockClass & LG_CLASS_MASK)
    while classNumbers.count <= number { classNumbers.append(nil) }
    let level = UInt8((traits & LG_SUBCLASS_MASK) >> UInt32(LG_SUBCLASS_SHIFT))
    if classNumbers[number] == nil {
      classNumbers[number] = validator.record.table.lockClass(
        named: LockClassRegistry.nameBytes(lockClass & LG_CLASS_MASK))
    }
    return validator.record.table.subclass(level, of: classNumbers[number]!)
  }

  private mutating func putOff(
    _ thread: UnsafeMutablePointer<lg_thread>, _ held: UnsafeBufferPointer<lg_held>, number: UInt64,
    lockClass: UInt32, traits: UInt32, site: lg_site
  ) {
    let young = capturesStacks ? LifetimeEvidence.young(on: thread, wanted: number) : []
    var origin = Backlog.Origin()
    backlog.add(
      thread: self.thread(thread), heldCount: held.count,
      frameLimit: capturesStacks ? StackText.limit : 0
    ) { holds in
      for index in held.indices {
        holds[index] = Backlog.Hold(
          number: held[index].number, lockClass: held[index].lock_class,
          traits: held[index].traits, place: places.number(held[index].site),
          reentries: UInt32(clamping: held[index].reentries))
      }
      holds[held.count] = Backlog.Hold(
        number: number, lockClass: lockClass, traits: traits, place: places.number(site),
        reentries: 0)
    } frames: { addresses in
      guard !young.isEmpty else { return lg_frames(thread, addresses, StackText.limit) }
      let (found, frames) = StackText.addressesWithFrames(of: thread)
      addresses.update(from: found, count: found.count)
      origin.hash = LifetimeEvidence.origin(young, found, frames)
      for one in young {
        let start = LifetimeEvidence.start(one.frame, frames)
        let hold = one.number == number ? held.count : held.firstIndex { $0.number == one.number }
        if let hold { origin.starts.append((hold, start)) }
      }
      return found.count
    } origin: {
      origin
    }
  }

  /// Gives the validator what was put off.
  ///
  /// - Complexity: O(nestings × locks held).
  mutating func catchUp() {
    guard !backlog.isEmpty else { return }
    // Emptied while it is read: what is asked below puts nothing off.
    var backlog = Backlog()
    swap(&backlog, &self.backlog)
    backlog.drain { thread, holds, addresses, origin in
      for hold in holds.dropLast() {
        validator.hold(
          event(
            .acquire, thread, number: hold.number, lockClass: hold.lockClass, traits: hold.traits,
            at: places.text(hold.place)), reentries: hold.reentries)
      }
      let wanted = holds[holds.count - 1]
      var event = event(
        .acquire, thread, number: wanted.number, lockClass: wanted.lockClass,
        traits: wanted.traits, at: places.text(wanted.place))
      event.origin = origin.hash
      _ = ask(
        event, stack: addresses.isEmpty ? [] : StackText.bytes(addresses),
        young: origin.starts.map { (holds[$0.hold].number, $0.start) })
      validator.clear(thread)
    }
    swap(&backlog, &self.backlog)
    judge()
  }
}
