/// Writes JSON, with two-space indentation unless it is asked for without, and keys in the order in
/// which they are given, so that equal reports are equal bytes. Misuse (a key outside an object) is
/// a programming error and not checked.
package struct JSONWriter: ~Copyable {
  private var output: OutputBuffer
  private var depth = 0
  private var isFirst = true
  private var isAfterKey = false
  private let isIndented: Bool

  /// - Parameters:
  ///   - isIndented: one value a line; else there are no blanks and newlines between values.
  ///   - take: takes the next bytes, and returns false if it cannot.
  package init(
    isIndented: Bool = true, _ take: @escaping (UnsafeRawBufferPointer) -> Bool
  ) {
    self.isIndented = isIndented
    output = OutputBuffer(window: 1 << 16, take)
  }

  package mutating func object(_ body: (inout JSONWriter) -> Void) { container("{", "}", body) }

  package mutating func array(_ body: (inout JSONWriter) -> Void) { container("[", "]", body) }

  package mutating func key(_ name: String) {
    beginItem()
    string(name)
    output.append(isIndented ? ": " : ":" as StaticString)
    isAfterKey = true
  }

  package mutating func value(_ text: String) {
    beginItem()
    string(text)
  }

  package mutating func value(_ number: some FixedWidthInteger) {
    beginItem()
    output.append(number: number)
  }

  package mutating func value(_ flag: Bool) {
    beginItem()
    output.append(flag ? "true" : "false" as StaticString)
  }

  package mutating func null() {
    beginItem()
    output.append("null" as StaticString)
  }

  package mutating func member(_ name: String, _ text: String) {
    key(name)
    value(text)
  }

  package mutating func member(_ name: String, _ number: some FixedWidthInteger) {
    key(name)
    value(number)
  }

  package mutating func member(_ name: String, _ texts: [String]) {
    key(name)
    array { writer in
      for text in texts { writer.value(text) }
    }
  }

  private mutating func container(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONWriter) -> Void
  ) {
    beginItem()
    raw(open)
    depth += 1
    isFirst = true
    body(&self)
    depth -= 1
    if !isFirst { newLine() }
    isFirst = false
    raw(close)
    output.writeIfFull()
  }

  private mutating func beginItem() {
    if isAfterKey {
      isAfterKey = false
      return
    }
    if depth > 0 {
      if !isFirst { raw(",") }
      newLine()
    }
    isFirst = false
  }

  private mutating func newLine() {
    guard isIndented else { return }
    raw("\n")
    for _ in 0..<depth { output.append("  " as StaticString) }
  }

  private mutating func string(_ text: String) {
    var text = text
    text.withUTF8 { output.append(jsonString: UnsafeRawBufferPointer($0)) }
  }

  private mutating func raw(_ byte: Unicode.Scalar) { output.append(UInt8(ascii: byte)) }

  /// Ends the document and writes what of it is still here.
  ///
  /// - Returns: false if bytes could not be written.
  package consuming func finish() -> Bool {
    raw("\n")
    output.flush()
    return !output.isBroken
  }
}

extension JSONWriter {
  /// What a document is and who wrote it: the first members of each.
  package mutating func origin(schema: String) {
    member("schema", schema)
    key("tool")
    object { writer in
      writer.member("name", "lockdep-check")
      writer.member("version", lockGraphVersion)
    }
  }
}
