/// What was counted of one class in one mode.
struct ModeCounters: Sendable {
  var acquisitions: UInt64 = 0
  var contentions: UInt64 = 0
  var failed: UInt64 = 0
  /// By reason, in the order of `AbandonReason`, and then those without one.
  private(set) var abandoned: [UInt64] = []
  private var abandonedTime: UInt64?
  var openHolds: UInt64 = 0
  var openWaits: UInt64 = 0
  var wait = Durations()
  var hold = Durations()

  @inline(never)
  mutating func abandon(_ reason: AbandonReason?, after nanoseconds: UInt64?) {
    if abandoned.isEmpty {
      abandoned = Array(repeating: 0, count: AbandonReason.allCases.count + 1)
    }
    abandoned[Int(reason?.rawValue ?? UInt8(AbandonReason.allCases.count))] += 1
    if let nanoseconds { addAbandonedTime(nanoseconds) }
  }

  mutating func merge(_ other: ModeCounters) {
    acquisitions += other.acquisitions
    contentions += other.contentions
    failed += other.failed
    openHolds += other.openHolds
    openWaits += other.openWaits
    wait.merge(other.wait)
    hold.merge(other.hold)
    if abandoned.isEmpty {
      abandoned = other.abandoned
    } else {
      for (index, count) in other.abandoned.enumerated() { abandoned[index] += count }
    }
    if let time = other.abandonedTime { addAbandonedTime(time) }
  }

  private mutating func addAbandonedTime(_ nanoseconds: UInt64) {
    let (sum, overflow) = (abandonedTime ?? 0).addingReportingOverflow(nanoseconds)
    abandonedTime = overflow ? .max : sum
  }

  /// `nil` if the class was never used so.
  var statistics: ModeStatistics? {
    let statistics = ModeStatistics(
      acquisitions: acquisitions, contentions: contentions, failed: failed,
      abandoned: AbandonedWaits(
        count: abandoned.reduce(0, +),
        reasons: zip(AbandonReason.allCases.map { "\($0)" } + ["unknown"], abandoned)
          .filter { $0.1 > 0 }.map { AbandonedWaits.Reason(name: $0.0, count: $0.1) },
        time: abandonedTime),
      openHolds: openHolds, openWaits: openWaits, wait: wait.summary, hold: hold.summary)
    let isUsed =
      acquisitions > 0 || failed > 0 || openWaits > 0 || statistics.abandoned.count > 0
      || statistics.hold != nil || openHolds > 0
    return isUsed ? statistics : nil
  }
}
