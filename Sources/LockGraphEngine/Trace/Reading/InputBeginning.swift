/// The first bytes of an input, or all of it, for readers to tell whether it is theirs.
struct InputBeginning {
  /// Behind a byte-order mark.
  let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes.from(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
  }

  /// Its lines without their ends, one after the other.
  var lines: Lines { Lines(rest: bytes) }

  func hasPrefix(_ text: StaticString) -> Bool { bytes.hasPrefix(text) }

  struct Lines: Sequence, IteratorProtocol {
    fileprivate var rest: UnsafeRawBufferPointer

    mutating func next() -> UnsafeRawBufferPointer? {
      guard !rest.isEmpty else { return nil }
      let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.count
      let line = rest.upTo(end)
      rest = rest.from(end + 1)
      return line.last == 0x0D ? line.upTo(line.count - 1) : line
    }
  }
}

/// What the first lines of an input are to a reader that has an event a line.
struct FirstLines {
  private(set) var events = 0
  private(set) var others = 0
  /// The first line that is none of the format, from one, and what is wrong with it.
  private(set) var failure: (line: UInt64, bytes: UnsafeRawBufferPointer, LineFailure)?

  /// - Parameter limit: how many lines are read.
  /// - Complexity: O(bytes of so many lines and the empty ones between them).
  init<Reader: LineReader & ~Copyable>(
    of beginning: InputBeginning, read reader: consuming Reader, limit: Int = 16
  ) {
    var consumer = Discarding()
    var number: UInt64 = 0
    for line in beginning.lines {
      guard events + others < limit else { return }
      number += 1
      do throws(LineFailure) {
        if try reader.read(line, number: number, into: &consumer) { events += 1 }
      } catch {
        others += 1
        if failure == nil { failure = (number, line, error) }
      }
    }
  }

  var areMostlyEvents: Bool { events > others }
  var areEventsAlone: Bool { events > 0 && others == 0 }
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
