/// A place in a program as a report tells it.
struct ToldPlace: Equatable {
  /// Innermost first, as `function (file:line)`.
  var frames: [String] = []
  /// `FILE:LINE[:COLUMN]`, where the frames do not say it.
  var at: String?

  /// How many frames are kept.
  static let depth = 64

  init(frames: [String] = [], at: String? = nil) {
    self.frames = frames
    self.at = at
  }

  mutating func append(_ frame: String) {
    guard frames.count < Self.depth else { return }
    // A semicolon parts the frames of a stack.
    frames.append(frame.contains(";") ? String(frame.map { $0 == ";" ? "," : $0 }) : frame)
  }

  var isEmpty: Bool { frames.isEmpty && at == nil }
}

/// What a thread did with a lock, as a report tells it; see `LockEvent`.
struct ToldEvent {
  var verb: EventVerb
  var thread: String
  var lock: String?
  var otherThread: String?
  var condition: String?
  var lockClass: String?
  var kind: LockKind?
  var mode: LockMode?
  var options: AcquisitionOptions = []
  var nestsByInstance = false
  var place = ToldPlace()
  var line: UInt64
}

/// What a report tells, in the order in which it becomes events.
struct ReportStory {
  enum Told {
    case event(ToldEvent)
    case finding(Finding)
  }

  private var told: [Told] = []
  private(set) var warnings: [String] = []
  private var isWarned: Set<String> = []

  /// How many different warnings are kept.
  private static let longestWarnings = 20

  var isEmpty: Bool { told.isEmpty }

  mutating func tell(_ event: ToldEvent) { told.append(.event(event)) }
  mutating func tell(_ finding: Finding) { told.append(.finding(finding)) }

  /// Says something of the input, once.
  mutating func warn(_ text: String) {
    guard warnings.count < Self.longestWarnings, isWarned.insert(text).inserted else { return }
    warnings.append(text)
  }

  mutating func take() -> [Told] {
    defer { told.removeAll(keepingCapacity: true) }
    return told
  }
}
