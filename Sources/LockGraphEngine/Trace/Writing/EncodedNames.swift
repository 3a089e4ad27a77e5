/// The names of the threads or of the locks of all inputs, encoded once, each different from all
/// others: in one trace, what has one name is one thing.
struct EncodedNames<Encoder: EventEncoder>: ~Copyable {
  private var encoded = OutputBuffer()
  private var ends: [Int] = []
  private var taken = ByteInterner()

  var count: Int { ends.count }

  /// Adds a name of an input, numbered from one.
  ///
  /// - Returns: whether it had to be changed to be unlike those before, and whether it was text.
  mutating func add(
    _ name: UnsafeRawBufferPointer, input: UInt32
  ) -> (isChanged: Bool, isText: Bool) {
    let text = String(validating: name, as: UTF8.self)
    // Names that differ in what is no UTF-8 are one when they are written.
    var unique = Array((text ?? String(decoding: name, as: UTF8.self)).utf8)
    var isChanged = false
    while unique.isEmpty || !unique.withUnsafeBytes({ taken.intern($0).isNew }) {
      unique = Array("\(input):".utf8) + unique
      isChanged = true
    }
    unique.withUnsafeBytes { Encoder.write(name: $0, to: &encoded) }
    ends.append(encoded.position)
    return (isChanged, text != nil)
  }

  /// A name as it is written; valid until the next one is added.
  @inline(__always)
  subscript(number: Int) -> UnsafeRawBufferPointer {
    encoded.content(from: number == 0 ? 0 : ends[number - 1], to: ends[number])
  }
}
