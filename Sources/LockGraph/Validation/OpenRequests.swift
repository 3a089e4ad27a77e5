/// The requests of a thread that are open: made, and neither granted nor abandoned.

extension Validator {
  /// A thread waits for one lock, and for a few more inside that one's slow path and in interrupts; older
  /// requests than that were given up without a word.
  private static var openRequests: Int { 16 }

  mutating func openRequest(_ request: PendingRequest, of thread: ThreadID) {
    if let index = indexOfRequest(for: request.lock, of: thread) {
      giveUpRequest(at: index, of: thread)
    }
    if threads[thread.index].pending.count >= Self.openRequests {
      giveUpRequest(at: 0, of: thread)
    }
    threads[thread.index].pending.append(request)
    if request.mode == .write { table.locks[request.lock.index].openWriters += 1 }
    updateWaiting(thread.index)
  }

  /// The open request for a lock that the running code made: what it interrupted still waits.
  @inline(__always)
  func indexOfRequest(for lock: LockID, of thread: ThreadID) -> Int? {
    let depth = threads[thread.index].held.depth
    return threads[thread.index].pending.lastIndex { $0.lock == lock && $0.depth == depth }
  }

  /// Takes a request off the list; it is up to the caller to say how it ended.
  mutating func removeRequest(at index: Int, of thread: ThreadID) -> PendingRequest {
    let request = threads[thread.index].pending.remove(at: index)
    if request.mode == .write { table.locks[request.lock.index].openWriters -= 1 }
    updateWaiting(thread.index)
    return request
  }

  /// The thread went on, or ended, without a word about the request.
  mutating func giveUpRequest(at index: Int, of thread: ThreadID) {
    closeRequest(removeRequest(at: index, of: thread), of: thread, isGranted: false)
  }

  mutating func giveUpRequests(of thread: ThreadID) {
    while !threads[thread.index].pending.isEmpty {
      giveUpRequest(at: threads[thread.index].pending.count - 1, of: thread)
    }
  }

  /// A lock is gone, and nobody waits for it any more.
  mutating func giveUpRequests(for lock: LockID) {
    for thread in waiting {
      while let index = threads[thread.index].pending.lastIndex(where: { $0.lock == lock }) {
        giveUpRequest(at: index, of: thread)
      }
    }
  }
}
