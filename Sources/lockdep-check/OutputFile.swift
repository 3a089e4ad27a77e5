import LockGraphEngine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Output that is there whole or not at all: files are written beside their target and renamed.
enum OutputFile {
  /// What goes where: `nil` and `-` are standard output.
  struct Part {
    fileprivate var path: String?
    fileprivate var write: (@escaping (UnsafeRawBufferPointer) -> Bool) -> Bool

    init(_ bytes: [UInt8], to path: String?) {
      self.path = path
      write = { take in bytes.withUnsafeBytes(take) }
    }

    init(_ report: some StreamedDocument, to path: String?) {
      self.path = path
      write = { report.write($0) }
    }
  }

  /// Writes to a file, or to standard output for `nil` and `-`; ends with status 2 if that fails.
  static func write(_ bytes: [UInt8], to path: String?) throws {
    try write([Part(bytes, to: path)])
  }

  /// The same for a report, as it comes into being.
  static func write(_ report: some StreamedDocument, to path: String?) throws {
    try write([Part(report, to: path)])
  }

  /// Writes several outputs, in this order what is no regular file. No file takes its place before
  /// everything is written.
  static func write(_ parts: [Part]) throws {
    var (whole, streams): ([Part], [Part]) = ([], [])
    for part in parts {
      if isSpecial(part.path) { streams.append(part) } else { whole.append(part) }
    }
    let files = try whole.map { part in
      let file = try StreamedOutput(part.path)
      _ = part.write { file.write($0) }
      try file.complete()
      return file
    }
    for part in streams {
      let stream = try StreamedOutput(part.path)
      _ = part.write { stream.write($0) }
      try stream.finish()
    }
    try Interruption.deferred {
      for file in files { try file.commit() }
    }
  }

  /// Where an output goes: `nil` and `-` are standard output.
  static func destination(_ path: String?) -> OutputDestination {
    guard let path, path != "-" else { return .descriptor(1) }
    return OutputDestination(path)
  }

  /// Whether it goes to standard output, a device or a pipe, which nothing else is kept from.
  static func isSpecial(_ path: String?) -> Bool {
    switch destination(path) {
    case .descriptor, .stream: true
    case .file, .folder: false
    }
  }

  /// Whether there is a file of this name.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }

  /// Whether there is a file of this name that is not empty.
  static func hasContent(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && (status.st_mode & S_IFMT != S_IFREG || status.st_size > 0)
  }

  /// Whether two paths name one file, or will.
  static func isSame(_ one: String, _ other: String) -> Bool {
    OutputDestination(one) == OutputDestination(other)
  }
}
