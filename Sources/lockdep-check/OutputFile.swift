import ArgumentParser
import LockGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Output that is there whole or not at all: files are written beside their target and renamed.
enum OutputFile {
  /// Writes to a file, or to standard output for `nil` and `-`; ends with status 2 if that fails.
  static func write(_ bytes: [UInt8], to path: String?) throws {
    guard let path, path != "-" else {
      guard writeAll(bytes, to: 1) else { throw failure("standard output", "written", errno) }
      return
    }
    if isSpecial(path) {
      let file = open(path, O_WRONLY | O_CLOEXEC)
      guard file >= 0 else { throw failure(path, "opened", errno) }
      defer { close(file) }
      guard writeAll(bytes, to: file) else { throw failure(path, "written", errno) }
      return
    }
    try replace(resolved(path), named: path, with: bytes)
  }

  /// A device or a pipe, which cannot be replaced by renaming.
  static func isSpecial(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
      && status.st_mode & S_IFMT != S_IFDIR
  }

  /// Whether there is a file of this name.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }

  /// Whether two paths name one file, or will.
  static func isSame(_ one: String, _ other: String) -> Bool {
    resolved(one) == resolved(other)
  }

  /// The file that a link leads to, so that the link stays one.
  static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func replace(_ target: String, named path: String, with bytes: [UInt8]) throws {
    try Interruption.deferred {
      let (file, template) = try createBeside(target, named: path)
      let code = AtomicFile.finish(bytes, file, template, target)
      guard code == 0 else { throw failure(path, "written", code) }
    }
  }

  /// A new file, which is to take the place of another, and its path.
  static func createBeside(
    _ target: String, named path: String
  ) throws -> (file: Int32, path: [CChar]) {
    var template: [CChar] = []
    let file = AtomicFile.createBeside(target, &template)
    guard file >= 0 else { throw failure(path, "created", errno) }
    return (file, template)
  }

  private static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
    bytes.withUnsafeBytes { AtomicFile.writeAll($0, to: file) }
  }

  static func failure(_ name: String, _ verb: String, _ code: Int32) -> ExitCode {
    Terminal.message("\(name): error: cannot be \(verb): \(String(cString: strerror(code)))")
    return ExitCode(2)
  }
}
