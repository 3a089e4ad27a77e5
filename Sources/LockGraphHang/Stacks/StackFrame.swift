/// A function that a thread is in.
package struct StackFrame: Sendable {
  /// The next instruction; for callers the one behind the call.
  var programCounter: UInt64
  /// The stack pointer while the function itself runs.
  var stackPointer: UInt64
  /// The caller's stack pointer, where the frame ends.
  var end: UInt64?
  var registers: Registers
  /// It called, and was not interrupted.
  var isCaller: Bool
  /// The frame was found by what lies on the stack, and not by tables: there may be others between.
  var isGuessed: Bool
  /// Its function; `nil` where the file has no name for it.
  package var function: String?
  /// What the function tells of a wait inside it.
  var lockFunction: LockFunction?
  /// Where the function begins in the process.
  var functionStart: UInt64?
  /// The program or library, as the process has it.
  package var module: String
  /// Whose code it is.
  var origin = CodeOrigin.program
  /// Where that file can be opened from here.
  package var file: String?
  /// The address in the file's own counting of the instruction that counts: of the call itself.
  package var ownAddress: UInt64?

  /// The function's name without the underscores that libraries set before aliases.
  var plainName: Substring? {
    function?.drop { $0 == "_" }
  }

  var isOfSystem: Bool { origin == .system }
  var isOfRecorder: Bool { origin == .recorder }

  /// Name, or file and offset.
  package var text: String {
    if let function { return function }
    let file = module.split(separator: "/").last.map(String.init) ?? "?"
    return file + "+0x" + hexadecimalText(ownAddress ?? programCounter)
  }
}

/// Whose code a function is.
enum CodeOrigin {
  case program
  /// The C library's, the older library of threads', or the loader's.
  case system
  /// The recorder's, which stands between a program that is recorded and the library.
  case recorder

  init(ofModule path: String) {
    let file = path.split(separator: "/").last ?? ""
    if file.hasPrefix("liblockgraph_recorder.so") {
      self = .recorder
    } else if ["libc.", "libc-", "libpthread", "ld-musl-", "ld-linux"].contains(where: {
      file.hasPrefix($0)
    }) {
      self = .system
    } else {
      self = .program
    }
  }
}
