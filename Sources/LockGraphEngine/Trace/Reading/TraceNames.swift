/// The names of an input's threads and locks, and the numbers that events carry in their place.
struct TraceNames {
  private var threadNames = ByteInterner()
  private var threads: [ThreadID] = []
  private var lastThread: UInt32?
  private var lockNames = ByteInterner()

  /// The thread of a name, announced to the consumer when the name first appears.
  @inline(__always)
  mutating func thread<Consumer: EventConsumer & ~Copyable>(
    _ name: UnsafeRawBufferPointer, _ consumer: inout Consumer
  ) -> ThreadID {
    if let thread = known(thread: name) { return thread }
    lastThread = threadNames.intern(name).id
    threads.append(consumer.newThread(named: name))
    return threads[threads.count - 1]
  }

  /// The thread of a name that appeared before.
  @inline(__always)
  mutating func known(thread name: UnsafeRawBufferPointer) -> ThreadID? {
    // Most events are of the thread that the event before was of.
    if let lastThread, threadNames.isNumber(lastThread, of: name) {
      return threads[Int(lastThread)]
    }
    guard let id = threadNames.number(of: name) else { return nil }
    lastThread = id
    return threads[Int(id)]
  }

  /// The number of a lock that appeared before.
  @inline(__always)
  func known(lock name: UnsafeRawBufferPointer) -> UInt32? { lockNames.number(of: name) }

  /// The number of a lock, announced to the consumer when its name first appears.
  @inline(__always)
  mutating func lock<Consumer: EventConsumer & ~Copyable>(
    _ name: UnsafeRawBufferPointer, _ consumer: inout Consumer
  ) -> UInt32 {
    let (id, isNew) = lockNames.intern(name)
    if isNew { consumer.newLock(number: id, named: name) }
    return id
  }
}
