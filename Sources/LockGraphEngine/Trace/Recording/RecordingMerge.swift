/// The events of all threads of a recording in one order that they can have happened in: that of
/// their numbers [docs/recording-file.md, Order].
///
/// Needs 64 KiB of memory a thread, of more than 64 threads 4 MiB together, but a page each at
/// least, however long the recording is.
package struct RecordingMerge: ~Copyable {
  private let name: String
  private let store: Cursors
  /// By the numbers of their threads; the store's.
  private let cursors: UnsafeMutablePointer<RecordingCursor>
  /// The cursors that have events, as a heap whose first is the next.
  private var heap: [Int] = []
  /// The number of each cursor's event.
  private var orders: [UInt64] = []

  /// - Parameter includesUnsettled: whether what may still be taken back is shown, of a process
  ///   that runs.
  package init(_ recording: Recording, includesUnsettled: Bool = false) throws(TraceError) {
    name = recording.name
    let threads = recording.chunks.threads
    store = Cursors(capacity: threads.count)
    cursors = store.first
    let bufferSize = min(64 << 10, max(4096, (4 << 20) / max(1, threads.count) & ~4095))
    for thread in threads {
      let cursor = try RecordingCursor(
        thread, recording.bytes, respectsWatermark: recording.isRunning && !includesUnsettled,
        bufferSize: bufferSize, named: name)
      orders.append(cursor.event?.order ?? .max)
      if cursor.event != nil { heap.append(store.count) }
      store.append(cursor)
    }
    for index in heap.indices.reversed() { sink(index) }
  }

  /// How many threads there are.
  package var count: Int { store.count }
  /// How many records have an operation that is not known.
  package var unknown: UInt64 { (0..<count).reduce(0) { $0 + cursors[$1].unknown } }
  /// How many times a chunk was missing.
  package var gaps: Int { (0..<count).reduce(0) { $0 + cursors[$1].gaps } }

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
    let cursor = cursors + index
    while !cursor.pointee.isAtEnd,
      precedes(cursor.pointee.current.order, index, limit, limitIndex)
    {
      take(index, cursor.pointee.current)
      try cursor.pointee.advance(name)
    }
    if !cursor.pointee.isAtEnd {
      orders[index] = cursor.pointee.current.order
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

/// Cursors at addresses that stay, closed in the end.
private final class Cursors {
  let first: UnsafeMutablePointer<RecordingCursor>
  private(set) var count = 0

  init(capacity: Int) { first = .allocate(capacity: capacity) }

  deinit {
    for index in 0..<count { first[index].close() }
    first.deinitialize(count: count)
    first.deallocate()
  }

  func append(_ cursor: RecordingCursor) {
    (first + count).initialize(to: cursor)
    count += 1
  }
}
