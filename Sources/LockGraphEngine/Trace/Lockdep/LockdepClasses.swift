/// The classes of one file of the kernel's validator, by key and name.
struct LockdepClasses: ~Copyable {
  private var numbers = ByteInterner()
  private var scratch: [UInt8] = []

  /// The number of a class, which is stated at its first mention.
  @inline(__always)
  mutating func number<Consumer: EventConsumer & ~Copyable>(
    of line: LockdepLine, into consumer: inout Consumer
  ) -> UInt32 {
    scratch.removeAll(keepingCapacity: true)
    scratch.append(contentsOf: line.key)
    scratch.append(UInt8(ascii: "]"))
    scratch.append(contentsOf: line.name)
    let (number, isNew) = scratch.withUnsafeBytes { numbers.intern($0) }
    if isNew {
      consumer.consume(
        .lockClass(StatedClass(number: number, name: line.name, key: line.keyNumber)))
    }
    return number
  }
}
