/// A key of the JSON Lines encoding. The first are the options of the text format, under the same
/// numbers, so that a set of keys has in its lower half the set of options that `TextVocabulary`
/// speaks of.
struct JSONLineKey: Equatable {
  let rawValue: UInt8

  init(rawValue: UInt8) { self.rawValue = rawValue }
  init(_ option: TextVocabulary.Option) { rawValue = option.rawValue }

  /// The keys that stand for the words of the text format that have none.
  static let time = JSONLineKey(rawValue: 32)
  static let thread = JSONLineKey(rawValue: 33)
  static let event = JSONLineKey(rawValue: 34)
  static let mode = JSONLineKey(rawValue: 35)
  static let state = JSONLineKey(rawValue: 36)
  static let version = JSONLineKey(rawValue: 37)
  static let operand = JSONLineKey(rawValue: 38)
  static let condition = JSONLineKey(rawValue: 39)
  static let context = JSONLineKey(rawValue: 40)
  static let variable = JSONLineKey(rawValue: 41)
  static let other = JSONLineKey(rawValue: 42)
  static let target = JSONLineKey(rawValue: 43)
  static let child = JSONLineKey(rawValue: 44)
  static let barrier = JSONLineKey(rawValue: 45)
  static let lock = JSONLineKey(.lock)
  static let stack = JSONLineKey(.stack)

  /// No key has this number or a greater one.
  static let limit = 46

  var bit: UInt64 { 1 << UInt64(rawValue) }

  /// The option that the key is, if it is one.
  var option: TextVocabulary.Option? { TextVocabulary.Option(rawValue: rawValue) }

  var isFlag: Bool { option.map { !$0.takesValue } ?? false }

  var word: String {
    switch self {
    case .time: "time"
    case .thread: "thread"
    case .event: "event"
    case .mode: "mode"
    case .state: "state"
    case .version: "lockgraph-trace"
    case .operand: "operand"
    case .condition: "condition"
    case .context: "context"
    case .variable: "variable"
    case .other: "other"
    case .target: "target"
    case .child: "child"
    case .barrier: "barrier"
    default: option.map { "\($0.word)" } ?? ""
    }
  }

  /// What a value must be.
  var expectedValue: String {
    if isFlag { return "true or false" }
    switch self {
    case .time: return "seconds as a number or a string"
    case .version: return "the number of a version"
    case .stack: return "an array of strings, or one string"
    case JSONLineKey(.rank), JSONLineKey(.permits), JSONLineKey(.subclass), JSONLineKey(.count):
      return "a whole number"
    default: return "a string"
    }
  }

  /// All words that a key may be, in the order in which a list of them makes sense.
  static let words: [String] =
    (Int(time.rawValue)..<limit).map { JSONLineKey(rawValue: UInt8($0)).word }
    + TextVocabulary.Option.allCases.map { "\($0.word)" }

  /// The keys that can name what a verb is about; the first of them is the proper one.
  @inline(__always)
  static func operands(of operand: TextVocabulary.Operand) -> UInt64 {
    switch operand {
    case .none: 0
    case .lock: JSONLineKey.lock.bit | JSONLineKey.operand.bit
    case .condition: condition.bit | JSONLineKey.operand.bit
    case .barrier: barrier.bit | JSONLineKey.operand.bit
    case .thread: other.bit | target.bit | child.bit | JSONLineKey.operand.bit
    case .context, .maskableContext: context.bit | JSONLineKey.operand.bit
    case .variable: variable.bit | JSONLineKey.operand.bit
    }
  }

  static func properOperand(of operand: TextVocabulary.Operand) -> JSONLineKey {
    switch operand {
    case .none, .lock: .lock
    case .condition: .condition
    case .barrier: .barrier
    case .thread: .other
    case .context, .maskableContext: .context
    case .variable: .variable
    }
  }

  /// The key of a word: its length leaves few to compare with.
  @inline(__always)
  static func key(_ word: UnsafeRawBufferPointer) -> JSONLineKey? {
    switch word.count {
    case 4:
      if TextVocabulary.matches(word, "lock") { return .lock }
      if TextVocabulary.matches(word, "time") { return .time }
      if TextVocabulary.matches(word, "mode") { return .mode }
    case 5:
      if TextVocabulary.matches(word, "event") { return .event }
      if TextVocabulary.matches(word, "stack") { return .stack }
    case 6:
      if TextVocabulary.matches(word, "thread") { return .thread }
    default: break
    }
    if let option = TextVocabulary.option(word) { return JSONLineKey(option) }
    return rareKey(word)
  }

  @inline(never)
  private static func rareKey(_ word: UnsafeRawBufferPointer) -> JSONLineKey? {
    switch word.count {
    case 5:
      if TextVocabulary.matches(word, "state") { return .state }
      if TextVocabulary.matches(word, "other") { return .other }
      if TextVocabulary.matches(word, "child") { return .child }
    case 6:
      if TextVocabulary.matches(word, "target") { return .target }
    case 7:
      if TextVocabulary.matches(word, "operand") { return .operand }
      if TextVocabulary.matches(word, "context") { return .context }
      if TextVocabulary.matches(word, "barrier") { return .barrier }
    case 8:
      if TextVocabulary.matches(word, "variable") { return .variable }
    case 9:
      if TextVocabulary.matches(word, "condition") { return .condition }
    case 15:
      if TextVocabulary.matches(word, "lockgraph-trace") { return .version }
    default: break
    }
    return nil
  }
}
