extension BinaryReader {
  /// Reads what `BinaryWriter.encode` writes.
  mutating func value<Value: EncodedValue>() throws(GraphFileFailure) -> Value {
    var value = Value.blank
    try value.fields(&self)
    if let flaw = value.flaw { throw failure(flaw) }
    return value
  }
}

extension BinaryReader: FieldVisitor {
  mutating func text(_ name: StaticString, _ text: inout String) throws(GraphFileFailure) {
    text = try self.text()
  }

  mutating func text(_ name: StaticString, _ text: inout String?) throws(GraphFileFailure) {
    text = try flag() ? try self.text() : nil
  }

  mutating func texts(_ name: StaticString, _ texts: inout [String]) throws(GraphFileFailure) {
    for _ in 0..<(try count()) { texts.append(try text()) }
  }

  mutating func word<Word: RawRepresentable<String>>(
    _ name: StaticString, _ word: inout Word
  ) throws(GraphFileFailure) {
    let text = try self.text()
    guard let known = Word(rawValue: text) else {
      throw failure("the unknown \(name) '\(text.withVisibleControls)'")
    }
    word = known
  }

  mutating func word<Word: RawRepresentable<String>>(
    _ name: StaticString, _ word: inout Word?
  ) throws(GraphFileFailure) {
    guard try flag() else { return }
    let text = try self.text()
    word = Word(rawValue: text)
    guard word != nil else {
      throw failure("the unknown \(name) '\(text.withVisibleControls)'")
    }
  }

  mutating func number(
    _ name: StaticString, _ number: inout UInt64
  ) throws(GraphFileFailure) {
    number = try self.number()
  }

  mutating func count(_ name: StaticString, _ count: inout UInt64) throws(GraphFileFailure) {
    count = try quantity()
  }

  mutating func count(_ name: StaticString, _ count: inout UInt64?) throws(GraphFileFailure) {
    count = try flag() ? try quantity() : nil
  }

  mutating func signed(_ name: StaticString, _ number: inout Int64?) throws(GraphFileFailure) {
    number = try flag() ? try signed() : nil
  }

  mutating func bits<Value: BitColumn>(
    _ name: StaticString, _ value: inout Value
  ) throws(GraphFileFailure) {
    value = try self.value(name, of: try byte())
  }

  mutating func bits<Value: BitColumn>(
    _ name: StaticString, _ value: inout Value?
  ) throws(GraphFileFailure) {
    let byte = try self.byte()
    value = byte == 0 ? nil : try self.value(name, of: byte - 1)
  }

  private func value<Value: BitColumn>(
    _ name: StaticString, of byte: UInt8
  ) throws(GraphFileFailure) -> Value {
    guard byte >> Value.width == 0, let value = Value(bits: byte) else {
      throw failure("\(byte), which is no \(name)")
    }
    return value
  }

  mutating func value<Value: EncodedValue>(
    _ name: StaticString, _ value: inout Value
  ) throws(GraphFileFailure) {
    value = try self.value()
  }

  mutating func value<Value: EncodedValue>(
    _ name: StaticString, _ value: inout Value?
  ) throws(GraphFileFailure) {
    value = try flag() ? try self.value() : nil
  }

  mutating func values<Value: EncodedValue>(
    _ name: StaticString, _ values: inout [Value]
  ) throws(GraphFileFailure) {
    for _ in 0..<(try count()) { values.append(try value()) }
  }
}
