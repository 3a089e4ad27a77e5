import LockGraphRecording

extension ELFFile {
  /// Where sections are in the file, but for those that are compressed.
  var sectionRanges: [String: Range<Int>] {
    let bytes = CheckedBytes(content)
    guard let start = bytes.number(40, UInt64.self), start < UInt64(bytes.count),
      let count = bytes.number(60, UInt16.self), let names = bytes.number(62, UInt16.self),
      let text = bytes.number(Int(start) + Int(names) * 64 + 24, UInt64.self),
      text < UInt64(bytes.count)
    else { return [:] }
    var ranges: [String: Range<Int>] = [:]
    for index in 0..<Int(count) {
      let at = Int(start) + index * 64
      guard let name = bytes.number(at, UInt32.self), let kind = bytes.number(at + 4, UInt32.self),
        let flags = bytes.number(at + 8, UInt64.self),
        let offset = bytes.number(at + 24, UInt64.self),
        let size = bytes.number(at + 32, UInt64.self), kind == 1 || kind == 0x7000_0001,
        flags & 0x800 == 0,
        offset <= UInt64(bytes.count), size <= UInt64(bytes.count) - offset,
        let own = bytes.part(Int(text) + Int(name), min(32, bytes.count - Int(text) - Int(name)))
      else { continue }
      let section = String(decoding: own.prefix { $0 != 0 }, as: UTF8.self)
      ranges[section] = Int(offset)..<Int(offset + size)
    }
    return ranges
  }
}
