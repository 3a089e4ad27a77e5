import CLockGraph

/// Makes events of what threads tell, and lays out what they hold as the validator has it.
struct LiveEvents {
  /// The number of the last event, which is its line.
  private(set) var line: UInt64 = 0

  mutating func event(_ verb: EventVerb, _ thread: ThreadID) -> LockEvent {
    line += 1
    return LockEvent(verb: verb, thread: thread, line: line)
  }

  /// The event of a use, with what the lock is if it is the first one.
  mutating func event(
    _ verb: EventVerb, _ thread: ThreadID, _ use: LockUse, _ names: inout ValidatorNames,
    _ table: inout LockTable
  ) -> LockEvent {
    let place = names.place(use.taking.site)
    return event(verb, thread, use, place: place, &names, &table)
  }

  /// - Parameter place: its number among the names, in place of the use's own.
  mutating func event(
    _ verb: EventVerb, _ thread: ThreadID, _ use: LockUse, place: UInt32,
    _ names: inout ValidatorNames, _ table: inout LockTable
  ) -> LockEvent {
    var event = event(verb, thread)
    let flags = use.taking.flags
    let (known, isNew) = names.lock(use.number, in: &table)
    event.lock = known
    event.mode = flags.mode
    event.options = flags.options
    if use.lock.isUnordered { event.options.insert(.unchecked) }
    event.subclass = flags.subclass
    if flags.isNested { event.nest = names.lock(use.taking.nest, in: &table).number }
    if isNew { event.describe(use) }
    event.at = names.placeText(place)
    return event
  }

  /// Lays out what a thread holds.
  mutating func restore(
    _ held: UnsafeBufferPointer<lg_held>, _ thread: ThreadID, _ names: inout ValidatorNames,
    in validator: inout Validator
  ) {
    for one in held {
      let use = LockUse(one)
      if use.taking.flags.isUnseen { continue }
      let event = event(.acquire, thread, use, &names, &validator.record.table)
      validator.hold(event, reentries: UInt32(clamping: one.reentries))
    }
  }
}

extension LockEvent {
  /// Says what the lock is. The name of its class stays until the next class is registered.
  mutating func describe(_ use: LockUse) {
    let number = use.lock.classNumber
    lockClass = LockClassRegistry.nameBytes(number)
    kind = use.lock.kind
    if use.lock.hasRank { rank = LockNames.rank(use.number) }
    nestsByInstance = LockClassRegistry.nestsByInstance(number)
  }
}
