import LockGraphEngine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where the policy is that no option names: in the current folder, or in the nearest one above it
/// that has one, up to the root of the repository and never beyond. Outside of a repository only
/// the current folder counts.
enum PolicySearch {
  static let names = [".lockgraph.yml", ".lockgraph.yaml"]

  /// The folders in which it can be, the nearest first, each by its way from here.
  static func folders() -> [String] {
    guard let here = realpath(".", nil) else { return [""] }
    defer { free(here) }
    let depth = String(cString: here).utf8.split(separator: UInt8(ascii: "/")).count
    var folders: [String] = []
    for level in 0...depth {
      let folder = String(repeating: "../", count: level)
      folders.append(folder)
      // A folder, or a file where it is a work tree of another one.
      if isThere(folder + ".git") { return folders }
    }
    return [""]
  }

  /// The path of the policy; `nil` if there is none.
  ///
  /// - Throws: a name that is there and leads to nothing, or both names in one folder.
  static func find() throws(TraceError) -> String? {
    for folder in folders() {
      let found = names.map { folder + $0 }.filter(isThere)
      guard let first = found.first else { continue }
      if found.count > 1 {
        throw TraceError(
          input: first, message: "\(names[1]) is beside it", expected: "one policy in a folder")
      }
      var status = stat()
      if stat(first, &status) != 0 {
        throw TraceError(
          input: first,
          message: "is a link that leads to nothing: \(String(cString: strerror(errno)))",
          expected: "a policy, or none; --policy none uses none")
      }
      return first
    }
    return nil
  }

  /// Whether there is something of this name, be it a link that leads nowhere.
  private static func isThere(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }
}
