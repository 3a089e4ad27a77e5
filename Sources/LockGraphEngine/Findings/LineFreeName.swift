/// The name of a class without what moves when code or memory does: the line and column of a place
/// in the source that ends it (`Bank/Bank.swift:10:22`), and addresses in hexadecimal.
///
/// Nesting level and number of a lock that has the name again (`/1`, `#2`) stay.
enum LineFreeName {
  static func text(of name: String) -> String {
    let bytes = Array(name.utf8)
    let end = endOfName(bytes)
    var result = withoutAddresses(bytes[..<endOfFile(bytes[..<end])])
    result += bytes[end...]
    return result.elementsEqual(bytes) ? name : String(decoding: result, as: UTF8.self)
  }

  /// Where the suffixes `/N` and `#N` begin.
  private static func endOfName(_ bytes: [UInt8]) -> Int {
    var end = bytes.endIndex
    while let start = startOfNumber(bytes[..<end]), start > 0,
      bytes[start - 1] == UInt8(ascii: "/") || bytes[start - 1] == UInt8(ascii: "#")
    {
      end = start - 1
    }
    return end
  }

  /// Where `:LINE[:COLUMN]` begins behind the name of a file with an extension; else the end.
  private static func endOfFile(_ bytes: ArraySlice<UInt8>) -> Int {
    var end = bytes.endIndex
    for _ in 0..<2 {
      guard let start = startOfNumber(bytes[..<end]), start > bytes.startIndex,
        bytes[start - 1] == UInt8(ascii: ":")
      else { break }
      end = start - 1
      if hasExtension(bytes[..<end]) { return end }
    }
    return bytes.endIndex
  }

  private static func hasExtension(_ file: ArraySlice<UInt8>) -> Bool {
    guard let dot = file.suffix(longestExtension + 1).lastIndex(of: UInt8(ascii: ".")),
      dot > file.startIndex, dot + 1 < file.endIndex, isLetter(file[dot + 1])
    else { return false }
    return file[(dot + 1)...].allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "+") }
  }

  private static var longestExtension: Int { 8 }

  private static func startOfNumber(_ bytes: ArraySlice<UInt8>) -> Int? {
    let digits = bytes.reversed().prefix(while: isDigit).count
    return digits == 0 ? nil : bytes.endIndex - digits
  }

  /// Without `0x` and the digits behind it, and without words that are eight hexadecimal digits or
  /// more.
  private static func withoutAddresses(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      guard isWordCharacter(bytes[index]) else {
        result.append(bytes[index])
        index += 1
        continue
      }
      let end = bytes[index...].firstIndex { !isWordCharacter($0) } ?? bytes.endIndex
      if !isAddress(bytes[index..<end]) { result += bytes[index..<end] }
      index = end
    }
    return result
  }

  private static func isAddress(_ word: ArraySlice<UInt8>) -> Bool {
    let hasPrefix = word.count > 2 && word.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")])
    return (hasPrefix || word.count >= 8)
      && word.dropFirst(hasPrefix ? 2 : 0).allSatisfy(
        isHexadecimalDigit)
  }

  private static func isWordCharacter(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
