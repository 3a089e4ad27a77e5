#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The traces in a directory and in the directories inside it.
///
/// Left out are hidden files and directories, and files that are no traces by their content, except
/// that a file whose name ends in `.trace` or `.ftrace`, before the ending of an archive or the
/// number of a process, is always one. Symbolic links are followed, and everything is taken once,
/// so that loops end.
public struct TraceDirectory: Sendable {
  /// By path, byte for byte.
  public private(set) var traces: [TraceSource] = []
  /// How many files are no traces and were left out; hidden ones are not counted.
  public private(set) var skipped = 0

  /// Looks through a directory.
  ///
  /// - Parameter format: the format of all files in it: then none is left out; `nil` recognises
  ///   traces.
  /// - Throws: `TraceError` if something in it cannot be read, or nothing in it is a trace.
  public init(_ path: String, format: TraceFormat? = nil) throws(TraceError) {
    var walk = Walk()
    try walk.list(path)
    skipped = walk.skipped
    for file in walk.sortedFiles {
      let isTaken = format != nil || Self.isNamedTrace(file)
      if try isTaken ? true : Self.isTrace(file) {
        traces.append(.file(file))
      } else {
        skipped += 1
      }
    }
    guard traces.isEmpty else { return }
    let files = skipped == 1 ? "the one file in it is none" : "the \(skipped) files in it are none"
    throw TraceError(
      input: path, message: "is a directory without traces" + (skipped == 0 ? "" : "; " + files),
      expected: "at least one file in a format that is recognised, not hidden")
  }

  /// Whether there is a directory of that name.
  public static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func isTrace(_ file: String) throws(TraceError) -> Bool {
    let beginning = try ByteInput.beginning(ofFile: file)
    return beginning.withUnsafeBytes { TraceFormat.recognizeStrictly($0) } != nil
  }

  private static func isNamedTrace(_ file: String) -> Bool {
    var name = file[...]
    if let ending = [".gz", ".xz", ".zst"].first(where: { name.hasSuffix($0) }) {
      name = name.dropLast(ending.count)
    }
    let base = ProcessSuffix.removed(from: String(name))
    return base.hasSuffix(".trace") || base.hasSuffix(".ftrace")
  }
}

/// What a directory holds.
private struct Walk {
  private struct Identity: Hashable {
    var device: UInt64
    var number: UInt64
  }

  private var files: [String] = []
  private var seen: Set<Identity> = []
  private(set) var skipped = 0

  var sortedFiles: [String] { files.sorted(by: Self.precedes) }

  mutating func list(_ path: String) throws(TraceError) {
    // Links come last: what they lead to keeps its own name if it has one in here.
    var entries = [path]
    while !entries.isEmpty {
      var links: [String] = []
      for entry in entries {
        var directories: [String] = []
        try enter(entry, &directories)
        while let directory = directories.popLast() {
          for path in try Self.paths(in: directory) {
            if Self.isLink(path) { links.append(path) } else { try enter(path, &directories) }
          }
        }
      }
      entries = links.sorted(by: Self.precedes)
    }
  }

  /// Notes a file, or a directory to be listed, that is new; counts what is neither.
  private mutating func enter(
    _ path: String, _ directories: inout [String]
  ) throws(TraceError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      // A link that leads nowhere.
      guard errno == ENOENT || errno == ELOOP else {
        throw TraceError(input: path, message: "cannot be examined: \(systemErrorText(errno))")
      }
      skipped += 1
      return
    }
    let type = status.st_mode & S_IFMT
    guard type == S_IFDIR || type == S_IFREG else {
      skipped += 1
      return
    }
    let identity = Identity(
      device: UInt64(truncatingIfNeeded: status.st_dev),
      number: UInt64(truncatingIfNeeded: status.st_ino))
    guard seen.insert(identity).inserted else { return }
    if type == S_IFDIR { directories.append(path) } else { files.append(path) }
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  private static func precedes(_ one: String, _ other: String) -> Bool {
    one.utf8.lexicographicallyPrecedes(other.utf8)
  }

  /// What is not hidden, sorted, so that of two names of one thing it is always the same that
  /// counts.
  private static func paths(in directory: String) throws(TraceError) -> [String] {
    guard let stream = opendir(directory) else {
      throw TraceError(input: directory, message: "cannot be opened: \(systemErrorText(errno))")
    }
    defer { closedir(stream) }
    let parent = directory.hasSuffix("/") ? directory : directory + "/"
    var paths: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { paths.append(parent + name) }
    }
    return paths.sorted(by: precedes)
  }
}
