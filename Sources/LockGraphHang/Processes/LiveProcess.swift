#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

#if os(Linux)
  /// A process that runs now, seen through `/proc`: nothing of it is stopped.
  ///
  /// The system lets one look who may trace the process: its own user if it is not protected, or
  /// who has CAP_SYS_PTRACE.
  package final class LiveProcess: ObservedProcess {
    package let identifier: Int32
    package private(set) var name: String
    package let architecture: Architecture
    package private(set) var mappings: [MemoryMapping]
    /// The namespace that its numbers of threads belong to.
    let namespace: String
    private let memory: Int32
    /// Which pages are in memory.
    private let pageMap: Int32
    private var files: [String: ModuleFile?] = [:]
    /// The folder of its threads.
    let taskFolder: Int32?
    /// What tells whether a thread has run, and which call it is in.
    var runFiles = ThreadFiles()
    var callFiles = ThreadFiles()
    /// Whether the kernel counts how often threads run, so that one small file tells whether one
    /// has.
    var countsRuns = LiveProcess.kernelCountsRuns
    /// Whether it knows its threads by the numbers that `/proc` has for them here.
    let sharesNumbers: Bool

    /// Where its memory and files are told: below a thread that lives, for the first may have
    /// ended.
    private let folder: String

    /// - Throws: why it cannot be looked at.
    package init(_ identifier: Int32) throws(LookError) {
      self.identifier = identifier
      guard case .success(let status) = SystemFile.read("/proc/\(identifier)/status") else {
        throw LookError.noProcess(identifier)
      }
      let fields = StatusFields(status)
      name = fields.name
      guard fields.group == nil || fields.group == identifier else {
        throw LookError.isThread(identifier, of: fields.group ?? 0)
      }
      guard let living = Self.livingThread(of: identifier, fields) else {
        throw LookError.hasEnded(identifier, name: name)
      }
      folder =
        living == identifier ? "/proc/\(identifier)" : "/proc/\(identifier)/task/\(living)"
      #if arch(arm64)
        architecture = .arm64
      #else
        architecture = .x86_64
      #endif
      switch SystemFile.read("\(folder)/maps") {
      case .failure(let error):
        throw LookError.denied(identifier, name: name, Denial(fields, error))
      case .success(let text): mappings = MemoryMapping.all(in: text)
      }
      namespace = SystemFile.link("\(folder)/ns/pid") ?? ""
      sharesNumbers = fields.hasOneNumber
      let tasks = open("/proc/\(identifier)/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      taskFolder = tasks >= 0 ? tasks : nil
      memory = open("\(folder)/mem", O_RDONLY | O_CLOEXEC)
      let error = ErrorNumber(errno)
      pageMap = open("\(folder)/pagemap", O_RDONLY | O_CLOEXEC)
      guard !mappings.isEmpty else {
        throw LookError.isKernelThread(identifier, name: name)
      }
      guard memory >= 0 else {
        throw LookError.denied(identifier, name: name, Denial(fields, error))
      }
      guard Self.isUnderstood("\(folder)/exe", here: architecture) else {
        throw LookError.architecture(identifier, name: name)
      }
    }

    private static func livingThread(of process: Int32, _ fields: StatusFields) -> Int32? {
      guard fields.hasEnded else { return process }
      guard case .success(let numbers) = SystemFile.numbers(in: "/proc/\(process)/task") else {
        return nil
      }
      return numbers.first { number in
        guard case .success(let status) = SystemFile.read("/proc/\(process)/task/\(number)/status")
        else { return false }
        return !StatusFields(status).hasEnded
      }
    }

    /// Whether a program is one of 64 bits for this machine; one that cannot be read may be.
    private static func isUnderstood(_ path: String, here architecture: Architecture) -> Bool {
      let file = open(path, O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { return true }
      defer { close(file) }
      var header = [UInt8](repeating: 0, count: 20)
      guard pread(file, &header, 20, 0) == 20 else { return true }
      let machine = UInt16(header[18]) | UInt16(header[19]) << 8
      return header[4] == 2 && Architecture(machine: machine) == architecture
    }

    deinit {
      if memory >= 0 { close(memory) }
      if pageMap >= 0 { close(pageMap) }
      if let taskFolder { close(taskFolder) }
    }

    package func read(_ address: UInt64, _ count: Int) -> [UInt8] {
      guard address < 1 << 63, count > 0 else { return [] }
      return [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
        var done = 0
        while done < count {
          let got = pread(
            memory, buffer.baseAddress! + done, count - done, off_t(address) + off_t(done))
          if got < 0, errno == EINTR { continue }
          guard got > 0 else { break }
          done += got
        }
        used = done
      }
    }

    package func populated(_ mapping: MemoryMapping) -> [Range<UInt64>] {
      let whole = [mapping.start..<mapping.end]
      let page = UInt64(sysconf(Int32(_SC_PAGESIZE)))
      guard pageMap >= 0, page > 0 else { return whole }
      let count = Int(mapping.size / page)
      var ranges: [Range<UInt64>] = []
      var entries = [UInt64](repeating: 0, count: min(count, 1 << 16))
      var done = 0
      while done < count {
        let wanted = min(entries.count, count - done)
        let got = entries.withUnsafeMutableBytes { buffer in
          pread(
            pageMap, buffer.baseAddress, wanted * 8,
            off_t((mapping.start / page + UInt64(done)) * 8))
        }
        guard got >= 8 else { return done == 0 ? whole : ranges }
        for index in 0..<got / 8 {
          // In memory, or swapped out.
          guard entries[index] >> 62 != 0 else { continue }
          let start = mapping.start + UInt64(done + index) * page
          if ranges.last?.upperBound == start {
            ranges[ranges.count - 1] = ranges[ranges.count - 1].lowerBound..<start + page
          } else {
            ranges.append(start..<start + page)
          }
        }
        done += got / 8
      }
      return ranges
    }

    /// Whether the file's first page, with its headers and its build-id, is what is mapped.
    private func begins(_ mapping: MemoryMapping, as file: ModuleFile) -> Bool {
      guard
        let first = mappings.first(where: { $0.path == mapping.path && $0.fileOffset == 0 })
      else { return false }
      let count = min(4096, file.elf.content.count, Int(first.size))
      let bytes = read(first.start, count)
      return bytes.count == count && bytes.elementsEqual(file.elf.content.prefix(count))
    }

    package func file(of mapping: MemoryMapping) -> ModuleFile? {
      if mapping.path == "[vdso]" {
        if let known = files[mapping.path] { return known }
        let file = ModuleFile(copy: read(mapping.start, Int(min(mapping.size, 1 << 20))))
        files[mapping.path] = file
        return file
      }
      guard mapping.isOfFile else { return nil }
      // Not by the path alone: a library may have been replaced while the process runs.
      if let known = files[mapping.identity] { return known }
      let path = "\(folder)/root\(mapping.path)"
      var file = ModuleFile(path: path)
      // File systems in layers tell other numbers of a file than of its mappings.
      if let found = file, MemoryMapping.identity(of: path) != mapping.identity,
        !begins(mapping, as: found)
      {
        file = nil
      }
      if file == nil {
        let range = hexadecimalText(mapping.start) + "-" + hexadecimalText(mapping.end)
        file = ModuleFile(path: "/proc/\(identifier)/map_files/\(range)")
      }
      file?.path = mapping.path
      files[mapping.identity] = file
      return file
    }

  }

  extension MemoryMapping {
    /// The lines of `/proc/PID/maps`, of which there are two for each thread.
    static func all(in text: [UInt8]) -> [MemoryMapping] {
      text.withUnsafeBytes { bytes in
        var mappings: [MemoryMapping] = []
        var start = 0
        while start < bytes.count {
          let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
          let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
          if let mapping = MemoryMapping(line) { mappings.append(mapping) }
          start = end + 1
        }
        return mappings
      }
    }

    private init?(_ line: UnsafeRawBufferPointer) {
      var numbers = FileNumbers(line)
      guard let start = numbers.hexadecimal(), numbers.take(UInt8(ascii: "-")),
        let end = numbers.hexadecimal(), case let flags = numbers.word(), flags.count >= 4,
        let offset = numbers.hexadecimal(), case let device = numbers.word(), !device.isEmpty,
        case let inode = numbers.word(), !inode.isEmpty
      else { return nil }
      self.start = start
      self.end = end
      fileOffset = offset
      isReadable = flags[0] == UInt8(ascii: "r")
      isWritable = flags[1] == UInt8(ascii: "w")
      isExecutable = flags[2] == UInt8(ascii: "x")
      isShared = flags[3] == UInt8(ascii: "s")
      identity =
        inode.elementsEqual(CollectionOfOne(UInt8(ascii: "0")))
        ? ""
        : String(decoding: device, as: UTF8.self) + ":" + String(decoding: inode, as: UTF8.self)
      path = String(decoding: numbers.rest(), as: UTF8.self)
    }

    /// The identity that a mapping of this file would have.
    static func identity(of path: String) -> String? {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      let device = UInt64(status.st_dev)
      let major = (device >> 8) & 0xFFF | (device >> 32) & ~0xFFF
      let minor = device & 0xFF | (device >> 12) & 0xFFFFF00
      func text(_ number: UInt64) -> String {
        (number < 16 ? "0" : "") + String(number, radix: 16)
      }
      return "\(text(major)):\(text(minor)):\(status.st_ino)"
    }
  }
#endif

/// A decimal number, with a sign or without.
func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
  let isNegative = digits.first == 0x2D
  let rest = isNegative ? digits.dropFirst() : digits
  guard !rest.isEmpty, rest.count <= 18 else { return nil }
  var value = 0
  for digit in rest {
    guard (0x30...0x39).contains(digit) else { return nil }
    value = value * 10 + Int(digit - 0x30)
  }
  return isNegative ? -value : value
}

/// A hexadecimal number with `0x` before it or without; what is no digit ends it.
func hexadecimalValue(_ digits: ArraySlice<UInt8>) -> UInt64 {
  var value: UInt64 = 0
  for digit in digits.starts(with: "0x".utf8) ? digits.dropFirst(2) : digits {
    switch digit {
    case 0x30...0x39: value = value << 4 | UInt64(digit - 0x30)
    case 0x61...0x66: value = value << 4 | UInt64(digit - 0x57)
    default: return value
    }
  }
  return value
}

func hexadecimalText(_ number: UInt64) -> String { String(number, radix: 16) }
