#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where the traces of a command and its children go.
package enum RecordingPlace: Equatable, Sendable {
  /// A file for the command's own process, by its absolute path; those of its children beside it.
  case file(String)
  /// A folder with a file a process, by its absolute path.
  case folder(String)

  /// The ending of traces that are recorded.
  package static let fileExtension = "lgt"

  /// What cannot be written, and why.
  package struct Failure: Error, Equatable {
    package var path: String
    package var text: String
  }

  /// - Parameters:
  ///   - path: as it was given: what ends in `.lgt` is a file, all else a folder.
  package init(_ path: String) {
    let absolute = Self.absolute(path)
    self =
      path.hasSuffix("." + Self.fileExtension) && !Self.isFolder(absolute)
      ? .file(absolute) : .folder(absolute)
  }

  /// The folder for a command whose place nobody named: where it is started, by its own name.
  package static func standard(forCommand name: String) -> RecordingPlace {
    let base = name.split(separator: "/").last.map(String.init) ?? "command"
    return .folder(absolute("\(base).lockgraph"))
  }

  /// What the paths of all traces begin with; the number of the process and the ending follow.
  package var prefix: String {
    switch self {
    case .file(let path): String(path.dropLast(Self.fileExtension.utf8.count))
    case .folder(let path): path + "/"
    }
  }

  /// Makes the folder, and takes away what an earlier recording has left here.
  ///
  /// - Parameter keepsOthers: whether traces that a folder has already stay.
  package func prepare(keepsOthers: Bool) throws(Failure) {
    switch self {
    case .file(let path):
      let parent = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
      guard Self.isFolder(parent.isEmpty ? "/" : parent) else {
        throw Failure(path: path, text: "its folder is not there")
      }
      unlink(path)
      for trace in traces() { unlink(trace) }
    case .folder(let path):
      guard mkdir(path, 0o700) != 0 else { break }
      guard errno == EEXIST, Self.isFolder(path) else {
        throw Failure(
          path: path, text: errno == EEXIST ? "it is no folder" : String(cString: strerror(errno)))
      }
      if !keepsOthers { for trace in traces() { unlink(trace) } }
    }
    let folder = String(prefix[...(prefix.lastIndex(of: "/") ?? prefix.startIndex)])
    guard access(folder, W_OK | X_OK) == 0 else {
      throw Failure(path: folder, text: String(cString: strerror(errno)))
    }
  }

  /// The traces that are there, in the order of their names.
  package func traces() -> [String] {
    let prefix = prefix
    let slash = prefix.lastIndex(of: "/") ?? prefix.startIndex
    let (folder, start) = (prefix[...slash], prefix[prefix.index(after: slash)...])
    guard let stream = opendir(String(folder)) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.hasPrefix(start), name.hasSuffix("." + Self.fileExtension) else { continue }
      let numbers = name.dropFirst(start.count).dropLast(Self.fileExtension.count + 1)
      // `PROCESS` or `PROCESS.IMAGE`.
      let parts = numbers.split(separator: ".", omittingEmptySubsequences: false)
      guard (1...2).contains(parts.count), parts.allSatisfy({ UInt32($0) != nil }) else { continue }
      names.append(name)
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { folder + $0 }
  }

  /// Gives the trace of the command's own process the name that was asked for: of several, as
  /// after an `exec`, that of the last program.
  package func nameOwnTrace(of identifier: Int32) {
    guard case .file(let path) = self else { return }
    let own = traces().filter {
      $0.dropFirst(prefix.count).split(separator: ".").first == "\(identifier)"
    }
    func image(_ trace: String) -> Int {
      let parts = trace.dropFirst(prefix.count).split(separator: ".")
      return parts.count > 2 ? Int(parts[1]) ?? 0 : 0
    }
    guard let last = own.max(by: { image($0) < image($1) }) else { return }
    rename(last, path)
  }

  /// The traces of an ended recording: the command's own first.
  package func allTraces() -> [String] {
    guard case .file(let path) = self, access(path, F_OK) == 0 else { return traces() }
    return [path] + traces()
  }

  private static func absolute(_ path: String) -> String {
    var text = path
    while text.count > 1, text.hasSuffix("/") { text.removeLast() }
    guard !text.hasPrefix("/"), let folder = getcwd(nil, 0) else { return text }
    defer { free(folder) }
    let base = String(cString: folder)
    return (base == "/" ? "" : base) + "/" + text
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
