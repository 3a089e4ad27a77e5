/// The words of the text trace format, and which of them go together.
enum TextVocabulary {
  /// What a verb is followed by.
  enum Operand {
    case none, lock, condition, barrier, thread, context, maskableContext, variable

    var description: String {
      switch self {
      case .none: "nothing"
      case .lock: "the name of a lock"
      case .condition: "the name of a condition"
      case .barrier: "the name of a barrier"
      case .thread: "the name of a thread"
      case .context: "hardirq, softirq, nmi or signal"
      case .maskableContext: "hardirq, softirq or signal"
      case .variable: "the name of a variable"
      }
    }
  }

  /// A flag or key that may follow an operand.
  enum Option: UInt8, CaseIterable {
    case write, read, recursiveRead, upgradable, `try`, interruptible, killable, timeout, unchecked,
      exclusive
    case unthreaded, held, notHeld
    case `class`, kind, rank, permits, nesting, subclass, nest, at, stack, reason, lock, count

    var word: StaticString {
      switch self {
      case .write: "write"
      case .read: "read"
      case .recursiveRead: "recursive-read"
      case .upgradable: "upgradable"
      case .`try`: "try"
      case .interruptible: "interruptible"
      case .killable: "killable"
      case .timeout: "timeout"
      case .unchecked: "unchecked"
      case .exclusive: "exclusive"
      case .unthreaded: "unthreaded"
      case .held: "held"
      case .notHeld: "not-held"
      case .`class`: "class"
      case .kind: "kind"
      case .rank: "rank"
      case .permits: "permits"
      case .nesting: "nesting"
      case .subclass: "subclass"
      case .nest: "nest"
      case .at: "at"
      case .stack: "stack"
      case .reason: "reason"
      case .lock: "lock"
      case .count: "count"
      }
    }

    var takesValue: Bool { rawValue >= Option.`class`.rawValue }
    var bit: UInt32 { 1 << UInt32(rawValue) }
    var spelling: String { takesValue ? "\(word)=" : "\(word)" }
  }

  private static func mask(_ options: [Option]) -> UInt32 { options.reduce(0) { $0 | $1.bit } }

  /// Places may stand on any event: they cost nothing and reports are better for them.
  private static let places = mask([.at, .stack])
  private static let statements = mask([.`class`, .kind, .rank, .nesting, .unchecked]) | places
  private static let acquisition =
    statements
    | mask([
      .write, .read, .recursiveRead, .upgradable, .`try`, .interruptible, .killable, .timeout,
      .exclusive,
      .subclass, .nest,
    ])

  static let modes = mask([.write, .read, .recursiveRead, .upgradable])
  static let assertions = mask([.held, .notHeld, .read, .write])

  static func operand(of verb: EventVerb) -> Operand {
    switch verb {
    case .exit, .sleep, .lost, .dropped: .none
    case .wait, .wake, .signal, .broadcast: .condition
    case .barrier: .barrier
    case .spawn, .join: .thread
    case .enter, .leave: .context
    case .disable, .enable: .maskableContext
    case .read, .write: .variable
    default: .lock
    }
  }

  static func allowedOptions(of verb: EventVerb) -> UInt32 {
    switch verb {
    case .request, .acquire: acquisition
    case .`init`: statements | mask([.permits])
    case .abandon: mask([.reason]) | places
    case .wait: mask([.lock, .timeout]) | places
    case .wake: mask([.lock]) | places
    case .join: mask([.timeout]) | places
    case .enter: mask([.unthreaded]) | places
    case .assert: assertions | places
    case .lost, .dropped: mask([.count])
    default: places
    }
  }

  static func optionWords(of verb: EventVerb) -> [String] {
    let allowed = allowedOptions(of: verb)
    return Option.allCases.filter { allowed & $0.bit != 0 }.map(\.spelling)
  }

  static let verbWords = EventVerb.allCases.map(\.name)

  @inline(__always)
  static func matches(_ token: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
    token.count == word.utf8CodeUnitCount
      && bytesAreEqual(token.baseAddress, word.utf8Start, count: token.count)
  }

  @inline(__always)
  static func verb(_ token: UnsafeRawBufferPointer) -> EventVerb? {
    if token.count == 7 {
      switch Self.sevenBytes(token) {
      case sevenBytes("acquire"): return .acquire
      case sevenBytes("release"): return .release
      case sevenBytes("request"): return .request
      case sevenBytes("abandon"): return .abandon
      case sevenBytes("destroy"): return .destroy
      case sevenBytes("disable"): return .disable
      case sevenBytes("dropped"): return .dropped
      case sevenBytes("barrier"): return .barrier
      default: return nil
      }
    }
    return rareVerb(token)
  }

