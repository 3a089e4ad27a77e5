/// Goes over the fields of values that are encoded in texts of a content, of each in the same
/// order.
///
/// As with the columns of rows, a type describes its fields once. Equal values are equal bytes.
protocol FieldVisitor {
  associatedtype Failure: Error

  mutating func text(_ name: StaticString, _ text: inout String) throws(Failure)
  mutating func text(_ name: StaticString, _ text: inout String?) throws(Failure)
  mutating func texts(_ name: StaticString, _ texts: inout [String]) throws(Failure)
  /// A text of which few are possible.
  mutating func word<Word: RawRepresentable<String>>(
    _ name: StaticString, _ word: inout Word
  ) throws(Failure)
  mutating func word<Word: RawRepresentable<String>>(
    _ name: StaticString, _ word: inout Word?
  ) throws(Failure)

  mutating func number(_ name: StaticString, _ number: inout UInt64) throws(Failure)
  /// How often something happened.
  mutating func count(_ name: StaticString, _ count: inout UInt64) throws(Failure)
  mutating func count(_ name: StaticString, _ count: inout UInt64?) throws(Failure)
  /// Small ones of either sign are short.
  mutating func signed(_ name: StaticString, _ number: inout Int64?) throws(Failure)

  /// A byte of its own.
  mutating func bits<Value: BitColumn>(
    _ name: StaticString, _ value: inout Value
  ) throws(Failure)
  mutating func bits<Value: BitColumn>(
    _ name: StaticString, _ value: inout Value?
  ) throws(Failure)

  mutating func value<Value: EncodedValue>(
    _ name: StaticString, _ value: inout Value
  ) throws(Failure)
  mutating func value<Value: EncodedValue>(
    _ name: StaticString, _ value: inout Value?
  ) throws(Failure)
  mutating func values<Value: EncodedValue>(
    _ name: StaticString, _ values: inout [Value]
  ) throws(Failure)
}

/// What is encoded in texts of a content, or a part of that.
protocol EncodedValue {
  static var noun: String { get }
  /// One without anything, to be read into.
  static var blank: Self { get }

  mutating func fields<Visitor: FieldVisitor>(_ visit: inout Visitor) throws(Visitor.Failure)

  /// What is wrong with one that was read.
  var flaw: String? { get }
}

extension EncodedValue {
  var flaw: String? { nil }
}
