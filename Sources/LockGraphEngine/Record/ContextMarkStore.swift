/// How each class is used in which context, with the event that first said so [semantics 11, 14].
///
/// The rules look at the marks when all events are in, so the order of events decides nothing.
struct ContextMarkStore: Sendable {
  /// The first event that set some marks.
  struct Record: Sendable {
    var marks: ContextMarks
    var thread: ThreadID
    var input: UInt32
    var lock: LockID
    var mode: LockMode
    var place: UInt32
    var stack: UInt32
    /// Of the acquisition.
    var line: UInt64
    /// Of the event that unmasked the context while the lock was held, or 0 if it was unmasked
    /// before.
    var unmaskedLine: UInt64 = 0
    /// The record of the same class before it.
    var next: UInt32 = .max
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
  mutating func add(_ record: Record, of lockClass: LockClassID) {
    while classes.count <= lockClass.index { classes.append(([], Self.none)) }
    var record = record
    record.marks.subtract(classes[lockClass.index].marks)
    guard !record.marks.isEmpty else { return }
    record.next = classes[lockClass.index].first
    records.append(record)
    classes[lockClass.index].marks.formUnion(record.marks)
    classes[lockClass.index].first = UInt32(records.count - 1)
  }

  /// Takes events out, with the marks that they set.
  mutating func remove(where isRemoved: (Record) -> Bool) {
    let old = self
    self = ContextMarkStore()
    for index in old.classes.indices {
      let lockClass = LockClassID(UInt32(index))
      for record in old.records(of: lockClass).reversed() where !isRemoved(record) {
        add(record, of: lockClass)
      }
    }
  }

  /// The records of a class, the last first.
  func records(of lockClass: LockClassID) -> [Record] {
    guard lockClass.index < classes.count else { return [] }
    var result: [Record] = []
    var number = classes[lockClass.index].first
    while number != Self.none {
      result.append(records[Int(number)])
      number = records[Int(number)].next
    }
    return result
  }

  /// The event that set a mark of a class.
  ///
  /// - Complexity: O(marks of the class).
  func record(_ use: ContextUse, _ context: InterruptContext, of lockClass: LockClassID) -> Record?
  {
    records(of: lockClass).first { $0.marks.contains(use, context) }
  }
}
