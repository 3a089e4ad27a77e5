/// The lines of an input at which conditions, completions and semaphores were signalled last, as
/// far as it tells.
struct SignalLines {
  private var names = ByteInterner()
  /// By conditions.
  private var wakes: [UInt32: UInt64] = [:]
  private var posts: [LockID: UInt64] = [:]

  mutating func condition(named name: UnsafeRawBufferPointer) -> UInt32 { names.intern(name).id }

  func name(of condition: UInt32) -> String { names.string(condition) }

  /// Who wakes was signalled.
  mutating func noteWake(_ event: LockEvent) {
    guard let name = event.operandName else { return }
    wakes[condition(named: name)] = event.line
  }

  /// Somebody gave a lock up that anybody may give up.
  mutating func notePost(of lock: LockID, line: UInt64) { posts[lock] = line }

  func lastWake(of condition: UInt32) -> UInt64? { wakes[condition] }

  func lastPost(of lock: LockID) -> UInt64? { posts[lock] }
}
