import LockGraphRecording

/// The sections that types and variables are described in, as DWARF 2 to 5 has them.
struct DebugSections {
  let bytes: CheckedBytes
  let info: Range<Int>
  let abbreviations: Range<Int>
  let strings: Range<Int>
  let lineStrings: Range<Int>
  let stringOffsets: Range<Int>
  let addresses: Range<Int>

  /// - Returns: `nil` without debug information.
  init?(_ file: ELFFile) {
    bytes = CheckedBytes(file.content)
    let ranges = file.sectionRanges
    func range(_ name: String) -> Range<Int> { ranges[name] ?? 0..<0 }
    info = range(".debug_info")
    abbreviations = range(".debug_abbrev")
    strings = range(".debug_str")
    lineStrings = range(".debug_line_str")
    stringOffsets = range(".debug_str_offsets")
    addresses = range(".debug_addr")
    guard !info.isEmpty, !abbreviations.isEmpty else { return nil }
  }

  func text(_ section: Range<Int>, at offset: UInt64) -> String? {
    guard offset < UInt64(section.count) else { return nil }
    let start = section.lowerBound + Int(offset)
    guard let part = bytes.part(start, min(1024, section.upperBound - start)) else { return nil }
    return String(decoding: part.prefix { $0 != 0 }, as: UTF8.self)
  }
}

/// What one source file was compiled to: a tree of entries, each with a tag and attributes.
final class DebugUnit {
  private struct Abbreviation {
    var tag: UInt64
    var hasChildren: Bool
    var attributes: [(name: UInt64, form: UInt64, constant: Int64)]
  }

  /// One entry, as far as it is asked for here.
  struct Entry {
    var tag: UInt64
    var hasChildren: Bool
    /// Behind its attributes: its first child, or what follows.
    var end: Int
    var name: String?
    /// Where its type's entry is.
    var type: Int?
    var size: UInt64?
    /// Where a member lies in what it is a member of.
    var place: UInt64?
    var upperBound: UInt64?
    var count: UInt64?
    /// Where the variable lies.
    var address: UInt64?
    /// The entry that says more.
    var specification: Int?
  }

  enum Tag {
    static let array: UInt64 = 0x01
    static let classType: UInt64 = 0x02
    static let member: UInt64 = 0x0D
    static let structure: UInt64 = 0x13
    static let typedef: UInt64 = 0x16
    static let union: UInt64 = 0x17
    static let inheritance: UInt64 = 0x1C
    static let subrange: UInt64 = 0x21
    static let const: UInt64 = 0x26
    static let variable: UInt64 = 0x34
    static let volatile: UInt64 = 0x35
    static let atomic: UInt64 = 0x47
  }

  private let sections: DebugSections
  /// Where it begins and ends in the file.
  let range: Range<Int>
  private let version: UInt16
  private let isLong: Bool
  private let addressSize: UInt8
  let firstEntry: Int
  private var abbreviations: [UInt64: Abbreviation] = [:]
  /// Types that were asked for: many variables and members have the same.
  private var known: [Int: Entry] = [:]
  private var stringBase: UInt64 = 8
  private var addressBase: UInt64 = 8

  /// - Parameter start: where its header is.
  /// - Returns: `nil` if it is none that is understood.
  init?(_ sections: DebugSections, at start: Int) {
    self.sections = sections
    guard let length = Self.length(sections, at: start) else { return nil }
    isLong = length.isLong
    range = start..<length.end
    var cursor = Cursor(sections.bytes, start + (length.isLong ? 12 : 4), end: length.end)
    guard let version = cursor.number(UInt16.self), (2...5).contains(version) else { return nil }
    self.version = version
    var kind: UInt8 = 1
    var table: UInt64 = 0
    func offset(_ cursor: inout Cursor) -> UInt64? {
      length.isLong ? cursor.number(UInt64.self) : cursor.number(UInt32.self).map(UInt64.init)
    }
    if version >= 5 {
      guard let unitKind = cursor.byte(), let size = cursor.byte(), let at = offset(&cursor) else {
        return nil
      }
      (kind, addressSize, table) = (unitKind, size, at)
    } else {
      guard let at = offset(&cursor), let size = cursor.byte() else { return nil }
      (table, addressSize) = (at, size)
    }
    // Whole and partial ones; others have more in their headers.
    guard kind == 1 || kind == 3, addressSize == 8 else { return nil }
    firstEntry = cursor.position
    guard readAbbreviations(at: table) else { return nil }
    readBases()
  }

  /// Where a unit ends, and whether its offsets are of eight bytes.
  static func length(
    _ sections: DebugSections, at start: Int
  ) -> (end: Int, isLong: Bool)? {
    guard sections.info.contains(start), let short = sections.bytes.number(start, UInt32.self)
    else { return nil }
    let left = UInt64(sections.info.upperBound - start)
    if short < 0xFFFF_FFF0 {
      guard short > 0, UInt64(short) + 4 <= left else { return nil }
      return (start + 4 + Int(short), false)
    }
    guard short == .max, let long = sections.bytes.number(start + 4, UInt64.self), left >= 12,
      long > 0, long <= left - 12
    else { return nil }
    return (start + 12 + Int(long), true)
  }

