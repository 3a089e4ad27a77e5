/// A verdict on a cycle as graph files keep it.
struct EncodedVerdict {
  private var isOrdered = false
  /// Why no order of the events ends in the cycle.
  private var reason: String?
  /// How one does.
  private var schedule: Finding.Schedule?

  init(_ verdict: CycleVerdict) {
    switch verdict {
    case .predicted(let schedule): self.schedule = schedule
    case .excluded(let reason): self.reason = reason
    case .ordered(let reason): (isOrdered, self.reason) = (true, reason)
    }
  }

  private init() {}

  var verdict: CycleVerdict {
    if let schedule { return .predicted(schedule) }
    return isOrdered ? .ordered(reason ?? "") : .excluded(reason ?? "")
  }
}

extension EncodedVerdict: EncodedValue {
  static var noun: String { "verdict" }
  static var blank: EncodedVerdict { EncodedVerdict() }

  mutating func fields<Visitor: FieldVisitor>(_ visit: inout Visitor) throws(Visitor.Failure) {
    try visit.value("schedule", &schedule)
    try visit.text("reason against one", &reason)
    try visit.bits("rests on more than spawns, joins and locks", &isOrdered)
  }

  var flaw: String? {
    (schedule == nil) == (reason == nil) || schedule != nil && isOrdered
      ? "a verdict that says nothing, or two things" : nil
  }
}

extension Finding.Schedule: EncodedValue {
  static var noun: String { "schedule" }

  static var blank: Finding.Schedule {
    Finding.Schedule(input: "", segments: [], waits: [], isByLocksAlone: false)
  }

  mutating func fields<Visitor: FieldVisitor>(_ visit: inout Visitor) throws(Visitor.Failure) {
    try visit.text("input", &input)
    try visit.values("segments", &segments)
    try visit.values("waits", &waits)
    try visit.bits("by locks alone", &isByLocksAlone)
  }

  var flaw: String? { waits.isEmpty ? "a schedule in which nobody waits" : nil }
}

extension Finding.Schedule.Segment: EncodedValue {
  static var noun: String { "segment of a schedule" }

  static var blank: Finding.Schedule.Segment {
    Finding.Schedule.Segment(thread: "", line: 0, at: nil, number: 0, event: 0)
  }

  mutating func fields<Visitor: FieldVisitor>(_ visit: inout Visitor) throws(Visitor.Failure) {
    try visit.text("thread", &thread)
    try visit.number("line", &line)
    try visit.text("place", &at)
    try visit.number("thread's number", &number)
    try visit.number("event's number", &event)
  }
}

extension Finding.Schedule.Wait: EncodedValue {
  static var noun: String { "wait of a schedule" }

  static var blank: Finding.Schedule.Wait {
    Finding.Schedule.Wait(
      thread: "", wanted: nil, mode: .write, blockedBy: "", isQueued: false, line: 0, at: nil,
      number: 0, event: 0)
  }

  mutating func fields<Visitor: FieldVisitor>(_ visit: inout Visitor) throws(Visitor.Failure) {
    try visit.text("thread", &thread)
    try visit.text("wanted", &wanted)
    try visit.bits("mode", &mode)
    try visit.text("blocked by", &blockedBy)
    try visit.bits("queued", &isQueued)
    try visit.number("line", &line)
    try visit.text("place", &at)
    try visit.number("thread's number", &number)
    try visit.number("event's number", &event)
  }
}

extension FieldVisitor {
  /// A number of fewer bits; what does not fit is the greatest.
  fileprivate mutating func number(
    _ name: StaticString, _ number: inout UInt32
  ) throws(Failure) {
    var wide = UInt64(number)
    try self.number(name, &wide)
    number = UInt32(clamping: wide)
  }
}
