// Where locks are nested, for those whose places are what findings are known by [semantics 26].

extension Validator {
  /// The mark of the place of an acquisition; 0 if its lock and all locks held have stated classes.
  @inline(__always)
  mutating func placeMark(of acquisition: Acquisition) -> UInt32 {
    guard record.table.hasOwnClasses,
      !state.threads[acquisition.thread.index].held.isEmpty
    else { return 0 }
    return nestedPlaceMark(of: acquisition)
  }

  @inline(never)
  private mutating func nestedPlaceMark(of acquisition: Acquisition) -> UInt32 {
    let thread = acquisition.thread.index
    guard
      record.table.locks[acquisition.lock.index].hasOwnClass
        || state.threads[thread].held.locks.contains(where: {
          record.table.locks[$0.lock.index].hasOwnClass
        })
    else { return 0 }
    let empty = UnsafeRawBufferPointer(start: nil, count: 0)
    let (at, stack) = (acquisition.at ?? empty, acquisition.stack ?? empty)
    return placeMarks.mark(PlaceMarkCache.key(at, stack)) { PlaceMark.of(at, stack) }
  }

  /// The same for the places at which the locks that a thread holds were taken.
  @inline(never)
  mutating func heldPlaceMark(of thread: ThreadID) -> UInt32 {
    var mark: UInt64 = 0
    for index in state.threads[thread.index].held.locks.indices {
      var one = state.threads[thread.index].held.locks[index].placeMark
      if one == 0 {
        one = makePlaceMark(at: index, of: thread)
        state.threads[thread.index].held.setPlaceMark(one, at: index)
      }
      mark = mixHash(mark, UInt64(one))
    }
    return UInt32(truncatingIfNeeded: mark)
  }

  @inline(never)
  private mutating func makePlaceMark(at index: Int, of thread: ThreadID) -> UInt32 {
    let held = state.threads[thread.index].held.locks[index]
    let key = state.threads[thread.index].held.withPlace(of: held, PlaceMarkCache.key)
    return placeMarks.mark(key) {
      state.threads[thread.index].held.withPlace(of: held, PlaceMark.of)
    }
  }
}
