import LockGraphEngine

/// How much each class of a picture weighs: what statistics measured of it, as a number and in
/// words.
public struct ClassWeights: Sendable {
  /// What weighs.
  public enum Measure: String, Sendable, CaseIterable {
    /// How long the class's locks were held in all.
    case hold
    /// How long they were waited for in all, given up or not; without times how often.
    case contention
  }

  /// The weight of a class.
  struct Weight: Sendable {
    var amount: UInt64
    /// For its node.
    var words: String
    /// For its tooltip, a line for each mode.
    var details: [String]
  }

  /// What weighs.
  public let measure: Measure
  private var weights: [String: Weight] = [:]
  /// The heaviest class, the first by name of equal ones; `nil` if nothing weighs anything.
  private(set) var heaviest: (name: String, words: String, amount: UInt64)?

  /// The weights that statistics give; `nil` if hold times are to weigh and the statistics have no
  /// times.
  ///
  /// - Complexity: O(classes).
  public init?(_ statistics: LockStatistics, measure: Measure) {
    guard measure != .hold || statistics.hasTimes else { return nil }
    self.measure = measure
    let waitsHaveTimes = statistics.classes.contains { Self.waitTime($0) > 0 }
    for lockClass in statistics.classes {
      let amount: UInt64
      let words: String
      switch measure {
      case .hold:
        amount = lockClass.measure(.holdTotal)
        words = amount > 0 ? "held \(DurationText.text(amount))" : ""
      case .contention:
        let (waits, time) = (Self.waits(lockClass), Self.waitTime(lockClass))
        amount = waitsHaveTimes ? time : waits
        let count = Counted.grouped(waits, "wait", "waits")
        words =
          waits == 0 ? "" : waitsHaveTimes ? "\(count), \(DurationText.text(time))" : count
      }
      weights[lockClass.name] = Weight(
        amount: amount, words: words, details: lockClass.modes.map { Self.detail($0, $1) })
      if amount > heaviest?.amount ?? 0 { heaviest = (lockClass.name, words, amount) }
    }
  }

  subscript(name: String) -> Weight? { weights[name] }

  /// From 1 to `levels` for what weighs something, 0 for what weighs nothing.
  ///
  /// By the root of the share: what has a quarter of the greatest weight is half as prominent.
  func level(of weight: Weight) -> Int {
    guard weight.amount > 0, let heaviest else { return 0 }
    let share = Double(weight.amount) / Double(heaviest.amount)
    return min(Self.levels, max(1, Int((share.squareRoot() * Double(Self.levels)).rounded(.up))))
  }

  static let levels = 5

  private static func waits(_ lockClass: ClassStatistics) -> UInt64 {
    lockClass.modes.reduce(0) {
      $0 &+ $1.statistics.contentions &+ $1.statistics.abandoned.count
    }
  }

  private static func waitTime(_ lockClass: ClassStatistics) -> UInt64 {
    lockClass.modes.reduce(0) { sum, mode in
      [mode.statistics.wait?.total ?? 0, mode.statistics.abandoned.time ?? 0].reduce(sum) {
        let (total, overflow) = $0.addingReportingOverflow($1)
        return overflow ? .max : total
      }
    }
  }

  private static func detail(_ mode: String, _ statistics: ModeStatistics) -> String {
    var parts = [
      "\(mode): " + Counted.grouped(statistics.acquisitions, "acquisition", "acquisitions")
    ]
    if let hold = statistics.hold { parts.append("held " + text(hold)) }
    if statistics.contentions > 0 {
      let count = "\(Counted.grouped(statistics.contentions)) waited"
      parts.append(statistics.wait.map { "\(count) " + text($0) } ?? count)
    }
    if statistics.abandoned.count > 0 {
      parts.append("\(Counted.grouped(statistics.abandoned.count)) gave up")
    }
    return parts.joined(separator: ", ")
  }

  private static func text(_ durations: DurationSummary) -> String {
    "\(DurationText.text(durations.total)) (p99 \(DurationText.text(durations.p99)), "
      + "at most \(DurationText.text(durations.maximum)))"
  }
}
