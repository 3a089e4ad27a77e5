extension KernelLogReader {
  /// Whether a line begins a report that the reader reads, however late in an input it comes.
  static func beginsReport(_ line: UnsafeRawBufferPointer) -> Bool {
    guard KernelLogWords.occur(in: line) else { return false }
    let decoder = LogLineDecoder()
    guard decoder.changes(line) else { return isHeadline(KernelLogLine(line).text) }
    var undone = decoder
    return undone.lines(of: line).contains { line in
      line.withUnsafeBytes { isHeadline(KernelLogLine($0).text) }
    }
  }

  private static func isHeadline(_ text: UnsafeRawBufferPointer) -> Bool {
    if let headline = KernelHeadline(text) {
      // A line of the sanitizers begins in the same way.
      return headline.kind != .assertion || headline.note != nil || headline.place != nil
    }
    return KernelHeadline.position(in: text) != nil || KernelReport.headless(text) != nil
      || HungTasks.begins(text) || WitnessReport(text, line: 0) != nil
      || text.hasPrefix("Potential Deadlock Detected!")
  }
}
