import LockGraphEngine

/// A core file of one thread at a site: registers and the part of the stack that were kept, in the
/// form that debuggers read.
struct RegisterCore {
  let bytes: [UInt8]

  /// - Parameters:
  ///   - entry: the site's entry in the tables.
  ///   - machine: as in ELF.
  /// - Returns: `nil` if nothing was kept, or for another machine.
  init?(_ site: RecordingTables.Site, entry: [UInt8], machine: UInt32) {
    let start = 40 + site.addresses.count * 8
    let stackStart = start + site.registers * 8
    guard site.stackBytes > 0, site.frame != 0, let address = site.addresses.first,
      stackStart + site.stackBytes <= entry.count
    else { return nil }
    let kept = entry.withUnsafeBytes { bytes in
      (0..<site.registers).map { RecordedNumbers(bytes).u64(start + $0 * 8) }
    }
    // A return address is behind the call, where other variables may be live.
    guard let registers = Self.registers(kept, stack: site.frame, counter: address &- 1, machine)
    else { return nil }
    let stack = entry[stackStart..<stackStart + site.stackBytes]
    bytes = Self.file(registers, machine, site.frame, stack)
  }

  /// All registers in the kernel's order.
  private static func registers(
    _ kept: [UInt64], stack: UInt64, counter: UInt64, _ machine: UInt32
  ) -> [UInt64]? {
    switch (machine, kept.count) {
    case (62, 6):
      var all = [UInt64](repeating: 0, count: 27)
      // rbx, rbp, r12 to r15 of r15, r14, r13, r12, rbp, rbx, …
      (all[5], all[4], all[3], all[2], all[1], all[0]) =
        (kept[0], kept[1], kept[2], kept[3], kept[4], kept[5])
      all[15] = .max
      (all[16], all[17], all[19], all[20]) = (counter, 0x33, stack, 0x2B)
      return all
    case (183, 11):
      var all = [UInt64](repeating: 0, count: 34)
      for (index, value) in kept.enumerated() { all[19 + index] = value }
      (all[31], all[32]) = (stack, counter)
      return all
    default: return nil
    }
  }

  private static func file(
    _ registers: [UInt64], _ machine: UInt32, _ address: UInt64, _ stack: ArraySlice<UInt8>
  ) -> [UInt8] {
    // elf_prstatus: 112 bytes, the registers, and whether they have floating-point ones.
    var status = LittleEndianBytes()
    status.pad(to: 32)
    status.append(UInt32(1))
    status.pad(to: 112)
    for register in registers { status.append(register) }
    status.append(UInt64(0))
    var note = LittleEndianBytes()
    note.append(UInt32(5))
    note.append(UInt32(status.bytes.count))
    note.append(UInt32(1))
    note.append(contentsOf: Array("CORE\0\0\0\0".utf8))
    note.append(contentsOf: status.bytes)
    var file = LittleEndianBytes()
    file.append(contentsOf: [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    file.append(UInt16(4))
    file.append(UInt16(machine))
    file.append(UInt32(1))
    for number: UInt64 in [0, 64, 0] { file.append(number) }
    file.append(UInt32(0))
    for number: UInt16 in [64, 56, 2, 0, 0, 0] { file.append(number) }
    let noteStart = UInt64(64 + 2 * 56)
    let noteSize = UInt64(note.bytes.count)
    let size = UInt64(stack.count)
    file.appendSegment(kind: 4, flags: 0, noteStart, 0, noteSize, memory: 0)
    file.appendSegment(kind: 1, flags: 6, noteStart + noteSize, address, size, memory: size)
    file.append(contentsOf: note.bytes)
    file.append(contentsOf: Array(stack))
    return file.bytes
  }
}

extension LittleEndianBytes {
  fileprivate mutating func appendSegment(
    kind: UInt32, flags: UInt32, _ offset: UInt64, _ address: UInt64, _ size: UInt64,
    memory: UInt64
  ) {
    append(kind)
    append(flags)
    for number in [offset, address, 0, size, memory, 1] { append(number) }
  }
}
