/// What takes longer than it may, of each class and place where it began the longest.
///
/// Memory grows with threads, classes and places. What is told of a beginning is kept apart from
/// the holds and requests of statistics, which are smaller and faster where nobody asks for limits.
struct OverrunCollector {
  /// An end of a hold or wait.
  struct End {
    var place: UInt32
    var stack: UInt32
    var line: UInt64
  }

  private struct Key: Hashable {
    var isWait: Bool
    var lockClass: LockClassID
    var place: UInt32
    var stack: UInt32
  }

  private struct Overrun {
    var lock: LockID
    var thread: ThreadID
    var isShared: Bool
    var nanoseconds: UInt64
    var limit: DurationLimits.Limit
    var count: UInt64
    var input: UInt32
    var begin: End
    var end: End
  }

  private struct Wait: Hashable {
    var thread: ThreadID
    var lock: LockID
  }

  private let source: DurationLimits.Source
  private var texts = ByteInterner()
  private var threadNames: [String] = []
  /// By class, once it was asked for.
  private var limits: [LockClassID: DurationLimits] = [:]
  /// By the slot of a hold.
  private var holds: [End] = []
  private var waits: [Wait: End] = [:]
  private var overruns: [Key: Overrun] = [:]

  init(_ source: @escaping DurationLimits.Source) {
    self.source = source
    // Number 0 is where nothing is told.
    _ = texts.intern("")
  }

  mutating func add(thread name: UnsafeRawBufferPointer) {
    threadNames.append(String(decoding: name, as: UTF8.self))
  }

  mutating func rename(_ thread: ThreadID, to name: UnsafeRawBufferPointer) {
    threadNames[thread.index] = String(decoding: name, as: UTF8.self)
  }

  mutating func beginHold(_ slot: UInt32, _ event: LockEvent) {
    let empty = End(place: 0, stack: 0, line: 0)
    while holds.count <= Int(slot) { holds.append(empty) }
    holds[Int(slot)] = end(event)
  }

  mutating func beginWait(_ lock: LockID, _ event: LockEvent) {
    waits[Wait(thread: event.thread, lock: lock)] = end(event)
  }

  mutating func endHold(
    _ slot: UInt32, _ hold: Hold, after nanoseconds: UInt64, _ event: LockEvent, _ table: LockTable,
    input: UInt32
  ) {
    let limits = limits(of: hold.lockClass, table)
    guard let limit = limits.hold, nanoseconds > limit.nanoseconds else { return }
    add(
      Overrun(
        lock: hold.lock, thread: hold.thread, isShared: hold.isShared, nanoseconds: nanoseconds,
        limit: limit, count: 1, input: input, begin: holds[Int(slot)], end: end(event)),
      isWait: false, hold.lockClass)
  }

  /// - Parameter nanoseconds: `nil` where that is not known.
  mutating func endWait(
    _ request: StatisticsCollector.Request, after nanoseconds: UInt64?, _ event: LockEvent,
    _ table: LockTable, input: UInt32
  ) {
    let begin = waits.removeValue(forKey: Wait(thread: event.thread, lock: request.lock))
    guard let begin, let nanoseconds else { return }
    let limits = limits(of: request.lockClass, table)
    guard let limit = limits.wait, nanoseconds > limit.nanoseconds else { return }
    add(
      Overrun(
        lock: request.lock, thread: event.thread, isShared: request.isShared,
        nanoseconds: nanoseconds, limit: limit, count: 1, input: input, begin: begin,
        end: end(event)),
      isWait: true, request.lockClass)
  }

  private mutating func add(_ overrun: Overrun, isWait: Bool, _ lockClass: LockClassID) {
    let key = Key(
      isWait: isWait, lockClass: lockClass, place: overrun.begin.place, stack: overrun.begin.stack)
    guard let known = overruns[key] else {
      overruns[key] = overrun
      return
    }
    // Of two that are equally long the first stays.
    overruns[key] = overrun.nanoseconds > known.nanoseconds ? overrun : known
    overruns[key]!.count = known.count + 1
  }

  private mutating func limits(of lockClass: LockClassID, _ table: LockTable) -> DurationLimits {
    if let known = limits[lockClass] { return known }
    let own = source(table.name(of: lockClass))
    limits[lockClass] = own
    return own
  }

  private mutating func end(_ event: LockEvent) -> End {
    End(
      place: event.at.map { texts.intern($0).id } ?? 0,
      stack: event.stack.map { texts.intern($0).id } ?? 0, line: event.line)
  }

  /// All of them, in no order.
  ///
  /// - Parameter stated: the classes that were stated later for what was a class of its own.
  func all(
    _ table: LockTable, inputNames: [String], stated: [LockClassID: LockClassID]
  ) -> [DurationOverrun] {
    overruns.map { key, overrun in
      let lockClass = stated[key.lockClass] ?? key.lockClass
      func event(_ role: EventRole, _ end: End) -> FindingEvent {
        let at = end.place == 0 ? nil : texts.string(end.place)
        let stack =
          end.stack == 0
          ? []
          : texts.string(end.stack).utf8.split(separator: UInt8(ascii: ";")).map {
            String(Substring($0))
          }
        return FindingEvent(
          role: role, thread: threadNames[overrun.thread.index],
          lock: WitnessedLock(
            lock: table.name(of: overrun.lock), lockClass: table.name(of: lockClass),
            mode: overrun.isShared ? .read : .write, at: at, stack: stack, line: end.line,
            kind: table.kind(of: lockClass), classOrigin: table.origin(of: lockClass)),
          at: at, stack: stack, input: inputNames[Int(overrun.input)], line: end.line)
      }
      return DurationOverrun(
        isWait: key.isWait, lockClass: table.name(of: lockClass),
        nanoseconds: overrun.nanoseconds, limit: overrun.limit, count: overrun.count,
        events: key.isWait
          ? [event(.request, overrun.begin), event(.acquire, overrun.end)]
          : [event(.acquire, overrun.begin), event(.release, overrun.end)])
    }
  }
}
