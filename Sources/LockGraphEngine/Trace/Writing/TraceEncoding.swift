/// The encodings that traces are written in.
public enum TraceEncoding: String, Sendable, CaseIterable {
  /// The text format, version 1.
  case text
  /// The same events as JSON Lines.
  case jsonl

  /// The encoding of a file by the ending of its name, `trace` or `jsonl` in any case.
  public init?(fileExtension: String) {
    switch fileExtension.lowercased() {
    case "trace": self = .text
    case "jsonl": self = .jsonl
    default: return nil
    }
  }
}
