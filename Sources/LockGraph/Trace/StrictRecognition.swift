extension TraceFormat {
  /// The format of what is surely a trace; `nil` for other files, which `recognize` takes for bad text.
  ///
  /// A text trace begins with its version, or most of its first lines are events.
  static func recognizeStrictly(_ beginning: UnsafeRawBufferPointer) -> TraceFormat? {
    let format = recognize(beginning)
    guard format == .text else { return format }
    return beginsLikeText(beginning) ? .text : nil
  }

  private static func beginsLikeText(_ beginning: UnsafeRawBufferPointer) -> Bool {
    var rest = beginning.starts(with: [0xEF, 0xBB, 0xBF]) ? beginning.dropFirst(3) : beginning[...]
    if rest.starts(with: "# lockgraph-trace".utf8) { return true }
    var reader = TextTraceReader()
    var consumer = Discarding()
    var (events, others) = (0, 0)
    while !rest.isEmpty, events + others < 16 {
      let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
      var line = rest[..<end]
      if line.last == 0x0D { line = line.dropLast() }
      rest = end < rest.endIndex ? rest[(end + 1)...] : rest[end...]
      do throws(LineFailure) {
        let isEvent = try reader.read(
          UnsafeRawBufferPointer(rebasing: line), number: 1, into: &consumer)
        if isEvent { events += 1 }
      } catch {
        others += 1
      }
    }
    return events > others
  }
}

/// Takes events and forgets them.
private struct Discarding: EventConsumer {
  private var threads: UInt32 = 0

  mutating func beginInput(_ number: UInt32, traits: TraceTraits) {}
  mutating func newThread(named name: UnsafeRawBufferPointer) -> ThreadID {
    threads += 1
    return ThreadID(threads - 1)
  }
  mutating func rename(_ thread: ThreadID, to name: UnsafeRawBufferPointer) {}
  mutating func newLock(number: UInt32, named name: UnsafeRawBufferPointer) {}
  mutating func consume(_ event: LockEvent) {}
}
