import ArgumentParser
import LockGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Output that is written as it comes, and there whole or not at all where it goes to a file of its own.
final class StreamedOutput {
  private let name: String
  private let file: Int32
  /// Where a regular file is until it is complete, and where it goes then.
  private let temporary: [CChar]?
  private let target: String
  private var isOpen = true
  private var isInPlace = false
  /// What the system said when bytes could not be written.
  private var failureCode: Int32?

  /// Opens a file, or standard output for `nil` and `-`; ends with status 2 if that fails.
  init(_ path: String?) throws {
    guard let path, !OutputFile.isStandardOutput(path) else {
      (name, file, temporary, target) = ("standard output", 1, nil, "")
      return
    }
    name = path
    if OutputFile.isSpecial(path) {
      file = AtomicFile.openForWriting(path)
      (temporary, target) = (nil, "")
      guard file >= 0 else { throw OutputFile.failure(path, "opened", errno) }
      return
    }
    target = OutputFile.resolved(path)
    let target = target
    if TraceDirectory.isDirectory(target) { throw OutputFile.failure(path, "written", EISDIR) }
    (file, temporary) = try Interruption.deferred {
      var temporary: [CChar] = []
      let file = AtomicFile.createBeside(target, &temporary)
      guard file >= 0 else { throw OutputFile.failure(path, "created", errno) }
      Interruption.removeIfInterrupted(temporary)
      return (file, temporary)
    }
  }

  deinit {
    if isOpen, file != 1 { close(file) }
    guard let temporary, !isInPlace else { return }
    Interruption.deferred {
      unlink(temporary)
      Interruption.keep(temporary)
    }
  }

  /// Writes bytes; false if that failed, now or before.
  func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard failureCode == nil else { return false }
    if AtomicFile.writeAll(bytes, to: file) { return true }
    failureCode = errno
    return false
  }

  /// What went wrong so far, for `throw`; `nil` if nothing did.
  var failure: ExitCode? {
    failureCode.map { OutputFile.failure(name, "written", $0) }
  }

  /// Nothing more comes, and all is where it is written; ends with status 2 if something is not.
  func complete() throws {
    if let failure { throw failure }
    guard file != 1 else { return }
    isOpen = false
    guard close(file) == 0 else { throw OutputFile.failure(name, "written", errno) }
  }

  /// Puts a file that is complete in its place; ends with status 2 if that fails.
  func commit() throws {
    guard let temporary else { return }
    try Interruption.deferred {
      guard rename(temporary, target) == 0 else {
        throw OutputFile.failure(name, "written", errno)
      }
      isInPlace = true
      Interruption.keep(temporary)
    }
  }

  /// Both.
  func finish() throws {
    try complete()
    try commit()
  }
}
