import LockGraphRecording

/// Names what lies in a variable by the members that lead to it: `[2].mutex`, `.pool.lock`.
final class MemberPath {
  /// More of it takes longer to search than a name is worth.
  private static let largest = 64 << 20

  /// What is damaged may lead anywhere.
  private static let mostSteps = 100_000
  private var stepsLeft = 0

  private let sections: DebugSections?
  private lazy var unitStarts = starts()
  private var units: [Int: DebugUnit?] = [:]
  private var variables: [UInt64: (DebugUnit, Int)?] = [:]

  init(_ file: ELFFile) { sections = DebugSections(file) }

  /// - Parameters:
  ///   - offset: how far behind the beginning of the variable.
  ///   - address: where the variable begins, in the file's own counting.
  /// - Returns: `nil` if the debug information does not tell.
  /// - Complexity: O(bytes of debug information), once for each variable.
  func text(_ offset: UInt64, in address: UInt64) -> String? {
    if variables[address] == nil { variables[address] = .some(variable(at: address)) }
    guard let (unit, type) = variables[address]! else { return nil }
    stepsLeft = Self.mostSteps
    return path(unit, type, offset, depth: 0)
  }

  // MARK: Finding the variable

  /// The unit that describes a variable, and where its type is.
  private func variable(at address: UInt64) -> (DebugUnit, Int)? {
    for place in places(of: address) {
      guard let unit = unit(around: place), let variable = unit.variable(at: address) else {
        continue
      }
      let declared = variable.specification.flatMap(unit.entry)
      if let type = variable.type ?? declared?.type { return (unit, type) }
    }
    return nil
  }

  /// Where an address stands in what tells where variables are.
  private func places(of address: UInt64) -> [Int] {
    guard let sections, sections.info.count <= Self.largest,
      let info = sections.bytes.part(sections.info.lowerBound, sections.info.count)
    else { return [] }
    var found: [Int] = []
    var at = 0
    while at + 9 <= info.count, found.count < 16 {
      // DW_OP_addr
      if info[at] == 0x03, info.loadUnaligned(fromByteOffset: at + 1, as: UInt64.self) == address {
        found.append(sections.info.lowerBound + at)
      }
      at += 1
    }
    guard found.isEmpty,
      let table = sections.bytes.part(sections.addresses.lowerBound, sections.addresses.count)
    else { return found }
    // A unit may name it by its number in a table; which unit does, is seen in each.
    let isInTable = stride(from: 8, through: table.count - 8, by: 8).contains {
      table.loadUnaligned(fromByteOffset: $0, as: UInt64.self) == address
    }
    return isInTable ? unitStarts : []
  }

  private func starts() -> [Int] {
    guard let sections else { return [] }
    var starts: [Int] = []
    var at = sections.info.lowerBound
    while let length = DebugUnit.length(sections, at: at) {
      starts.append(at)
      at = length.end
    }
    return starts
  }

  private func unit(around place: Int) -> DebugUnit? {
    guard let sections, let start = unitStarts.last(where: { $0 <= place }) else { return nil }
    if let known = units[start] { return known }
    let unit = DebugUnit(sections, at: start)
    units[start] = .some(unit)
    return unit
  }

  // MARK: Following types

  /// The path that was followed last ended at a lock, and not at something else.
  private var endsAtLock = false

  private func path(_ unit: DebugUnit, _ type: Int, _ offset: UInt64, depth: Int) -> String? {
    stepsLeft -= 1
    guard depth < 32, stepsLeft > 0, let entry = unit.type(at: type) else { return nil }
    switch entry.tag {
    case DebugUnit.Tag.typedef, DebugUnit.Tag.const, DebugUnit.Tag.volatile, DebugUnit.Tag.atomic:
      if Self.isLock(entry.name) {
        endsAtLock = true
        return offset == 0 ? "" : "+\(offset)"
      }
      return entry.type.flatMap { path(unit, $0, offset, depth: depth + 1) }
    case DebugUnit.Tag.array:
      return element(unit, entry, offset, depth)
    case DebugUnit.Tag.structure, DebugUnit.Tag.classType, DebugUnit.Tag.union:
      if Self.isLock(entry.name) {
        endsAtLock = true
        return offset == 0 ? "" : "+\(offset)"
      }
      return member(unit, entry, offset, depth)
    default: return offset == 0 ? "" : nil
    }
  }

