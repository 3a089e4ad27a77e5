#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files that are there whole or not at all: written beside their target and renamed.
package enum AtomicFile {
  /// Writes a file; nothing is left behind if that fails.
  ///
  /// - Parameter body: is given what takes its bytes, in parts, and returns false if they cannot be written.
  static func write(
    to path: String, _ body: (@escaping (UnsafeRawBufferPointer) -> Bool) -> Bool
  ) {
    var template: [CChar] = []
    let file = createBeside(path, &template)
    guard file >= 0 else { return }
    let isWritten = body { writeAll($0, to: file) }
    let isComplete = close(file) == 0 && isWritten && rename(template, path) == 0
    if !isComplete { unlink(template) }
  }

  /// Opens a new file that is to take the place of another, with its rights, or those that a new file has.
  ///
  /// - Parameter path: its path, null-terminated.
  /// - Returns: the descriptor, or -1; `errno` tells.
  package static func createBeside(_ target: String, _ path: inout [CChar]) -> Int32 {
    path = Array((target + ".XXXXXX").utf8CString)
    let file = raised(mkstemp(&path))
    guard file >= 0 else { return -1 }
    var status = stat()
    if stat(target, &status) == 0 {
      fchmod(file, status.st_mode & 0o777)
    } else {
      let mask = umask(0)
      umask(mask)
      fchmod(file, 0o666 & ~mask)
    }
    return file
  }

  /// Opens what is there for writing.
  ///
  /// - Returns: the descriptor, or -1; `errno` tells.
  package static func openForWriting(_ path: String) -> Int32 {
    raised(open(path, O_WRONLY | O_CLOEXEC))
  }

  /// A number that is not one of the standard streams': where they are closed, what is meant for them must not go into
  /// a file. No program that is started inherits it.
  private static func raised(_ file: Int32) -> Int32 {
    guard (0...2).contains(file) else {
      if file > 2 { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
      return file
    }
    let higher = fcntl(file, F_DUPFD_CLOEXEC, 3)
    let code = errno
    close(file)
    errno = code
    return higher
  }

  /// - Returns: false if not all could be written; `errno` tells.
  package static func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = writeSome(rest, to: file)
      if count < 0 {
        if errno == EINTR { continue }
        return false
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return true
  }

  private static func writeSome(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Int {
    #if canImport(Glibc)
      Glibc.write(file, bytes.baseAddress, bytes.count)
    #elseif canImport(Musl)
      Musl.write(file, bytes.baseAddress, bytes.count)
    #else
      Darwin.write(file, bytes.baseAddress, bytes.count)
    #endif
  }
}
