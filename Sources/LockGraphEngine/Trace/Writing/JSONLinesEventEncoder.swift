/// Writes the events as JSON Lines: one object a line, keys in the order of the text format's
/// words.
enum JSONLinesEventEncoder: EventEncoder {
  static var allThreads: StaticString { "\"*\"" }

  static func begin(_ output: inout OutputBuffer) {
    output.append("{\"lockgraph-trace\":1}\n" as StaticString)
  }

  static func write(name: UnsafeRawBufferPointer, to output: inout OutputBuffer) {
    output.append(jsonString: name)
  }

  @inline(__always)
  static func write(
    _ event: LockEvent, _ names: EventNames, to output: inout OutputBuffer
  ) -> Int {
    output.append(UInt8(ascii: "{"))
    if let time = event.time {
      output.append("\"time\":" as StaticString)
      output.append(nanoseconds: time)
      output.append(UInt8(ascii: ","))
    }
    output.append("\"thread\":" as StaticString)
    output.append(names.thread)
    output.append(",\"event\":\"" as StaticString)
    let verb = output.position
    output.append(event.verb.word)
    output.append(UInt8(ascii: "\""))
    writeOperand(event, names, to: &output)
    if event.verb.statesLock { writeAcquisition(event, names, to: &output) }
    // What is missing happened nowhere, whatever a capture shows beside it.
    if event.verb != .lost, event.verb != .dropped {
      if let at = event.at { write(",\"at\":", at, to: &output) }
      if let stack = event.stack { write(stack: stack, to: &output) }
    }
    output.append("}\n" as StaticString)
    return verb
  }

  @inline(__always)
  private static func writeOperand(
    _ event: LockEvent, _ names: EventNames, to output: inout OutputBuffer
  ) {
    switch event.verb {
    case .wait, .wake, .signal, .broadcast:
      write(",\"condition\":", nameOf: event, names, to: &output)
    case .barrier: write(",\"barrier\":", nameOf: event, names, to: &output)
    case .read, .write: write(",\"variable\":", nameOf: event, names, to: &output)
    default: break
    }
    if let lock = names.lock {
      output.append(",\"lock\":" as StaticString)
      output.append(lock)
    }
    switch event.verb {
    case .acquire, .release, .request: break
    default: writeRareOptions(event, names, to: &output)
    }
  }

  private static func writeRareOptions(
    _ event: LockEvent, _ names: EventNames, to output: inout OutputBuffer
  ) {
    switch event.verb {
    case .spawn, .join:
      output.append(",\"other\":" as StaticString)
      output.append(names.otherThread ?? unnamed)
      writeTimeout(event, to: &output)
    case .wait: writeTimeout(event, to: &output)
    case .enter, .leave, .disable, .enable:
      write(",\"context\":\"", event.context.name, to: &output)
      if event.verb == .enter, event.isUnthreaded {
        output.append(",\"unthreaded\":true" as StaticString)
      }
    case .assert:
      output.append(",\"state\":\"" as StaticString)
      output.append(event.assertion.word)
      output.append(UInt8(ascii: "\""))
    case .abandon:
      if let reason = event.reason { write(",\"reason\":\"", "\(reason)", to: &output) }
    case .lost, .dropped:
      if event.omittedCount > 0 {
        output.append(",\"count\":" as StaticString)
        output.append(number: event.omittedCount)
      }
    default: break
    }
  }

  /// What conditions and joins say of how their wait could end.
  private static func writeTimeout(_ event: LockEvent, to output: inout OutputBuffer) {
    if event.options.contains(.timeout) { output.append(",\"timeout\":true" as StaticString) }
  }

  @inline(__always)
  private static func writeAcquisition(
    _ event: LockEvent, _ names: EventNames, to output: inout OutputBuffer
  ) {
    if let mode = event.mode {
      output.append(",\"mode\":\"" as StaticString)
      output.append(mode.word)
      output.append(UInt8(ascii: "\""))
    }
    if !event.options.isEmpty {
      for name in event.options.names {
        output.append(",\"" as StaticString)
        output.append(name)
        output.append("\":true" as StaticString)
      }
    }
    if let lockClass = event.lockClass { write(",\"class\":", lockClass, to: &output) }
    if let kind = event.kind { write(",\"kind\":\"", kind.name, to: &output) }
    if let rank = event.rank {
      output.append(",\"rank\":" as StaticString)
      output.append(number: rank)
    }
    if let permits = event.permits {
      output.append(",\"permits\":" as StaticString)
      output.append(number: permits)
    }
    if event.nestsByInstance { output.append(",\"nesting\":\"by-instance\"" as StaticString) }
    if event.subclass > 0 {
      output.append(",\"subclass\":" as StaticString)
      output.append(number: event.subclass)
    }
    if let nest = names.nest {
      output.append(",\"nest\":" as StaticString)
      output.append(nest)
    }
  }

  /// A key with a value that may need escapes; an empty one says nothing and is left out.
  private static func write(
    _ key: StaticString, _ value: UnsafeRawBufferPointer, to output: inout OutputBuffer
  ) {
    guard !value.isEmpty else { return }
    output.append(key)
    output.append(jsonString: value)
  }

  /// The condition or variable; the lock stands for one that a format does not name.
  private static func write(
    _ key: StaticString, nameOf event: LockEvent, _ names: EventNames,
    to output: inout OutputBuffer
  ) {
    output.append(key)
    if let name = event.operandName, !name.isEmpty {
      output.append(jsonString: name)
    } else {
      output.append(names.lock ?? unnamed)
    }
  }

  /// A key, its value's opening quote with it, and a word of the vocabulary.
  private static func write(_ key: StaticString, _ word: String, to output: inout OutputBuffer) {
    output.append(key)
    output.append(word)
    output.append(UInt8(ascii: "\""))
  }

  /// An array of the frames; as one string where a frame is empty, which an array could not give
  /// back.
  private static func write(stack: UnsafeRawBufferPointer, to output: inout OutputBuffer) {
    let semicolon = UInt8(ascii: ";")
    let frames = stack.split(separator: semicolon, omittingEmptySubsequences: false)
    guard !frames.contains(where: \.isEmpty) else {
      write(",\"stack\":", stack, to: &output)
      return
    }
    output.append(",\"stack\":[" as StaticString)
    for (number, frame) in frames.enumerated() {
      if number > 0 { output.append(UInt8(ascii: ",")) }
      output.append(jsonString: UnsafeRawBufferPointer(rebasing: frame))
    }
    output.append(UInt8(ascii: "]"))
  }

  /// Stands for what has no name and no lock.
  private static var unnamed: UnsafeRawBufferPointer {
    let text: StaticString = "\"?\""
    return UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }
}
