extension TraceFormat {
  /// The format of what is surely a trace; `nil` for other files, which `recognize` takes for bad
  /// text.
  ///
  /// Formats that other files look like at a glance begin with their version, or most of the first
  /// lines must be good.
  static func recognizeStrictly(_ beginning: UnsafeRawBufferPointer) -> TraceFormat? {
    let format = recognize(beginning)
    let isTrace =
      switch format {
      case .text: isStated(beginning) || isMostlyEvents(beginning, read: TextTraceReader())
      case .jsonl: isStated(beginning) || isMostlyEvents(beginning, read: JSONLinesReader())
      case .std: isMostlyEvents(beginning, read: STDReader())
      default: true
      }
    return isTrace ? format : nil
  }

  /// Whether an input begins with what it is.
  static func isStated(_ beginning: UnsafeRawBufferPointer) -> Bool {
    beginning.starts(withText: "# lockgraph-trace")
      || beginning.starts(withText: #"{"lockgraph-trace":"#)
  }

  private static func isMostlyEvents<Reader: LineReader & ~Copyable>(
    _ beginning: UnsafeRawBufferPointer, read reader: consuming Reader
  ) -> Bool {
    var rest = beginning[beginning.startOfText...]
    var consumer = Discarding()
    var (events, others) = (0, 0)
    while !rest.isEmpty, events + others < 16 {
      let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
      var line = rest[..<end]
      if line.last == 0x0D { line = line.dropLast() }
      rest = end < rest.endIndex ? rest[(end + 1)...] : rest[end...]
      do throws(LineFailure) {
        let isEvent = try reader.read(
          UnsafeRawBufferPointer(rebasing: line), number: 2, into: &consumer)
        if isEvent { events += 1 }
      } catch {
        others += 1
      }
    }
    return events > others
  }
}

extension UnsafeRawBufferPointer {
  /// Behind a byte-order mark.
  fileprivate var startOfText: Int { starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  fileprivate func starts(withText text: String) -> Bool {
    dropFirst(startOfText).starts(with: text.utf8)
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
