/// The threads that evidence names.
struct ThreadTable: Sendable {
  private var interner = ByteInterner()
  private var rows: [(name: UInt32, input: UInt32)] = []

  var count: Int { rows.count }

  mutating func add(named name: UnsafeRawBufferPointer, input: UInt32) -> ThreadID {
    rows.append((interner.intern(name).id, input))
    return ThreadID(UInt32(rows.count - 1))
  }

  mutating func rename(_ thread: ThreadID, to name: UnsafeRawBufferPointer) {
    rows[thread.index].name = interner.intern(name).id
  }

  func input(of thread: ThreadID) -> UInt32 { rows[thread.index].input }

  func name(of thread: ThreadID) -> String { interner.string(rows[thread.index].name) }

  /// By their numbers.
  var names: [String] { rows.map { interner.string($0.name) } }
}
