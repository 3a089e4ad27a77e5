// What the options of the trace format's own encodings mean for an event.
extension LockEvent {
  /// A flag; one that names no option of the event's verb changes nothing.
  mutating func apply(_ option: TextVocabulary.Option, column: Int) throws(LineFailure) {
    switch option {
    case .read where verb == .assert: assertion = .read
    case .write where verb == .assert: assertion = .write
    case .held: assertion = .held
    case .notHeld: assertion = .notHeld
    case .write: mode = .write
    case .read: mode = .read
    case .recursiveRead: mode = .recursiveRead
    case .upgradable: mode = .upgradable
    case .`try`: options.insert(.try)
    case .interruptible: options.insert(.interruptible)
    case .killable: options.insert(.killable)
    case .timeout: options.insert(.timeout)
    case .unchecked: options.insert(.unchecked)
    case .exclusive: options.insert(.exclusive)
    case .unthreaded:
      guard context == .hardirq else {
        throw LineFailure(
          column: column, message: "'unthreaded' goes with hardirq only", expected: "enter hardirq")
      }
      isUnthreaded = true
    default: break
    }
  }

  /// A key and its value, except for those that name locks: only the reader knows their numbers.
  mutating func apply(
    _ option: TextVocabulary.Option, _ value: UnsafeRawBufferPointer, column: Int
  ) throws(LineFailure) {
    switch option {
    case .`class`: lockClass = value
    case .at: at = value
    case .stack: stack = value
    case .kind:
      guard let kind = TextVocabulary.kind(value) else {
        throw LineFailure.unknownValue(
          "kind", value, column: column, LockKind.allCases.map(\.name))
      }
      self.kind = kind
    case .reason:
      guard let reason = TextVocabulary.reason(value) else {
        throw LineFailure.unknownValue(
          "reason", value, column: column, AbandonReason.allCases.map { "\($0)" })
      }
      self.reason = reason
    case .subclass:
      guard value.count == 1, (0x30...0x37).contains(value[0]) else {
        throw LineFailure.badNumber(
          "subclass", value, column: column, "a nesting level from 0 to 7")
      }
      subclass = value[0] - 0x30
    case .rank:
      guard let rank = Int64(LineFailure.shown(value)) else {
        throw LineFailure.badNumber("rank", value, column: column, "a whole number")
      }
      self.rank = rank
    case .permits:
      guard let permits = UInt32(LineFailure.shown(value)) else {
        throw LineFailure.badNumber(
          "permits", value, column: column, "how many can have the semaphore at once")
      }
      self.permits = permits
    case .nesting:
      guard let nesting = ClassNesting.allCases.first(where: { value.elementsEqual($0.word.utf8) })
      else {
        throw LineFailure.unknownValue(
          "nesting", value, column: column, ClassNesting.allCases.map(\.word))
      }
      nestsByInstance = nesting == .byInstance
    case .count:
      guard let count = UInt64(LineFailure.shown(value)) else {
        throw LineFailure.badNumber(
          "count", value, column: column,
          verb == .dropped ? "how many repeats were left out" : "how many events were lost")
      }
      omittedCount = count
    default: break
    }
  }
}
