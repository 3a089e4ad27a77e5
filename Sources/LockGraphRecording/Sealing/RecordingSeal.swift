import LockGraphEngine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Puts into a recording what only the machine of the run knows: names. What was kept of the
/// program's memory to find them is erased.
package enum RecordingSeal {
  /// What a recording has, for who is told where it is.
  package struct Content: Sendable {
    package var threads = 0
    package var locks = 0
    package var acquisitions: UInt64 = 0
    package var lost: UInt64 = 0
    /// The process's number.
    package var process: UInt32 = 0
    /// It became another program, whose recording is another one.
    package var isExecuted = false
    /// The processes that it started, and 0 for what it became, with their programs.
    package var programs: [(process: UInt32, path: String)] = []
    /// The process did not end by itself.
    package var wasKilled = false
    package var isRunning = false
    package var missing: [RecordingTables.MissingModule] = []
    /// The program and its libraries, but for those that a system installs, if any lock was taken.
    var modules: [RecordingTables.Module] = []
    /// Of each, by its path, what calls of functions that take locks returned to.
    var reached: [String: Set<UInt64>] = [:]

    package init() {}
  }

  /// Seals a file that is not sealed, and whose process is gone.
  ///
  /// The file can be read at every moment: the names come behind everything else, then they are
  /// made known, and then the memory goes.
  ///
  /// - Throws: why it cannot be read or written.
  /// - Complexity: O(records).
  package static func seal(
    _ path: String, with namer: RecordingNamer
  ) throws(TraceError) -> Content {
    let recording = try Recording(contentsOf: path)
    var uses = LockUses()
    var damage: TraceError?
    do throws(TraceError) { try uses.read(recording) } catch { damage = error }
    var content = Content(recording, uses)
    guard recording.header.sealed == 0, !recording.isRunning else { return content }
    let names = namer.names(of: recording, uses)
    content.missing = names.missing
    let file = open(path, O_RDWR | O_CLOEXEC)
    guard file >= 0 else {
      throw TraceError(
        input: path, message: "cannot be sealed: \(String(cString: strerror(errno)))")
    }
    defer { close(file) }
    let unit = RecordingLayout.chunkUnit
    let end = max(recording.chunks.end, min(recording.header.nextChunk, recording.bytes.count))
    let offset = (end + unit - 1) / unit * unit
    let chunk = SealedChunk(names, at: offset)
    try write(chunk.bytes, at: offset, file, path)
    try write(
      number: offset + UInt64(chunk.bytes.count), at: RecordingHeader.Offset.nextChunk, file, path)
    try write(number: offset, at: RecordingHeader.Offset.sealed, file, path)
    for site in recording.tables.sites.values { try erase(site, file, path) }
    if let damage { throw damage }
    return content
  }

  /// Overwrites the stack and the registers of a site, and then their counts.
  private static func erase(
    _ site: RecordingTables.Site, _ file: Int32, _ path: String
  ) throws(TraceError) {
    guard site.stackBytes > 0 || site.registers > 0 else { return }
    let size = site.registers * 8 + site.stackBytes
    try write(
      [UInt8](repeating: 0, count: size), at: site.offset + 40 + UInt64(site.addresses.count) * 8,
      file, path)
    try write([UInt8](repeating: 0, count: 8), at: site.offset + 28, file, path)
  }

  private static func write(
    number: UInt64, at offset: UInt64, _ file: Int32, _ path: String
  ) throws(TraceError) {
    try write(withUnsafeBytes(of: number.littleEndian) { Array($0) }, at: offset, file, path)
  }

  private static func write(
    _ bytes: [UInt8], at offset: UInt64, _ file: Int32, _ path: String
  ) throws(TraceError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(file, $0.baseAddress! + done, bytes.count - done, off_t(offset) + off_t(done))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw TraceError(
          input: path, message: "cannot be sealed: \(String(cString: strerror(errno)))")
      }
      done += count
    }
  }
}

extension RecordingSeal.Content {
  init(_ recording: Recording, _ uses: LockUses) {
    self.init()
    threads = recording.chunks.threads.count
    locks = uses.uses.count
    for thread in recording.chunks.threads {
      acquisitions &+= thread.pieces.last?.acquisitions ?? 0
    }
    lost = recording.header.lost
    process = recording.header.process
    isExecuted = recording.header.end == .executed
    programs = recording.tables.programs
    isRunning = recording.isRunning
    wasKilled = recording.header.end == .none && !recording.isRunning
    missing = recording.tables.missing
    guard !uses.acquiringSites.isEmpty else { return }
    let tables = recording.tables
    modules = tables.modules.filter { module in
      module.isProgram
        || !["/lib", "/usr/lib"].contains(where: module.path.hasPrefix)
          && !ProgramFrames.isOfSystem(module: module.path)
    }
    for number in uses.acquiringSites {
      guard let site = tables.sites[number], let address = site.addresses.first,
        let module = tables.module(of: address, in: site)
      else { continue }
      reached[module.path, default: []].insert(address &- module.bias)
    }
  }

  /// Whether a file is the program, or a library that comes with it.
  package func isOwn(_ module: RecordingTables.MissingModule) -> Bool {
    modules.contains { $0.path == module.path }
  }

  /// The same of two processes together.
  package static func + (one: Self, other: Self) -> Self {
    var sum = one
    sum.threads += other.threads
    sum.locks += other.locks
    sum.acquisitions &+= other.acquisitions
    sum.lost &+= other.lost
    sum.wasKilled = one.wasKilled || other.wasKilled
    sum.isRunning = one.isRunning || other.isRunning
    sum.modules += other.modules.filter { module in
      !sum.modules.contains { $0.path == module.path }
    }
    sum.reached.merge(other.reached) { $0.union($1) }
    sum.missing += other.missing.filter { !sum.missing.contains($0) }
    return sum
  }
}
