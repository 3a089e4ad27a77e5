/// A line of `/proc/lockdep` or `/proc/lockdep_chains`.
///
/// A class is printed as `KEY [OPS:n] [FD:n BD:n USAGE]: NAME`, one that it is followed by as
/// ` -> [KEY] NAME`, and a link of a chain as `[KEY] NAME`. NAME runs to the end of the line and
/// may hold anything.
struct LockdepLine {
  enum Failure: Error {
    case key(column: Int), number(column: Int), usage(column: Int), name(column: Int), shape,
      noClass
  }

  /// The key as it is printed, `KEY`.
  var key: UnsafeRawBufferPointer
  var name: UnsafeRawBufferPointer
  var operations: UInt64?
  /// A character for each context and mode; none on kernels that keep no usage.
  var usage: UnsafeRawBufferPointer?

  /// `KEY [OPS:n] [FD:n BD:n USAGE]: NAME`
  init(lockClass line: UnsafeRawBufferPointer) throws(Failure) {
    key = Self.run(line, 0, Self.isHexadecimal)
    guard !key.isEmpty else { throw .key(column: 1) }
    var position = key.count
    while position >= line.count || line[position] != UInt8(ascii: ":") {
      let blank = position
      Self.skipBlanks(line, &position)
      guard position > blank, position < line.count else {
        throw blank == key.count ? .key(column: blank + 1) : .shape
      }
      let start = position
      if let label = Self.labels.first(where: { line[start...].starts(with: $0.utf8) }) {
        position += label.utf8.count
        Self.skipBlanks(line, &position)
        let digits = Self.run(line, position) { (0x30...0x39).contains($0) }
        guard let number = Self.number(digits) else { throw .number(column: position + 1) }
        if label == "OPS:" { operations = number }
        position += digits.count
      } else {
        let marks = Self.run(line, start, Self.isUsage)
        guard usage == nil, !marks.isEmpty, marks.count.isMultiple(of: 2) else {
          throw .usage(column: start + 1)
        }
        usage = marks
        position += marks.count
      }
    }
    name = try Self.name(line, position + 1)
  }

  private static let labels = ["OPS:", "FD:", "BD:"]

  /// ` -> [KEY] NAME`
  init(successor line: UnsafeRawBufferPointer) throws(Failure) {
    var position = 0
    Self.skipBlanks(line, &position)
    guard line[position...].starts(with: "->".utf8) else { throw .shape }
    position += 2
    Self.skipBlanks(line, &position)
    try self.init(bracketed: line, from: position)
  }

  /// `[KEY] NAME`
  init(link line: UnsafeRawBufferPointer) throws(Failure) {
    try self.init(bracketed: line, from: 0)
  }

  private init(bracketed line: UnsafeRawBufferPointer, from start: Int) throws(Failure) {
    guard start < line.count, line[start] == UInt8(ascii: "[") else { throw .shape }
    key = Self.run(line, start + 1, Self.isHexadecimal)
    let end = start + 1 + key.count
    guard !key.isEmpty, end < line.count, line[end] == UInt8(ascii: "]") else {
      throw .key(column: start + 2)
    }
    name = try Self.name(line, end + 1)
  }

  /// The key as a number; keys have at most sixteen digits.
  var keyNumber: UInt64 {
    key.reduce(0) { $0 << 4 | UInt64($1 <= 0x39 ? $1 & 0xF : ($1 & 0xF) + 9) }
  }

  private static func name(
    _ line: UnsafeRawBufferPointer, _ start: Int
  ) throws(Failure) -> UnsafeRawBufferPointer {
    guard start + 1 < line.count, line[start] == UInt8(ascii: " ") else {
      throw .name(column: start + 1)
    }
    return UnsafeRawBufferPointer(rebasing: line[(start + 1)...])
  }

  /// The bytes from a position on that are all of a sort.
  private static func run(
    _ line: UnsafeRawBufferPointer, _ start: Int, _ isOfSort: (UInt8) -> Bool
  ) -> UnsafeRawBufferPointer {
    var end = start
    while end < line.count, isOfSort(line[end]) { end += 1 }
    return UnsafeRawBufferPointer(rebasing: line[start..<end])
  }

  private static func skipBlanks(_ line: UnsafeRawBufferPointer, _ position: inout Int) {
    while position < line.count, line[position] == UInt8(ascii: " ") { position += 1 }
  }

  private static func number(_ digits: UnsafeRawBufferPointer) -> UInt64? {
    guard !digits.isEmpty, digits.count <= 19 else { return nil }
    var number: UInt64 = 0
    for digit in digits {
      number = number &* 10 &+ UInt64(digit & 0xF)
    }
    return number
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
  }

  private static func isUsage(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
      || byte == UInt8(ascii: "?")
  }
}

extension LineFailure {
  /// - Parameter expected: how the line should look.
  init(_ failure: LockdepLine.Failure, expected: String) {
    switch failure {
    case .key(let column):
      self.init(column: column, message: "a bad key of a lock class", expected: expected)
    case .number(let column):
      self.init(column: column, message: "a bad number", expected: "decimal digits")
    case .usage(let column):
      self.init(
        column: column, message: "bad usage of a lock class",
        expected: "a '.', '-', '+' or '?' for each context and mode, as in +.-.")
    case .name(let column):
      self.init(
        column: column, message: "the name of a lock class is missing", expected: expected)
    case .noClass:
      self.init(
        column: 1, message: "a dependency of no class: none is above it", expected: expected)
    case .shape:
      self.init(column: 1, message: "not a line of this file", expected: expected)
    }
  }
}
