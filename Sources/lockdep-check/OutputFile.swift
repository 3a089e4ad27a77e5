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
    try write([(path, bytes)])
  }

  /// Writes several outputs, in this order what is no regular file. No file takes its place before all of them are
  /// written.
  static func write(_ outputs: [(path: String?, bytes: [UInt8])]) throws {
    try Interruption.deferred {
      var staged: [StagedFile] = []
      defer { for file in staged { file.discard() } }
      for (path, bytes) in outputs {
        guard let path, !isStream(path) else { continue }
        staged.append(try StagedFile(path, bytes))
      }
      while let file = staged.first {
        try file.commit()
        staged.removeFirst()
      }
    }
    for (path, bytes) in outputs {
      guard let path, path != "-" else {
        guard writeAll(bytes, to: 1) else { throw failure("standard output", "written", errno) }
        continue
      }
      if isSpecial(path) { try writeSpecial(bytes, to: path) }
    }
  }

  private static func isStream(_ path: String) -> Bool { path == "-" || isSpecial(path) }

  private static func writeSpecial(_ bytes: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { throw failure(path, "opened", errno) }
    defer { close(file) }
    guard writeAll(bytes, to: file) else { throw failure(path, "written", errno) }
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

  /// The file that a link leads to, so that the link stays one; for a file that is not there yet, its path without
  /// links and detours.
  static func resolved(_ path: String) -> String {
    if let real = real(path) { return real }
    let name = path.split(separator: "/").last ?? ""
    let folder = path.dropLast(name.count)
    guard path.hasSuffix(name), let real = real(folder.isEmpty ? "." : String(folder)) else {
      return path
    }
    return real == "/" ? "/\(name)" : "\(real)/\(name)"
  }

  private static func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
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

/// A file that is written and has not yet taken the place of another.
private struct StagedFile {
  let name: String
  let target: String
  let template: [CChar]

  /// Ends with status 2 if it cannot be written; nothing is left behind then.
  init(_ path: String, _ bytes: [UInt8]) throws {
    name = path
    target = OutputFile.resolved(path)
    if TraceDirectory.isDirectory(target) { throw OutputFile.failure(path, "written", EISDIR) }
    let file: Int32
    (file, template) = try OutputFile.createBeside(target, named: path)
    let code = AtomicFile.fill(bytes, file)
    guard code == 0 else {
      unlink(template)
      throw OutputFile.failure(path, "written", code)
    }
  }

  /// Puts it in its place; ends with status 2 if that fails.
  func commit() throws {
    guard rename(template, target) == 0 else { throw OutputFile.failure(name, "written", errno) }
  }

  func discard() { unlink(template) }
}
