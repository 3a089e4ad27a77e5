#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The library that records, which the loader puts before all others.
package struct RecorderLibrary: Equatable {
  /// Its absolute path.
  package var path: String

  /// The library for `LD_AUDIT`, which lies beside it.
  package var auditPath: String {
    String(path.dropLast(path.split(separator: "/").last?.count ?? 0)) + "liblockgraph_audit.so"
  }

  /// Whether there is one for `LD_AUDIT`.
  package var hasAuditLibrary: Bool { ELFFile(path: auditPath) != nil }

  /// Why there is none.
  package struct Failure: Error, Equatable {
    package var text: String
  }

  /// Of the format of recordings that this command reads.
  static let version = 1
  /// Names the library.
  static let variable = "LOCKGRAPH_RECORDER"
  private static let fileName = "liblockgraph_recorder.so"

  /// Looks for the library: where the environment says, beside an installed command, where the
  /// build of this package leaves it.
  ///
  /// - Parameters:
  ///   - named: what the environment says.
  ///   - executable: the command's own path, with links resolved.
  ///   - built: where the build of the command left it; empty if it did not.
  package init(named: String?, executable: String, built: String) throws(Failure) {
    if let named, !named.isEmpty {
      guard let path = Self.absolute(named) else {
        throw Failure(text: "\(Self.variable) names '\(named)', which is not there")
      }
      try self.init(checking: path)
      return
    }
    let folder = executable.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    let installed = "\(folder)/../lib/lockgraph/\(Self.fileName)"
    let places = built.isEmpty ? [installed] : [installed, built]
    guard let path = places.lazy.compactMap(Self.absolute).first else {
      throw Failure(
        text: "the recorder's library \(Self.fileName) is not there; looked for "
          + places.joined(separator: ", ") + "; \(Self.variable) can name it")
    }
    try self.init(checking: path)
  }

  /// The library of the command that runs.
  ///
  /// - Parameter built: where the build of the command left it.
  package static func forThisCommand(built: String) throws(Failure) -> RecorderLibrary {
    try RecorderLibrary(
      named: getenv(variable).map { String(cString: $0) },
      executable: absolute("/proc/self/exe") ?? CommandLine.arguments[0], built: built)
  }

  private init(checking path: String) throws(Failure) {
    guard let file = ELFFile(path: path) else {
      throw Failure(text: "'\(path)' is no library")
    }
    guard file.contains("lockgraph-recorder \(Self.version)") else {
      throw Failure(
        text: "'\(path)' is not the recorder of this command, which reads version \(Self.version) "
          + "of recordings")
    }
    // The loader takes both for the end of a name.
    guard !path.contains(where: { $0 == " " || $0 == ":" }) else {
      throw Failure(text: "'\(path)' has a space or a colon in it, which LD_PRELOAD cannot say")
    }
    self.path = path
  }

  private static func absolute(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
