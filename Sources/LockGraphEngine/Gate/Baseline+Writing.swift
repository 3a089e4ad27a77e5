extension Baseline: StreamedDocument {
  /// Writes the file, in UTF-8 with a newline at its end: one entry a block and one key a line,
  /// sorted by rule, classes and fingerprint, so that a change is seen as what it is.
  ///
  /// - Complexity: O(n log n) for n bytes.
  @discardableResult
  public func write(_ take: @escaping (UnsafeRawBufferPointer) -> Bool) -> Bool {
    var writer = JSONWriter(take)
    writer.object { writer in
      writer.member("schema", Self.schema)
      writer.key("findings")
      writer.array { writer in
        for entry in entries.sorted(by: Entry.precedes) { write(entry, to: &writer) }
      }
    }
    return writer.finish()
  }

  private func write(_ entry: Entry, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("fingerprint", entry.fingerprint)
      if let lineFree = entry.lineFreeFingerprint {
        writer.member("lineFreeFingerprint", lineFree)
      }
      writer.member("rule", entry.rule.rawValue)
      writer.member("title", entry.title)
      writer.member("classes", entry.classes)
      if let places = entry.places { writer.member("places", places) }
      if let reason = entry.reason { writer.member("reason", reason) }
      if let owner = entry.owner { writer.member("owner", owner) }
      if let expires = entry.expires { writer.member("expires", expires.description) }
    }
  }
}

extension Baseline.Entry {
  /// By rule, classes and fingerprint.
  fileprivate static func precedes(_ one: Baseline.Entry, _ other: Baseline.Entry) -> Bool {
    if one.rule != other.rule { return one.rule.rawValue < other.rule.rawValue }
    if !one.classes.elementsEqual(other.classes, by: { $0.utf8.elementsEqual($1.utf8) }) {
      return one.classes.lexicographicallyPrecedes(other.classes) {
        $0.utf8.lexicographicallyPrecedes($1.utf8)
      }
    }
    return one.fingerprint < other.fingerprint
  }
}
