import Testing

@testable import LockGraphEngine

/// What a reader makes of some lines, each event in the words of the text format.
///
/// - Parameter skipsBad: bad lines are counted behind the events.
func describe<Reader: LineReader & ~Copyable>(
  _ text: String, by reader: consuming Reader, skipsBad: Bool = false
) throws -> [String] {
  var collector = DescribingCollector()
  var number: UInt64 = 0
  var bad = 0
  for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
    number += 1
    let bytes = Array(line.utf8)
    do {
      _ = try bytes.withUnsafeBytes { try reader.read($0, number: number, into: &collector) }
    } catch {
      guard skipsBad else { throw error }
      bad += 1
    }
  }
  reader.finish(into: &collector)
  return collector.descriptions + (skipsBad ? ["\(bad) bad"] : [])
}

/// Describes events when they come: their texts are gone afterwards.
private struct DescribingCollector: EventConsumer, ~Copyable {
  static var usesTimes: Bool { true }
  var threads: [String] = []
  var locks: [String] = []
  var events: [(thread: ThreadID?, other: ThreadID?, time: String, rest: String)] = []

  /// Threads have their last names.
  var descriptions: [String] {
    events.map { event in
      var words = [event.time, event.thread.map { threads[$0.index] } ?? "*", event.rest]
      if let other = event.other { words.append(threads[other.index]) }
      return words.filter { !$0.isEmpty }.joined(separator: " ")
    }
  }

  mutating func beginInput(_ number: UInt32, traits: TraceTraits) {}

  mutating func newThread(named name: UnsafeRawBufferPointer) -> ThreadID {
    threads.append(String(decoding: name, as: UTF8.self))
    return ThreadID(UInt32(threads.count - 1))
  }

  mutating func rename(_ thread: ThreadID, to name: UnsafeRawBufferPointer) {
    threads[thread.index] = String(decoding: name, as: UTF8.self)
  }

  mutating func newLock(number: UInt32, named name: UnsafeRawBufferPointer) {
    precondition(Int(number) == locks.count)
    locks.append(String(decoding: name, as: UTF8.self))
  }

  mutating func consume(_ event: LockEvent) {
    var words = [event.verb.name]
    func add(_ key: String, _ bytes: UnsafeRawBufferPointer?) {
      if let bytes { words.append("\(key)=\(String(decoding: bytes, as: UTF8.self))") }
    }
    switch event.verb {
    case .enter, .leave, .disable, .enable: words.append(event.context.name)
    case _ where event.lock == LockEvent.none: break
    case .wait, .wake: words.append("lock=\(locks[Int(event.lock)])")
    default: words.append(locks[Int(event.lock)])
    }
    if event.verb == .assert { words.append("\(event.assertion)") }
    if event.isUnthreaded { words.append("unthreaded") }
    if let mode = event.mode { words.append(mode.name) }
    words += event.options.names
    if let kind = event.kind { words.append("kind=\(kind.name)") }
    add("class", event.lockClass)
    if let rank = event.rank { words.append("rank=\(rank)") }
    if event.nestsByInstance { words.append("nesting=by-instance") }
    if event.subclass > 0 { words.append("subclass=\(event.subclass)") }
    if event.nest != LockEvent.none { words.append("nest=\(locks[Int(event.nest)])") }
    if let reason = event.reason { words.append("reason=\(reason)") }
    if event.omittedCount > 0 { words.append("count=\(event.omittedCount)") }
    add("at", event.at)
    add("stack", event.stack)
    let none = ThreadID(LockEvent.none)
    events.append(
      (
        event.thread == none ? nil : event.thread,
        event.otherThread == none ? nil : event.otherThread, event.time.map { "[\($0)]" } ?? "",
        words.joined(separator: " ")
      ))
  }
}
