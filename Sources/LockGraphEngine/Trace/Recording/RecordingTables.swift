/// What a recording's tables say of sites, modules, threads and names.
package struct RecordingTables {
  /// Where a lock operation was called.
  package struct Site {
    /// Where its entry is in the file.
    package var offset: UInt64
    package var thread: UInt32
    /// The frame that called, or 0.
    package var frame: UInt64
    /// Return addresses, innermost first.
    package var addresses: [UInt64]
    package var stackBytes: Int
    package var registers: Int
    package var isMerged: Bool
    /// How many modules were known before it.
    package var modules: Int
  }

  /// A program file or library in the process's memory.
  package struct Module {
    /// What is added to addresses in the file.
    package var bias: UInt64
    package var start: UInt64
    package var end: UInt64
    /// In lower-case hexadecimal digits; empty if there is none.
    package var buildIdentifier: String
    package var path: String
    package var isProgram: Bool
    package var segments: [Segment]
  }

  /// A part of a module.
  package struct Segment {
    package var start: UInt64
    package var size: UInt64
    package var offset: UInt64
    package var flags: UInt64
  }

  /// Memory that other processes have too.
  package struct SharedMemory: Equatable {
    package var start: UInt64
    package var size: UInt64
    package var device: UInt64
    package var inode: UInt64
    /// Of its beginning, in the file.
    package var offset: UInt64
    package var path: String

    /// What a lock there is called in every process: the file and its place in it.
    func place(of address: UInt64) -> SharedPlace {
      let offset = "+0x\(String(address &- start &+ offset, radix: 16))"
      guard let name = lastingName else {
        let number = "\(device >> 32):\(device & 0xFFFF_FFFF):\(inode)"
        return SharedPlace(name: "\(passingName) \(number)\(offset)", isLasting: false)
      }
      return SharedPlace(name: "\(name)\(offset)", isLasting: true)
    }

    /// What it is called in another run, too: its path, unless the file is deleted. Memory of
    /// `shmget` always says that it is, and has its key for a name.
    private var lastingName: String? {
      guard path.hasPrefix("/") else { return nil }
      guard path.hasSuffix(Self.deleted) else { return path }
      let name = path.dropLast(Self.deleted.count)
      return name.hasPrefix("/SYSV") && name != "/SYSV00000000" ? String(name) : nil
    }

    /// What stands before its number, which it has as long as it is there.
    private var passingName: String {
      guard path.hasPrefix("/memfd:"), path.hasSuffix(Self.deleted) else { return "shared memory" }
      return String(path.dropFirst().dropLast(Self.deleted.count))
    }

    private static let deleted = " (deleted)"
  }

  /// What a lock in shared memory is called in all processes of a run.
  package struct SharedPlace: Equatable {
    package var name: String
    /// Another run has the same name for it.
    package var isLasting: Bool
  }

  /// A function at an address, as sealing found it.
  package struct Function {
    package var name: String
    package var file: String
    package var line: UInt32
    package var column: UInt32
    /// The path of the module, and the offset in it.
    package var module: String

    package init(name: String, file: String, line: UInt32, column: UInt32, module: String) {
      (self.name, self.file, self.line, self.column) = (name, file, line, column)
      self.module = module
    }
  }

  /// A lock's name, as sealing found it.
  package struct LockName {
    /// How it was found.
    package enum Source: UInt32 {
      case symbol = 1
      case memberPath, initialization, firstUse, label
    }

    package var name: String
    package var lockClass: String
    package var source: Source

    package init(name: String, lockClass: String, source: Source) {
      (self.name, self.lockClass, self.source) = (name, lockClass, source)
    }
  }

  /// An address in one of its generations.
  package struct LockKey: Hashable {
    package var address: UInt64
    package var generation: UInt32

    package init(address: UInt64, generation: UInt32) {
      (self.address, self.generation) = (address, generation)
    }
  }

  /// A module without debug information.
  package struct MissingModule: Equatable {
    package var buildIdentifier: String
    package var path: String

    package init(buildIdentifier: String, path: String) {
      (self.buildIdentifier, self.path) = (buildIdentifier, path)
    }
  }

  package var sites: [UInt32: Site] = [:]
  package var modules: [Module] = []
  package var threadNames: [UInt32: String] = [:]
  package var labels: [UInt64: String] = [:]
  package var sharedMemory: [SharedMemory] = []
  /// The processes that were started, and 0 for what this process became, with their programs.
  package var programs: [(process: UInt32, path: String)] = []
  /// The functions at an address, those that are inlined into others first.
  package var functions: [UInt64: [Function]] = [:]
  package var lockNames: [LockKey: LockName] = [:]
  package var missing: [MissingModule] = []

  /// What a lock in shared memory is called in every process; `nil` elsewhere, and where one memory
  /// came after another so that it is not known which it lies in.
  func sharedPlace(of address: UInt64) -> SharedPlace? {
    let places = sharedMemory.filter { address >= $0.start && address - $0.start < $0.size }
      .map { $0.place(of: address) }
    guard let place = places.first, places.allSatisfy({ $0 == place }) else { return nil }
    return place
  }

  /// The module that an address of a site belongs to: of those that had it in their turn, the last
  /// before the site, else the first after it.
  package func module(of address: UInt64, in site: Site) -> Module? {
    let has = { (module: Module) in module.start <= address && address < module.end }
    return modules.prefix(site.modules).last(where: has)
      ?? modules.dropFirst(site.modules).first(where: has)
  }
}

