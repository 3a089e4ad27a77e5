import LockGraphEngine

/// The places of a program that call a function which takes a lock, from its code: direct calls
/// and calls through the table of the functions that it imports.
///
/// Knows x86-64 and aarch64. What calls through other pointers, or jumps, is not seen.
struct LockCalls {
  /// Functions that take a lock.
  private static let functions: Set<String> = [
    "pthread_mutex_lock", "pthread_mutex_trylock", "pthread_mutex_timedlock",
    "pthread_mutex_clocklock", "pthread_rwlock_rdlock", "pthread_rwlock_wrlock",
    "pthread_rwlock_tryrdlock", "pthread_rwlock_trywrlock", "pthread_rwlock_timedrdlock",
    "pthread_rwlock_timedwrlock", "pthread_rwlock_clockrdlock", "pthread_rwlock_clockwrlock",
    "pthread_spin_lock", "pthread_spin_trylock", "sem_wait", "sem_trywait", "sem_timedwait",
    "sem_clockwait", "mtx_lock", "mtx_trylock", "mtx_timedlock",
  ]

  /// Behind each call, in the file's own counting: what the call returns to.
  private(set) var returnAddresses: Set<UInt64> = []

  init(_ file: ELFFile) {
    let slots = Self.slots(file)
    guard !slots.isEmpty else { return }
    for segment in file.segments where segment.kind == ELFFile.Kind.load && segment.isExecutable {
      let code = file.bytes(of: segment)
      switch file.machine {
      case 62: addCallsOfX86(code, at: segment.address, slots)
      case 183: addCallsOfARM(code, at: segment.address, slots)
      default: break
      }
    }
  }

  /// The addresses at which the loader puts those of the functions.
  private static func slots(_ file: ELFFile) -> Set<UInt64> {
    let bytes = CheckedBytes(file.content)
    var slots: Set<UInt64> = []
    // Relocations with addends, of the dynamic symbols.
    for section in file.sections where section.kind == 4 && section.link < file.sections.count {
      let symbols = file.sections[section.link]
      guard symbols.kind == ELFFile.Kind.dynamicSymbols, symbols.link < file.sections.count else {
        continue
      }
      let names = file.sections[symbols.link]
      for index in 0..<section.size / 24 {
        let at = section.offset + index * 24
        guard let slot = bytes.number(at, UInt64.self), let info = bytes.number(at + 8, UInt64.self)
        else { continue }
        let symbol = symbols.offset + Int(info >> 32) * 24
        guard let name = bytes.number(symbol, UInt32.self), Int(name) < names.size,
          let text = file.text(at: UInt64(names.offset) + UInt64(name)), functions.contains(text)
        else { continue }
        slots.insert(slot)
      }
    }
    return slots
  }

  private mutating func addCallsOfX86(
    _ code: UnsafeRawBufferPointer, at start: UInt64, _ slots: Set<UInt64>
  ) {
    let bytes = CheckedBytes(code)
    func target(_ index: Int, _ length: Int) -> UInt64? {
      bytes.number(index + length - 4, Int32.self).map {
        start &+ UInt64(index + length) &+ UInt64(bitPattern: Int64($0))
      }
    }
    // Stubs first: `jmp *slot(%rip)`, perhaps behind `endbr64` or with a prefix.
    var stubs: Set<UInt64> = []
    for index in code.indices where code[index] == 0xFF {
      guard index + 1 < code.count, code[index + 1] == 0x25, let slot = target(index, 6),
        slots.contains(slot)
      else { continue }
      let address = start &+ UInt64(index)
      for before: UInt64 in [0, 1, 4, 5] { stubs.insert(address &- before) }
    }
    for index in code.indices {
      if code[index] == 0xE8, let target = target(index, 5), stubs.contains(target) {
        returnAddresses.insert(start &+ UInt64(index + 5))
      } else if code[index] == 0xFF, index + 1 < code.count, code[index + 1] == 0x15,
        let slot = target(index, 6), slots.contains(slot)
      {
        returnAddresses.insert(start &+ UInt64(index + 6))
      }
    }
  }

  private mutating func addCallsOfARM(
    _ code: UnsafeRawBufferPointer, at start: UInt64, _ slots: Set<UInt64>
  ) {
    let bytes = CheckedBytes(code)
    var stubs: Set<UInt64> = []
    // `adrp x16, page` and `ldr x17, [x16, offset]`.
    for index in stride(from: 0, to: code.count - 7, by: 4) {
      guard let first = bytes.number(index, UInt32.self),
        let second = bytes.number(index + 4, UInt32.self), first & 0x9F00_001F == 0x9000_0010,
        second & 0xFFC0_03FF == 0xF940_0211
      else { continue }
      let low = Int64(first >> 29 & 3)
      let high = Int64(Int32(bitPattern: (first >> 5 & 0x7FFFF) << 13) >> 13)
      let page = (start &+ UInt64(index)) & ~0xFFF
      let slot =
        page &+ UInt64(bitPattern: (high << 2 | low) << 12) &+ UInt64(second >> 10 & 0xFFF) * 8
      guard slots.contains(slot) else { continue }
      stubs.insert(start &+ UInt64(index))
      // Behind `bti c`.
      stubs.insert(start &+ UInt64(index) &- 4)
    }
    for index in stride(from: 0, to: code.count - 3, by: 4) {
      guard let word = bytes.number(index, UInt32.self), word & 0xFC00_0000 == 0x9400_0000 else {
        continue
      }
      let offset = Int64(Int32(bitPattern: word << 6) >> 6) * 4
      if stubs.contains(start &+ UInt64(index) &+ UInt64(bitPattern: offset)) {
        returnAddresses.insert(start &+ UInt64(index + 4))
      }
    }
  }
}
