/// The events of all threads of a recording in one order that they can have happened in: that of
/// their numbers [docs/recording-file.md, Order].
///
/// Needs a page of memory a thread, however long the recording is.
package struct RecordingMerge: ~Copyable {
  private let name: String
  /// By the numbers of their threads.
  package private(set) var cursors: [RecordingCursor] = []
  /// The cursors that have events, as a heap whose first is the next.
  private var heap: [Int] = []
  /// The number of each cursor's event.
  private var orders: [UInt64] = []

  /// - Parameter includesUnsettled: whether what may still be taken back is shown, of a process
  ///   that runs.
  package init(_ recording: Recording, includesUnsettled: Bool = false) throws(TraceError) {
    name = recording.name
    for thread in recording.chunks.threads {
      let cursor: RecordingCursor
      do throws(TraceError) {
        cursor = try RecordingCursor(
          thread, recording.bytes,
          respectsWatermark: recording.isRunning && !includesUnsettled, named: name)
      } catch {
        for cursor in cursors { cursor.close() }
        throw error
      }
      orders.append(cursor.event?.order ?? .max)
      if cursor.event != nil { heap.append(cursors.count) }
      cursors.append(cursor)
    }
    for index in heap.indices.reversed() { sink(index) }
  }

  deinit {
    for cursor in cursors { cursor.close() }
  }

  /// Hands over the events of the thread whose turn it is, as long as it is.
  ///
  /// - Returns: false at the end.
  @inline(__always)
  package mutating func takeTurn(
    _ take: (_ cursor: Int, _ event: RecordedEvent) -> Void
  ) throws(TraceError) -> Bool {
    guard let index = heap.first else { return false }
    // Only another cursor's turn changes what the others wait for.
    var limit: UInt64 = .max
    var limitIndex = Int.max
    for child in 1...2 where child < heap.count {
      let other = heap[child]
      if precedes(orders[other], other, limit, limitIndex) {
        (limit, limitIndex) = (orders[other], other)
      }
    }
    while let event = cursors[index].event, precedes(event.order, index, limit, limitIndex) {
      take(index, event)
      try cursors[index].advance(name)
    }
    if let event = cursors[index].event {
      orders[index] = event.order
    } else if let last = heap.popLast(), !heap.isEmpty {
      heap[0] = last
    }
    if !heap.isEmpty { sink(0) }
    return true
  }

  @inline(__always)
  private func precedes(_ order: UInt64, _ index: Int, _ other: UInt64, _ otherIndex: Int) -> Bool {
    order < other || order == other && index < otherIndex
  }

  private mutating func sink(_ start: Int) {
    var index = start
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2] where child < heap.count {
        if precedes(orders[heap[child]], heap[child], orders[heap[least]], heap[least]) {
          least = child
        }
      }
      guard least != index else { return }
      heap.swapAt(index, least)
      index = least
    }
  }
}
