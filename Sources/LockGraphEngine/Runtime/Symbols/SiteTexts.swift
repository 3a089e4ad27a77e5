import CLockGraph

/// The texts of places in the source, made once each.
struct SiteTexts {
  private struct Entry {
    var site: lg_site
    var text: UnsafeRawBufferPointer
  }

  private var slots: [Int32] = Array(repeating: -1, count: 256)
  private var entries: [Entry] = []

  /// The text of a place by its number: `FILE:LINE:COLUMN`, or `nil` for no place. The bytes stay
  /// where they are as long as the program runs, whatever becomes of the code that named the place.
  func text(_ number: UInt32) -> UnsafeRawBufferPointer? {
    number == 0 ? nil : entries[Int(number) - 1].text
  }

  /// The text of a place.
  mutating func text(_ site: lg_site) -> UnsafeRawBufferPointer? {
    // Before the texts are looked at: one may be added.
    let number = number(site)
    return text(number)
  }

  /// The number of a place, from 1; 0 is no place.
  ///
  /// - Complexity: expected O(1).
  mutating func number(_ site: lg_site) -> UInt32 {
    guard let file = site.file else { return 0 }
    if (entries.count + 1) * 2 > slots.count { grow() }
    var position = home(site)
    while slots[position] >= 0 {
      let entry = entries[Int(slots[position])]
      if entry.site.file == file, entry.site.line == site.line, entry.site.column == site.column {
        return UInt32(slots[position]) + 1
      }
      position = (position + 1) & (slots.count - 1)
    }
    let text = Self.bytes(site)
    slots[position] = Int32(entries.count)
    entries.append(Entry(site: site, text: text))
    return UInt32(entries.count)
  }

  private func home(_ site: lg_site) -> Int {
    let mixed = mixHash(
      UInt64(UInt(bitPattern: site.file)), UInt64(site.line) << 16 ^ UInt64(site.column))
    return Int(truncatingIfNeeded: mixed >> 20) & (slots.count - 1)
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for (number, entry) in entries.enumerated() {
      var position = home(entry.site)
      while slots[position] >= 0 { position = (position + 1) & (slots.count - 1) }
      slots[position] = Int32(number)
    }
  }

  private static func bytes(_ site: lg_site) -> UnsafeRawBufferPointer {
    let text = Array(describe(site).utf8)
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: text.count, alignment: 1)
    copy.copyBytes(from: text)
    return UnsafeRawBufferPointer(copy)
  }

  /// A place in words.
  static func describe(_ site: lg_site) -> String {
    guard let file = site.file else { return "an unknown place" }
    return "\(String(cString: file)):\(site.line):\(site.column)"
  }
}
