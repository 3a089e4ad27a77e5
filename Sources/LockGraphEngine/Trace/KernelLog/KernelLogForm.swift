/// Whether lines are those of a kernel's log, where none of them is a report.
struct KernelLogForm {
  private var isCertain = false
  private var likely = 0
  private var others = 0

  /// One line that begins as no others do, or as many as not that begin like those of a log.
  var isThatOfALog: Bool { isCertain || likely > 0 && likely >= others }

  mutating func note(_ line: UnsafeRawBufferPointer) {
    guard !isCertain, line.contains(where: { $0 > 0x20 }) else { return }
    switch KernelLogLine.sureness(of: line) {
    case .certain: isCertain = true
    case .likely: likely += 1
    case .none: if KernelLogLine.hasDateOrLevel(line) { likely += 1 } else { others += 1 }
    }
  }
}
