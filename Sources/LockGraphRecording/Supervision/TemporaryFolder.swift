import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Folders that are gone once they were of use, which only this user can look into.
package enum TemporaryFolder {
  /// Where they are made.
  package static var parent: String {
    let named = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    return named.hasPrefix("/") ? named : "/tmp"
  }

  /// Makes one; `nil` if that fails.
  package static func make(named name: String) -> String? {
    var template = Array("\(parent)/\(name).XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    InterruptedFolders.add(template)
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes one of traces, unless there is something else in it.
  package static func remove(_ place: RecordingPlace) {
    for trace in place.traces() { unlink(trace) }
    remove(place.path, files: [])
  }

  /// The files in one whose names begin so, in the order of their names.
  package static func files(in path: String, beginning prefix: String) -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix(prefix) { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes one with the files in it.
  package static func remove(_ path: String, files: [String]) {
    for file in files { unlink("\(path)/\(file)") }
    rmdir(path)
    keep(path)
  }

  /// One that stays even if this process is interrupted.
  package static func keep(_ path: String) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    InterruptedFolders.forget(Array(path.utf8CString))
  }

  /// Removes those that are there, with all files in them; for the handler of a signal that ends
  /// this process.
  package static func removeAllFromHandler() { InterruptedFolders.removeAll() }
}

/// The folders that an interruption removes, for a handler that can neither wait nor allocate: that
/// is why each is open already.
private enum InterruptedFolders {
  #if canImport(Darwin)
    typealias Stream = UnsafeMutablePointer<DIR>
  #else
    typealias Stream = OpaquePointer
  #endif

  private struct Folder {
    var stream: Stream?
    var path: UnsafeMutablePointer<CChar>?
  }

  /// More than there are at once.
  private static let limit = 8
  // Changed with signals blocked, and read by the handler of one.
  nonisolated(unsafe) private static let folders = {
    let folders = UnsafeMutablePointer<Folder>.allocate(capacity: limit)
    folders.initialize(repeating: Folder(), count: limit)
    return folders
  }()
  private static let lock = Mutex(())

  static func add(_ path: [CChar]) {
    changing {
      for index in 0..<limit where folders[index].path == nil {
        folders[index] = Folder(stream: opendir(path), path: strdup(path))
        return
      }
    }
  }

  static func forget(_ path: [CChar]) {
    changing {
      for index in 0..<limit {
        guard let known = folders[index].path, strcmp(known, path) == 0 else { continue }
        if let stream = folders[index].stream { closedir(stream) }
        free(known)
        folders[index] = Folder()
      }
    }
  }

  private static func changing(_ body: () -> Void) {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, &before)
    lock.withLock { _ in body() }
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }

  static func removeAll() {
    for index in 0..<limit {
      guard let path = folders[index].path else { continue }
      if let stream = folders[index].stream { removeFiles(of: stream) }
      rmdir(path)
    }
  }

  private static func removeFiles(of stream: Stream) {
    rewinddir(stream)
    while let entry = readdir(stream) {
      withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: 1) { name in
          _ = unlinkat(dirfd(stream), name, 0)
        }
      }
    }
  }
}
