#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The run that this process is of: what one command began, with all the processes that it starts.
///
/// It is known by the process in which it begins. From this process on that is the parent, and its
/// parent, as long as they have a variable of the outputs in the environment they were started
/// with; and the one that gave it to them, a script or `make`, unless that is a shell that gives
/// each command a process group of its own, as shells do that people type into. A run does not
/// reach beyond its session, and what has the terminal is where it begins.
enum ProgramRun {
  /// 16 hexadecimal digits.
  static let identifier: String = {
    let root = beginning()
    let text = "\(machine()) \(root.identifier) \(root.start)"
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }()

  /// When a process began, in a measure of the system; `nil` if there is no such process.
  static func start(of process: Int32) -> UInt64? { ProcessStatus(process)?.start }

  #if os(Linux)
    private static func beginning() -> (identifier: Int32, start: UInt64) {
      guard var root = ProcessStatus(getpid()) else { return (getpid(), 0) }
      while root.parent > 0, let parent = ProcessStatus(root.parent),
        parent.session == root.session
      {
        let isTold = isTold(root.parent)
        if parent.group == root.group {
          root = parent
          // It gave the others what it was not given itself.
          guard isTold else { break }
        } else {
          guard isTold, root.group != root.terminalGroup else { break }
          root = parent
        }
      }
      return (root.identifier, root.start)
    }

    /// Whether a process was started with an output in its environment that this one has too.
    private static func isTold(_ process: Int32) -> Bool {
      let names = ["LOCKGRAPH_REPORT", "LOCKGRAPH_GRAPH", "LOCKGRAPH_TRACE"]
      let ours = names.compactMap { (name: String) -> [UInt8]? in
        getenv(name).map { Array("\(name)=\(String(cString: $0))".utf8) }
      }
      let theirs = SystemFile.bytes("/proc/\(process)/environ").split(separator: 0)
      return ours.contains { entry in theirs.contains { $0.elementsEqual(entry) } }
    }

    /// Numbers of processes come again on other machines, and on this one once it is started anew.
    private static func machine() -> String {
      String(decoding: SystemFile.bytes("/proc/sys/kernel/random/boot_id"), as: UTF8.self)
    }
  #else
    /// Without what Linux tells of parents it is the process group.
    private static func beginning() -> (identifier: Int32, start: UInt64) { (getpgrp(), 0) }
    private static func machine() -> String { "" }
  #endif
}

#if os(Linux)
  /// What the system tells of a process.
  private struct ProcessStatus {
    var identifier: Int32
    var parent: Int32
    var group: Int32
    var session: Int32
    /// The group that has the terminal of the process; -1 without one.
    var terminalGroup: Int32
    /// In clock ticks since the machine started.
    var start: UInt64

    init?(_ process: Int32) {
      let text = SystemFile.bytes("/proc/\(process)/stat")
      // The name, in parentheses, may hold anything.
      guard let end = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
      let fields = text[(end + 1)...].split(separator: UInt8(ascii: " ")).map {
        String(decoding: $0, as: UTF8.self)
      }
      guard fields.count > 19, let parent = Int32(fields[1]), let group = Int32(fields[2]),
        let session = Int32(fields[3]), let terminalGroup = Int32(fields[5]),
        let start = UInt64(fields[19])
      else { return nil }
      identifier = process
      (self.parent, self.group, self.session) = (parent, group, session)
      (self.terminalGroup, self.start) = (terminalGroup, start)
    }
  }
#else
  private struct ProcessStatus {
    var start: UInt64 = 0
    init?(_ process: Int32) { if kill(process, 0) != 0, errno == ESRCH { return nil } }
  }
#endif

/// Reads small files whole; what cannot be read is empty.
enum SystemFile {
  static func bytes(_ path: String, atMost limit: Int = 1 << 20) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var bytes: [UInt8] = []
    while bytes.count < limit {
      let room = min(limit - bytes.count, 1 << 14)
      var count = 0
      let part = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
        count = readDescriptor(file, UnsafeMutableRawBufferPointer(buffer))
        initialized = max(0, count)
      }
      guard count > 0 else { break }
      bytes += part
    }
    return bytes
  }
}
