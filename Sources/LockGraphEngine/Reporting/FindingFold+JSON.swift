extension Finding.Fold {
  /// Writes how many there are and the examples, as JSON.
  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("count", count)
      writer.key("examples")
      writer.array { writer in
        for example in examples {
          writer.object { writer in
            writer.member("locks", example.locks)
            writer.member("severity", example.severity.rawValue)
            if let confidence = example.confidence {
              writer.member("confidence", confidence.rawValue)
            }
            writer.member("input", example.input)
            writer.member("line", example.line)
          }
        }
      }
    }
  }
}
