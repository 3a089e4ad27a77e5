/// An order of two locks that a detector saw: one taken while the other was held.
struct ToldOrder {
  struct Side {
    var lock: String
    var lockClass: String?
    var kind: LockKind?
    var mode = LockMode.write
    var isTry = false
    var place = ToldPlace()
    var line: UInt64
  }

  /// `nil`: it is not told.
  var thread: String?
  var held: Side
  var wanted: Side
}

extension ReportStory {
  /// Tells an order as what a thread did, that leaves it with nothing.
  mutating func tell(_ order: ToldOrder, options: AcquisitionOptions = .excerpt) {
    let thread = order.thread ?? Witness.unknownThread
    var options = options
    if order.thread == nil { options.insert(.anonymous) }
    tell(acquisition(of: order.held, by: thread, options: options))
    tell(acquisition(of: order.wanted, by: thread, options: options))
    for side in [order.wanted, order.held] {
      tell(ToldEvent(verb: .release, thread: thread, lock: side.lock, line: side.line))
    }
  }

  func acquisition(
    of side: ToldOrder.Side, by thread: String, options: AcquisitionOptions = [],
    verb: EventVerb = .acquire
  ) -> ToldEvent {
    var event = ToldEvent(
      verb: verb, thread: thread, lock: side.lock, lockClass: side.lockClass, kind: side.kind,
      mode: side.mode, options: options, place: side.place, line: side.line)
    if side.isTry { event.options.insert(.try) }
    // Names that reports give to locks are those of several as often as of one.
    event.nestsByInstance = side.lockClass != nil
    return event
  }

  /// Tells where a lock was made, which is its class if nothing else is.
  mutating func tellInitialization(
    of lock: String, by thread: String, lockClass: String?, place: ToldPlace, line: UInt64
  ) {
    guard lockClass != nil || !place.isEmpty else { return }
    tell(
      ToldEvent(
        verb: .`init`, thread: thread, lock: lock, lockClass: lockClass, place: place, line: line))
  }
}
