import LockGraphEngine

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

  /// What the recorder is told: a folder ends in a slash.
  package var path: String {
    switch self {
    case .file(let path): path
    case .folder(let path): path + "/"
    }
  }

  /// As people write it: below the folder where they are.
  package var shown: String {
    guard let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    let base = String(cString: folder) + "/"
    return path.hasPrefix(base) && path.count > base.count
      ? String(path.dropFirst(base.count)) : path
  }

  /// Makes the folder, and takes away what an earlier recording has left here.
  ///
  /// - Parameter keepsOthers: whether traces that a folder has already stay.
  package func prepare(keepsOthers: Bool) throws(Failure) {
    switch self {
    case .file(let path):
      guard Self.isFolder(Self.folder(of: path)) else {
        throw Failure(path: path, text: "its folder is not there")
      }
      for trace in traces() { unlink(trace) }
    case .folder(let path):
      guard mkdir(path, 0o700) != 0 else {
        admitOtherUsers()
        break
      }
      guard errno == EEXIST, Self.isFolder(path) else {
        throw Failure(
          path: path, text: errno == EEXIST ? "it is no folder" : String(cString: strerror(errno)))
      }
      if !keepsOthers { for trace in traces() { unlink(trace) } }
    }
    let folder = Self.folder(of: path)
    guard access(folder, W_OK | X_OK) == 0 else {
      throw Failure(path: folder, text: String(cString: strerror(errno)))
    }
  }

  /// Lets programs that root starts, and that become another user, write traces as well: into a
  /// folder that was just made, and without seeing what others write.
  package func admitOtherUsers() {
    guard geteuid() == 0, case .folder(let path) = self else { return }
    chmod(path, 0o1733)
  }

  /// The traces that are there, in the order of their names; that of the command's own process
  /// first if it has a name of its own.
  package func traces() -> [String] {
    let folder = Self.folder(of: path)
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if isTrace(name), Self.isFile(named: name, in: dirfd(stream)) { names.append(name) }
    }
    names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let start = folder.hasSuffix("/") ? folder : folder + "/"
    let paths = names.map { start + $0 }
    guard case .file(let own) = self, paths.contains(own) else { return paths }
    return [own] + paths.filter { $0 != own }
  }

  /// Whether a file of that name is a trace of this recording.
  private func isTrace(_ name: String) -> Bool {
    let ending = "." + Self.fileExtension
    guard name.hasSuffix(ending), !name.hasPrefix(".") else { return false }
    guard case .file(let path) = self else { return true }
    let own = path.split(separator: "/").last ?? ""
    if name == own { return true }
    // `STEM.PROCESS` or `STEM.PROCESS.IMAGE`.
    let stem = own.dropLast(ending.count) + "."
    guard name.hasPrefix(stem) else { return false }
    let numbers = name.dropFirst(stem.count).dropLast(ending.count)
      .split(separator: ".", omittingEmptySubsequences: false)
    return (1...2).contains(numbers.count) && numbers.allSatisfy { UInt32($0) != nil }
  }

  /// Gives the trace of the command's own process the name that was asked for, where the process
  /// became another program: what it was before has then a name with its number.
  package func nameOwnTrace(of identifier: Int32) {
    guard case .file(let path) = self,
      let first = try? RecordingHeader(contentsOf: path), first.end == .executed
    else { return }
    let last = traces().dropFirst().last {
      guard let header = try? RecordingHeader(contentsOf: $0) else { return false }
      return header.process == UInt32(bitPattern: identifier) && header.end != .executed
    }
    guard let last else { return }
    let spare = path + ".before"
    guard rename(path, spare) == 0 else { return }
    rename(last, path)
    rename(spare, last)
  }

  private static func folder(of path: String) -> String {
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func absolute(_ path: String) -> String {
    var text = path
    while text.count > 1, text.hasSuffix("/") { text.removeLast() }
    guard !text.hasPrefix("/"), let folder = getcwd(nil, 0) else { return text }
    defer { free(folder) }
    let base = String(cString: folder)
    return (base == "/" ? "" : base) + "/" + text
  }

  /// Whether it is a file, and nothing that leads to one or to a pipe: others may write here.
  private static func isFile(named name: String, in folder: Int32) -> Bool {
    var status = stat()
    return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0
      && status.st_mode & S_IFMT == S_IFREG
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
