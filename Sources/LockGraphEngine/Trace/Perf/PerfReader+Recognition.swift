extension TraceFormat {
  /// What `perf script` prints of the kernel's events `lock:*`.
  public static let perf = TraceFormat(named: "perf")
}

extension PerfReader {
  static var format: TraceFormat { .perf }
  static var title: String { "what perf script prints" }
  static var source: String { "what perf script prints of lock:*" }
  static var traits: TraceTraits { TraceTraits(classesAreMerelyNames: true, isKernel: true) }

  static func sureness(of line: UnsafeRawBufferPointer, isFirst: Bool) -> Sureness {
    KernelEventLine(perf: line) != nil ? .certain : .none
  }
}
