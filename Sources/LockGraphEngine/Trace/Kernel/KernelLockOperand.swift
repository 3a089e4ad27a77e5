/// Which lock an event is about and how it was asked for: `ADDRESS [try ][read ]NAME`, or as raw
/// fields.
struct KernelLockOperand {
  var address: UnsafeRawBufferPointer
  /// Empty if the capture lost it.
  var name: UnsafeRawBufferPointer
  var isTry = false
  var isRead = false

  /// `ADDRESS NAME`, if it stands there so.
  @inline(__always)
  var key: UnsafeRawBufferPointer? {
    guard let start = address.baseAddress, name.baseAddress == start + address.count + 1 else {
      return nil
    }
    return UnsafeRawBufferPointer(start: start, count: address.count + 1 + name.count)
  }

  /// Of a line that is about a lock.
  @inline(__always)
  init(_ line: KernelEventLine) throws(LineFailure) {
    let rest = line.rest
    guard let base = rest.baseAddress else { throw Self.noAddress(line) }
    let length: Int
    if rest.count > 16, rest[16] == UInt8(ascii: " "), rest[0] != UInt8(ascii: "("),
      rest[4] != UInt8(ascii: "="), Self.hasNoBlank(base)
    {
      length = 16
    } else if rest.count > 18, rest[18] == UInt8(ascii: " "), rest[1] == UInt8(ascii: "x"),
      Self.hasNoBlank(base + 2)
    {
      length = 18
    } else {
      let end = rest.firstIndex(of: UInt8(ascii: " ")) ?? rest.count
      guard Self.isAddress(rest[..<end]) else {
        self = try Self.raw(line)
        return
      }
      length = end
    }
    address = UnsafeRawBufferPointer(start: base, count: length)
    var start = min(length + 1, rest.count)
    if line.event == .acquire {
      if Self.hasWord("try ", rest, start) {
        isTry = true
        start += 4
      }
      if Self.hasWord("read ", rest, start) {
        isRead = true
        start += 5
      }
    }
    name = UnsafeRawBufferPointer(start: base + start, count: rest.count - start)
    if name.isEmpty, line.event == .acquire { throw Self.noName(line, length) }
  }

  /// Whether none of sixteen bytes is a blank.
  @inline(__always)
  private static func hasNoBlank(_ bytes: UnsafeRawPointer) -> Bool {
    func marks(_ word: UInt64) -> UInt64 {
      let difference = word ^ 0x2020_2020_2020_2020
      return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
    }
    return marks(bytes.loadUnaligned(as: UInt64.self))
      | marks((bytes + 8).loadUnaligned(as: UInt64.self)) == 0
  }

  @inline(__always)
  private static func hasWord(
    _ word: StaticString, _ rest: UnsafeRawBufferPointer, _ position: Int
  ) -> Bool {
    let count = word.utf8CodeUnitCount
    return position + count < rest.count && rest[position] == word.utf8Start[0]
      && bytesAreEqual(rest.baseAddress! + position, word.utf8Start, count: count)
  }

  private static func isAddress(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
    !bytes.isEmpty
      && bytes.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) || $0 == UInt8(ascii: "x")
      }
  }

  /// `[flags=2 ]name=&mm->mmap_lock lockdep_addr=0xffff888004456560`.
  @inline(never)
  private static func raw(_ line: KernelEventLine) throws(LineFailure) -> KernelLockOperand {
    let rest = line.rest
    var start = 0
    var flags: UInt32 = 0
    let flagMark = "flags="
    if rest.starts(with: flagMark.utf8) {
      start = rest.firstIndex(of: UInt8(ascii: " ")) ?? rest.count
      var digits = String(decoding: rest[flagMark.utf8.count..<start], as: UTF8.self)[...]
      let isHexadecimal = digits.hasPrefix("0x")
      if isHexadecimal { digits = digits.dropFirst(2) }
      guard let value = UInt32(digits, radix: isHexadecimal ? 16 : 10) else {
        throw noAddress(line)
      }
      flags = value
      start = min(start + 1, rest.count)
    }
    let nameMark = "name="
    guard rest[start...].starts(with: nameMark.utf8) else { throw noAddress(line) }
    start += nameMark.utf8.count
    // Names hold blanks and equal signs, so the address is looked for from the end.
    let addressMark = " lockdep_addr="
    guard let blank = rest[start...].lastIndex(of: UInt8(ascii: " ")),
      rest[blank...].starts(with: addressMark.utf8),
      isAddress(rest[(blank + addressMark.utf8.count)...])
    else { throw noAddress(line) }
    var operand = KernelLockOperand(
      address: UnsafeRawBufferPointer(rebasing: rest[(blank + addressMark.utf8.count)...]),
      name: UnsafeRawBufferPointer(rebasing: rest[start..<blank]))
    operand.isTry = flags & 1 != 0
    operand.isRead = flags & 2 != 0
    if operand.name.isEmpty, line.event == .acquire { throw noName(line, start - 1) }
    return operand
  }

  private init(address: UnsafeRawBufferPointer, name: UnsafeRawBufferPointer) {
    self.address = address
    self.name = name
  }

  private static func noName(_ line: KernelEventLine, _ position: Int) -> LineFailure {
    LineFailure(
      column: line.restColumn + position, message: "the name of the lock is missing",
      expected: "ADDRESS [try ][read ]NAME")
  }

  private static func noAddress(_ line: KernelEventLine) -> LineFailure {
    let isHidden = line.rest.starts(with: "(____ptrval____)".utf8)
    return LineFailure(
      column: line.restColumn,
      message: isHidden
        ? "the addresses of locks are hidden, so locks cannot be told apart"
        : "a bad address of a lock",
      expected: isHidden
        ? "a capture from later after the boot, or with no_hash_pointers" : "ADDRESS NAME")
  }
}
