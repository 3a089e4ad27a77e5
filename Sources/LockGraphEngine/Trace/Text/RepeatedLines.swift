/// What lines say behind their thread, and the events that it makes: most lines of a recording say
/// what one before them has said.
///
/// Entries have places of their own in memory, by a hash; what comes to the place of another takes
/// it. Where few lines are repeated none is looked for any more.
struct RepeatedLines: ~Copyable {
  private struct Entry {
    var hash: UInt64 = 0
    /// How long it is; 0 if there is none.
    var count = 0
    /// Its parts begin so far behind address 1 as they do in the text.
    var event = LockEvent(verb: .sleep, thread: ThreadID(0), line: 0)

    @inline(__always)
    func event(in text: UnsafeRawBufferPointer) -> LockEvent {
      var event = event
      func move(_ part: inout UnsafeRawBufferPointer?) {
        guard let offset = part else { return }
        part = UnsafeRawBufferPointer(
          start: text.baseAddress! + (Int(bitPattern: offset.baseAddress) - 1), count: offset.count)
      }
      move(&event.lockClass)
      move(&event.operandName)
      move(&event.at)
      move(&event.stack)
      return event
    }
  }

  private static let capacity = 1 << 10
  private static let longest = 512
  /// After so many lines it has to have been of use for one of eight.
  private static let trial = 4096

  private var entries: UnsafeMutablePointer<Entry>?
  private var texts: UnsafeMutableRawPointer?
  private var isOfUse = true
  private var looks = 0
  private var hits = 0
  /// What was looked for last, which is mostly what is added next.
  private var lastLook: (text: UnsafeRawPointer?, count: Int, hash: UInt64) = (nil, 0, 0)

  init() {}

  deinit {
    entries?.deallocate()
    texts?.deallocate()
  }

  /// The event of a line that was read, without its thread, time and line; what it points to is in
  /// the text that is asked about.
  ///
  /// - Complexity: O(length).
  @inline(__always)
  mutating func event(of text: UnsafeRawBufferPointer) -> LockEvent? {
    guard isOfUse, let entries, let texts, text.count <= Self.longest else { return nil }
    looks += 1
    let hash = hashBytes(text, seed: 0)
    lastLook = (text.baseAddress, text.count, hash)
    let index = Int(truncatingIfNeeded: hash) & (Self.capacity - 1)
    guard entries[index].hash == hash, entries[index].count == text.count,
      bytesAreEqual(texts + index * Self.longest, text.baseAddress, count: text.count)
    else {
      if looks == Self.trial { isOfUse = hits >= Self.trial / 8 }
      return nil
    }
    hits += 1
    return entries[index].event(in: text)
  }

  /// Remembers the event of a line, unless it points to somewhere else.
  @inline(never)
  mutating func add(_ text: UnsafeRawBufferPointer, _ event: LockEvent) {
    // Whom `lost` is about depends on the thread.
    guard isOfUse, event.verb != .lost, !text.isEmpty, text.count <= Self.longest else { return }
    let (entries, texts) = room()
    let hash =
      lastLook.text == text.baseAddress && lastLook.count == text.count
      ? lastLook.hash : hashBytes(text, seed: 0)
    let index = Int(truncatingIfNeeded: hash) & (Self.capacity - 1)
    let copy = texts + index * Self.longest
    var event = event
    var isWhole = true
    func move(_ part: inout UnsafeRawBufferPointer?) {
      guard let start = part?.baseAddress, let count = part?.count, count > 0 else { return }
      let offset = start - text.baseAddress!
      guard offset >= 0, offset + count <= text.count else {
        isWhole = false
        return
      }
      part = UnsafeRawBufferPointer(
        start: UnsafeRawPointer(bitPattern: offset + 1), count: count)
    }
    move(&event.lockClass)
    move(&event.operandName)
    move(&event.at)
    move(&event.stack)
    guard isWhole else { return }
    copy.copyMemory(from: text.baseAddress!, byteCount: text.count)
    entries[index] = Entry(hash: hash, count: text.count, event: event)
  }

  private mutating func room() -> (UnsafeMutablePointer<Entry>, UnsafeMutableRawPointer) {
    if let entries, let texts { return (entries, texts) }
    let entries = UnsafeMutablePointer<Entry>.allocate(capacity: Self.capacity)
    entries.initialize(repeating: Entry(), count: Self.capacity)
    let texts = UnsafeMutableRawPointer.allocate(
      byteCount: Self.capacity * Self.longest, alignment: 8)
    (self.entries, self.texts) = (entries, texts)
    return (entries, texts)
  }
}
