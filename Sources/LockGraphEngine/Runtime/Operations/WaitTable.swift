/// Waits by class.
struct WaitTable {
  private struct Record {
    var waits = 0
    var abandoned = 0
    var total: UInt64 = 0
    var longest: UInt64 = 0
    var io: UInt64 = 0
  }

  private var records: [Record] = []

  mutating func note(_ lockClass: UInt32, _ duration: UInt64, isIO: Bool, isAbandoned: Bool) {
    while records.count <= Int(lockClass) { records.append(Record()) }
    records[Int(lockClass)].waits += 1
    if isAbandoned { records[Int(lockClass)].abandoned += 1 }
    records[Int(lockClass)].total &+= duration
    records[Int(lockClass)].longest = max(records[Int(lockClass)].longest, duration)
    if isIO { records[Int(lockClass)].io &+= duration }
  }

  /// Sorted by how long they took, the longest first.
  func statistics() -> [WaitStatistics] {
    records.enumerated().filter { $0.element.waits > 0 }
      .sorted { ($0.element.total, $1.offset) > ($1.element.total, $0.offset) }
      .map { number, record in
        func duration(_ nanoseconds: UInt64) -> Duration {
          .nanoseconds(Int64(clamping: nanoseconds))
        }
        return WaitStatistics(
          lockClass: String(
            decoding: LockClassRegistry.nameBytes(UInt32(number)), as: UTF8.self),
          waits: record.waits, abandoned: record.abandoned, total: duration(record.total),
          longest: duration(record.longest), io: duration(record.io))
      }
  }
}
