#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads the text trace format, version 1.
///
/// Names become dense numbers at once, so an event costs two or three look-ups and no allocation:
/// one for the lock, and one for all that is said behind it where that was said before.
struct TextTraceReader: NamingReader, ~Copyable {
  var names = TraceNames()
  private var scratch = LineScratch()
  private var options = OptionCache()

  /// Shorter inputs are read as they are.
  private static let cachedFrom: UInt64 = 64

  @inline(__always)
  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, number: UInt64, into consumer: inout Consumer
  ) throws(LineFailure) -> Bool {
    if number > Self.cachedFrom, readKnown(line, number: number, into: &consumer) { return true }
    try LineFailure.refuseUnlessUTF8(line)
    scratch.fit(line)
    var tokens = TextTokenizer(line: line, scratch: scratch.bytes)
    guard tokens.skipBlanks() else { return false }
    if line[tokens.position] == UInt8(ascii: "#") {
      if number == 1 { try checkVersion(line) }
      return false
    }
    var time: Int64?
    if line[tokens.position] == UInt8(ascii: "[") { time = try readTime(&tokens) }
    let threadColumn = tokens.position + 1
    let threadName = try tokens.token()
    guard tokens.skipBlanks() else {
      throw LineFailure(
        column: tokens.position + 1, message: "a verb is missing", expected: "what the thread does")
    }
    let verbColumn = tokens.position + 1
    let verbToken = try tokens.token()
    guard let verb = TextVocabulary.verb(verbToken) else {
      throw LineFailure.unknownVerb(verbToken, column: verbColumn)
    }
    guard !threadName.isEmpty else {
      throw LineFailure(
        column: threadColumn, message: "an empty thread name", expected: "the name of a thread")
    }
    let isOfAllThreads = verb == .lost && TextVocabulary.matches(threadName, "*")
    var event = LockEvent(
      verb: verb,
      thread: isOfAllThreads ? ThreadID(LockEvent.none) : names.thread(threadName, &consumer),
      line: number)
    event.time = time
    event.isOfAllThreads = isOfAllThreads
    try readOperand(&tokens, &event, &consumer)
    let behindOperand = tokens.position
    if tokens.skipBlanks() { try readOptions(&tokens, &event, &consumer) }
    if number > Self.cachedFrom { options.add(line.from(behindOperand), event) }
    consumer.consume(event)
    return true
  }

  /// Reads a line whose names and options were there before; false if it is another one, or has to
  /// be looked at closely.
  @inline(__always)
  private mutating func readKnown<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, number: UInt64, into consumer: inout Consumer
  ) -> Bool {
    var tokens = TextTokenizer(line: line, scratch: scratch.bytes)
    var time: Int64?
    guard options.isOfUse, let first = line.first, first != UInt8(ascii: "#") else { return false }
    if first == UInt8(ascii: "[") {
      time = Self.time(tokens.plainToken())
      guard time != nil, tokens.skipBlanks() else { return false }
    }
    guard let name = tokens.name(), let thread = names.known(thread: name), tokens.skipBlanks(),
      let verb = TextVocabulary.verb(tokens.plainToken()), tokens.skipBlanks(),
      let operand = tokens.plainOperand()
    else { return false }
    var lock = LockEvent.none
    var otherThread = ThreadID(LockEvent.none)
    var operandName: UnsafeRawBufferPointer?
    switch TextVocabulary.operand(of: verb) {
    case .lock:
      guard let known = names.known(lock: operand) else { return false }
      lock = known
    case .thread:
      guard let known = names.known(thread: operand) else { return false }
      otherThread = known
    case .condition, .barrier, .variable:
      guard operand.allSatisfy({ $0 < 0x80 }) else { return false }
      operandName = operand
    case .none, .context, .maskableContext: return false
    }
    guard let known = options.known(verb, line.from(tokens.position)) else { return false }
    var event = known.event
    event.thread = thread
    event.line = number
    event.time = time
    // That of a condition wait stands among the options.
    if operandName == nil { event.lock = lock }
    event.otherThread = otherThread
    event.operandName = operandName
    consumer.consume(event)
    return true
  }

  private func checkVersion(_ line: UnsafeRawBufferPointer) throws(LineFailure) {
    let mark = "# lockgraph-trace"
    guard line.starts(with: mark.utf8) else { return }
    let rest = String(decoding: line.dropFirst(mark.utf8.count), as: UTF8.self)
    let version = rest.split { $0 == " " || $0 == "\t" }.first.map(String.init) ?? ""
    guard version != "1" else { return }
    throw LineFailure(
      column: mark.utf8.count + 2, message: "trace version '\(version)' is not known",
      expected: "version 1")
  }

  private func readTime(_ tokens: inout TextTokenizer) throws(LineFailure) -> Int64 {
    let column = tokens.position + 1
    let token = try tokens.token()
    guard let time = Self.time(token) else {
      throw LineFailure(
        column: column, message: "a bad time '\(LineFailure.shown(token))'",
        expected: "seconds with up to nine decimals, as in [12.000345123]")
    }
    guard tokens.skipBlanks() else {
      throw LineFailure(
        column: tokens.position + 1, message: "a thread is missing",
        expected: "the name of a thread")
    }
    return time
  }

  private static func time(_ token: UnsafeRawBufferPointer) -> Int64? {
    guard token.count >= 3, token[token.count - 1] == UInt8(ascii: "]") else { return nil }
    let seconds = UnsafeRawBufferPointer(rebasing: token[1..<token.count - 1])
    guard seconds.allSatisfy({ $0 <= 0x39 }) else { return nil }
    return DecimalSeconds.nanoseconds(seconds)
  }

  @inline(__always)
  private mutating func readOperand<Consumer: EventConsumer & ~Copyable>(
    _ tokens: inout TextTokenizer, _ event: inout LockEvent, _ consumer: inout Consumer
  ) throws(LineFailure) {
    let expected = TextVocabulary.operand(of: event.verb)
    if case .none = expected { return }
    guard tokens.skipBlanks() else {
      throw LineFailure(
        column: tokens.position + 1, message: "'\(event.verb.name)' lacks its operand",
        expected: expected.description)
    }
    let column = tokens.position + 1
    let token = try tokens.token()
    guard !token.isEmpty else {
      throw LineFailure(column: column, message: "an empty name", expected: expected.description)
    }
    if tokens.line[column - 1] != UInt8(ascii: "\""), isOption(token, of: event.verb) {
      throw LineFailure(
        column: column, message: "'\(event.verb.name)' lacks its operand before its options",
        expected: expected.description)
    }
    switch expected {
    case .lock: event.lock = names.lock(token, &consumer)
    case .thread: event.otherThread = names.thread(token, &consumer)
    case .context, .maskableContext:
      guard let context = TextVocabulary.context(token),
        context != .nmi || expected == .context
      else { throw LineFailure.unknownContext(token, column: column, expected) }
      event.context = context
    case .condition, .barrier, .variable: event.operandName = token
    case .none: break
    }
  }

  /// Whether what stands for an operand is `key=value` with a key of the verb.
  @inline(__always)
  private func isOption(_ token: UnsafeRawBufferPointer, of verb: EventVerb) -> Bool {
    guard let start = token.baseAddress, let found = memchr(start, 0x3D, token.count) else {
      return false
    }
    let equals = UnsafeRawPointer(found) - start
    let word = UnsafeRawBufferPointer(rebasing: token[..<equals])
    guard let option = TextVocabulary.option(word), option.takesValue else { return false }
    return TextVocabulary.allowedOptions(of: verb) & option.bit != 0
  }

  @inline(never)
  private mutating func readOptions<Consumer: EventConsumer & ~Copyable>(
    _ tokens: inout TextTokenizer, _ event: inout LockEvent, _ consumer: inout Consumer
  ) throws(LineFailure) {
    let allowed = TextVocabulary.allowedOptions(of: event.verb)
    var seen: UInt32 = 0
    repeat {
      let column = tokens.position + 1
      let (word, hasValue) = tokens.optionWord()
      guard let option = TextVocabulary.option(word), option.takesValue == hasValue else {
        throw unknownOption(word, hasValue, column: column, event.verb)
      }
      guard allowed & option.bit != 0 else {
        throw LineFailure(
          column: column, message: "'\(option.spelling)' does not go with '\(event.verb.name)'",
          expected: LineFailure.list(TextVocabulary.optionWords(of: event.verb)))
      }
      guard seen & option.bit == 0 else {
        throw LineFailure(
          column: column, message: "'\(option.spelling)' is there twice", expected: "it once")
      }
      let exclusive =
        event.verb == .assert ? TextVocabulary.assertions : TextVocabulary.modes
      guard exclusive & option.bit == 0 || seen & exclusive == 0 else {
        throw LineFailure(
          column: column, message: "'\(option.spelling)' contradicts an earlier word",
          expected: "one of them")
      }
      seen |= option.bit
      if hasValue {
        let valueColumn = tokens.position + 1
        let value = try tokens.value()
        try apply(option, value, column: valueColumn, &event, &consumer)
      } else {
        try event.apply(option, column: column)
      }
    } while tokens.skipBlanks()
  }

  private mutating func apply<Consumer: EventConsumer & ~Copyable>(
    _ option: TextVocabulary.Option, _ value: UnsafeRawBufferPointer, column: Int,
    _ event: inout LockEvent, _ consumer: inout Consumer
  ) throws(LineFailure) {
    guard !value.isEmpty else {
      throw LineFailure(
        column: column, message: "'\(option.spelling)' lacks its value",
        expected: "a value behind =")
    }
    switch option {
    case .nest: event.nest = names.lock(value, &consumer)
    case .lock: event.lock = names.lock(value, &consumer)
    default: try event.apply(option, value, column: column)
    }
  }

  private func unknownOption(
    _ word: UnsafeRawBufferPointer, _ hasValue: Bool, column: Int, _ verb: EventVerb
  ) -> LineFailure {
    let typed = LineFailure.shown(word) + (hasValue ? "=" : "")
    let words = TextVocabulary.optionWords(of: verb)
    guard !words.isEmpty else {
      return LineFailure(
        column: column, message: "'\(typed)' is too much", expected: "the end of the line")
    }
    return LineFailure.unknown(
      hasValue ? "key '\(typed)'" : "flag '\(typed)'", typed, column: column, words)
  }
}
