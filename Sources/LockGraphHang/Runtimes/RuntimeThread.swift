/// A thread as the tool of its language tells of it.
struct RuntimeThread: Equatable {
  /// The system's number of it, in the namespace of its process.
  var number: Int32
  var name: String
  /// The functions of its language, the innermost first.
  var frames: [String] = []
  var waitsFor: RuntimeLock?
  /// It waits to be woken, and nobody in particular is to do that.
  var waitsForSignal = false
  var isTimed = false
  /// It runs nothing of the program, but serves the machine that runs its language.
  var isOfMachine = false
  var holds: [RuntimeLock] = []
}

/// A lock of a language's own.
struct RuntimeLock: Hashable {
  /// What the tool calls it by; objects move, so only within one answer.
  var address: UInt64
  var type: String
  var isMonitor: Bool

  var kind: WaitKind { isMonitor ? .monitor : .runtimeLock }
  /// `Account@6c0`
  var name: String {
    (type.split(separator: ".").last ?? "lock") + "@" + hexadecimalText(address)
  }
}
