/// The arguments of `futex`, in words.
struct FutexCall {
  enum Command: UInt64 {
    case wait = 0
    case lockInheriting = 6
    case waitBits = 9
    case waitAndRequeueInheriting = 11
    case lockInheritingByClock = 13
  }

  var address: UInt64
  var command: Command
  var isPrivate: Bool
  var value: UInt32
  var isTimed: Bool

  /// - Returns: `nil` if the call is another one, or does not wait.
  init?(_ call: SystemCall, _ architecture: Architecture) {
    guard call.number == architecture.futex,
      let command = Command(rawValue: call.arguments[1] & 0x7F)
    else { return nil }
    address = call.arguments[0]
    self.command = command
    isPrivate = call.arguments[1] & 0x80 != 0
    value = UInt32(truncatingIfNeeded: call.arguments[2])
    isTimed = call.arguments[3] != 0
  }

  var locksInheriting: Bool { command == .lockInheriting || command == .lockInheritingByClock }
}

/// The bits of a word that the kernel knows owners by.
enum OwnerWord {
  static let mask: UInt32 = 0x3FFF_FFFF
  static let ownerDied: UInt32 = 0x4000_0000
  static let waiters: UInt32 = 0x8000_0000
  /// No number of a thread is larger.
  static let largest: UInt32 = 1 << 22

  /// The thread that a word names.
  static func thread(_ word: UInt32) -> Int32? {
    let number = word & mask
    return number > 0 && number <= largest ? Int32(number) : nil
  }
}
