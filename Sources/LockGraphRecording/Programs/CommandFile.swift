#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The file that a command's name stands for, as a shell finds it.
package struct CommandFile: Equatable {
  /// Why a command cannot be started.
  package enum Failure: Error, Equatable {
    /// There is no such file: exit status 127.
    case missing
    /// There is one that cannot be run, and why: exit status 126.
    case unusable(String)
  }

  /// Its path: the name as it was given, or where it was found in PATH.
  package var path: String

  /// Looks for a command: in PATH unless its name has a slash.
  package init(named name: String, path variable: String?) throws(Failure) {
    guard !name.isEmpty else { throw .missing }
    guard !name.contains("/") else {
      try Self.check(name)
      path = name
      return
    }
    let folders = (variable ?? "/bin:/usr/bin").split(
      separator: ":", omittingEmptySubsequences: false)
    var failure = Failure.missing
    for folder in folders {
      let candidate = folder.isEmpty ? "./" + name : folder + "/" + name
      do throws(Failure) {
        try Self.check(candidate)
        path = candidate
        return
      } catch {
        if error != .missing, failure == .missing { failure = error }
      }
    }
    throw failure
  }

  private static func check(_ path: String) throws(Failure) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw errno == ENOENT || errno == ENOTDIR
        ? .missing : .unusable(String(cString: strerror(errno)))
    }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .unusable("it is a directory") }
    guard status.st_mode & S_IFMT == S_IFREG, access(path, X_OK) == 0 else {
      throw .unusable("it is not executable")
    }
  }
}
