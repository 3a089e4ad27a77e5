/// A lock as the kernel's validator prints it:
/// `[ADDRESS] (NAME){USAGE}[-{OUTER:INNER}][, at: SITE]`.
struct PrintedLock {
  var name: String
  var address: String?
  /// Where it may be taken, and what holding it means; numbers that rise from what spins to what
  /// sleeps.
  var waitTypes: (outer: Int, inner: Int)?
  var site: String?
  var line: UInt64

  /// What stands behind the name in reports that somebody shortened.
  private(set) var tail: String?

  /// - Parameter text: may go on after the lock.
  init?(_ text: UnsafeRawBufferPointer, line: UInt64) {
    // What stands for an address early after the boot.
    let text = text.hasPrefix("(____ptrval____) ") ? text.from(17) : text
    if let usage = Self.usage(in: text) {
      self.init(text, before: usage, line: line)
    } else {
      self.init(shortened: text, line: line)
    }
  }

  private init?(_ text: UnsafeRawBufferPointer, before usage: Range<Int>, line: UInt64) {
    guard let start = text.upTo(usage.lowerBound).offset(of: "("), start + 1 < usage.lowerBound
    else { return nil }
    name = UnsafeRawBufferPointer(rebasing: text[(start + 1)..<usage.lowerBound]).text
    let before = text.upTo(start).trimmed
    if before.count >= 8, before.allSatisfy(isHexadecimalDigit) { address = before.text }
    let rest = text.from(usage.upperBound)
    waitTypes = Self.waitTypes(rest)
    if let at = rest.offset(of: "at: ") {
      site = KernelFrame.withoutAddress(rest.from(at + 4)).text
    }
    self.line = line
  }

  /// `[ADDRESS] (NAME)[, at: SITE]`, `(NAME): FUNCTION`
  private init?(shortened text: UnsafeRawBufferPointer, line: UInt64) {
    let blank = text.firstIndex(of: 0x20) ?? 0
    let before = text.upTo(blank)
    let hasAddress = before.count >= 8 && before.allSatisfy(isHexadecimalDigit)
    let lock = hasAddress ? text.from(blank + 1).trimmed : text
    guard lock.hasPrefix("(") else { return nil }
    var depth = 0
    var end: Int?
    for position in lock.indices where end == nil {
      if lock[position] == UInt8(ascii: "(") { depth += 1 }
      if lock[position] == UInt8(ascii: ")") { depth -= 1 }
      if depth == 0 { end = position }
    }
    guard let end, end > 1 else { return nil }
    let rest = lock.from(end + 1)
    guard rest.trimmed.isEmpty || rest.hasPrefix(", at") || rest.hasPrefix(":") else { return nil }
    name = UnsafeRawBufferPointer(rebasing: lock[1..<end]).text
    if hasAddress { address = before.text }
    if let at = rest.offset(of: "at: ") {
      site = KernelFrame.withoutAddress(rest.from(at + 4)).text
    } else if rest.hasPrefix(":") {
      let word = rest.from(1).trimmed
      if !word.isEmpty { tail = word.text }
    }
    self.line = line
  }

  /// A lock of which the name alone is known.
  init(name: String, site: String? = nil, line: UInt64) {
    self.name = name
    self.site = site
    self.line = line
  }

  /// `){+.+.}`: the last one, since names may hold anything.
  private static func usage(in text: UnsafeRawBufferPointer) -> Range<Int>? {
    var found: Range<Int>?
    var start = 0
    while let next = text.offset(of: "){", from: start) {
      start = next + 2
      var end = start
      while end < text.count, isUsage(text[end]) { end += 1 }
      if end >= start + 2, end < text.count, text[end] == UInt8(ascii: "}") {
        found = next..<(end + 1)
      }
    }
    return found
  }

  private static func isUsage(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "?"): true
    default: false
    }
  }

  /// `-{4:4}`
  private static func waitTypes(_ text: UnsafeRawBufferPointer) -> (outer: Int, inner: Int)? {
    guard text.hasPrefix("-{") else { return nil }
    return Self.pair(text.from(2))
  }

  /// `4:4}`
  static func pair(_ text: UnsafeRawBufferPointer) -> (outer: Int, inner: Int)? {
    guard text.count >= 4, isDigit(text[0]), text[1] == UInt8(ascii: ":"), isDigit(text[2]),
      text[3] == UInt8(ascii: "}")
    else { return nil }
    return (Int(text[0] & 0xF), Int(text[2] & 0xF))
  }

  /// The lock alone, where nothing says that it was this one and where it was taken.
  var nameAlone: PrintedLock { PrintedLock(name: name, line: line) }

  /// The name without the number that tells classes of one name apart by the order in which one
  /// boot registered them: `&type->s_umount_key#31/1` is `&type->s_umount_key/1`.
  static func withoutNumber(_ name: String) -> String {
    let bytes = Array(name.utf8)
    var end = bytes.endIndex
    func digits(_ end: Int) -> Int { bytes[..<end].reversed().prefix(while: isDigit).count }
    let level = digits(end)
    var suffix: ArraySlice<UInt8> = []
    if level == 1, end >= 2, bytes[end - 2] == UInt8(ascii: "/") {
      suffix = bytes[(end - 2)...]
      end -= 2
    }
    let number = digits(end)
    guard number > 0, end - number > 1, bytes[end - number - 1] == UInt8(ascii: "#") else {
      return name
    }
    return String(decoding: bytes[..<(end - number - 1)] + suffix, as: UTF8.self)
  }
}
