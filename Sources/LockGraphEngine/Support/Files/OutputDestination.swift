#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the path of an output leads to, links followed.
package enum OutputDestination: Equatable {
  /// Something this process has open, by a name such as `/dev/stderr`, `/dev/fd/3` or
  /// `/proc/self/fd/3`. It may be a file that others write too, so it is neither emptied nor
  /// replaced.
  case descriptor(Int32)
  /// A device, a FIFO, a socket: written to, and never replaced.
  case stream(String)
  /// A regular file, there or not yet, by its path without links: made or replaced.
  case file(String)
  /// A directory.
  case folder(String)

  /// - Complexity: a few system calls for each link.
  package init(_ path: String) {
    var path = path
    for _ in 0..<40 {
      if let number = Self.standardName(path) {
        self = .descriptor(number)
        return
      }
      let (parent, name) = Self.split(path)
      let folder = Self.real(parent)
      if let folder, let number = Self.descriptor(name, in: folder) {
        self = .descriptor(number)
        return
      }
      let isOfSystem = folder.map { $0 == "/proc" || $0.hasPrefix("/proc/") } ?? false
      let full = folder.map { Self.join($0, name) } ?? path
      var status = stat()
      guard lstat(path, &status) == 0 else {
        self = .file(full)
        return
      }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: self = .folder(full)
      case S_IFREG where !isOfSystem: self = .file(full)
      case S_IFLNK where !isOfSystem:
        guard let target = Self.target(of: path) else {
          self = .file(full)
          return
        }
        path = target.hasPrefix("/") ? target : Self.join(folder ?? parent, target)
        continue
      default: self = .stream(full)
      }
      return
    }
    // Links in a circle: what is told on opening says so.
    self = .stream(path)
  }

  /// Whether it is made or replaced as a whole.
  package var isFile: Bool {
    if case .file = self { true } else { false }
  }

  /// The names that are known even where there is nothing behind them.
  private static func standardName(_ path: String) -> Int32? {
    switch path {
    case "/dev/stdin": 0
    case "/dev/stdout": 1
    case "/dev/stderr": 2
    default: path.hasPrefix("/dev/fd/") ? number(String(path.dropFirst(8))) : nil
    }
  }

  /// The descriptor of this process that a name in a folder of descriptors stands for.
  private static func descriptor(_ name: String, in folder: String) -> Int32? {
    let parts = folder.split(separator: "/")
    let isOwn =
      folder == "/dev/fd"
      || parts.count >= 3 && parts[0] == "proc" && parts[1] == "\(getpid())"
        && parts[parts.count - 1] == "fd"
    return isOwn ? number(name) : nil
  }

  private static func number(_ text: String) -> Int32? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int32(text) : nil
  }

  /// The folder that a path names something in, and the name.
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let folder = String(path[..<slash])
    return (folder.isEmpty ? "/" : folder, String(path[path.utf8.index(after: slash)...]))
  }

  static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  private static func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  private static func target(of link: String) -> String? {
    let bytes = [CChar](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
      count = max(0, readlink(link, buffer.baseAddress!, buffer.count))
    }
    return bytes.isEmpty ? nil : String(decoding: bytes.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
