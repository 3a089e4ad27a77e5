extension TraceFormat {
  /// The lock orders that Bitcoin Core's DEBUG_LOCKORDER reports, and programs that took its locks.
  public static let bitcoin = TraceFormat(named: "bitcoin")
}

/// Reads potential deadlocks and double locks that Bitcoin Core and its relatives log.
///
/// Both lists are everything that the thread held, in its order, so gates are known. A lock that
/// was only tried for closes no circle, whatever the log says of it.
struct BitcoinLog: ForeignReport {
  static var format: TraceFormat { .bitcoin }
  static var title: String { "a log of DEBUG_LOCKORDER" }
  static var source: String { "the log of Bitcoin Core built with DEBUG_LOCKORDER" }
  static var absence: String? { "a log without reports of lock orders" }

  private struct Entry {
    var name: String
    var file: String
    var thread: String
    var isTry: Bool
    var line: UInt64
  }

  private enum Section { case none, previous, current, held }

  private var section = Section.none
  private var isDouble = false
  private var line: UInt64 = 0
  private var previous: [Entry] = []
  private var current: [Entry] = []
  private var isOpen = false
  private var isAnything = false

  private static let longestList = 1000

  static func headline(in line: UnsafeRawBufferPointer) -> Int? {
    // The marks of threads before it are of no fixed length.
    line.contains("POTENTIAL DEADLOCK DETECTED") || line.contains("DOUBLE LOCK DETECTED") ? 0 : nil
  }

  var shortcoming: String? {
    isAnything ? "holds a report of a lock order that is cut off before its locks" : nil
  }

  mutating func take(
    _ line: UnsafeRawBufferPointer, number: UInt64, isHeadline: Bool, into story: inout ReportStory
  ) {
    if isHeadline {
      end(into: &story)
      isOpen = true
      isAnything = true
      isDouble = line.contains("DOUBLE LOCK DETECTED")
      self.line = number
      return
    }
    guard isOpen else { return }
    if line.contains("Previous lock order was:") {
      section = .previous
    } else if line.contains("Current lock order is:") {
      section = .current
    } else if line.contains("Lock order:") {
      section = .held
    } else if section != .none {
      guard let entry = Self.entry(line, number) else {
        end(into: &story)
        return
      }
      switch section {
      case .previous: if previous.count < Self.longestList { previous.append(entry) }
      default: if current.count < Self.longestList { current.append(entry) }
      }
    }
  }

  /// `(1) 'cs_account' in teller.cpp:85 (TRY) (in thread 'teller')`, in older logs without the
  /// quotation marks and the thread.
  private static func entry(_ line: UnsafeRawBufferPointer, _ number: UInt64) -> Entry? {
    guard let found = line.offset(of: " in ") else { return nil }
    let rest = line.from(found + 4)
    let file = rest.upTo(rest.offset(of: " ") ?? rest.count).text
    guard SourcePosition(file) != nil else { return nil }
    var name = line.upTo(found)
    if name.last == UInt8(ascii: "'"), let open = name.offset(of: "'") {
      name = UnsafeRawBufferPointer(rebasing: name[(open + 1)..<max(open + 1, name.count - 1)])
    } else if let blank = name.lastIndex(of: 0x20) {
      name = name.from(blank + 1)
    }
    guard !name.isEmpty else { return nil }
    return Entry(
      name: name.text, file: file, thread: rest.between("(in thread '", "')")?.text ?? "",
      isTry: rest.contains("(TRY)"), line: number)
  }

  mutating func finish(into story: inout ReportStory) { end(into: &story) }

  // MARK: Telling

  private mutating func end(into story: inout ReportStory) {
    guard isOpen else { return }
    defer {
      isOpen = false
      section = .none
      previous = []
      current = []
    }
    guard !current.isEmpty, isDouble || !previous.isEmpty else {
      story.warn("the report at line \(line) is cut off before its locks")
      return tell(previous + current, into: &story)
    }
    tell(previous, into: &story)
    tell(current, into: &story)
    let tried = (previous + current).filter(\.isTry)
    if !isDouble, let first = tried.first {
      story.warn(
        "the potential deadlock at line \(line) rests on \(first.name) at \(first.file), which is "
          + "only tried for there and waits for nobody")
    }
  }

  private func tell(_ list: [Entry], into story: inout ReportStory) {
    guard let first = list.first else { return }
    let isKnown = !first.thread.isEmpty
    let thread = isKnown ? first.thread : Witness.unknownThread
    for entry in list {
      var options: AcquisitionOptions = entry.isTry ? .try : []
      if !isKnown { options.insert(.anonymous) }
      story.tell(
        ToldEvent(
          verb: .acquire, thread: thread, lock: entry.name, lockClass: entry.name, kind: kind,
          options: options, nestsByInstance: true, place: ToldPlace(at: entry.file),
          line: entry.line))
    }
    for entry in list.reversed() {
      story.tell(
        ToldEvent(verb: .release, thread: thread, lock: entry.name, line: entry.line))
    }
  }

  /// Most of its locks may be taken again; where one may not, a report says so.
  private var kind: LockKind { isDouble ? .mutex : .recursive }
}
