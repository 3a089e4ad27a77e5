import Foundation

@testable import LockGraphEngine

/// An event with names in place of numbers, so that events of different traces can be compared.
struct NamedEvent: Equatable {
  var verb: EventVerb
  /// `nil` for all.
  var thread: String?
  var lock: String?
  var other: String?
  var context: InterruptContext?
  var isUnthreaded = false
  var assertion: LockAssertion?
  var reason: AbandonReason?
  var mode: LockMode?
  var options: AcquisitionOptions = []
  var kind: LockKind?
  var rank: Int64?
  var permits: UInt32?
  var nestsByInstance = false
  var subclass: UInt8 = 0
  var nest: String?
  var isOrderKnown = false
  var isAbsolute = false
  var lockClass: String?
  var operandName: String?
  var at: String?
  var stack: String?
  var omittedCount: UInt64 = 0
  var time: Int64?

  init(_ verb: EventVerb, _ thread: String?, lock: String? = nil) {
    self.verb = verb
    self.thread = thread
    self.lock = lock
  }
}

/// Collects events under their names.
struct NamedEvents: EventConsumer {
  static var usesTimes: Bool { true }
  private(set) var events: [NamedEvent] = []
  private var threads: [String] = []
  private var locks: [String] = []

  mutating func beginInput(_ number: UInt32, traits: TraceTraits) { locks.removeAll() }

  mutating func newThread(named name: UnsafeRawBufferPointer) -> ThreadID {
    threads.append(String(decoding: name, as: UTF8.self))
    return ThreadID(UInt32(threads.count - 1))
  }

  mutating func rename(_ thread: ThreadID, to name: UnsafeRawBufferPointer) {}

  mutating func newLock(number: UInt32, named name: UnsafeRawBufferPointer) {
    locks.append(String(decoding: name, as: UTF8.self))
  }

  mutating func consume(_ event: LockEvent) {
    func text(_ bytes: UnsafeRawBufferPointer?) -> String? {
      bytes.map { String(decoding: $0, as: UTF8.self) }
    }
    var named = NamedEvent(event.verb, nil)
    if !event.isOfAllThreads { named.thread = threads[event.thread.index] }
    if event.lock != LockEvent.none { named.lock = locks[Int(event.lock)] }
    if event.nest != LockEvent.none { named.nest = locks[Int(event.nest)] }
    if event.otherThread.rawValue != LockEvent.none {
      named.other = threads[event.otherThread.index]
    }
    switch event.verb {
    case .enter, .leave, .enable, .disable: named.context = event.context
    case .assert: named.assertion = event.assertion
    default: break
    }
    named.isUnthreaded = event.isUnthreaded
    named.reason = event.reason
    named.mode = event.mode
    named.options = event.options
    named.kind = event.kind
    named.rank = event.rank
    named.permits = event.permits
    named.nestsByInstance = event.nestsByInstance
    named.subclass = event.subclass
    named.lockClass = text(event.lockClass)
    named.operandName = text(event.operandName)
    named.at = text(event.at)
    named.stack = text(event.stack)
    named.omittedCount = event.omittedCount
    named.time = event.time
    events.append(named)
  }

  /// The events of a trace.
  static func read(_ bytes: [UInt8], format: TraceFormat? = nil) throws -> [NamedEvent] {
    var options = ReadingOptions()
    options.format = format
    var events = NamedEvents()
    _ = try readTrace(
      .bytes(bytes, name: "trace"), number: 0, options: options, into: &events, progress: nil)
    return events.events
  }
}

/// Hands named events to a consumer, as a reader does.
struct EventFeed {
  private var threads: [String: ThreadID] = [:]
  private var locks: [String: UInt32] = [:]
  private var line: UInt64 = 0

  mutating func feed<Consumer: EventConsumer & ~Copyable>(
    _ named: NamedEvent, to consumer: inout Consumer
  ) {
    line += 1
    var texts: [UnsafeMutableRawBufferPointer] = []
    defer { for text in texts { text.deallocate() } }
    func bytes(_ text: String?) -> UnsafeRawBufferPointer? {
      guard let text else { return nil }
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
      copy.copyBytes(from: Array(text.utf8))
      texts.append(copy)
      return UnsafeRawBufferPointer(copy)
    }
    var event = LockEvent(verb: named.verb, thread: ThreadID(LockEvent.none), line: line)
    event.isOfAllThreads = named.thread == nil
    if let thread = named.thread { event.thread = self.thread(thread, &consumer) }
    if let other = named.other { event.otherThread = thread(other, &consumer) }
    if let lock = named.lock { event.lock = self.lock(lock, &consumer) }
    if let nest = named.nest { event.nest = lock(nest, &consumer) }
    if let context = named.context { event.context = context }
    if let assertion = named.assertion { event.assertion = assertion }
    event.isUnthreaded = named.isUnthreaded
    event.reason = named.reason
    event.mode = named.mode
    event.options = named.options
    event.kind = named.kind
    event.rank = named.rank
    event.permits = named.permits
    event.nestsByInstance = named.nestsByInstance
    event.subclass = named.subclass
    event.isOrderKnown = named.isOrderKnown
    event.isAbsolute = named.isAbsolute
    event.lockClass = bytes(named.lockClass)
    event.operandName = bytes(named.operandName)
    event.at = bytes(named.at)
    event.stack = bytes(named.stack)
    event.omittedCount = named.omittedCount
    event.time = named.time
    consumer.consume(event)
  }

  private mutating func thread<Consumer: EventConsumer & ~Copyable>(
    _ name: String, _ consumer: inout Consumer
  ) -> ThreadID {
    if let known = threads[name] { return known }
    let thread = Array(name.utf8).withUnsafeBytes { consumer.newThread(named: $0) }
    threads[name] = thread
    return thread
  }

  private mutating func lock<Consumer: EventConsumer & ~Copyable>(
    _ name: String, _ consumer: inout Consumer
  ) -> UInt32 {
    if let known = locks[name] { return known }
    let number = UInt32(locks.count)
    Array(name.utf8).withUnsafeBytes { consumer.newLock(number: number, named: $0) }
    locks[name] = number
    return number
  }
}

/// Where the bytes of a test's output go.
final class Collected {
  private(set) var bytes: [UInt8] = []
  var text: String { String(decoding: bytes, as: UTF8.self) }
  var lines: [String] { text.split(separator: "\n").map(String.init) }

  func write(_ more: UnsafeRawBufferPointer) -> Bool {
    bytes += more
    return true
  }
}

/// What an encoder makes of events, and what it could not say.
func encode<Encoder: EventEncoder>(
  _ events: [NamedEvent], with encoder: Encoder.Type, window: Int = 1 << 12
) -> (output: Collected, warnings: [String]) {
  let output = Collected()
  var writer = TraceWriter<Encoder>(joinsInputs: false, window: window) { output.write($0) }
  writer.beginInput(0, traits: TraceTraits())
  var feed = EventFeed()
  for event in events { feed.feed(event, to: &writer) }
  writer.finish()
  return (output, writer.takeLosses().warnings)
}

/// Inputs as one trace, and the warnings of each.
func convert(
  _ inputs: [[UInt8]], to encoding: TraceEncoding = .text
) throws -> (bytes: [UInt8], warnings: [[String]]) {
  let output = Collected()
  var converter = TraceConverter(to: encoding, joinsInputs: inputs.count > 1) { output.write($0) }
  var warnings: [[String]] = []
  for (number, bytes) in inputs.enumerated() {
    warnings.append(try converter.read(.bytes(bytes, name: "\(number + 1).trace")).warnings)
  }
  converter.finish()
  return (output.bytes, warnings)
}
