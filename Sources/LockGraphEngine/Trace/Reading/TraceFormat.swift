/// A format of inputs, by the name that options and reports use. Each is declared beside its
/// reader.
public struct TraceFormat: Sendable, Hashable {
  /// The name.
  public let rawValue: String

  /// A format of a reader; `init(rawValue:)` finds those that exist.
  init(named name: String) { rawValue = name }
}
