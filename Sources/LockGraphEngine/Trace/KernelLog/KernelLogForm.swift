/// Whether lines are those of a kernel's log, where none of them is a report.
struct KernelLogForm {
  private var isCertain = false
  private var likely = 0
  private var others = 0

  /// One line that begins as no others do, or as many as not that begin like those of a log.
  var isThatOfALog: Bool { isCertain || likely > 0 && likely >= others }

  mutating func note(_ line: KernelLogLine) {
    guard !isCertain, !line.text.isEmpty || line.isStamped else { return }
    switch line.sureness {
    case .certain: isCertain = true
    case .likely: likely += 1
    case .none: if line.hasDateOrLevel { likely += 1 } else { others += 1 }
    }
  }
}
