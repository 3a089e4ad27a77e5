/// Writes events one a line.
protocol EventEncoder {
  /// What stands at the beginning of the output.
  static func begin(_ output: inout OutputBuffer)
  /// What stands for all threads, as a name is written.
  static var allThreads: StaticString { get }
  /// A name as it is written wherever it occurs.
  static func write(name: UnsafeRawBufferPointer, to output: inout OutputBuffer)
  /// One event with its line's end; returns where its verb is.
  static func write(
    _ event: LockEvent, _ names: EventNames, to output: inout OutputBuffer
  ) -> Int
}

/// The names that an event mentions, encoded; valid during the call that they are given to.
struct EventNames {
  var thread: UnsafeRawBufferPointer
  var lock: UnsafeRawBufferPointer?
  var otherThread: UnsafeRawBufferPointer?
  var nest: UnsafeRawBufferPointer?
}

extension EventVerb {
  /// The verb as the encodings spell it, at no cost.
  @inline(__always)
  var word: StaticString {
    switch self {
    case .acquire: "acquire"
    case .release: "release"
    case .request: "request"
    case .`init`: "init"
    case .destroy: "destroy"
    case .abandon: "abandon"
    case .downgrade: "downgrade"
    case .wait: "wait"
    case .wake: "wake"
    case .signal: "signal"
    case .broadcast: "broadcast"
    case .barrier: "barrier"
    case .post: "post"
    case .spawn: "spawn"
    case .join: "join"
    case .exit: "exit"
    case .enter: "enter"
    case .leave: "leave"
    case .disable: "disable"
    case .enable: "enable"
    case .assert: "assert"
    case .pin: "pin"
    case .unpin: "unpin"
    case .sleep: "sleep"
    case .read: "read"
    case .write: "write"
    case .lost: "lost"
    case .dropped: "dropped"
    }
  }

  /// Whether events of the verb can state class, kind and rank of their lock.
  var statesLock: Bool { self == .acquire || self == .request || self == .`init` }
}

extension LockMode {
  var word: StaticString {
    switch self {
    case .write: "write"
    case .read: "read"
    case .recursiveRead: "recursive-read"
    case .upgradable: "upgradable"
    }
  }
}

extension LockAssertion {
  var word: StaticString {
    switch self {
    case .held: "held"
    case .notHeld: "not-held"
    case .read: "read"
    case .write: "write"
    }
  }
}
