import LockGraphEngine

/// What the data refer to by number: each string, place, stack, use of a lock and witness once.
final class PageTables {
  /// A place in the source.
  struct Place: Hashable {
    /// As the trace has it; `nil` if that is what the file, line and column are together.
    var text: Int?
    var file: Int?
    var line = 0
    var column: Int?
  }

  /// A lock as a thread took it or asked for it.
  struct Use: Hashable {
    var lock: Int
    var lockClass: Int
    var mode: LockMode
    var kind: LockKind?
    var place: Int?
    var stack: Int?
    var line: UInt64
  }

  struct WitnessRow: Hashable {
    var thread: Int
    var held: Int
    var wanted: Int
    var kind: DependencyKinds
    var isStated: Bool
    var options: AcquisitionOptions
    var alsoHeld: [Int]
    var moreHeld: Int
    var input: Int
    var line: UInt64
  }

  /// Bytes of the longest name that is shown whole.
  static let nameLimit = 1_000
  /// Bytes of the longest place.
  static let placeLimit = 4_200
  /// Frames of a stack.
  static let frameLimit = 48
  /// Other locks that a witness held.
  static let heldLimit = 8

  private let settings: ReportSettings
  private(set) var excerpts = SourceExcerpts()
  let strings = Interner<String>()
  let places = Interner<Place>()
  let stacks = Interner<[Int]>()
  let uses = Interner<Use>()
  let witnesses = Interner<WitnessRow>()
  private var knownPlaces: [String: Int] = [:]
  private var knownFrames: [String: Int] = [:]

  init(_ settings: ReportSettings) { self.settings = settings }

  /// The number of a text, of which so many bytes are kept.
  func string(_ text: String, limit: Int = nameLimit) -> Int {
    strings.number(of: text.shortened(to: limit))
  }

  /// The place that an event tells, else that of its innermost frame that tells one.
  func place(at: String?, stack: [String]) -> Int? {
    if let at { return place(at) }
    for frame in stack.prefix(Self.frameLimit) where SourcePosition(frame: frame) != nil {
      return self.frame(frame, isCaller: false)
    }
    return stack.first.map { frame($0, isCaller: false) }
  }

  private func place(_ text: String) -> Int {
    if let known = knownPlaces[text] { return known }
    let place = place(text, SourcePosition(text), isCaller: false)
    knownPlaces[text] = place
    return place
  }

  private func frame(_ text: String, isCaller: Bool) -> Int {
    if isCaller, let known = knownFrames[text] { return known }
    let place = place(text, SourcePosition(frame: text), isCaller: isCaller)
    knownFrames[text] = place
    return place
  }

  private func place(_ text: String, _ position: SourcePosition?, isCaller: Bool) -> Int {
    var place = Place()
    var plain: String?
    if let position {
      let path = settings.sourcePath(position.file)
      place.file = excerpts.file(path, line: position.line, isCaller: isCaller)
      place.line = position.line
      place.column = position.column
      plain = "\(path):\(position.line)" + (position.column.map { ":\($0)" } ?? "")
    }
    if plain != text || text.utf8.count > Self.placeLimit {
      place.text = string(text, limit: Self.placeLimit)
    }
    return places.number(of: place)
  }

  /// The number of a stack; `nil` if it is empty.
  func stack(_ frames: [String]) -> Int? {
    guard !frames.isEmpty else { return nil }
    return stacks.number(of: frames.prefix(Self.frameLimit).map { frame($0, isCaller: true) })
  }

  func use(_ lock: WitnessedLock) -> Int {
    uses.number(
      of: Use(
        lock: string(lock.lock), lockClass: string(lock.lockClass), mode: lock.mode,
        kind: lock.kind, place: place(at: lock.at, stack: lock.stack), stack: stack(lock.stack),
        line: lock.line))
  }

  func witness(_ witness: Witness) -> Int {
    let shown = witness.alsoHeld.suffix(Self.heldLimit)
    return witnesses.number(
      of: WitnessRow(
        thread: string(witness.thread), held: use(witness.held), wanted: use(witness.wanted),
        kind: witness.kind, isStated: witness.isStated, options: witness.options,
        alsoHeld: shown.map(use), moreHeld: witness.alsoHeld.count - shown.count,
        input: string(witness.input, limit: Self.placeLimit), line: witness.line))
  }

  /// Reads the lines around the places; what has no folder shows none.
  func readExcerpts(from folder: SourceFolder?) {
    if let folder { excerpts.read(from: folder) }
  }
}

/// Values by numbers, equal ones by one.
final class Interner<Value: Hashable> {
  private(set) var values: [Value] = []
  private var numbers: [Value: Int] = [:]

  /// - Complexity: expected O(1).
  func number(of value: Value) -> Int {
    if let known = numbers[value] { return known }
    numbers[value] = values.count
    values.append(value)
    return values.count - 1
  }
}