extension RecordingTables {
  /// Kinds of entries.
  enum Entry: UInt32 {
    case site = 1
    case module, threadName, label, program, sharedMemory
    case function = 16
    case lock, missing
  }

  /// Reads all tables; of what sealing added, what the header names.
  package init(
    _ bytes: RecordingBytes, _ chunks: RecordingChunks, sealed: UInt64, named name: String
  ) throws(TraceError) {
    for chunk in chunks.tables { try read(bytes, chunk.offset, chunk.end, name) }
    guard sealed != 0 else { return }
    guard let chunk = chunks.sealing.first(where: { $0.offset == sealed }) else {
      // A file that was cut off before its names is read without them.
      guard sealed < bytes.count, bytes.count - sealed >= RecordingLayout.chunkHeaderSize else {
        return
      }
      throw TraceError(
        input: name,
        message: "is damaged at byte \(RecordingHeader.Offset.sealed): there is no chunk of names "
          + "at byte \(sealed)",
        expected: "the offset of one, or 0")
    }
    try read(bytes, chunk.offset, chunk.end, name)
  }

  private mutating func read(
    _ bytes: RecordingBytes, _ chunk: UInt64, _ end: UInt64, _ name: String
  ) throws(TraceError) {
    var offset = chunk + RecordingLayout.chunkHeaderSize
    while offset < end, end - offset >= 8 {
      let head = bytes.bytes(offset, 8)
      let (kind, length) = head.withUnsafeBytes {
        (RecordedNumbers($0).u32(0), UInt64(RecordedNumbers($0).u32(4)))
      }
      if kind == 0 { return }
      guard length >= 8, length % 8 == 0 else {
        throw TraceError(
          input: name, message: "is damaged at byte \(offset + 4): an entry of \(length) bytes",
          expected: "a multiple of 8")
      }
      guard length <= end - offset else {
        // Cut off with the file, or longer than its chunk.
        guard end == bytes.count else {
          throw TraceError(
            input: name,
            message: "is damaged at byte \(offset + 4): an entry of \(length) bytes, and its chunk "
              + "has \(end - offset) more",
            expected: "an entry that ends in its chunk")
        }
        return
      }
      if let kind = Entry(rawValue: kind) {
        let content = bytes.bytes(offset, Int(length))
        let isGood = content.withUnsafeBytes { add(kind, RecordedNumbers($0), at: offset) }
        guard isGood || content.count < Int(length) else {
          throw TraceError(
            input: name,
            message:
              "is damaged at byte \(offset): an entry of kind \(kind.rawValue) whose parts are "
              + "longer than it is",
            expected: "\(length) bytes")
        }
      }
      offset += length
    }
  }

