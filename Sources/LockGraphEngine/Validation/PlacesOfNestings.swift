// Where locks are nested, for those whose places are what findings are known by [semantics 26].

extension Validator {
  /// The mark of the place of an acquisition; 0 if its lock and all locks held have stated classes.
  @inline(__always)
  func placeMark(of acquisition: Acquisition) -> UInt32 {
    guard record.table.hasOwnClasses,
      !state.threads[acquisition.thread.index].held.isEmpty
    else { return 0 }
    return nestedPlaceMark(of: acquisition)
  }

  @inline(never)
  private func nestedPlaceMark(of acquisition: Acquisition) -> UInt32 {
    let thread = acquisition.thread.index
    guard
      record.table.locks[acquisition.lock.index].hasOwnClass
        || state.threads[thread].held.locks.contains(where: {
          record.table.locks[$0.lock.index].hasOwnClass
        })
    else { return 0 }
    let empty = UnsafeRawBufferPointer(start: nil, count: 0)
    return PlaceMark.of(acquisition.at ?? empty, acquisition.stack ?? empty)
  }

  /// The same for the places at which the locks that a thread holds were taken.
  @inline(never)
  func heldPlaceMark(of thread: ThreadID) -> UInt32 {
    var mark: UInt64 = 0
    for index in state.threads[thread.index].held.locks.indices {
      mark = mixHash(mark, UInt64(state.threads[thread.index].held.placeMark(at: index)))
    }
    return UInt32(truncatingIfNeeded: mark)
  }
}
