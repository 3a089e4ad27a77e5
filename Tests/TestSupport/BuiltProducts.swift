import Foundation

/// Where the build left things, and where the sources are.
public enum BuiltProducts {
  /// The built command: it stands beside the tests that run.
  ///
  /// - Throws: `ProcessFailure` if it is not there.
  public static func executable(_ name: String) throws -> String {
    for start in CommandLine.arguments + [Bundle.main.executablePath ?? ""] where !start.isEmpty {
      var folder = URL(fileURLWithPath: start).deletingLastPathComponent()
      for _ in 0..<4 {
        let file = folder.appendingPathComponent(name).path
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder),
          !isFolder.boolValue,
          FileManager.default.isExecutableFile(atPath: file)
        {
          return file
        }
        folder.deleteLastPathComponent()
      }
    }
    throw ProcessFailure(description: "\(name) is not beside the tests; build the package first")
  }

  /// The package's folder.
  public static let packageRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}
