/// How each class is used in which context, with the event that first said so [semantics 11, 14].
///
/// The rules look at the marks when all events are in, so the order of events decides nothing.
struct ContextMarkStore {
  /// The first event that set some marks.
  struct Record {
    var marks: ContextMarks
    var thread: ThreadID
    var input: UInt32
    var lock: LockID
    var mode: LockMode
    var place: UInt32
    var stack: UInt32
    /// Of the acquisition.
    var line: UInt64
    /// Of the event that unmasked the context while the lock was held, or 0 if it was unmasked before.
    var unmaskedLine: UInt64
    fileprivate var next: UInt32
  }

  private static let none = UInt32.max
  private var classes: [(marks: ContextMarks, first: UInt32)] = []
  private var records: [Record] = []

  /// - Complexity: O(1).
  @inline(__always)
  func has(_ marks: ContextMarks, of lockClass: LockClassID) -> Bool {
    lockClass.index < classes.count && classes[lockClass.index].marks.isSuperset(of: marks)
  }

  func marks(of lockClass: LockClassID) -> ContextMarks {
    lockClass.index < classes.count ? classes[lockClass.index].marks : []
  }

  /// Adds marks that the class does not have yet.
  mutating func add(
    _ marks: ContextMarks, of lockClass: LockClassID, thread: ThreadID, input: UInt32,
    lock: LockID, mode: LockMode, place: UInt32, stack: UInt32, line: UInt64,
    unmaskedLine: UInt64 = 0
  ) {
    while classes.count <= lockClass.index { classes.append(([], Self.none)) }
    let new = marks.subtracting(classes[lockClass.index].marks)
    guard !new.isEmpty else { return }
    records.append(
      Record(
        marks: new, thread: thread, input: input, lock: lock, mode: mode, place: place,
        stack: stack, line: line, unmaskedLine: unmaskedLine,
        next: classes[lockClass.index].first))
    classes[lockClass.index].marks.formUnion(new)
    classes[lockClass.index].first = UInt32(records.count - 1)
  }

  /// The event that set a mark of a class.
  ///
  /// - Complexity: O(marks of the class).
  func record(_ use: ContextUse, _ context: InterruptContext, of lockClass: LockClassID) -> Record?
  {
    guard lockClass.index < classes.count else { return nil }
    var number = classes[lockClass.index].first
    while number != Self.none {
      let record = records[Int(number)]
      if record.marks.contains(use, context) { return record }
      number = record.next
    }
    return nil
  }
}
