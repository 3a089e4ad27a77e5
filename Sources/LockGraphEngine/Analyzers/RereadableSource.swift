#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An input, and what to read where its events are wanted once more.
struct RereadableSource {
  /// Why it can be read once only.
  struct Refusal: Error {
    var text: String
  }

  private let source: TraceSource
  /// Keeps what comes out of a pipe.
  let spool: InputSpool?

  /// - Parameter isWanted: whether it may have to be read again.
  init(_ source: TraceSource, isWanted: Bool) {
    self.source = source
    spool = isWanted && !source.staysThere ? InputSpool() : nil
  }

  /// What has the same events, once it was read to its end.
  var again: Result<TraceSource, Refusal> {
    guard let spool else { return .success(source) }
    if let kept = spool.source { return .success(kept) }
    return .failure(Refusal(text: spool.flaw ?? "it was not kept"))
  }
}

extension TraceSource {
  /// Whether what was read is still there to be read.
  fileprivate var staysThere: Bool {
    switch self {
    case .bytes: return true
    case .standardInput: return false
    case .file(let path):
      var status = stat()
      return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
  }
}