  private func readAbbreviations(at offset: UInt64) -> Bool {
    guard offset < UInt64(sections.abbreviations.count) else { return false }
    var cursor = Cursor(
      sections.bytes, sections.abbreviations.lowerBound + Int(offset),
      end: sections.abbreviations.upperBound)
    while let code = cursor.unsigned(), code != 0 {
      guard let tag = cursor.unsigned(), let children = cursor.byte() else { return false }
      var entry = Abbreviation(tag: tag, hasChildren: children != 0, attributes: [])
      while let name = cursor.unsigned(), let form = cursor.unsigned() {
        if name == 0, form == 0 { break }
        let constant = form == Form.implicitConstant ? cursor.signed() ?? 0 : 0
        entry.attributes.append((name, form, constant))
      }
      abbreviations[code] = entry
    }
    return !abbreviations.isEmpty
  }

  /// Where this unit's part of tables of strings and addresses begins.
  private func readBases() {
    var cursor = Cursor(sections.bytes, firstEntry, end: range.upperBound)
    guard let code = cursor.unsigned(), let abbreviation = abbreviations[code] else { return }
    for attribute in abbreviation.attributes {
      guard let value = value(&cursor, attribute.form, attribute.constant) else { return }
      if attribute.name == 0x72, case .number(let base) = value { stringBase = base }
      if attribute.name == 0x73, case .number(let base) = value { addressBase = base }
    }
  }

  // MARK: Entries

  /// A type, which is kept.
  ///
  /// - Returns: `nil` for what is damaged.
  func type(at position: Int) -> Entry? {
    if let entry = known[position] { return entry }
    let entry = entry(at: position)
    known[position] = entry
    return entry
  }

  /// - Returns: `nil` for the end of a list of children, and for what is damaged.
  func entry(at position: Int) -> Entry? {
    guard range.contains(position) else { return nil }
    var cursor = Cursor(sections.bytes, position, end: range.upperBound)
    guard let code = cursor.unsigned(), code != 0, let abbreviation = abbreviations[code] else {
      return nil
    }
    var entry = Entry(tag: abbreviation.tag, hasChildren: abbreviation.hasChildren, end: 0)
    for attribute in abbreviation.attributes {
      guard let value = value(&cursor, attribute.form, attribute.constant) else { return nil }
      add(value, attribute.name, to: &entry)
    }
    entry.end = cursor.position
    return entry
  }

  private func add(_ value: Value, _ name: UInt64, to entry: inout Entry) {
    switch (name, value) {
    case (0x03, .text(let section, let offset)): entry.name = sections.text(section, at: offset)
    case (0x49, .reference(let place)): entry.type = place
    case (0x0B, .number(let size)): entry.size = size
    case (0x38, .number(let place)): entry.place = place
    case (0x38, .block(let block)): entry.place = constant(block)
    case (0x2F, .number(let bound)): entry.upperBound = bound
    case (0x37, .number(let count)): entry.count = count
    case (0x02, .block(let block)): entry.address = address(block)
    case (0x47, .reference(let place)): entry.specification = place
    default: break
    }
  }

  /// `DW_OP_plus_uconst`, which old compilers write for a member's place.
  private func constant(_ block: Range<Int>) -> UInt64? {
    var cursor = Cursor(sections.bytes, block.lowerBound, end: block.upperBound)
    return cursor.byte() == 0x23 ? cursor.unsigned() : nil
  }

  /// `DW_OP_addr`, or `DW_OP_addrx` with a place in the table of addresses.
  private func address(_ block: Range<Int>) -> UInt64? {
    var cursor = Cursor(sections.bytes, block.lowerBound, end: block.upperBound)
    switch cursor.byte() {
    case 0x03: return cursor.number(UInt64.self)
    case 0xA1:
      guard let index = cursor.unsigned(), index < 1 << 24 else { return nil }
      let offset = addressBase &+ index * 8
      guard offset < UInt64(sections.addresses.count) else { return nil }
      return sections.bytes.number(sections.addresses.lowerBound + Int(offset), UInt64.self)
    default: return nil
    }
  }

  /// The first child's place and those of its siblings.
  func children(of entry: Entry, _ body: (Entry) -> Bool) {
    guard entry.hasChildren else { return }
    var position = entry.end
    while let child = self.entry(at: position) {
      guard body(child) else { return }
      guard let next = end(of: child) else { return }
      position = next
    }
  }

  /// Behind an entry and all that is in it.
  private func end(of entry: Entry) -> Int? {
    guard entry.hasChildren else { return entry.end }
    var (position, depth) = (entry.end, 1)
    while depth > 0 {
      guard range.contains(position) else { return nil }
      if sections.bytes.number(position, UInt8.self) == 0 {
        depth -= 1
        position += 1
        continue
      }
      guard let next = self.entry(at: position) else { return nil }
      if next.hasChildren { depth += 1 }
      position = next.end
    }
    return position
  }

