/// Writes the text format, version 1. What needs no quotes has none.
enum TextEventEncoder: EventEncoder {
  static var allThreads: StaticString { "*" }

  static func begin(_ output: inout OutputBuffer) {
    output.append("# lockgraph-trace 1\n" as StaticString)
  }

  /// A name that can stand for a thread and for an operand: it must not look like a comment, a time
  /// or an option.
  static func write(name: UnsafeRawBufferPointer, to output: inout OutputBuffer) {
    let first = name.first ?? 0x20
    if first == UInt8(ascii: "#") || first == UInt8(ascii: "[") || looksLikeOption(name) {
      output.append(jsonString: name)
    } else {
      write(token: name, to: &output)
    }
  }

  private static func looksLikeOption(_ name: UnsafeRawBufferPointer) -> Bool {
    guard let equals = name.firstIndex(of: UInt8(ascii: "=")) else { return false }
    return TextVocabulary.option(UnsafeRawBufferPointer(rebasing: name[..<equals]))?.takesValue
      == true
  }

  /// A token, in quotes if blanks, control characters or a quote at its beginning require it.
  private static func write(token: UnsafeRawBufferPointer, to output: inout OutputBuffer) {
    var all: UInt8 = 0
    var isPlain = token.first != UInt8(ascii: "\"") && !token.isEmpty
    for byte in token {
      all |= byte
      if byte <= 0x20 || byte == 0x7F { isPlain = false }
    }
    if isPlain {
      output.append(valid: token, isASCII: all < 0x80)
    } else {
      output.append(jsonString: token)
    }
  }

  @inline(__always)
  static func write(
    _ event: LockEvent, _ names: EventNames, to output: inout OutputBuffer
  ) -> Int {
    if let time = event.time {
      output.append(UInt8(ascii: "["))
      output.append(nanoseconds: time)
      output.append("] " as StaticString)
    }
    output.append(names.thread)
    output.append(UInt8(ascii: " "))
    let verb = output.position
    output.append(event.verb.word)
    if let lock = names.lock, event.verb != .wait, event.verb != .wake {
      output.append(UInt8(ascii: " "))
      output.append(lock)
      if event.verb.statesLock { writeAcquisition(event, names, to: &output) }
    }
    if !hasNothingElse(event) { writeRest(event, names, to: &output) }
    output.append(UInt8(ascii: "\n"))
    return verb
  }

  @inline(__always)
  private static func hasNothingElse(_ event: LockEvent) -> Bool {
    switch event.verb {
    case .acquire, .release, .request, .destroy, .`init`, .downgrade, .post, .pin, .unpin, .exit,
      .sleep:
      event.at == nil && event.stack == nil
    default: false
    }
  }

  @inline(__always)
  private static func writeAcquisition(
    _ event: LockEvent, _ names: EventNames, to output: inout OutputBuffer
  ) {
    if let mode = event.mode {
      output.append(UInt8(ascii: " "))
      output.append(mode.word)
    }
    if !event.options.isEmpty {
      for name in event.options.names {
        output.append(UInt8(ascii: " "))
        output.append(name)
      }
    }
    if let lockClass = event.lockClass { write(" class=", lockClass, to: &output) }
    if let kind = event.kind {
      output.append(" kind=" as StaticString)
      output.append(kind.name)
    }
    if let rank = event.rank {
      output.append(" rank=" as StaticString)
      output.append(number: rank)
    }
    if let permits = event.permits {
      output.append(" permits=" as StaticString)
      output.append(number: permits)
    }
    if event.nestsByInstance { output.append(" nesting=by-instance" as StaticString) }
    if event.subclass > 0 {
      output.append(" subclass=" as StaticString)
      output.append(number: event.subclass)
    }
    if let nest = names.nest {
      output.append(" nest=" as StaticString)
      output.append(nest)
    }
  }

  /// The operands that are no locks, the options of rare verbs, and places.
  private static func writeRest(
    _ event: LockEvent, _ names: EventNames, to output: inout OutputBuffer
  ) {
    switch event.verb {
    case .wait, .wake, .signal, .broadcast, .barrier, .read, .write:
      output.append(UInt8(ascii: " "))
      if let name = event.operandName, !name.isEmpty {
        write(name: name, to: &output)
      } else {
        output.append(names.lock ?? unnamed)
      }
      if let lock = names.lock {
        output.append(" lock=" as StaticString)
        output.append(lock)
      }
      writeTimeout(event, to: &output)
    case .spawn, .join:
      output.append(UInt8(ascii: " "))
      output.append(names.otherThread ?? unnamed)
      writeTimeout(event, to: &output)
    case .enter, .leave, .disable, .enable:
      output.append(UInt8(ascii: " "))
      output.append(event.context.name)
      if event.verb == .enter, event.isUnthreaded { output.append(" unthreaded" as StaticString) }
    case .assert:
      if event.assertion != .held {
        output.append(UInt8(ascii: " "))
        output.append(event.assertion.word)
      }
    case .abandon:
      if let reason = event.reason {
        output.append(" reason=" as StaticString)
        output.append("\(reason)")
      }
    case .lost, .dropped:
      if event.omittedCount > 0 {
        output.append(" count=" as StaticString)
        output.append(number: event.omittedCount)
      }
      return
    default: break
    }
    if let at = event.at { write(" at=", at, to: &output) }
    if let stack = event.stack { write(" stack=", stack, to: &output) }
  }

  /// What conditions and joins say of how their wait could end.
  private static func writeTimeout(_ event: LockEvent, to output: inout OutputBuffer) {
    if event.options.contains(.timeout) { output.append(" timeout" as StaticString) }
  }

  /// A key with its value; an empty one says nothing and cannot be written.
  private static func write(
    _ key: StaticString, _ value: UnsafeRawBufferPointer, to output: inout OutputBuffer
  ) {
    guard !value.isEmpty else { return }
    output.append(key)
    write(token: value, to: &output)
  }

  /// Stands for the condition or variable that a format does not name and no lock stands for.
  private static var unnamed: UnsafeRawBufferPointer {
    let text: StaticString = "?"
    return UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }
}