  /// Takes an entry; false if its lengths contradict each other.
  private mutating func add(_ kind: Entry, _ entry: RecordedNumbers, at offset: UInt64) -> Bool {
    switch kind {
    case .site: return addSite(entry, offset)
    case .module: return addModule(entry)
    case .threadName:
      guard let text = entry.text(16, Int(entry.u32(12))) else { return false }
      threadNames[entry.u32(8)] = text
    case .label:
      guard let text = entry.text(24, Int(entry.u32(20))) else { return false }
      labels[entry.u64(8)] = text
    case .program:
      guard let text = entry.text(16, Int(entry.u32(12))) else { return false }
      programs.append((entry.u32(8), text))
    case .sharedMemory:
      guard let path = entry.text(56, Int(entry.u32(48))) else { return false }
      sharedMemory.append(
        SharedMemory(
          start: entry.u64(8), size: entry.u64(16), device: entry.u64(24), inode: entry.u64(32),
          offset: entry.u64(40), path: path))
    case .function: return addFunction(entry)
    case .lock:
      let (length, classLength) = (Int(entry.u32(20)), Int(entry.u32(24)))
      guard let name = entry.text(32, length),
        let lockClass = entry.text(32 + length, classLength)
      else { return false }
      lockNames[LockKey(address: entry.u64(8), generation: entry.u32(16))] = LockName(
        name: name, lockClass: lockClass,
        source: LockName.Source(rawValue: entry.u32(28)) ?? .symbol)
    case .missing:
      let (length, pathLength) = (Int(entry.u32(8)), Int(entry.u32(12)))
      guard let path = entry.text(16 + length, pathLength) else { return false }
      missing.append(
        MissingModule(buildIdentifier: Self.hexadecimal(entry, 16, length), path: path))
    }
    return true
  }

  private mutating func addSite(_ entry: RecordedNumbers, _ offset: UInt64) -> Bool {
    let count = Int(entry.u32(24))
    let (stack, registers) = (Int(entry.u32(28)), Int(entry.u32(32)))
    guard (1...24).contains(count), registers <= 64, stack <= entry.count,
      40 + (count + registers) * 8 + stack <= entry.count
    else { return false }
    sites[entry.u32(8)] = Site(
      offset: offset, thread: entry.u32(12), frame: entry.u64(16),
      addresses: (0..<count).map { entry.u64(40 + $0 * 8) }, stackBytes: stack,
      registers: registers, isMerged: entry.u32(36) & 1 != 0, modules: modules.count)
    return true
  }

  private mutating func addModule(_ entry: RecordedNumbers) -> Bool {
    let (idLength, pathLength, count) = (
      Int(entry.u32(32)), Int(entry.u32(36)), Int(entry.u32(40))
    )
    guard idLength <= 64, count <= entry.count / 32 else { return false }
    let id = 48 + count * 32
    guard let path = entry.text(id + (idLength + 7) & ~7, pathLength) else { return false }
    modules.append(
      Module(
        bias: entry.u64(8), start: entry.u64(16), end: entry.u64(24),
        buildIdentifier: Self.hexadecimal(entry, id, idLength), path: path,
        isProgram: entry.u32(44) & 1 != 0,
        segments: (0..<count).map {
          let at = 48 + $0 * 32
          return Segment(
            start: entry.u64(at), size: entry.u64(at + 8), offset: entry.u64(at + 16),
            flags: entry.u64(at + 24))
        }))
    return true
  }

  private mutating func addFunction(_ entry: RecordedNumbers) -> Bool {
    let lengths = [28, 32, 36].map { Int(entry.u32($0)) }
    guard let name = entry.text(40, lengths[0]), let file = entry.text(40 + lengths[0], lengths[1]),
      let module = entry.text(40 + lengths[0] + lengths[1], lengths[2])
    else { return false }
    functions[entry.u64(8), default: []].append(
      Function(
        name: name, file: file, line: entry.u32(16), column: entry.u32(20), module: module))
    return true
  }

  private static func hexadecimal(_ entry: RecordedNumbers, _ start: Int, _ count: Int) -> String {
    (start..<start + count).map {
      let byte = entry.number($0, as: UInt8.self)
      return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}