  /// The variable at an address, wherever in the unit it is described.
  func variable(at address: UInt64) -> Entry? {
    var position = firstEntry
    while range.contains(position) {
      if sections.bytes.number(position, UInt8.self) == 0 {
        position += 1
        continue
      }
      guard let entry = entry(at: position) else { return nil }
      if entry.tag == Tag.variable, entry.address == address { return entry }
      position = entry.end
    }
    return nil
  }

  // MARK: Values

  private enum Form { static let implicitConstant: UInt64 = 0x21 }

  private enum Value {
    case number(UInt64)
    case text(Range<Int>, UInt64)
    case reference(Int)
    case block(Range<Int>)
    case other
  }

  private func value(_ cursor: inout Cursor, _ form: UInt64, _ constant: Int64) -> Value? {
    func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Value? {
      cursor.number(type).map { .number(UInt64(truncatingIfNeeded: $0)) }
    }
    func block(_ size: UInt64?) -> Value? {
      guard let size, size <= UInt64(range.upperBound - cursor.position) else { return nil }
      let start = cursor.position
      cursor.skip(size)
      return .block(start..<start + Int(size))
    }
    func offset() -> UInt64? {
      isLong ? cursor.number(UInt64.self) : cursor.number(UInt32.self).map(UInt64.init)
    }
    func indexedText(_ index: UInt64?) -> Value? {
      guard let index, index < 1 << 32 else { return nil }
      let width: UInt64 = isLong ? 8 : 4
      let at = stringBase &+ index * width
      guard at < UInt64(sections.stringOffsets.count) else { return .other }
      let place = sections.stringOffsets.lowerBound + Int(at)
      let offset =
        isLong
        ? sections.bytes.number(place, UInt64.self)
        : sections.bytes.number(place, UInt32.self).map(UInt64.init)
      return offset.map { .text(sections.strings, $0) }
    }
    func reference(_ distance: UInt64?) -> Value? {
      guard let distance, distance < UInt64(range.count) else { return .other }
      return .reference(range.lowerBound + Int(distance))
    }
    func skipped(_ count: UInt64) -> Value? {
      guard count <= UInt64(range.upperBound - cursor.position) else { return nil }
      cursor.skip(count)
      return .other
    }
    switch form {
    case 0x01: return number(UInt64.self)
    case 0x03: return block(cursor.number(UInt16.self).map(UInt64.init))
    case 0x04: return block(cursor.number(UInt32.self).map(UInt64.init))
    case 0x05: return number(UInt16.self)
    case 0x06: return number(UInt32.self)
    case 0x07, 0x20: return number(UInt64.self)
    case 0x08:
      let start = cursor.position
      while let byte = cursor.byte(), byte != 0 {}
      return .text(0..<cursor.position, UInt64(start))
    case 0x09, 0x18: return block(cursor.unsigned())
    case 0x0A: return block(cursor.byte().map(UInt64.init))
    case 0x0B, 0x0C: return number(UInt8.self)
    case 0x0D: return cursor.signed().map { .number(UInt64(bitPattern: $0)) }
    case 0x0E: return offset().map { .text(sections.strings, $0) }
    case 0x0F: return cursor.unsigned().map { .number($0) }
    case 0x10:
      // In another unit, perhaps; within this one it is a place like others.
      guard let place = version == 2 ? cursor.number(UInt64.self) : offset() else { return nil }
      let position = sections.info.lowerBound &+ Int(truncatingIfNeeded: place)
      return range.contains(position) ? .reference(position) : .other
    case 0x11: return reference(cursor.byte().map(UInt64.init))
    case 0x12: return reference(cursor.number(UInt16.self).map(UInt64.init))
    case 0x13: return reference(cursor.number(UInt32.self).map(UInt64.init))
    case 0x14: return reference(cursor.number(UInt64.self))
    case 0x15: return reference(cursor.unsigned())
    case 0x16:
      guard let next = cursor.unsigned(), next != 0x16 else { return nil }
      return value(&cursor, next, 0)
    case 0x17: return offset().map { .number($0) }
    case 0x19: return .number(1)
    case 0x1A: return indexedText(cursor.unsigned())
    case 0x1B, 0x22, 0x23: return cursor.unsigned().map { _ in .other }
    case 0x1E: return skipped(16)
    case 0x1F: return offset().map { .text(sections.lineStrings, $0) }
    case Form.implicitConstant: return .number(UInt64(bitPattern: constant))
    case 0x25: return indexedText(cursor.byte().map(UInt64.init))
    case 0x26: return indexedText(cursor.number(UInt16.self).map(UInt64.init))
    case 0x27:
      guard let low = cursor.number(UInt16.self), let high = cursor.byte() else { return nil }
      return indexedText(UInt64(low) | UInt64(high) << 16)
    case 0x28: return indexedText(cursor.number(UInt32.self).map(UInt64.init))
    case 0x29: return skipped(1)
    case 0x2A: return skipped(2)
    case 0x2B: return skipped(3)
    case 0x2C, 0x1C: return skipped(4)
    case 0x24: return skipped(8)
    case 0x1D, 0x1F20, 0x1F21: return skipped(isLong ? 8 : 4)
    default: return nil
    }
  }
}
