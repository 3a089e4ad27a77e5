/// What of statistics is reported, and in which order.
public struct StatisticsSelection: Sendable {
  /// What the classes are sorted by.
  public var order = StatisticsOrder.contentions
  /// How many classes; `nil` for all.
  public var top: Int?
  /// How many places of either sort a class has.
  public var points = 4

  /// Everything, the most contended first, with four places of either sort as in `/proc/lock_stat`.
  public init() {}

  /// The classes that are reported, with as many places as asked for.
  ///
  /// - Complexity: O(classes × log classes).
  public func classes(of statistics: LockStatistics) -> [ClassStatistics] {
    var classes = statistics.sorted(by: order)
    if let top { classes.removeLast(max(0, classes.count - max(0, top))) }
    for index in classes.indices {
      classes[index].contentionPoints = Array(
        classes[index].contentionPoints.prefix(max(0, points)))
      classes[index].contendingPoints = Array(
        classes[index].contendingPoints.prefix(max(0, points)))
    }
    return classes
  }
}
