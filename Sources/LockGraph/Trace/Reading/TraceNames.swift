/// The names of an input's threads and locks, and the numbers that events carry in their place.
struct TraceNames {
  private var threadNames = ByteInterner()
  private var threads: [ThreadID] = []
  private var lastThreadName: [UInt8] = []
  private var lastThread = ThreadID(LockEvent.none)
  private var lockNames = ByteInterner()

  /// The thread of a name, announced to the consumer when the name first appears.
  @inline(__always)
  mutating func thread<Consumer: EventConsumer & ~Copyable>(
    _ name: UnsafeRawBufferPointer, _ consumer: inout Consumer
  ) -> ThreadID {
    // Most events are of the thread that the event before was of.
    if name.count == lastThreadName.count,
      lastThreadName.withUnsafeBytes({
        bytesAreEqual($0.baseAddress, name.baseAddress, count: name.count)
      })
    {
      return lastThread
    }
    let (id, isNew) = threadNames.intern(name)
    if isNew { threads.append(consumer.newThread(named: name)) }
    lastThreadName.removeAll(keepingCapacity: true)
    lastThreadName.append(contentsOf: name)
    lastThread = threads[Int(id)]
    return lastThread
  }

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
