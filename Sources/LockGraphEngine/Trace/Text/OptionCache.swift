/// What lines say behind their operand, and the event that it makes: a recording says a few hundred
/// things there, however many locks and lines it has.
///
/// Entries have places of their own in memory, by a hash; what comes to the place of another takes
/// it. Where little is repeated nothing is looked for any more.
struct OptionCache: ~Copyable {
  fileprivate struct Entry {
    /// 0 if there is none.
    var hash: UInt64 = 0
    var count = 0
    /// Without thread, operand, time and line. Texts are in the cache's copy.
    var event = LockEvent(verb: .sleep, thread: ThreadID(0), line: 0)
  }

  /// What was found, until something is added.
  struct Known {
    fileprivate let entry: UnsafePointer<Entry>
    /// How far the text that was asked about is from its copy.
    fileprivate let distance: Int

    /// The event, without thread, operand, time and line; what it points to is in the text that was
    /// asked about.
    var event: LockEvent {
      @inline(__always) get {
        var event = entry.pointee.event
        event.moveTexts(by: distance)
        return event
      }
    }
  }

  private static let capacity = 1 << 10
  private static let longest = 512
  /// After so many lines it has to have been of use for one of eight.
  private static let trial = 4096

  private var entries: UnsafeMutablePointer<Entry>?
  private var texts: UnsafeMutableRawPointer?
  private(set) var isOfUse = true
  private var looks = 0
  private var hits = 0

  init() {}

  deinit {
    entries?.deallocate()
    texts?.deallocate()
  }

  /// What a verb and what stands behind its operand say, if it was said before.
  ///
  /// - Complexity: O(length).
  @inline(__always)
  mutating func known(_ verb: EventVerb, _ text: UnsafeRawBufferPointer) -> Known? {
    guard isOfUse, let entries, let texts, text.count <= Self.longest else { return nil }
    looks &+= 1
    let (hash, index) = Self.place(verb, text)
    let entry = UnsafePointer(entries + index)
    let copy = UnsafeRawPointer(texts + index * Self.longest)
    guard entry.pointee.hash == hash, entry.pointee.count == text.count,
      entry.pointee.event.verb == verb,
      bytesAreEqual(copy, text.baseAddress, count: text.count)
    else {
      if looks == Self.trial { isOfUse = hits >= Self.trial / 8 }
      return nil
    }
    hits &+= 1
    return Known(entry: entry, distance: text.baseAddress! - copy)
  }

  /// Remembers the event of a line, unless it points to somewhere else.
  @inline(never)
  mutating func add(_ text: UnsafeRawBufferPointer, _ event: LockEvent) {
    // Whom `lost` is about depends on the thread.
    guard isOfUse, event.verb != .lost, let start = text.baseAddress, text.count <= Self.longest
    else { return }
    var event = event
    event.operandName = nil
    guard event.hasTexts(within: text) else { return }
    let (entries, texts) = room()
    let (hash, index) = Self.place(event.verb, text)
    let copy = texts + index * Self.longest
    copy.copyMemory(from: start, byteCount: text.count)
    event.moveTexts(by: UnsafeRawPointer(copy) - start)
    entries[index] = Entry(hash: hash, count: text.count, event: event)
  }

  @inline(__always)
  private static func place(
    _ verb: EventVerb, _ text: UnsafeRawBufferPointer
  ) -> (hash: UInt64, index: Int) {
    let hash = hashBytes(text, seed: UInt64(verb.rawValue)) | 1
    return (hash, Int(truncatingIfNeeded: hash >> 1) & (capacity - 1))
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

extension LockEvent {
  /// Its texts are the same bytes elsewhere.
  @inline(__always)
  fileprivate mutating func moveTexts(by distance: Int) {
    func move(_ text: inout UnsafeRawBufferPointer?) {
      guard let old = text, let start = old.baseAddress else { return }
      text = UnsafeRawBufferPointer(start: start + distance, count: old.count)
    }
    move(&stack)
    move(&at)
    move(&lockClass)
  }

  /// What it says of places and classes stands in a text; its operand is not looked at.
  fileprivate func hasTexts(within text: UnsafeRawBufferPointer) -> Bool {
    [lockClass, at, stack].allSatisfy { part in
      guard let part, let start = part.baseAddress, part.count > 0 else { return true }
      let offset = UInt(bitPattern: start) &- UInt(bitPattern: text.baseAddress)
      return offset <= UInt(text.count) && offset + UInt(part.count) <= UInt(text.count)
    }
  }
}
