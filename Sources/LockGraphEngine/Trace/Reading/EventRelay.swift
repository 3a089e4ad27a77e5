/// Takes events in the place of any consumer, which it calls through closures.
///
/// A reader is compiled anew for each consumer that it feeds, which is right for formats of many
/// millions of events and took most of a build for all others; those are compiled for this one.
struct EventRelay: EventConsumer {
  /// Times cost nothing where this is used.
  static var usesTimes: Bool { true }

  private let isWanted: () -> Bool
  private let begin: (UInt32, TraceTraits) -> Void
  private let newThread: (UnsafeRawBufferPointer) -> ThreadID
  private let rename: (ThreadID, UnsafeRawBufferPointer) -> Void
  private let newLock: (UInt32, UnsafeRawBufferPointer) -> Void
  private let takeEvent: (LockEvent) -> Void
  private let takeFact: (GraphFact) -> Void

  /// - Parameter consumer: outlives the relay, and is used through it alone meanwhile.
  init<Consumer: EventConsumer & ~Copyable>(to consumer: UnsafeMutablePointer<Consumer>) {
    isWanted = { consumer.pointee.wantsMore }
    begin = { consumer.pointee.beginInput($0, traits: $1) }
    newThread = { consumer.pointee.newThread(named: $0) }
    rename = { consumer.pointee.rename($0, to: $1) }
    newLock = { consumer.pointee.newLock(number: $0, named: $1) }
    takeEvent = { consumer.pointee.consume($0) }
    takeFact = { consumer.pointee.consume($0) }
  }

  var wantsMore: Bool { isWanted() }

  func beginInput(_ number: UInt32, traits: TraceTraits) { begin(number, traits) }
  func newThread(named name: UnsafeRawBufferPointer) -> ThreadID { newThread(name) }
  func rename(_ thread: ThreadID, to name: UnsafeRawBufferPointer) { rename(thread, name) }
  func newLock(number: UInt32, named name: UnsafeRawBufferPointer) { newLock(number, name) }
  func consume(_ event: LockEvent) { takeEvent(event) }
  func consume(_ fact: GraphFact) { takeFact(fact) }
}
