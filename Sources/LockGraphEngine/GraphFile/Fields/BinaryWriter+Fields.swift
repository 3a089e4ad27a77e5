extension BinaryWriter {
  /// Writes a value as `BinaryReader.value()` reads it.
  mutating func encode(_ value: some EncodedValue) {
    var value = value
    value.fields(&self)
  }
}

extension BinaryWriter: FieldVisitor {
  mutating func text(_ name: StaticString, _ text: inout String) { self.text(text) }

  mutating func text(_ name: StaticString, _ text: inout String?) {
    flag(text != nil)
    if let text { self.text(text) }
  }

  mutating func texts(_ name: StaticString, _ texts: inout [String]) {
    number(texts.count)
    for text in texts { self.text(text) }
  }

  mutating func word<Word: RawRepresentable<String>>(_ name: StaticString, _ word: inout Word) {
    text(word.rawValue)
  }

  mutating func word<Word: RawRepresentable<String>>(_ name: StaticString, _ word: inout Word?) {
    flag(word != nil)
    if let word { text(word.rawValue) }
  }

  mutating func number(_ name: StaticString, _ number: inout UInt64) { self.number(number) }

  mutating func count(_ name: StaticString, _ count: inout UInt64) { number(count) }

  mutating func count(_ name: StaticString, _ count: inout UInt64?) {
    flag(count != nil)
    if let count { number(count) }
  }

  mutating func signed(_ name: StaticString, _ number: inout Int64?) {
    flag(number != nil)
    if let number { signed(number) }
  }

  mutating func bits<Value: BitColumn>(_ name: StaticString, _ value: inout Value) {
    byte(value.bits)
  }

  mutating func bits<Value: BitColumn>(_ name: StaticString, _ value: inout Value?) {
    byte(value.map { $0.bits + 1 } ?? 0)
  }

  mutating func value<Value: EncodedValue>(_ name: StaticString, _ value: inout Value) {
    encode(value)
  }

  mutating func value<Value: EncodedValue>(_ name: StaticString, _ value: inout Value?) {
    flag(value != nil)
    if let value { encode(value) }
  }

  mutating func values<Value: EncodedValue>(_ name: StaticString, _ values: inout [Value]) {
    number(values.count)
    for value in values { encode(value) }
  }
}
