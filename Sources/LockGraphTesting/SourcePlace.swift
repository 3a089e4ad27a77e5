import LockGraph

/// A place in the source, taken apart.
struct SourcePlace: Equatable {
  /// As the lock was told: what `#fileID` says, if nobody passed anything else.
  var file: String
  /// From 1.
  var line: Int
  /// From 1.
  var column: Int

  /// `FILE:LINE:COLUMN`; the file may have colons.
  init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count >= 3, let column = Int(parts[parts.count - 1]),
      let line = Int(parts[parts.count - 2]), line > 0
    else { return nil }
    file = parts.dropLast(2).joined(separator: ":")
    guard !file.isEmpty else { return nil }
    self.line = line
    self.column = max(1, column)
  }

  /// Where a finding was made; if that is not known, where its evidence is from.
  init?(of report: LockValidator.Report) {
    let finding = report.finding
    let places =
      [report.place, finding.events.first?.at, finding.waiters.first?.at]
      + finding.edges.map { $0.witnesses.first?.wanted.at }
    guard let place = places.lazy.compactMap({ $0.flatMap { SourcePlace($0) } }).first else {
      return nil
    }
    self = place
  }
}
