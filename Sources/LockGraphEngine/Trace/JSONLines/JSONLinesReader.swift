/// Reads the trace format's events as JSON Lines: one object a line, the keys in any order.
///
/// An object's values are laid down by key first, since the verb, which decides what they mean, may
/// come last.
struct JSONLinesReader: NamingReader, ~Copyable {
  /// A value that is there: a string's contents, a number's digits, the joined strings of an array.
  private struct Slot {
    var bytes: UnsafeRawBufferPointer
    var keyColumn: Int
    var column: Int
    var isNumber: Bool
  }

  var names = TraceNames()
  private var scratch = LineScratch()
  /// By the number of a key; valid where the key is given.
  private let slots: UnsafeMutablePointer<Slot>

  init() {
    slots = .allocate(capacity: JSONLineKey.limit)
    let empty = UnsafeRawBufferPointer(start: nil, count: 0)
    slots.initialize(
      repeating: Slot(bytes: empty, keyColumn: 0, column: 0, isNumber: false),
      count: JSONLineKey.limit)
  }

  deinit { slots.deallocate() }

  @inline(__always)
  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, number: UInt64, into consumer: inout Consumer
  ) throws(LineFailure) -> Bool {
    try LineFailure.refuseUnlessUTF8(line)
    scratch.fit(line)
    var json = JSONScanner(line: line, scratch: scratch.bytes)
    guard json.next() != 0 || json.position < line.count else { return false }
    let given = try readMembers(&json)
    if given & JSONLineKey.version.bit != 0 {
      try checkVersion(given)
      return false
    }
    let (verb, threadName) = try verbAndThread(given, end: json.position)
    let isOfAllThreads = verb == .lost && TextVocabulary.matches(threadName, "*")
    var event = LockEvent(
      verb: verb,
      thread: isOfAllThreads ? ThreadID(LockEvent.none) : names.thread(threadName, &consumer),
      line: number)
    event.isOfAllThreads = isOfAllThreads
    if given & JSONLineKey.time.bit != 0 { event.time = try time() }
    var rest =
      given & ~(JSONLineKey.event.bit | JSONLineKey.thread.bit | JSONLineKey.time.bit)
    try readOperand(&rest, end: json.position, &event, &consumer)
    if rest != 0 { try readOptions(rest, &event, &consumer) }
    consumer.consume(event)
    return true
  }

  /// Fills the slots, and returns which keys have a value; `null` and `false` are none.
  @inline(__always)
  private func readMembers(_ json: inout JSONScanner) throws(LineFailure) -> UInt64 {
    guard json.next() == UInt8(ascii: "{") else {
      throw json.unexpected("{, at the beginning of an object")
    }
    json.skip()
    var seen: UInt64 = 0
    var given: UInt64 = 0
    var byte = json.next()
    if byte != UInt8(ascii: "}") {
      while true {
        guard json.next() == UInt8(ascii: "\"") else { throw json.unexpected("a key in quotes") }
        let keyColumn = json.column
        let word = try json.string()
        guard let key = JSONLineKey.key(word) else { throw Self.unknownKey(word, keyColumn) }
        guard seen & key.bit == 0 else {
          throw LineFailure(
            column: keyColumn, message: "'\(key.word)' is there twice", expected: "it once")
        }
        seen |= key.bit
        guard json.next() == UInt8(ascii: ":") else { throw json.unexpected(": behind the key") }
        json.skip()
        _ = json.next()
        let column = json.column
        if try lay(try json.value(of: key), of: key, keyColumn, column) { given |= key.bit }
        byte = json.next()
        guard byte == UInt8(ascii: ",") else { break }
        json.skip()
      }
    }
    guard byte == UInt8(ascii: "}") else { throw json.unexpected(", or }") }
    json.skip()
    guard json.next() == 0, json.position == json.line.count else {
      throw json.unexpected("the end of the line")
    }
    return given
  }

  /// Whether there is a value, which then is in the key's slot.
  @inline(__always)
  private func lay(
    _ value: JSONScanner.Value, of key: JSONLineKey, _ keyColumn: Int, _ column: Int
  ) throws(LineFailure) -> Bool {
    let slot = slots + Int(key.rawValue)
    switch value {
    case .null: return false
    case .string(let bytes) where !key.isFlag:
      guard !bytes.isEmpty else {
        throw LineFailure(
          column: column, message: "'\(key.word)' is empty",
          expected: "\(key.expectedValue), or null")
      }
      slot.pointee = Slot(bytes: bytes, keyColumn: keyColumn, column: column, isNumber: false)
      return true
    case .number(let bytes) where !key.isFlag && key != .stack:
      slot.pointee = Slot(bytes: bytes, keyColumn: keyColumn, column: column, isNumber: true)
      return true
    case .bool(let isSet) where key.isFlag:
      slot.pointee.keyColumn = keyColumn
      return isSet
    case .array(let bytes):
      slot.pointee = Slot(bytes: bytes, keyColumn: keyColumn, column: column, isNumber: false)
      return !bytes.isEmpty
    case .string, .number, .bool:
      throw LineFailure(
        column: column, message: "a bad value of '\(key.word)'", expected: key.expectedValue)
    }
  }

  /// `{"lockgraph-trace": 1}`.
  private func checkVersion(_ given: UInt64) throws(LineFailure) {
    let slot = slots[Int(JSONLineKey.version.rawValue)]
    guard TextVocabulary.matches(slot.bytes, "1") else {
      throw LineFailure(
        column: slot.column,
        message: "trace version '\(LineFailure.shown(slot.bytes))' is not known",
        expected: "version 1")
    }
    guard given == JSONLineKey.version.bit else {
      let other = firstKey(given & ~JSONLineKey.version.bit)
      throw LineFailure(
        column: slots[Int(other.rawValue)].keyColumn,
        message: "'\(other.word)' does not go with 'lockgraph-trace'",
        expected: "an object of its own for the version")
    }
  }

  @inline(__always)
  private func verbAndThread(
    _ given: UInt64, end: Int
  ) throws(LineFailure) -> (EventVerb, UnsafeRawBufferPointer) {
    guard given & JSONLineKey.event.bit != 0 else {
      throw LineFailure(
        column: end, message: "'event' is missing", expected: "what the thread does")
    }
    let slot = slots[Int(JSONLineKey.event.rawValue)]
    guard let verb = TextVocabulary.verb(slot.bytes) else {
      throw LineFailure.unknownVerb(slot.bytes, column: slot.column)
    }
    guard given & JSONLineKey.thread.bit != 0 else {
      throw LineFailure(
        column: end, message: "'thread' is missing", expected: "the name of a thread")
    }
    return (verb, try name(.thread))
  }

  /// A name; programs that number their threads and locks need not quote the numbers.
  @inline(__always)
  private func name(_ key: JSONLineKey) throws(LineFailure) -> UnsafeRawBufferPointer {
    let slot = slots[Int(key.rawValue)]
    if slot.isNumber,
      slot.bytes.contains(where: { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") })
    {
      throw LineFailure(
        column: slot.column, message: "a fraction as the value of '\(key.word)'",
        expected: "a string or a whole number")
    }
    return slot.bytes
  }

  @inline(never)
  private func time() throws(LineFailure) -> Int64 {
    let slot = slots[Int(JSONLineKey.time.rawValue)]
    guard let time = DecimalSeconds.nanoseconds(slot.bytes, isNumber: slot.isNumber) else {
      throw LineFailure(
        column: slot.column, message: "a bad time '\(LineFailure.shown(slot.bytes))'",
        expected: "seconds with up to nine decimals, as in 12.000345123")
    }
    return time
  }

  /// Reads what the verb is about, and takes its key out of the rest.
  @inline(__always)
  private mutating func readOperand<Consumer: EventConsumer & ~Copyable>(
    _ rest: inout UInt64, end: Int, _ event: inout LockEvent, _ consumer: inout Consumer
  ) throws(LineFailure) {
    let expected = TextVocabulary.operand(of: event.verb)
    let keys = JSONLineKey.operands(of: expected)
    guard keys != 0 else { return }
    let operands = rest & keys
    guard operands.nonzeroBitCount == 1 else {
      throw wrongOperands(operands, expected, event.verb, end: end)
    }
    rest &= ~operands
    let key = JSONLineKey(rawValue: UInt8(operands.trailingZeroBitCount))
    let token = try name(key)
    switch expected {
    case .lock: event.lock = names.lock(token, &consumer)
    case .thread: event.otherThread = names.thread(token, &consumer)
    case .context, .maskableContext:
      guard let context = TextVocabulary.context(token),
        context != .nmi || expected == .context
      else {
        throw LineFailure.unknownContext(
          token, column: slots[Int(key.rawValue)].column, expected)
      }
      event.context = context
    case .condition, .barrier, .variable: event.operandName = token
    case .none: break
    }
  }

  @inline(never)
  private func wrongOperands(
    _ operands: UInt64, _ expected: TextVocabulary.Operand, _ verb: EventVerb, end: Int
  ) -> LineFailure {
    let proper = JSONLineKey.properOperand(of: expected)
    guard operands != 0 else {
      return LineFailure(
        column: end, message: "'\(verb.name)' lacks its operand",
        expected: "\(expected.description), as '\(proper.word)'")
    }
    let second = firstKey(operands & ~firstKey(operands).bit)
    return LineFailure(
      column: slots[Int(second.rawValue)].keyColumn,
      message: "'\(second.word)' is a second operand", expected: "'\(proper.word)' alone")
  }

  /// Of some keys that are given, the one that comes first in the line.
  private func firstKey(_ keys: UInt64) -> JSONLineKey {
    (0..<JSONLineKey.limit).map { JSONLineKey(rawValue: UInt8($0)) }
      .filter { keys & $0.bit != 0 }
      .min { slots[Int($0.rawValue)].keyColumn < slots[Int($1.rawValue)].keyColumn }
      ?? .operand
  }

  @inline(never)
  private mutating func readOptions<Consumer: EventConsumer & ~Copyable>(
    _ keys: UInt64, _ event: inout LockEvent, _ consumer: inout Consumer
  ) throws(LineFailure) {
    let allowed = TextVocabulary.allowedOptions(of: event.verb)
    var choices =
      event.verb == .assert
      ? JSONLineKey.state.bit | JSONLineKey.mode.bit | UInt64(TextVocabulary.assertions)
      : JSONLineKey.mode.bit | UInt64(TextVocabulary.modes)
    if allowed & TextVocabulary.modes == 0 { choices = 0 }
    let strange = keys & ~(UInt64(allowed) | choices)
    guard strange == 0 else { throw doesNotGo(firstKey(strange), event.verb) }
    guard (keys & choices).nonzeroBitCount < 2 else {
      let second = firstKey(keys & choices & ~firstKey(keys & choices).bit)
      throw LineFailure(
        column: slots[Int(second.rawValue)].keyColumn,
        message: "'\(second.word)' contradicts an earlier key", expected: "one of them")
    }
    var left = keys
    while left != 0 {
      let key = JSONLineKey(rawValue: UInt8(left.trailingZeroBitCount))
      left &= left - 1
      let slot = slots[Int(key.rawValue)]
      guard let option = key.option else {
        let choice = try choice(slot, key, event.verb)
        try event.apply(choice, column: slot.column)
        continue
      }
      switch option {
      case .nest: event.nest = names.lock(try name(key), &consumer)
      case .lock: event.lock = names.lock(try name(key), &consumer)
      case _ where option.takesValue: try event.apply(option, slot.bytes, column: slot.column)
      default: try event.apply(option, column: slot.keyColumn)
      }
    }
  }

  /// The option that the value of `mode` or `state` names.
  private func choice(
    _ slot: Slot, _ key: JSONLineKey, _ verb: EventVerb
  ) throws(LineFailure) -> TextVocabulary.Option {
    let choices =
      verb != .assert
      ? TextVocabulary.modes
      : key == .state ? TextVocabulary.assertions : TextVocabulary.assertions & TextVocabulary.modes
    if let option = TextVocabulary.option(slot.bytes), option.bit & choices != 0 { return option }
    throw LineFailure.unknownValue(
      key.word, slot.bytes, column: slot.column,
      TextVocabulary.Option.allCases.filter { choices & $0.bit != 0 }.map { "\($0.word)" })
  }

  private func doesNotGo(_ key: JSONLineKey, _ verb: EventVerb) -> LineFailure {
    let allowed = TextVocabulary.allowedOptions(of: verb)
    var words = TextVocabulary.Option.allCases.filter { allowed & $0.bit != 0 }.map { "\($0.word)" }
    if allowed & TextVocabulary.modes != 0 {
      words.insert(verb == .assert ? "state" : "mode", at: 0)
    }
    return LineFailure(
      column: slots[Int(key.rawValue)].keyColumn,
      message: "'\(key.word)' does not go with '\(verb.name)'", expected: LineFailure.list(words))
  }

  private static func unknownKey(_ word: UnsafeRawBufferPointer, _ column: Int) -> LineFailure {
    LineFailure.unknownValue("key", word, column: column, JSONLineKey.words)
  }
}
