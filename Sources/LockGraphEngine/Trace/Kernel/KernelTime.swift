/// The times of the kernel's traces.
enum KernelTime {
  /// Nanoseconds of `16.318850`, `16.318850123`, `2117069us` and `2117.069ms`, each with whatever
  /// follows; `nil` for a clock that counts something else and so has neither fraction nor unit,
  /// and if there is no number or too large a one.
  static func nanoseconds(_ text: UnsafeRawBufferPointer) -> Int64? {
    var digits: Int64 = 0
    var decimals: Int?
    var position = 0
    var count = 0
    while position < text.count {
      let byte = text[position]
      position += 1
      if byte == UInt8(ascii: "."), decimals == nil {
        decimals = 0
        continue
      }
      guard byte >= 0x30, byte <= 0x39 else {
        position -= 1
        break
      }
      count += 1
      // Finer than nanoseconds no clock is.
      guard (decimals ?? 0) < 9 else { continue }
      guard let next = appending(byte - 0x30, to: digits) else { return nil }
      digits = next
      if decimals != nil { decimals! += 1 }
    }
    guard count > 0 else { return nil }
    var missing: Int? = decimals == nil ? nil : 9
    if position + 1 < text.count, text[position + 1] == UInt8(ascii: "s") {
      switch text[position] {
      case UInt8(ascii: "u"): missing = 3
      case UInt8(ascii: "m"): missing = 6
      default: break
      }
    }
    guard var missing else { return nil }
    missing -= decimals ?? 0
    while missing > 0 {
      guard let next = appending(0, to: digits) else { return nil }
      digits = next
      missing -= 1
    }
    while missing < 0 {
      digits /= 10
      missing += 1
    }
    return digits
  }

  private static func appending(_ digit: UInt8, to number: Int64) -> Int64? {
    let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
    let (sum, carry) = tens.addingReportingOverflow(Int64(digit))
    return overflow || carry ? nil : sum
  }
}
