import ArgumentParser
import LockGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Output that is too long to be held: written as it comes, and there whole or not at all where it goes to a file
/// of its own.
final class StreamedOutput {
  private let name: String
  private let file: Int32
  /// Where a regular file is until it is complete, and where it goes then.
  private let temporary: [CChar]?
  private let target: String
  private var isOpen = true
  /// What the system said when bytes could not be written.
  private var failureCode: Int32?

  /// Opens a file, or standard output for `nil` and `-`; ends with status 2 if that fails.
  init(_ path: String?) throws {
    guard let path, path != "-" else {
      (name, file, temporary, target) = ("standard output", 1, nil, "")
      return
    }
    name = path
    if OutputFile.isSpecial(path) {
      file = open(path, O_WRONLY | O_CLOEXEC)
      (temporary, target) = (nil, "")
      guard file >= 0 else { throw OutputFile.failure(path, "opened", errno) }
      return
    }
    target = OutputFile.resolved(path)
    let target = target
    (file, temporary) = try Interruption.deferred {
      let (file, temporary) = try OutputFile.createBeside(target, named: path)
      Interruption.removeIfInterrupted(temporary)
      return (file, temporary)
    }
  }

  deinit {
    guard isOpen else { return }
    if file != 1 { close(file) }
    guard let temporary else { return }
    Interruption.deferred {
      unlink(temporary)
      Interruption.removeIfInterrupted(nil)
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

  /// Puts the file in its place; ends with status 2 if something could not be written.
  func finish() throws {
    if let failure { throw failure }
    guard file != 1 else { return }
    isOpen = false
    guard let temporary else {
      guard close(file) == 0 else { throw OutputFile.failure(name, "written", errno) }
      return
    }
    try Interruption.deferred {
      let isComplete = close(file) == 0 && rename(temporary, target) == 0
      let code = errno
      if !isComplete { unlink(temporary) }
      Interruption.removeIfInterrupted(nil)
      guard isComplete else { throw OutputFile.failure(name, "written", code) }
    }
  }
}
