/// What the kernel's debugging of spin locks finds wrong with one.
enum SpinTrouble: Equatable {
  case badMagic, recursion, alreadyUnlocked, wrongOwner, wrongProcessor, lockup

  private static let words: [(StaticString, SpinTrouble)] = [
    ("bad magic", .badMagic), ("recursion", .recursion), ("already unlocked", .alreadyUnlocked),
    ("wrong owner", .wrongOwner), ("wrong CPU", .wrongProcessor), ("lockup", .lockup),
  ]

  /// `BUG: spinlock bad magic on CPU#2, COMM/PID`, and what `rwlock` and `write-lock` say of it.
  static func headline(
    _ text: UnsafeRawBufferPointer
  ) -> (trouble: SpinTrouble, task: String?)? {
    guard text.hasPrefix("BUG: "),
      let processor = text.offset(of: " on CPU#"), processor < longestSubject
    else { return nil }
    let subject = text.upTo(processor)
    guard subject.contains("spinlock") || subject.contains("rwlock") || subject.contains("-lock"),
      let (_, trouble) = words.first(where: { subject.contains($0.0) })
    else { return nil }
    var task: String?
    if let comma = text.offset(of: ", ", from: processor) {
      let word = text.from(comma + 2)
      // Some print the lock's address behind the task.
      task = word.upTo(word.offset(of: ", ") ?? word.count).trimmed.text
    }
    return (trouble, task)
  }

  private static let longestSubject = 48
}

/// The state of a spin lock: `lock: NAME+0x0/0x40, .magic: dead4ead, .owner: COMM/PID, …`.
struct PrintedSpinLock {
  /// `nil` where only its address is known.
  var name: String?
  var address: String?
  var owner: String?

  init?(_ text: UnsafeRawBufferPointer) {
    guard text.hasPrefix("lock: "), let end = text.offset(of: ", .magic: ") else { return nil }
    let lock = UnsafeRawBufferPointer(rebasing: text[6..<end]).trimmed
    if let plus = lock.offset(of: "+0x"), plus > 0 {
      let offset = lock.from(plus).upTo(
        lock.from(plus).firstIndex(of: UInt8(ascii: "/")) ?? lock.count)
      name = lock.upTo(plus).text + (offset.elementsEqual("+0x0".utf8) ? "" : offset.text)
    } else {
      let digits = lock.hasPrefix("0x") ? lock.from(2) : lock
      if !digits.isEmpty, digits.allSatisfy(isHexadecimalDigit) {
        address = digits.text
      } else if !lock.isEmpty, !lock.hasPrefix("(") {
        name = lock.text
      }
    }
    guard let start = text.offset(of: ".owner: ") else { return }
    let rest = text.from(start + 8)
    let owner = rest.upTo(rest.offset(of: ", .") ?? rest.count).trimmed
    if !owner.hasPrefix("<none>"), !owner.isEmpty { self.owner = owner.text }
  }
}