  /// Locks are not taken apart.
  private static func isLock(_ name: String?) -> Bool {
    guard let name else { return false }
    return name.hasPrefix("pthread_") || name.hasSuffix("utex") || name.hasSuffix("utex_t")
      || name.hasPrefix("Mutex<") || name.hasPrefix("RwLock<")
      || name.hasPrefix("condition_variable") || name.hasSuffix("semaphore")
      || ["mtx_t", "cnd_t", "sem_t", "once_flag", "latch", "Condvar"].contains(name)
  }

  /// Names that libraries keep for themselves are left out.
  private func member(
    _ unit: DebugUnit, _ entry: DebugUnit.Entry, _ offset: UInt64, _ depth: Int
  ) -> String? {
    var found: String?
    let isUnion = entry.tag == DebugUnit.Tag.union
    unit.children(of: entry) { child in
      guard child.tag == DebugUnit.Tag.member || child.tag == DebugUnit.Tag.inheritance,
        let type = child.type
      else { return true }
      // Members of unions need no place.
      let place = child.place ?? 0
      guard isUnion || child.place != nil, place <= offset,
        let size = size(unit, type, depth: 0), offset - place < size
      else { return true }
      endsAtLock = false
      guard let rest = path(unit, type, offset - place, depth: depth + 1) else { return true }
      let name = child.tag == DebugUnit.Tag.member ? child.name : nil
      found = (name.map { $0.hasPrefix("_") ? "" : "." + $0 } ?? "") + rest
      // Of what lies in one place, the lock is meant.
      return isUnion && !endsAtLock
    }
    return found
  }

  private func element(
    _ unit: DebugUnit, _ entry: DebugUnit.Entry, _ offset: UInt64, _ depth: Int
  ) -> String? {
    // An array of bytes is room for something else.
    guard let type = entry.type, let size = size(unit, type, depth: 0), size > 1 else {
      return nil
    }
    let counts = counts(unit, entry)
    var index = offset / size
    var text = ""
    for (position, count) in counts.enumerated().reversed() {
      // The outermost may be of unknown length.
      let own = position == 0 || count == 0 ? index : index % count
      if count > 0 { index /= count }
      text = "[\(own)]" + text
    }
    guard !counts.isEmpty else { return nil }
    return path(unit, type, offset % size, depth: depth + 1).map { text + $0 }
  }

  private func counts(_ unit: DebugUnit, _ entry: DebugUnit.Entry) -> [UInt64] {
    var counts: [UInt64] = []
    unit.children(of: entry) { child in
      guard child.tag == DebugUnit.Tag.subrange else { return true }
      counts.append(child.count ?? child.upperBound.map { $0 &+ 1 } ?? 0)
      return counts.count < 8
    }
    return counts
  }

  private func size(_ unit: DebugUnit, _ type: Int, depth: Int) -> UInt64? {
    stepsLeft -= 1
    guard depth < 32, stepsLeft > 0, let entry = unit.type(at: type) else { return nil }
    if let size = entry.size { return size }
    switch entry.tag {
    case DebugUnit.Tag.typedef, DebugUnit.Tag.const, DebugUnit.Tag.volatile, DebugUnit.Tag.atomic:
      return entry.type.flatMap { size(unit, $0, depth: depth + 1) }
    case DebugUnit.Tag.array:
      guard let element = entry.type.flatMap({ size(unit, $0, depth: depth + 1) }) else {
        return nil
      }
      return counts(unit, entry).reduce(element) {
        $0.multipliedReportingOverflow(by: $1).partialValue
      }
    case 0x0F, 0x10, 0x42: return 8
    default: return nil
    }
  }
}
