// Asking for a lock, waiting for it, getting it or not.

extension StatisticsCollector {
  mutating func acquire(_ event: LockEvent) {
    let lock = resolveLock(event)
    let request = threads[event.thread.index].requests.isEmpty ? nil : endRequest(event, lock)
    let subclass = event.subclass != 0 ? event.subclass : request?.subclass ?? 0
    get(
      event, lock,
      lockClass: table.subclass(subclass, of: table.locks[lock.index].lockClass),
      isShared: event.mode.map { !$0.isExclusive } ?? request?.isShared ?? false, after: request)
  }

  /// The open request of an event's thread for a lock, which ends with the event.
  func openRequest(_ event: LockEvent, _ lock: LockID) -> Int? {
    threads[event.thread.index].requests.lastIndex { $0.lock == lock }
  }

  mutating func endRequest(_ event: LockEvent, _ lock: LockID) -> Request? {
    openRequest(event, lock).map { threads[event.thread.index].requests.remove(at: $0) }
  }

  /// Counts an acquisition and its wait, and begins a hold if the thread has none.
  @inline(__always)
  mutating func get(
    _ event: LockEvent, _ lock: LockID, lockClass: LockClassID, isShared: Bool,
    after request: Request?, depth: UInt32 = 1
  ) {
    let row = row(lockClass, isShared: isShared)
    rows[row].acquisitions += 1
    let place = places.place(of: event)
    if let request { countWait(request, event, row: row, lockClass, place: place) }
    // A completion is waited for, and nobody has it then.
    if table.locks[lock.index].kind == .completion { return }
    if let slot = slot(of: lock, heldBy: event.thread) {
      pool[slot].depth &+= depth
      pool[slot].lastRow = row
      return
    }
    if !table.locks[lock.index].isCounted { table.countInstance(lock) }
    let slot = pool.insert(
      Hold(
        lock: lock, thread: event.thread, lockClass: lockClass, isShared: isShared, depth: depth,
        since: event.time ?? Self.noTime,
        place: place != PlaceTable.none ? place : request?.place ?? PlaceTable.none, lastRow: row))
    threads[event.thread.index].holds.append((lock, slot))
    if overruns != nil { overruns!.beginHold(slot, event) }
  }

  private mutating func countWait(
    _ request: Request, _ event: LockEvent, row: Int, _ lockClass: LockClassID, place: UInt32
  ) {
    let duration = elapsed(since: request.since, event)
    noteWait(request, event, duration)
    guard request.isContended || duration ?? 0 > 0 else { return }
    rows[row].contentions += 1
    if let duration {
      rows[row].wait.record(duration)
      keepWait(since: request.since, event, of: lockClass)
    }
    countPoints(of: request, lockClass, place: place)
  }

  private mutating func countPoints(of request: Request, _ lockClass: LockClassID, place: UInt32) {
    let waiter = request.place != PlaceTable.none ? request.place : place
    points[lockClass.index].contention.count(waiter)
    points[lockClass.index].contending.count(request.contendingPlace)
  }

  mutating func request(_ event: LockEvent) {
    let lock = resolveLock(event)
    let thread = event.thread.index
    table.countInstance(lock)
    threads[thread].requests.removeAll { $0.lock == lock }
    if threads[thread].requests.count >= Self.openRequests {
      threads[thread].requests.removeFirst()
    }
    var request = Request(
      lock: lock,
      lockClass: table.subclass(event.subclass, of: table.locks[lock.index].lockClass),
      isShared: event.mode.map { !$0.isExclusive } ?? false, subclass: event.subclass,
      since: event.time ?? Self.noTime, place: places.place(of: event),
      contendingPlace: PlaceTable.none, isContended: event.isOrderKnown)
    if event.isOrderKnown, let own = slot(of: lock, heldBy: event.thread) {
      withdraw(own, for: &request)
    }
    if let other = pool.newest(of: lock, besides: event.thread) {
      request.contendingPlace = pool[other].place
      if isExcluded(request, by: pool[other], event.thread), !event.options.contains(.try) {
        request.isContended = true
      }
    }
    threads[thread].requests.append(request)
    if overruns != nil { overruns!.beginWait(lock, event) }
  }

  /// Looks whether a wait that ends took too long, if that is asked for.
  @inline(__always)
  private mutating func noteWait(_ request: Request, _ event: LockEvent, _ duration: UInt64?) {
    if overruns != nil {
      overruns!.endWait(request, after: duration, event, table, input: inputNumber)
    }
  }

  /// What counted as an acquisition turns out to be a request that waits.
  private mutating func withdraw(_ slot: UInt32, for request: inout Request) {
    let hold = pool[slot]
    if rows[hold.lastRow].acquisitions > 0 { rows[hold.lastRow].acquisitions -= 1 }
    request.lockClass = LockClassID(UInt32(hold.lastRow / 2))
    request.isShared = hold.lastRow % 2 == 1
    if request.place == PlaceTable.none { request.place = hold.place }
    if hold.depth > 1 {
      pool[slot].depth -= 1
    } else {
      forget(slot)
    }
  }

  /// Whether the lock cannot be had as another thread has it.
  private func isExcluded(
    _ request: Request, by other: Hold, _ thread: ThreadID
  ) -> Bool {
    let kind = table.locks[request.lock.index].kind
    if kind?.isReleasedByAnyThread == true || kind?.isReadCopyUpdate == true { return false }
    return !request.isShared || !other.isShared
      || pool.isHeldExclusively(request.lock, besides: slot(of: request.lock, heldBy: thread))
  }

  mutating func abandon(_ event: LockEvent) {
    let lock = resolveLock(event)
    if let request = endRequest(event, lock) {
      abandon(request, event, reason: event.reason)
    }
  }

  /// The end of a wait without the lock.
  mutating func abandon(_ request: Request, _ event: LockEvent, reason: AbandonReason?) {
    let row = row(request.lockClass, isShared: request.isShared)
    guard reason != .failed else {
      rows[row].failed += 1
      noteWait(request, event, nil)
      return
    }
    let duration = elapsed(since: request.since, event)
    noteWait(request, event, duration)
    rows[row].abandon(reason, after: duration)
    keepWait(since: request.since, event, of: request.lockClass)
    countPoints(of: request, request.lockClass, place: PlaceTable.none)
  }
}
