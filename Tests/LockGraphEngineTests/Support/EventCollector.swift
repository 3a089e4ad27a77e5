import TestSupport
import Testing

@testable import LockGraphEngine

/// Keeps the events that a reader finds, with names in place of numbers.
struct EventCollector: EventConsumer, ~Copyable {
  static var usesTimes: Bool { true }

  var threads: [String] = []
  var locks: [String] = []
  var events: [LockEvent] = []
  var texts: [(lockClass: String?, at: String?, stack: String?)] = []

  mutating func beginInput(_ number: UInt32, traits: TraceTraits) {}

  mutating func newThread(named name: UnsafeRawBufferPointer) -> ThreadID {
    threads.append(String(decoding: name, as: UTF8.self))
    return ThreadID(UInt32(threads.count - 1))
  }

  mutating func rename(_ thread: ThreadID, to name: UnsafeRawBufferPointer) {
    threads[thread.index] = String(decoding: name, as: UTF8.self)
  }

  mutating func newLock(number: UInt32, named name: UnsafeRawBufferPointer) {
    locks.append(String(decoding: name, as: UTF8.self))
  }

  mutating func consume(_ event: LockEvent) {
    func text(_ bytes: UnsafeRawBufferPointer?) -> String? {
      bytes.map { String(decoding: $0, as: UTF8.self) }
    }
    events.append(event)
    texts.append((text(event.lockClass), text(event.at), text(event.stack)))
  }
}

extension EventCollector {
  /// Every event as its thread, verb, operand and what else it says, with `!` where it states a
  /// mask.
  var descriptions: [String] {
    zip(events, texts).map { event, text in
      var words = [event.isOfAllThreads ? "*" : threads[event.thread.index], event.verb.name]
      switch event.verb {
      case .enter, .leave: words.append(event.context.name)
      case .disable, .enable: words.append(event.context.name + (event.isAbsolute ? "!" : ""))
      case .lost: words.append("\(event.omittedCount)")
      default: words.append(locks[Int(event.lock)])
      }
      if let mode = event.mode { words.append(mode.name) }
      words += event.options.names
      if event.isOrderKnown { words.append("known") }
      if let lockClass = text.lockClass { words.append("class=\(lockClass)") }
      if let kind = event.kind { words.append("kind=\(kind.name)") }
      if let stack = text.stack { words.append("stack=\(stack)") }
      return words.joined(separator: " ")
    }
  }
}

/// What a reader finds in a text.
func withEvents(
  of text: String, format: TraceFormat? = nil,
  _ body: (borrowing EventCollector, TraceInput) throws -> Void
) throws {
  var collector = EventCollector()
  var options = ReadingOptions()
  options.format = format
  let input = try readTrace(
    .bytes(Array(text.utf8), name: "test"), number: 1, options: options, into: &collector,
    progress: nil)
  try body(collector, input)
}
