import LockGraphRecording

/// A process as a core file has it, from the kernel or from `gcore`.
///
/// What a core leaves out, such as the code of libraries, is read from the files that the process
/// had mapped, where they are still the same.
package final class CoreProcess: ObservedProcess {
  package private(set) var identifier: Int32 = 0
  package private(set) var name = ""
  package let architecture: Architecture
  package private(set) var mappings: [MemoryMapping] = []
  /// What is not as it should be, in words.
  package private(set) var remarks: [String] = []

  private struct Segment {
    var start: UInt64
    var bytes: UnsafeRawBufferPointer
  }

  private let core: ELFFile
  private let path: String
  /// A program file that stands in for the one that the core names.
  private let program: String?
  private let root: String
  private var segments: [Segment] = []
  private var found: [ObservedThread] = []
  private var files: [String: ModuleFile?] = [:]

  /// - Parameters:
  ///   - program: where the program is now, if not where it was.
  ///   - root: a folder below which the files of the process are.
  /// - Throws: why the file is no core that can be read.
  package init(_ path: String, program: String? = nil, root: String = "") throws(LookError) {
    self.path = path
    self.program = program
    self.root = root
    guard let core = ELFFile(path: path) else {
      guard SystemFile.exists(path) else {
        throw .core(
          path,
          "there is no such file; expected a core file, or the number of a process, "
            + "which pgrep tells by its name")
      }
      throw .core(path, "expected a process number or a core file (ELF with 64 bits)")
    }
    self.core = core
    guard core.type == 4 else {
      throw .core(path, "this is a program or library; expected a core file")
    }
    guard let architecture = Architecture(machine: core.machine) else {
      throw .core(
        path, "the core is of machine \(core.machine); expected x86-64 (62) or aarch64 (183)")
    }
    self.architecture = architecture
    for segment in core.segments where segment.kind == ELFFile.Kind.load {
      segments.append(Segment(start: segment.address, bytes: core.bytes(of: segment)))
    }
    segments.sort { $0.start < $1.start }
    for segment in core.segments where segment.kind == ELFFile.Kind.note {
      readNotes(CheckedBytes(core.bytes(of: segment)))
    }
    addAnonymousMappings()
    guard !found.isEmpty else {
      throw .core(path, "it has no threads (NT_PRSTATUS); it is damaged or cut off")
    }
    if let cut = cutOff { remarks.append(cut) }
    found.sort { $0.identifier < $1.identifier }
    for index in found.indices { nameThread(index) }
  }

  package func threads(since known: [Int32: ObservedThread]) -> [ObservedThread] { found }

  package func read(_ address: UInt64, _ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(max(0, min(count, 1 << 20)))
    var at = address
    while bytes.count < count {
      let wanted = count - bytes.count
      if let piece = stored(at, wanted) {
        bytes += piece
        at += UInt64(piece.count)
      } else if let piece = mapped(at, wanted) {
        bytes += piece
        at += UInt64(piece.count)
      } else {
        break
      }
    }
    return bytes
  }

  package func populated(_ mapping: MemoryMapping) -> [Range<UInt64>] {
    segments.compactMap { segment in
      let (start, end) = (segment.start, segment.start &+ UInt64(segment.bytes.count))
      guard start < mapping.end, end > mapping.start else { return nil }
      return max(start, mapping.start)..<min(end, mapping.end)
    }
  }

  package func file(of mapping: MemoryMapping) -> ModuleFile? {
    if mapping.path == "[vdso]" {
      if let known = files[mapping.path] { return known }
      let file = ModuleFile(copy: read(mapping.start, Int(min(mapping.size, 1 << 20))))
      files[mapping.path] = file
      return file
    }
    guard mapping.isOfFile else { return nil }
    if let known = files[mapping.path] { return known }
    // Reading what is not in the core asks for the file again.
    files[mapping.path] = .some(nil)
    let isProgram = program != nil && mapping.path == programPath
    var file = ModuleFile(path: isProgram ? program! : root + mapping.path)
    if let built = file?.buildIdentifier, let had = identifierInMemory(mapping), built != had {
      remarks.append(
        "\(mapping.path): the file here was built anew since (build-id \(built), "
          + "in the core \(had)); expected the same, below a folder that --sysroot names")
      file = nil
    } else if file == nil, mapping.isExecutable || isProgram {
      remarks.append(
        "\(mapping.path): not here; expected the file that the process had, "
          + (mapping.path == programPath ? "which --exe names, or " : "")
          + "below a folder that --sysroot names")
    }
    file?.path = mapping.path
    files[mapping.path] = file
    return file
  }

  /// The path of the mapping that the program itself is in.
  private var programPath: String? {
    guard let entry = auxiliary[9] else { return nil }
    return mapping(at: entry)?.path
  }

  /// What the kernel told the program at its start.
  private var auxiliary: [UInt64: UInt64] = [:]

  // MARK: Memory

  /// Bytes that the core has.
  private func stored(_ address: UInt64, _ count: Int) -> Slice<UnsafeRawBufferPointer>? {
    var (low, high) = (0, segments.count)
    while low < high {
      let middle = (low + high) / 2
      if segments[middle].start <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let segment = segments[low - 1]
    let offset = address - segment.start
    guard offset < UInt64(segment.bytes.count) else { return nil }
    let end = min(segment.bytes.count, Int(offset) + count)
    return segment.bytes[Int(offset)..<end]
  }

  /// Bytes of a mapped file that nobody can have changed.
  private func mapped(_ address: UInt64, _ count: Int) -> Slice<UnsafeRawBufferPointer>? {
    guard let mapping = mapping(at: address), !mapping.isWritable, let file = file(of: mapping)
    else { return nil }
    let content = file.elf.content
    let offset = address - mapping.start + mapping.fileOffset
    guard offset < UInt64(content.count) else { return nil }
    let end = min(content.count, Int(offset) + min(count, Int(mapping.end - address)))
    return content[Int(offset)..<end]
  }

  /// The build-id in the first page of a mapped file, which cores have.
  private func identifierInMemory(_ mapping: MemoryMapping) -> String? {
    guard let first = mappings.first(where: { $0.path == mapping.path && $0.fileOffset == 0 }),
      let bytes = stored(first.start, 4096)
    else { return nil }
    return ModuleFile(copy: Array(bytes))?.buildIdentifier
  }

  /// Whether the file is shorter than it says.
  private var cutOff: String? {
    let size = UInt64(core.content.count)
    let isShort = core.segments.contains { segment in
      let (end, overflows) = segment.offset.addingReportingOverflow(segment.fileSize)
      return overflows || end > size
    }
    return isShort
      ? "\(path): the core is cut off: what is behind byte \(size) cannot be seen" : nil
  }

  // MARK: Notes

  private enum Note {
    static let status: UInt32 = 1
    static let process: UInt32 = 3
    static let auxiliary: UInt32 = 6
    static let files: UInt32 = 0x4649_4C45
    static let systemCall: UInt32 = 0x404
  }

  private func readNotes(_ notes: CheckedBytes) {
    var at = 0
    while let nameSize = notes.number(at, UInt32.self),
      let size = notes.number(at + 4, UInt32.self), let kind = notes.number(at + 8, UInt32.self)
    {
      let start = at + 12 + (Int(nameSize) + 3) & ~3
      guard let content = notes.part(start, Int(size)) else { return }
      let bytes = CheckedBytes(content)
      switch kind {
      case Note.status: addThread(bytes)
      case Note.process: nameProcess(bytes, content)
      case Note.auxiliary:
        var entry = 0
        while let tag = bytes.number(entry, UInt64.self),
          let value = bytes.number(entry + 8, UInt64.self), tag != 0
        {
          auxiliary[tag] = value
          entry += 16
        }
      case Note.files: addFiles(bytes, content)
      case Note.systemCall:
        if let number = bytes.number(0, Int32.self), !found.isEmpty {
          setSystemCall(Int(number), of: found.count - 1)
        }
      default: break
      }
      at = start + (Int(size) + 3) & ~3
    }
  }

  private func nameProcess(_ bytes: CheckedBytes, _ content: UnsafeRawBufferPointer) {
    identifier = bytes.number(24, Int32.self) ?? 0
    guard let text = bytes.part(40, 16) else { return }
    name = String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
  }

  private func addThread(_ bytes: CheckedBytes) {
    guard let number = bytes.number(32, Int32.self) else { return }
    var thread = ObservedThread(
      identifier: number, ownIdentifier: number, name: "", activity: .running)
    let order = architecture.coreRegisters
    for (index, register) in order.enumerated() {
      if let register { thread.registers[register] = bytes.number(112 + index * 8, UInt64.self) }
    }
    found.append(thread)
    if architecture == .x86_64, let call = bytes.number(112 + 15 * 8, Int64.self), call >= 0 {
      setSystemCall(Int(call), of: found.count - 1)
    } else if architecture == .arm64, let call = thread.registers[8], call < 1024,
      isInSystemCall(thread, call)
    {
      setSystemCall(Int(call), of: found.count - 1)
    }
  }

  /// Whether the instruction before the next one, or the next one if the call is to be repeated, is
  /// `svc 0`. Where there is no code to be read, whether the arguments are those of a wait.
  private func isInSystemCall(_ thread: ObservedThread, _ call: UInt64) -> Bool {
    guard let counter = thread.registers[architecture.programCounter], counter > 4 else {
      return false
    }
    if let before = half(counter - 4), let next = half(counter) {
      return before == 0xD400_0001 || next == 0xD400_0001
    }
    guard call == UInt64(architecture.futex), let address = thread.registers[0],
      let operation = thread.registers[1]
    else { return false }
    return operation & ~0x1FF == 0 && address & 3 == 0 && half(address) != nil
  }

  private func setSystemCall(_ number: Int, of index: Int) {
    let registers = found[index].registers
    guard number >= 0, let stack = registers[architecture.stackPointer],
      let counter = registers[architecture.programCounter]
    else { return }
    found[index].activity = .inSystemCall(
      SystemCall(
        number: number, arguments: architecture.argumentRegisters.map { registers[$0] ?? 0 },
        stackPointer: stack, programCounter: counter))
  }

  private func addFiles(_ bytes: CheckedBytes, _ content: UnsafeRawBufferPointer) {
    guard let count = bytes.number(0, UInt64.self), let page = bytes.number(8, UInt64.self),
      count <= UInt64(content.count / 24)
    else { return }
    var stored: [UInt64: ELFFile.Segment] = [:]
    for segment in core.segments where segment.kind == ELFFile.Kind.load {
      stored[segment.address] = segment
    }
    var names = content.dropFirst(16 + Int(count) * 24)
    for index in 0..<Int(count) {
      guard let start = bytes.number(16 + index * 24, UInt64.self),
        let end = bytes.number(24 + index * 24, UInt64.self),
        let offset = bytes.number(32 + index * 24, UInt64.self), start < end,
        !offset.multipliedReportingOverflow(by: page).overflow
      else { return }
      let name = names.prefix { $0 != 0 }
      names = names.dropFirst(name.count + 1)
      let path = String(decoding: name, as: UTF8.self)
      // What was left out is what nobody can have written, mostly code.
      let flags = stored[start]
      mappings.append(
        MemoryMapping(
          start: start, end: end, fileOffset: offset * page, isReadable: true,
          isWritable: flags?.isWritable ?? false, isExecutable: flags?.isExecutable ?? true,
          isShared: false, identity: path, path: path))
    }
    mappings.sort { $0.start < $1.start }
  }

  /// What the core has of memory that is of no file.
  private func addAnonymousMappings() {
    let ofFiles = Set(mappings.map(\.start))
    let vdso = auxiliary[33]
    for segment in core.segments where segment.kind == ELFFile.Kind.load {
      guard !ofFiles.contains(segment.address) else { continue }
      let (end, overflows) = segment.address.addingReportingOverflow(segment.memorySize)
      guard !overflows, segment.memorySize > 0 else { continue }
      mappings.append(
        MemoryMapping(
          start: segment.address, end: end, fileOffset: 0, isReadable: true,
          isWritable: segment.isWritable, isExecutable: segment.isExecutable, isShared: false,
          identity: "", path: vdso == segment.address ? "[vdso]" : ""))
    }
    mappings.sort { $0.start < $1.start }
  }

  /// Cores have no names of threads; the first one's is the program's.
  private func nameThread(_ index: Int) {
    if found[index].identifier == identifier { found[index].name = name }
  }
}
