#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What came out of a pipe, decompressed, in a file without a name, so that it can be read again.
///
/// Not thread-safe. It takes as much room in the folder for temporary files as the input is long,
/// at most `limit`, and gives that back when it goes.
final class InputSpool {
  /// Longer inputs are not kept.
  static let limit = 1 << 30

  private var file: FileDescriptor?
  private var length = 0
  /// Why there is nothing to be read again; `nil` if there is.
  private(set) var flaw: String?

  init() {
    file = Self.temporaryFile()
    if file == nil { give(up: "no temporary file could be made to keep it in") }
  }

  /// What to read; `nil` if it could not be kept.
  var source: TraceSource? {
    guard let number = file?.number else { return nil }
    #if os(Linux)
      return .file("/proc/self/fd/\(number)")
    #else
      return .file("/dev/fd/\(number)")
    #endif
  }

  /// Keeps the next bytes.
  func add(_ bytes: UnsafeRawBufferPointer) {
    guard let number = file?.number else { return }
    length += bytes.count
    guard length <= Self.limit else {
      return give(up: "it is longer than \(Counted.grouped(Self.limit >> 20, "MiB", "MiB"))")
    }
    var rest = bytes
    while !rest.isEmpty {
      let count = write(number, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return give(up: "there was no room to keep it") }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  private func give(up reason: String) {
    flaw = reason
    file = nil
  }

  private static func temporaryFile() -> FileDescriptor? {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    #if os(Linux)
      // O_TMPFILE, which Swift does not see.
      let unnamed = open(folder, O_RDWR | O_CLOEXEC | O_DIRECTORY | 0o20000000, 0o600)
      if unnamed >= 0 { return FileDescriptor(owning: unnamed) }
    #endif
    var path = Array("\(folder)/.lockdep-check-XXXXXX".utf8CString)
    let named = mkstemp(&path)
    guard named >= 0 else { return nil }
    unlink(path)
    _ = fcntl(named, F_SETFD, FD_CLOEXEC)
    return FileDescriptor(owning: named)
  }
}
