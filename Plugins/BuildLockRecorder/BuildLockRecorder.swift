import Foundation
import PackagePlugin

/// Builds the recorder, a library for `LD_PRELOAD`, from `Sources/CLockRecorder`, the audit library
/// beside it, and a Swift file that says where they are.
///
/// A library product would be linked with the Swift run-time library, and bring that into every
/// program that is recorded; this one needs the C library alone. It is no declared output, or the
/// target would get a bundle of resources, and the code for that needs Foundation.
@main
struct BuildLockRecorder: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let location = context.pluginWorkDirectoryURL.appending(path: "BuiltRecorder.swift")
    let build: [String]
    var inputs: [URL] = []
    #if os(Linux)
      let folder = context.package.directoryURL.appending(path: "Sources/CLockRecorder")
      inputs =
        try FileManager.default.contentsOfDirectory(
          at: folder, includingPropertiesForKeys: nil
        ).sorted { $0.path < $1.path } + [folder.appending(path: "audit/audit.c")]
      let library = context.pluginWorkDirectoryURL.appending(path: "liblockgraph_recorder.so")
      let clang = try context.tool(named: "clang").url
      let builder = folder.appending(path: "build")
      build = ["sh \"$1\" \"$2\" \"$3\" && ", builder.path, library.path, clang.path]
    #else
      build = ["", "", "", ""]
    #endif
    let script =
      build[0] + """
        printf '/// The recorder of this build; empty where there is none.\\n\
        let pathOfBuiltRecorder = "%s"\\n' "$2" > "$4"
        """
    return [
      .buildCommand(
        displayName: "Building the recorder",
        executable: URL(filePath: "/bin/sh"),
        arguments: ["-ec", script, "sh"] + build.dropFirst() + [location.path],
        inputFiles: inputs,
        outputFiles: [location])
    ]
  }
}