  @inline(__always)
  private static func sevenBytes(_ word: StaticString) -> UInt64 {
    sevenBytes(UnsafeRawBufferPointer(start: word.utf8Start, count: 7))
  }

  /// Seven bytes as a number.
  @inline(__always)
  private static func sevenBytes(_ token: UnsafeRawBufferPointer) -> UInt64 {
    UInt64(token.loadUnaligned(as: UInt32.self))
      | UInt64(token.loadUnaligned(fromByteOffset: 3, as: UInt32.self)) << 24
  }

  @inline(never)
  private static func rareVerb(_ token: UnsafeRawBufferPointer) -> EventVerb? {
    switch token.count {
    case 3: return matches(token, "pin") ? .pin : nil
    case 4:
      if matches(token, "init") { return .`init` }
      if matches(token, "exit") { return .exit }
      if matches(token, "wait") { return .wait }
      if matches(token, "wake") { return .wake }
      if matches(token, "join") { return .join }
      if matches(token, "read") { return .read }
      if matches(token, "lost") { return .lost }
      if matches(token, "post") { return .post }
    case 5:
      if matches(token, "spawn") { return .spawn }
      if matches(token, "enter") { return .enter }
      if matches(token, "leave") { return .leave }
      if matches(token, "write") { return .write }
      if matches(token, "unpin") { return .unpin }
      if matches(token, "sleep") { return .sleep }
    case 6:
      if matches(token, "enable") { return .enable }
      if matches(token, "assert") { return .assert }
      if matches(token, "signal") { return .signal }
    case 9:
      if matches(token, "downgrade") { return .downgrade }
      if matches(token, "broadcast") { return .broadcast }
    default: break
    }
    return nil
  }

  /// The option of a word: its length leaves few to compare with.
  @inline(__always)
  static func option(_ word: UnsafeRawBufferPointer) -> Option? {
    if matches(word, "at") { return .at }
    return rareOption(word)
  }

  @inline(never)
  private static func rareOption(_ word: UnsafeRawBufferPointer) -> Option? {
    switch word.count {
    case 3: if matches(word, "try") { return .try }
    case 4:
      if matches(word, "read") { return .read }
      if matches(word, "kind") { return .kind }
      if matches(word, "lock") { return .lock }
      if matches(word, "rank") { return .rank }
      if matches(word, "nest") { return .nest }
      if matches(word, "held") { return .held }
    case 5:
      if matches(word, "class") { return .class }
      if matches(word, "write") { return .write }
      if matches(word, "stack") { return .stack }
      if matches(word, "count") { return .count }
    case 6: if matches(word, "reason") { return .reason }
    case 7:
      if matches(word, "timeout") { return .timeout }
      if matches(word, "permits") { return .permits }
      if matches(word, "nesting") { return .nesting }
    case 8:
      if matches(word, "subclass") { return .subclass }
      if matches(word, "killable") { return .killable }
      if matches(word, "not-held") { return .notHeld }
    case 9:
      if matches(word, "unchecked") { return .unchecked }
      if matches(word, "exclusive") { return .exclusive }
    case 10:
      if matches(word, "unthreaded") { return .unthreaded }
      if matches(word, "upgradable") { return .upgradable }
    case 13: if matches(word, "interruptible") { return .interruptible }
    case 14: if matches(word, "recursive-read") { return .recursiveRead }
    default: break
    }
    return nil
  }

  static func context(_ token: UnsafeRawBufferPointer) -> InterruptContext? {
    InterruptContext.allCases.first { token.elementsEqual($0.name.utf8) }
  }

  static func kind(_ token: UnsafeRawBufferPointer) -> LockKind? {
    for (number, word) in kindWords.enumerated()
    where word.count == token.count
      && word.withUnsafeBytes({
        bytesAreEqual($0.baseAddress, token.baseAddress, count: token.count)
      })
    {
      return LockKind.allCases[number]
    }
    return nil
  }

  /// The words of kinds, in their order: every acquisition may state one.
  private static let kindWords = LockKind.allCases.map { Array($0.name.utf8) }

  static func reason(_ token: UnsafeRawBufferPointer) -> AbandonReason? {
    AbandonReason.allCases.first { token.elementsEqual("\($0)".utf8) }
  }
}
