// The requests of a thread that are open: made, and neither granted nor abandoned.

extension HeldState {
  /// A thread waits for one lock, and for a few more inside that one's slow path and in interrupts;
  /// older requests than that were given up without a word.
  private static var openRequests: Int { 16 }

  mutating func openRequest(
    _ request: PendingRequest, of thread: ThreadID, _ record: inout OrderRecord
  ) {
    if let index = indexOfRequest(for: request.lock, of: thread) {
      giveUpRequest(at: index, of: thread, &record)
    }
    if threads[thread.index].pending.count >= Self.openRequests {
      giveUpRequest(at: 0, of: thread, &record)
    }
    threads[thread.index].pending.append(request)
    if request.mode == .write { record.table.locks[request.lock.index].openWriters += 1 }
    updateWaiting(thread.index)
  }

  /// The open request for a lock that the running code made: what it interrupted still waits.
  @inline(__always)
  func indexOfRequest(for lock: LockID, of thread: ThreadID) -> Int? {
    let depth = threads[thread.index].held.depth
    return threads[thread.index].pending.lastIndex { $0.lock == lock && $0.depth == depth }
  }

  /// Takes a request off the list; it is up to the caller to say how it ended.
  mutating func removeRequest(
    at index: Int, of thread: ThreadID, _ table: inout LockTable
  ) -> PendingRequest {
    let request = threads[thread.index].pending.remove(at: index)
    if request.mode == .write { table.locks[request.lock.index].openWriters -= 1 }
    updateWaiting(thread.index)
    return request
  }

  /// The thread went on, or ended, without a word about the request.
  mutating func giveUpRequest(at index: Int, of thread: ThreadID, _ record: inout OrderRecord) {
    record.deadlocks.close(
      removeRequest(at: index, of: thread, &record.table), of: thread, isGranted: false)
  }

  mutating func giveUpRequests(of thread: ThreadID, _ record: inout OrderRecord) {
    while !threads[thread.index].pending.isEmpty {
      giveUpRequest(at: threads[thread.index].pending.count - 1, of: thread, &record)
    }
  }

  /// A lock is gone, and nobody waits for it any more.
  mutating func giveUpRequests(for lock: LockID, _ record: inout OrderRecord) {
    for thread in waiting {
      while let index = threads[thread.index].pending.lastIndex(where: { $0.lock == lock }) {
        giveUpRequest(at: index, of: thread, &record)
      }
    }
  }

  /// Keeps the list of threads that may wait for something.
  @inline(__always)
  mutating func updateWaiting(_ thread: Int) {
    let isWaiting = !threads[thread].pending.isEmpty || threads[thread].joining != nil
    if isWaiting != (threads[thread].waitingIndex >= 0) { changeWaiting(thread, isWaiting) }
  }

  @inline(never)
  private mutating func changeWaiting(_ thread: Int, _ isWaiting: Bool) {
    if isWaiting {
      threads[thread].waitingIndex = waiting.count
      waiting.append(ThreadID(UInt32(thread)))
    } else {
      let index = threads[thread].waitingIndex
      threads[thread].waitingIndex = -1
      let last = waiting.removeLast()
      if last.index != thread {
        waiting[index] = last
        threads[last.index].waitingIndex = index
      }
    }
  }
}

extension DeadlockStore {
  /// A request is over.
  ///
  /// - Parameter isGranted: it got the lock or was refused, so it did not wait for ever.
  mutating func close(
    _ request: PendingRequest, of thread: ThreadID, isGranted: Bool,
    _ way: AcquisitionOptions? = nil
  ) {
    guard let occurrence = request.deadlock else { return }
    if isGranted {
      refute(occurrence)
    } else {
      resolve(occurrence, thread, way)
    }
  }
}
