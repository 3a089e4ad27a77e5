extension TraceError {
  /// What is said of an input that is in no format that is known: which is the nearest, what is
  /// wrong with it as that, and which there are.
  static func unknownFormat(of input: String, _ beginning: UnsafeRawBufferPointer) -> TraceError {
    let beginning = InputBeginning(beginning)
    var nearest = Nearest(beginning: beginning)
    TraceReaders.visitAll(&nearest)
    let names = TraceFormat.allCases.map(\.rawValue).joined(separator: ", ")
    var error = TraceError(
      input: input, message: "is in no format that is known",
      expected: "one of \(names) (docs/inputs.md; --input-format FORMAT reads it as that)")
    if let lack = nearest.lack {
      error.message += "; it looks like \(lack)"
    } else if let failure = nearest.failure {
      let excerpt = TraceError.excerpt(failure.bytes, column: failure.failure.column)
      error.line = failure.line
      error.column = failure.failure.column
      error.text = excerpt.text
      error.mark = excerpt.mark
      error.message += "; as \(failure.title) it has \(failure.failure.message)"
      if let expected = failure.failure.expected {
        error.expected = "\(expected); or \(error.expected!)"
      }
    }
    return error
  }
}

/// The reader that an input comes nearest to.
private struct Nearest: ReaderVisitor {
  struct Failure {
    var title: String
    var line: UInt64
    var bytes: UnsafeRawBufferPointer
    var failure: LineFailure
  }

  let beginning: InputBeginning
  private(set) var lack: String?
  private(set) var failure: Failure?

  init(beginning: InputBeginning) { self.beginning = beginning }

  mutating func visit<Reader: LineReader & ~Copyable>(_ reader: Reader.Type) {
    if lack == nil { lack = Reader.lack(in: beginning) }
    if failure == nil, let found = Reader.firstFailure(in: beginning) {
      failure = Failure(
        title: Reader.title, line: found.line, bytes: found.bytes, failure: found.2)
    }
  }
}
