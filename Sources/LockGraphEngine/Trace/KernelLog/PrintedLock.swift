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

  /// - Parameter text: may go on after the lock.
  init?(_ text: UnsafeRawBufferPointer, line: UInt64) {
    // What stands for an address early after the boot.
    let text = text.hasPrefix("(____ptrval____) ") ? text.from(17) : text
    guard let usage = Self.usage(in: text) else { return nil }
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
}
