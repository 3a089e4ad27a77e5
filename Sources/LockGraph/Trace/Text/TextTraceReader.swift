/// Reads the text trace format, version 1.
///
/// Names become dense numbers at once, so an event costs two or three look-ups and no allocation.
struct TextTraceReader: LineReader, ~Copyable {
  private var threadNames = ByteInterner()
  private var threads: [ThreadID] = []
  private var lastThreadName: [UInt8] = []
  private var lastThread = ThreadID(LockEvent.none)
  private var lockNames = ByteInterner()
  private var scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 8)

  deinit { scratch.deallocate() }

  @inline(__always)
  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, number: UInt64, into consumer: inout Consumer
  ) throws(LineFailure) -> Bool {
    if hasNonASCII(line), String(validating: line, as: UTF8.self) == nil {
      throw LineFailure(
        column: 1 + lengthOfValidPrefix(line), message: "bytes that are not UTF-8",
        expected: "UTF-8")
    }
    if scratch.count < line.count {
      scratch.deallocate()
      scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: line.count * 2, alignment: 8)
    }
    var tokens = TextTokenizer(line: line, scratch: scratch)
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
      throw unknownVerb(verbToken, column: verbColumn)
    }
    guard !threadName.isEmpty else {
      throw LineFailure(
        column: threadColumn, message: "an empty thread name", expected: "the name of a thread")
    }
    let isOfAllThreads = verb == .lost && TextVocabulary.matches(threadName, "*")
    var event = LockEvent(
      verb: verb,
      thread: isOfAllThreads ? ThreadID(LockEvent.none) : thread(threadName, &consumer),
      line: number)
    event.time = time
    event.isOfAllThreads = isOfAllThreads
    try readOperand(&tokens, &event, &consumer)
    if tokens.skipBlanks() { try readOptions(&tokens, &event, &consumer) }
    consumer.consume(event)
    return true
  }

  private func hasNonASCII(_ line: UnsafeRawBufferPointer) -> Bool {
    var all: UInt64 = 0
    var index = 0
    while index + 8 <= line.count {
      all |= line.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      index += 8
    }
    while index < line.count {
      all |= UInt64(line[index])
      index += 1
    }
    return all & 0x8080_8080_8080_8080 != 0
  }

  private func lengthOfValidPrefix(_ line: UnsafeRawBufferPointer) -> Int {
    var decoder = UTF8()
    var bytes = line.makeIterator()
    var length = 0
    while case .scalarValue(let scalar) = decoder.decode(&bytes) {
      length += UTF8.width(scalar)
    }
    return length
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
        column: column, message: "a bad time '\(Self.text(token))'",
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
    var nanoseconds: Int64 = 0
    var decimals = -1
    var digits = 0
    for byte in token[1..<token.count - 1] {
      if byte == UInt8(ascii: "."), decimals < 0, digits > 0 {
        decimals = 0
        continue
      }
      guard byte >= 0x30, byte <= 0x39, decimals < 9 else { return nil }
      let (tens, overflow) = nanoseconds.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int64(byte - 0x30))
      guard !overflow, !carry else { return nil }
      nanoseconds = sum
      digits += 1
      if decimals >= 0 { decimals += 1 }
    }
    guard digits > 0, decimals != 0 else { return nil }
    for _ in max(0, decimals)..<9 {
      let (tens, overflow) = nanoseconds.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      nanoseconds = tens
    }
    return nanoseconds
  }

  @inline(__always)
  private mutating func thread<Consumer: EventConsumer & ~Copyable>(
    _ name: UnsafeRawBufferPointer, _ consumer: inout Consumer
  ) -> ThreadID {
    // Most events are of the thread that the event before was of.
    if name.count == lastThreadName.count,
      lastThreadName.withUnsafeBytes({
        bytesAreEqual($0.baseAddress, name.baseAddress, count: name.count)
      })
    {
      return lastThread
    }
    let (id, isNew) = threadNames.intern(name)
    if isNew { threads.append(consumer.newThread(named: name)) }
    lastThreadName.removeAll(keepingCapacity: true)
    lastThreadName.append(contentsOf: name)
    lastThread = threads[Int(id)]
    return lastThread
  }

  @inline(__always)
  private mutating func lock<Consumer: EventConsumer & ~Copyable>(
    _ name: UnsafeRawBufferPointer, _ consumer: inout Consumer
  ) -> UInt32 {
    let (id, isNew) = lockNames.intern(name)
    if isNew { consumer.newLock(number: id, named: name) }
    return id
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
    case .lock: event.lock = lock(token, &consumer)
    case .thread: event.otherThread = thread(token, &consumer)
    case .context, .maskableContext:
      guard let context = TextVocabulary.context(token),
        context != .nmi || expected == .context
      else { throw unknownContext(token, column: column, expected) }
      event.context = context
    case .condition, .variable, .none: break
    }
  }

  /// Whether what stands for an operand is `key=value` with a key of the verb.
  @inline(__always)
  private func isOption(_ token: UnsafeRawBufferPointer, of verb: EventVerb) -> Bool {
    guard let equals = token.firstIndex(of: UInt8(ascii: "=")) else { return false }
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
          expected: Self.list(TextVocabulary.optionWords(of: event.verb)))
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
        try apply(option, column: column, &event)
      }
    } while tokens.skipBlanks()
  }

  private func apply(
    _ option: TextVocabulary.Option, column: Int, _ event: inout LockEvent
  ) throws(LineFailure) {
    switch option {
    case .read where event.verb == .assert: event.assertion = .read
    case .write where event.verb == .assert: event.assertion = .write
    case .held: event.assertion = .held
    case .notHeld: event.assertion = .notHeld
    case .write: event.mode = .write
    case .read: event.mode = .read
    case .recursiveRead: event.mode = .recursiveRead
    case .`try`: event.options.insert(.try)
    case .interruptible: event.options.insert(.interruptible)
    case .killable: event.options.insert(.killable)
    case .timeout: event.options.insert(.timeout)
    case .unchecked: event.options.insert(.unchecked)
    case .unthreaded:
      guard event.context == .hardirq else {
        throw LineFailure(
          column: column, message: "'unthreaded' goes with hardirq only", expected: "enter hardirq")
      }
      event.isUnthreaded = true
    default: break
    }
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
    case .`class`: event.lockClass = value
    case .at: event.at = value
    case .stack: event.stack = value
    case .nest: event.nest = lock(value, &consumer)
    case .lock: event.lock = lock(value, &consumer)
    case .kind:
      guard let kind = TextVocabulary.kind(value) else {
        throw Self.unknownValue(
          "kind", value, column: column, LockKind.allCases.map(\.name))
      }
      event.kind = kind
    case .reason:
      guard let reason = TextVocabulary.reason(value) else {
        throw Self.unknownValue(
          "reason", value, column: column, AbandonReason.allCases.map { "\($0)" })
      }
      event.reason = reason
    case .subclass:
      guard value.count == 1, (0x30...0x37).contains(value[0]) else {
        throw Self.badNumber("subclass", value, column: column, "a nesting level from 0 to 7")
      }
      event.subclass = value[0] - 0x30
    case .rank:
      guard let rank = Int64(Self.text(value)) else {
        throw Self.badNumber("rank", value, column: column, "a whole number")
      }
      event.rank = rank
    case .count:
      guard let count = UInt64(Self.text(value)) else {
        throw Self.badNumber("count", value, column: column, "how many events were lost")
      }
      event.lostCount = count
    default: break
    }
  }

  private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    let shown = String(decoding: bytes.prefix(80), as: UTF8.self).withVisibleControls
    return bytes.count > 80 ? shown + "…" : shown
  }

  private static func list(_ words: [String]) -> String {
    words.count > 1
      ? words.dropLast().joined(separator: ", ") + " or " + words.last! : words.first ?? "nothing"
  }

  private static func badNumber(
    _ key: String, _ value: UnsafeRawBufferPointer, column: Int, _ expected: String
  ) -> LineFailure {
    LineFailure(column: column, message: "a bad \(key) '\(text(value))'", expected: expected)
  }

  private static func unknownValue(
    _ key: String, _ value: UnsafeRawBufferPointer, column: Int, _ words: [String]
  ) -> LineFailure {
    unknown("\(key) '\(text(value))'", text(value), column: column, words)
  }

  private static func unknown(
    _ what: String, _ word: String, column: Int, _ words: [String]
  ) -> LineFailure {
    let near = nearestWord(to: word, among: words)
    let expected = near.map { "'\($0)', perhaps" } ?? list(words)
    return LineFailure(column: column, message: "unknown \(what)", expected: expected)
  }

  private func unknownVerb(_ token: UnsafeRawBufferPointer, column: Int) -> LineFailure {
    Self.unknown(
      "verb '\(Self.text(token))'", Self.text(token), column: column, TextVocabulary.verbWords)
  }

  private func unknownContext(
    _ token: UnsafeRawBufferPointer, column: Int, _ expected: TextVocabulary.Operand
  ) -> LineFailure {
    let words = InterruptContext.allCases.map(\.name).filter { $0 != "nmi" || expected == .context }
    return Self.unknown(
      "context '\(Self.text(token))'", Self.text(token), column: column, words)
  }

  private func unknownOption(
    _ word: UnsafeRawBufferPointer, _ hasValue: Bool, column: Int, _ verb: EventVerb
  ) -> LineFailure {
    let typed = Self.text(word) + (hasValue ? "=" : "")
    let words = TextVocabulary.optionWords(of: verb)
    guard !words.isEmpty else {
      return LineFailure(
        column: column, message: "'\(typed)' is too much", expected: "the end of the line")
    }
    return Self.unknown(
      hasValue ? "key '\(typed)'" : "flag '\(typed)'", typed, column: column, words)
  }
}
