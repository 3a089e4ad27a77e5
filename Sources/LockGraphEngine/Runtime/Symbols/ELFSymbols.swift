import CLockGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The functions of a program file or library, from its symbol table.
///
/// The layout is that of the System V ABI, 64 bits, in the machine's own byte order. A damaged file
/// gives fewer names and no crash: every offset is checked.
struct ELFSymbols {
  private struct Function {
    var start: UInt64
    var end: UInt64
    var name: Int
  }

  private var functions: [Function] = []
  /// Where the line table is, and the texts that it names.
  private var lines = lg_section()
  private var lineStrings = lg_section()
  private var strings = lg_section()
  private let content: UnsafeRawBufferPointer
  private let isRelocated: Bool

  /// - Returns: `nil` if the file cannot be read or has no such table.
  init?(path: String) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_size > 64 else { return nil }
    let size = Int(status.st_size)
    // Stays mapped as long as the program runs, like the table that refers to it.
    guard let bytes = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), bytes != MAP_FAILED else {
      return nil
    }
    self.init(UnsafeRawBufferPointer(start: bytes, count: size))
  }

  init?(_ content: UnsafeRawBufferPointer) {
    self.content = content
    func number<Number: FixedWidthInteger>(_ offset: Int, _: Number.Type) -> Number? {
      guard offset >= 0, offset <= content.count - MemoryLayout<Number>.size else { return nil }
      return content.loadUnaligned(fromByteOffset: offset, as: Number.self)
    }
    guard content.count > 64, content.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2]),
      let type = number(16, UInt16.self), let sections = number(40, UInt64.self),
      let entrySize = number(58, UInt16.self), let count = number(60, UInt16.self),
      entrySize >= 64, sections <= UInt64(content.count)
    else { return nil }
    isRelocated = type == 3
    func section(_ index: Int) -> (kind: UInt32, offset: Int, size: Int, link: Int)? {
      guard index >= 0, index < Int(count) else { return nil }
      let at = Int(sections) + index * Int(entrySize)
      guard let kind = number(at + 4, UInt32.self), let offset = number(at + 24, UInt64.self),
        let size = number(at + 32, UInt64.self), let link = number(at + 40, UInt32.self),
        offset <= UInt64(content.count), size <= UInt64(content.count) - offset
      else { return nil }
      return (kind, Int(offset), Int(size), Int(link))
    }
    let all = (0..<Int(count)).compactMap(section)
    if let number = number(62, UInt16.self), let names = section(Int(number)) {
      findLines(Int(sections), Int(entrySize), Int(count), names.offset, section)
    }
    guard let table = all.first(where: { $0.kind == 2 }) ?? all.first(where: { $0.kind == 11 }),
      let names = section(table.link)
    else { return nil }
    for index in 0..<table.size / 24 {
      let at = table.offset + index * 24
      guard let name = number(at, UInt32.self), let info = number(at + 4, UInt8.self),
        let value = number(at + 8, UInt64.self), let size = number(at + 16, UInt64.self),
        info & 15 == 2, value > 0, Int(name) < names.size
      else { continue }
      functions.append(
        Function(start: value, end: value &+ max(size, 1), name: names.offset + Int(name)))
    }
    // Of several names of one place the one with a size is the function's.
    functions.sort { ($0.start, $0.end) < ($1.start, $1.end) }
  }

  private mutating func findLines(
    _ sections: Int, _ entrySize: Int, _ count: Int, _ names: Int,
    _ section: (Int) -> (kind: UInt32, offset: Int, size: Int, link: Int)?
  ) {
    for index in 0..<count {
      let at = sections + index * entrySize
      guard let found = section(index), at + 16 <= content.count else { continue }
      let name = names + Int(content.loadUnaligned(fromByteOffset: at, as: UInt32.self))
      let isCompressed = content.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self) & 0x800 != 0
      guard name < content.count, !isCompressed else { continue }
      let start = content.baseAddress! + found.offset
      let bytes = lg_section(
        start: start.assumingMemoryBound(to: UInt8.self), size: found.size)
      switch String(decoding: content[name...].prefix(32).prefix { $0 != 0 }, as: UTF8.self) {
      case ".debug_line": lines = bytes
      case ".debug_line_str": lineStrings = bytes
      case ".debug_str": strings = bytes
      default: break
      }
    }
  }

  /// Where in the source addresses of the running program are: `FOLDER/FILE:LINE`; `nil` for those
  /// of which nothing is known.
  ///
  /// - Complexity: O(size of the line table).
  func places(at addresses: [UInt], loadedAt base: UInt) -> [String?] {
    guard lines.size > 0 else { return addresses.map { _ in nil } }
    let order = addresses.indices.sorted { addresses[$0] < addresses[$1] }
    var places = order.map {
      let address = isRelocated ? addresses[$0] &- base : addresses[$0]
      return lg_place(address: UInt64(address), file: nil, folder: nil, line: 0, length: 0)
    }
    lg_find_places(lines, lineStrings, strings, &places, places.count)
    var texts = [String?](repeating: nil, count: addresses.count)
    for (place, index) in zip(places, order) {
      guard let file = place.file.map({ String(cString: $0) }), place.line > 0 else { continue }
      let folder = place.folder.map { String(cString: $0) } ?? ""
      let path = folder.isEmpty || file.hasPrefix("/") ? file : "\(folder)/\(file)"
      texts[index] = "\(path):\(place.line)"
    }
    return texts
  }

  /// The function at an address of the running program.
  ///
  /// - Complexity: O(log of the number of functions).
  func name(at address: UInt, loadedAt base: UInt) -> String? {
    let target = UInt64(isRelocated ? address &- base : address)
    var low = 0
    var high = functions.count
    while low < high {
      let middle = (low + high) / 2
      if functions[middle].start <= target { low = middle + 1 } else { high = middle }
    }
    guard low > 0, target < functions[low - 1].end else { return nil }
    let bytes = content[functions[low - 1].name...].prefix(4096).prefix { $0 != 0 }
    return String(decoding: bytes, as: UTF8.self)
  }
}
