/// Code that runs on a thread without the thread having called it.
public enum InterruptContext: UInt8, Sendable, CaseIterable {
  case hardirq, softirq, nmi, signal

  /// The word the trace format uses.
  public var name: String {
    switch self {
    case .hardirq: "hardirq"
    case .softirq: "softirq"
    case .nmi: "nmi"
    case .signal: "signal"
    }
  }

  /// One bit a context, for sets of active contexts.
  @inlinable package var bit: UInt8 { 1 << rawValue }
}
