/// The executables and libraries that a trace's processes have mapped, by which an address says the
/// same thing in every run: `abba+0x4080` in place of `0x55BF83FBC080`.
struct LTTngImages {
  private struct Image {
    var process: UInt32
    var base: UInt64
    var size: UInt64
    /// The file's name with `+`, or with `@` if its addresses are absolute.
    var label: [UInt8]
    var isRelocated: Bool
  }

  private var images: [Image] = []
  private var last = 0

  /// A mapping; one that a process makes later hides what was there before.
  mutating func add(process: UInt32, _ fields: LTTngLine.Fields) {
    guard let base = fields.base, let size = fields.size, size > 0, let path = fields.path else {
      return
    }
    let start = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    let sign = UInt8(ascii: fields.isRelocated ? "+" : "@")
    let label = Array(path[start...].prefix(200)) + [sign]
    images.removeAll { $0.process == process && $0.base == base }
    images.append(
      Image(
        process: process, base: base, size: size, label: label, isRelocated: fields.isRelocated))
    last = 0
  }

  /// Appends an address in terms of the image that it is in; false if it is in none.
  mutating func describe(
    _ address: UInt64, process: UInt32, into text: inout [UInt8]
  ) -> Bool {
    guard let index = index(of: address, process) else { return false }
    last = index
    text.append(contentsOf: images[index].label)
    Self.append(images[index].isRelocated ? address - images[index].base : address, to: &text)
    return true
  }

  private func index(of address: UInt64, _ process: UInt32) -> Int? {
    func contains(_ index: Int) -> Bool {
      let image = images[index]
      return image.process == process && address >= image.base && address - image.base < image.size
    }
    if last < images.count, contains(last) { return last }
    return images.indices.last(where: contains)
  }

  /// Appends a number in hexadecimal, with `0x`.
  static func append(_ value: UInt64, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "0"))
    text.append(UInt8(ascii: "x"))
    var shift = max(0, (64 - value.leadingZeroBitCount + 3) / 4 * 4 - 4)
    while true {
      let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 15
      text.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
      if shift == 0 { return }
      shift -= 4
    }
  }
}
