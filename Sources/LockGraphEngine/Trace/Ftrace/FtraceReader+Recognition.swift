extension TraceFormat {
  /// The kernel's `/sys/kernel/tracing/trace` with events `lock:*`, or what `trace-cmd report`
  /// prints of them.
  public static let ftrace = TraceFormat(named: "ftrace")
}

extension FtraceReader {
  static var format: TraceFormat { .ftrace }
  static var title: String { "a trace of ftrace" }
  static var source: String { "/sys/kernel/tracing/trace, or what trace-cmd report prints" }
  static var traits: TraceTraits { TraceTraits(classesAreMerelyNames: true, isKernel: true) }

  static func sureness(of line: UnsafeRawBufferPointer, isFirst: Bool) -> Sureness {
    let isOwn =
      KernelEventLine(ftrace: line) != nil || FtraceOtherLine.lostEvents(line) != nil
      || FtraceOtherLine.beginsReport(line) || FtraceOtherLine.lacksContext(line)
    return isOwn ? .certain : .none
  }

  static func sureness(ofComment line: UnsafeRawBufferPointer) -> Sureness {
    line.hasPrefix("# tracer:") ? .certain : .none
  }
}
