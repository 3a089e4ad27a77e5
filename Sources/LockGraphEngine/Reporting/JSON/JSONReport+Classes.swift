extension JSONReport {
  /// Writes where classes come from, if any is derived from a place.
  func write(
    _ origins: [ClassOriginCount], derivedCycles: Int, to writer: inout JSONWriter
  ) {
    guard !origins.isEmpty else { return }
    writer.member("derivedCycles", derivedCycles)
    writer.key("classesBy")
    writer.array { writer in
      for count in origins {
        writer.object { writer in
          writer.member("by", count.origin.rawValue)
          writer.member("locks", count.locks)
          writer.member("classes", count.classes)
        }
      }
    }
  }
}
