import CLockGraph

// Putting off what no finding can come of.
//
// A nesting whose dependencies close no circle, and that no other rule is about, has nothing but
// evidence to give: who held what where. That costs several times as much as to see that there is
// no circle, so it is written down in short and given to the validator when a circle closes,
// somebody asks, or much has gathered.
extension LiveValidator {
  /// How often one nesting of classes is put off before the validator says whether it wants more of
  /// its like.
  private static let likeLimit: UInt8 = 4

  /// Judges a request for a lock, now or as soon as it could matter.
  ///
  /// - Parameter classKey: equal for the same nesting of the same classes; `nil` if more than
  ///   classes matters.
  /// - Returns: whether the same nesting of other instances is worth another look.
  mutating func note(
    _ thread: UnsafeMutablePointer<lg_thread>, _ use: LockUse, classKey: UInt64?
  ) -> Bool {
    guard let classKey else { return ask(thread, use) }
    if nestings.isSettled(classKey) { return false }
    let held = HeldStack.all(thread)
    if !watch.hasCircles, Backlog.mayHold(held, use), nestings.count(classKey) < Self.likeLimit,
      closesNoCircle(held, use)
    {
      putOff(thread, held, use)
      if backlog.count >= Backlog.limit { catchUp() }
      return true
    }
    let isWorthMore = ask(thread, use)
    nestings.set(classKey, isSettled: !isWorthMore)
    return isWorthMore
  }

  /// Puts the dependencies of a nesting into the order of classes; false at the first that closes a
  /// circle.
  private mutating func closesNoCircle(
    _ held: UnsafeBufferPointer<lg_held>, _ use: LockUse
  ) -> Bool {
    guard !use.taking.flags.isTry, use.isOrdered else { return true }
    let to = names.lockClass(use, in: &validator.record.table)
    for one in held {
      let one = LockUse(one)
      guard one.isOrdered else { continue }
      let from = names.lockClass(one, in: &validator.record.table)
      if !watch.closesNoCircle(from: from, to: to) { return false }
    }
    return true
  }

  private mutating func putOff(
    _ thread: UnsafeMutablePointer<lg_thread>, _ held: UnsafeBufferPointer<lg_held>,
    _ use: LockUse
  ) {
    let capturesStacks = calls.capturesStacks
    let young = capturesStacks ? LifetimeEvidence.young(on: thread, wanted: use.number) : []
    var origin = Backlog.Origin()
    backlog.add(
      thread: names.thread(thread, in: &validator), heldCount: held.count,
      frameLimit: capturesStacks ? StackText.limit : 0
    ) { holds in
      for index in held.indices {
        holds[index] = Backlog.Hold(
          LockUse(held[index]), place: names.place(held[index].site),
          reentries: UInt32(clamping: held[index].reentries))
      }
      holds[held.count] = Backlog.Hold(use, place: names.place(use.taking.site))
    } frames: { addresses in
      guard !young.isEmpty else { return lg_frames(thread, addresses, StackText.limit) }
      let (found, frames) = StackText.addressesWithFrames(of: thread)
      addresses.update(from: found, count: found.count)
      origin.hash = LifetimeEvidence.origin(young, found, frames)
      for one in young {
        let start = LifetimeEvidence.start(one.frame, frames)
        let hold =
          one.number == use.number ? held.count : held.firstIndex { $0.number == one.number }
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
        validator.hold(event(thread, hold), reentries: hold.reentries)
      }
      let event = event(thread, holds[holds.count - 1])
      _ = ask(
        event,
        CallEvidence.Calls(
          stack: addresses.isEmpty ? [] : StackText.bytes(addresses), origin: origin.hash,
          young: origin.starts.map { (holds[$0.hold].number, $0.start) }))
      validator.clear(thread)
    }
    swap(&backlog, &self.backlog)
    judge()
  }

  private mutating func event(_ thread: ThreadID, _ hold: Backlog.Hold) -> LockEvent {
    events.event(.acquire, thread, hold.use, place: hold.place, &names, &validator.record.table)
  }
}
