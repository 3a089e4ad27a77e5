/// Statistics as a table for people, in the manner of `/proc/lock_stat`: a row for each class and
/// mode, and under it the places. Times are in microseconds.
public struct StatisticsTable {
  private let statistics: LockStatistics
  private let classes: [ClassStatistics]
  private let selection: StatisticsSelection
  private let width: Int?

  /// The table of statistics; one that must not be wider than `width` leaves columns out.
  public init(
    _ statistics: LockStatistics, selection: StatisticsSelection = StatisticsSelection(),
    width: Int? = nil
  ) {
    self.statistics = statistics
    self.selection = selection
    self.width = width
    classes = selection.classes(of: statistics)
  }

  /// The table, each line with its end.
  ///
  /// - Complexity: O(length of the table).
  public var text: String {
    guard !classes.isEmpty else { return "No lock was used.\n" }
    let columns = fittingColumns
    let widths = columns.map { column in
      max(
        column.title.count,
        classes.lazy.flatMap(\.modes).map { column.text($0.statistics).count }.max() ?? 0)
    }
    let nameWidth = nameWidth
    var lines = [caption(columns)]
    lines.append(
      row(
        name: "class", mode: "mode", nameWidth,
        zip(columns, widths).map { Self.right($0.title, $1) }))
    for lockClass in classes {
      var name = lockClass.name.withVisibleControls
      if name.count > nameWidth {
        lines.append(name)
        name = ""
      }
      for (mode, statistics) in lockClass.modes {
        lines.append(
          row(
            name: name, mode: mode, nameWidth,
            zip(columns, widths).map { Self.right($0.text(statistics), $1) }))
        name = ""
      }
      lines += details(of: lockClass)
    }
    let omitted = statistics.classes.count - classes.count
    if omitted > 0 {
      lines.append("… \(Counted.grouped(omitted, "further class", "further classes"))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func caption(_ columns: [StatisticsColumn]) -> String {
    guard statistics.hasTimes else { return "Counts only: no event has a time." }
    var caption = "Times in microseconds."
    if columns.contains(where: { $0.title.hasSuffix("p99") }) {
      caption += " A p99 is at most 1/64 too long."
    }
    return caption
  }

  private func row(
    name: String, mode: String, _ nameWidth: Int, _ cells: [String]
  ) -> String {
    ([Self.left(name, nameWidth), Self.left(mode, 5)] + cells).joined(separator: "  ")
  }

  private static let gap = 2
  private static let modeWidth = 5
  private static let longestName = 44

  /// Longer names have a line of their own.
  private var nameWidth: Int {
    let limit = min(Self.longestName, width.map { max(16, $0 / 3) } ?? .max)
    return classes.map(\.name.withVisibleControls.count).filter { $0 <= limit }
      .reduce("class".count, max)
  }

  /// The columns, without those that say nothing here, and on a narrow terminal without the least
  /// needed.
  private var fittingColumns: [StatisticsColumn] {
    var columns = StatisticsColumn.all.filter { column in
      switch column.need {
      case .always: true
      case .ifAny: classes.contains { $0.modes.contains { column.value($0.statistics) ?? 0 > 0 } }
      case .ifTimes: statistics.hasTimes
      }
    }
    guard let width else { return columns }
    func tableWidth() -> Int {
      columns.reduce(nameWidth + Self.gap + Self.modeWidth) { sum, column in
        let cells = classes.lazy.flatMap(\.modes).map { column.text($0.statistics).count }
        return sum + Self.gap + max(column.title.count, cells.max() ?? 0)
      }
    }
    for title in StatisticsColumn.leastNeeded where title != selection.order.rawValue {
      guard tableWidth() > width else { break }
      columns.removeAll { $0.title == title }
    }
    return columns
  }

  private func details(of lockClass: ClassStatistics) -> [String] {
    var lines: [(count: UInt64, text: String)] = []
    for point in lockClass.contentionPoints {
      lines.append((point.count, "waited at \(point.place.withVisibleControls)"))
    }
    for point in lockClass.contendingPoints {
      lines.append((point.count, "held from \(point.place.withVisibleControls)"))
    }
    for (mode, statistics) in lockClass.modes {
      let abandoned = statistics.abandoned
      if abandoned.count > 0 {
        let reasons = abandoned.reasons.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
        let time = abandoned.time.map { " after \(StatisticsColumn.microseconds($0)) together" }
        lines.append((abandoned.count, "gave up (\(mode))\(time ?? ""): \(reasons)"))
      }
      if statistics.openWaits > 0 {
        lines.append((statistics.openWaits, "still waiting (\(mode)) at the end of the trace"))
      }
    }
    let width = lines.map { String($0.count).count }.max() ?? 0
    return lines.map { "    \(Self.right(String($0.count), width))  \($0.text)" }
  }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}

/// A number that each mode of a class has.
struct StatisticsColumn: Sendable {
  enum Need: Sendable { case always, ifAny, ifTimes }

  var title: String
  var need: Need
  /// `nil` where there is none.
  var value: @Sendable (ModeStatistics) -> UInt64?
  var isTime = false

  static let all: [StatisticsColumn] =
    [
      StatisticsColumn(title: "contentions", need: .always) { $0.contentions },
      StatisticsColumn(title: "abandoned", need: .ifAny) { $0.abandoned.count },
      StatisticsColumn(title: "failed", need: .ifAny) { $0.failed },
    ] + times("wait", \.wait) + [
      StatisticsColumn(title: "acquisitions", need: .always) { $0.acquisitions }
    ] + times("hold", \.hold)

  /// What can be done without, the least needed first.
  static let leastNeeded = [
    "hold-min", "wait-min", "hold-avg", "wait-avg", "hold-p99", "wait-p99", "failed", "hold-max",
    "wait-max", "abandoned",
  ]

  private static func times(
    _ name: String, _ summary: @escaping @Sendable (ModeStatistics) -> DurationSummary?
  ) -> [StatisticsColumn] {
    func column(
      _ part: String, _ value: @escaping @Sendable (DurationSummary) -> UInt64
    ) -> StatisticsColumn {
      StatisticsColumn(
        title: "\(name)-\(part)", need: .ifTimes, value: { summary($0).map(value) }, isTime: true)
    }
    return [
      column("min", \.minimum), column("avg", \.mean), column("p99", \.p99),
      column("max", \.maximum), column("total", \.total),
    ]
  }

  func text(_ statistics: ModeStatistics) -> String {
    guard let value = value(statistics) else { return "-" }
    return isTime ? Self.microseconds(value) : String(value)
  }

  /// With two decimals, as `/proc/lock_stat` has them.
  static func microseconds(_ nanoseconds: UInt64) -> String {
    let hundredths = nanoseconds / 10 + (nanoseconds % 10 >= 5 ? 1 : 0)
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}

extension StatisticsColumn {
  fileprivate init(
    title: String, need: Need, _ value: @escaping @Sendable (ModeStatistics) -> UInt64?
  ) {
    self.init(title: title, need: need, value: value)
  }
}
