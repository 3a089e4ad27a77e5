/// Statistics as comma-separated values (RFC 4180), a record for each class and mode; times in
/// nanoseconds.
///
/// A field without a value is empty. Places are not in it.
public struct StatisticsCSV {
  private let classes: [ClassStatistics]

  /// The statistics' records.
  public init(
    _ statistics: LockStatistics, selection: StatisticsSelection = StatisticsSelection()
  ) {
    classes = selection.classes(of: statistics)
  }

  private struct Column: Sendable {
    var name: String
    var value: @Sendable (ModeStatistics) -> UInt64?
  }

  private static let columns: [Column] =
    [
      Column(name: "acquisitions") { $0.acquisitions },
      Column(name: "contentions") { $0.contentions },
      Column(name: "abandoned") { $0.abandoned.count },
      Column(name: "failed") { $0.failed },
      Column(name: "open_holds") { $0.openHolds },
      Column(name: "open_waits") { $0.openWaits },
    ] + times("wait") { $0.wait } + times("hold") { $0.hold }

  private static func times(
    _ name: String, _ summary: @escaping @Sendable (ModeStatistics) -> DurationSummary?
  ) -> [Column] {
    [
      Column(name: "\(name)_min_ns") { summary($0)?.minimum },
      Column(name: "\(name)_avg_ns") { summary($0)?.mean },
      Column(name: "\(name)_p99_ns") { summary($0)?.p99 },
      Column(name: "\(name)_max_ns") { summary($0)?.maximum },
      Column(name: "\(name)_total_ns") { summary($0)?.total },
    ]
  }

  /// A header and the records, each line with its end.
  ///
  /// - Complexity: O(length of the text).
  public var text: String {
    var text = (["class", "mode"] + Self.columns.map(\.name)).joined(separator: ",") + "\r\n"
    for lockClass in classes {
      for (mode, statistics) in lockClass.modes {
        let numbers = Self.columns.map { $0.value(statistics).map(String.init) ?? "" }
        text += ([Self.quoted(lockClass.name), mode] + numbers).joined(separator: ",") + "\r\n"
      }
    }
    return text
  }

  private static func quoted(_ field: String) -> String {
    guard field.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D })
    else { return field }
    let parts = field.split(separator: "\"", omittingEmptySubsequences: false)
    return "\"" + parts.joined(separator: "\"\"") + "\""
  }
}
