extension TraceFormat {
  /// LockGraph's own text format, version 1.
  public static let text = TraceFormat(named: "text")
}

// A text trace is told by its first line, or by the most of its first lines being events. A comment
// makes none: stacks and configuration files have such lines too.
extension TextTraceReader {
  static var format: TraceFormat { .text }
  static var title: String { "a text trace" }
  static var source: String { "lines as 'THREAD acquire LOCK' (docs/trace-format.md)" }

  static func sureness(ofComment line: UnsafeRawBufferPointer) -> Sureness {
    line.hasPrefix("# lockgraph-trace") ? .certain : .none
  }

  static func sureness(of beginning: InputBeginning) -> Sureness {
    let shape = TextShape(of: beginning)
    return shape.own > 0 && shape.own >= shape.others ? .likely : .none
  }

  static func isBeyondDoubt(_ beginning: InputBeginning) -> Bool {
    beginning.hasPrefix("# lockgraph-trace")
      || FirstLines(of: beginning, read: TextTraceReader()).areMostlyEvents
  }

  static func firstFailure(
    in beginning: InputBeginning
  ) -> (line: UInt64, bytes: UnsafeRawBufferPointer, LineFailure)? {
    guard TextShape(of: beginning).own > 0 else { return nil }
    return FirstLines(of: beginning, read: TextTraceReader()).failure
  }
}

/// How many of the first lines look like events of a text trace, mistakes and all: their second
/// word is a verb, or one that is mistyped.
private struct TextShape {
  private(set) var own = 0
  private(set) var others = 0

  /// - Complexity: O(bytes of sixteen lines, and of the comments between them).
  init(of beginning: InputBeginning) {
    for line in beginning.lines {
      guard own + others < 16 else { return }
      guard let first = line.first(where: { $0 != 0x20 && $0 != 0x09 }),
        first != UInt8(ascii: "#")
      else { continue }
      if Self.isOwn(line) { own += 1 } else { others += 1 }
    }
  }

  private static func isOwn(_ line: UnsafeRawBufferPointer) -> Bool {
    var rest = LineTokens(line)
    var first = rest.nextToken()
    // A time is one word there, which in the kernel's log it is late only.
    if first.first == UInt8(ascii: "["), first.last == UInt8(ascii: "]") {
      first = rest.nextToken()
    }
    let verb = rest.nextToken()
    guard !first.isEmpty, !verb.isEmpty, verb.count < 32 else { return false }
    if TextVocabulary.verb(verb) != nil { return true }
    // Short words are near to too many.
    guard verb.count >= 5, verb.count < 16 else { return false }
    return nearestWord(to: verb.text, among: EventVerb.allCases.map(\.name)) != nil
  }

  /// The rest of a line, token by token.
  private struct LineTokens {
    private var bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next one, a string with its quotes; empty where there is none.
    mutating func nextToken() -> UnsafeRawBufferPointer {
      let start = bytes.firstIndex { $0 != 0x20 && $0 != 0x09 } ?? bytes.count
      bytes = bytes.from(start)
      var end = 0
      if bytes.first == UInt8(ascii: "\"") {
        end = 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
          end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        end = min(end + 1, bytes.count)
      }
      while end < bytes.count, bytes[end] != 0x20, bytes[end] != 0x09 { end += 1 }
      defer { bytes = bytes.from(end) }
      return bytes.upTo(end)
    }
  }
}
