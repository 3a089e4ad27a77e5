/// Describes types that are encoded in texts, and their parts after them.
struct ValueDescribing {
  private(set) var text = ""
  private var known: Set<String> = []

  mutating func add<Value: EncodedValue>(_ type: Value.Type) {
    guard known.insert(Value.noun).inserted else { return }
    var fields = FieldDescribing()
    var value = Value.blank
    value.fields(&fields)
    text += "(\(Value.noun)): \(fields.words.joined(separator: ", "))\n"
    for part in fields.parts { part(&self) }
  }
}

/// Tells names and types of fields.
private struct FieldDescribing: FieldVisitor {
  typealias Failure = Never

  private(set) var words: [String] = []
  /// What describes the types of fields.
  private(set) var parts: [(inout ValueDescribing) -> Void] = []

  private mutating func field(_ name: StaticString, _ type: String) {
    words.append("\(name): \(type)")
  }

  private mutating func field<Value: EncodedValue>(
    _ name: StaticString, _ suffix: String, of type: Value.Type
  ) {
    field(name, "(\(Value.noun))\(suffix)")
    parts.append { $0.add(type) }
  }

  mutating func text(_ name: StaticString, _ text: inout String) { field(name, "text") }
  mutating func text(_ name: StaticString, _ text: inout String?) { field(name, "text?") }
  mutating func texts(_ name: StaticString, _ texts: inout [String]) { field(name, "text*") }

  mutating func word<Word: RawRepresentable<String>>(_ name: StaticString, _ word: inout Word) {
    field(name, "text")
  }

  mutating func word<Word: RawRepresentable<String>>(_ name: StaticString, _ word: inout Word?) {
    field(name, "text?")
  }

  mutating func number(_ name: StaticString, _ number: inout UInt64) { field(name, "number") }
  mutating func count(_ name: StaticString, _ count: inout UInt64) { field(name, "count") }
  mutating func count(_ name: StaticString, _ count: inout UInt64?) { field(name, "count?") }
  mutating func signed(_ name: StaticString, _ number: inout Int64?) { field(name, "signed?") }

  mutating func bits<Value: BitColumn>(_ name: StaticString, _ value: inout Value) {
    field(name, "byte of \(Value.bitCount)")
  }

  mutating func bits<Value: BitColumn>(_ name: StaticString, _ value: inout Value?) {
    field(name, "byte? of \(Value.bitCount)")
  }

  mutating func value<Value: EncodedValue>(_ name: StaticString, _ value: inout Value) {
    field(name, "", of: Value.self)
  }

  mutating func value<Value: EncodedValue>(_ name: StaticString, _ value: inout Value?) {
    field(name, "?", of: Value.self)
  }

  mutating func values<Value: EncodedValue>(_ name: StaticString, _ values: inout [Value]) {
    field(name, "*", of: Value.self)
  }
}
