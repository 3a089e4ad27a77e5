extension TraceFormat {
  /// The kernel's log, with the reports of its own validator.
  public static let kernelLog = TraceFormat(named: "kernel-log")
}

extension KernelLogReader {
  static var format: TraceFormat { .kernelLog }
  static var title: String { "a kernel's log" }
  static var source: String { "what dmesg or a system logger prints" }
  static var traits: TraceTraits { TraceTraits(classesAreMerelyNames: true, isKernel: true) }
  static var absence: String? {
    "a log without reports, which does not show whether the detector ran"
  }

  static func sureness(of line: UnsafeRawBufferPointer, isFirst: Bool) -> Sureness {
    switch KernelLogLine.sureness(of: line) {
    case .certain: return .certain
    case .likely: return beginsReport(line) ? .certain : .likely
    case .none: return beginsReport(line) ? .certain : .none
    }
  }
}
