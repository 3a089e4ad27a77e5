/// The lines of an input at which conditions, completions and semaphores were signalled last, as
/// far as it tells.
struct SignalLines {
  private var names = ByteInterner()
  /// By conditions.
  private var signals: [UInt32: UInt64] = [:]
  private var posts: [LockID: UInt64] = [:]

  mutating func condition(named name: UnsafeRawBufferPointer) -> UInt32 { names.intern(name).id }

  func name(of condition: UInt32) -> String { names.string(condition) }

  /// A condition is signalled, or somebody woke from it and so was signalled.
  mutating func noteSignal(_ event: LockEvent) {
    guard let name = event.operandName else { return }
    signals[condition(named: name)] = event.line
  }

  /// Somebody gave a lock up that anybody may give up.
  mutating func notePost(of lock: LockID, line: UInt64) { posts[lock] = line }

  func lastSignal(of condition: UInt32) -> UInt64? { signals[condition] }

  func lastPost(of lock: LockID) -> UInt64? { posts[lock] }
}
