/// What the classes of statistics are sorted by: the most first, by name where equal.
public enum StatisticsOrder: String, Sendable, CaseIterable {
  /// As `/proc/lock_stat`.
  case contentions
  case waitTotal = "wait-total"
  case waitMax = "wait-max"
  case holdTotal = "hold-total"
  case holdMax = "hold-max"
  case acquisitions
  /// By name alone.
  case name
}

extension ClassStatistics {
  /// The class's measure for an order, over both modes; 0 for the order by name and where it has
  /// none.
  public func measure(_ order: StatisticsOrder) -> UInt64 {
    func sum(_ value: (ModeStatistics) -> UInt64?) -> UInt64 {
      modes.reduce(0) { sum, mode in
        let (total, overflow) = sum.addingReportingOverflow(value(mode.statistics) ?? 0)
        return overflow ? .max : total
      }
    }
    func greatest(_ value: (ModeStatistics) -> UInt64?) -> UInt64 {
      modes.compactMap { value($0.statistics) }.max() ?? 0
    }
    return switch order {
    case .contentions: sum(\.contentions)
    case .waitTotal: sum { $0.wait?.total }
    case .waitMax: greatest { $0.wait?.maximum }
    case .holdTotal: sum { $0.hold?.total }
    case .holdMax: greatest { $0.hold?.maximum }
    case .acquisitions: sum(\.acquisitions)
    case .name: 0
    }
  }
}

extension LockStatistics {
  /// The classes in an order.
  ///
  /// - Complexity: O(classes × log classes).
  public func sorted(by order: StatisticsOrder) -> [ClassStatistics] {
    // The classes are in the order of their names already.
    classes.enumerated().map { (measure: $1.measure(order), position: $0) }
      .sorted { ($1.measure, $0.position) < ($0.measure, $1.position) }
      .map { classes[$0.position] }
  }
}
