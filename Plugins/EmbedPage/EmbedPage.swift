import Foundation
import PackagePlugin

/// Puts the page's document, style sheet and script, which are files of their own in
/// `Sources/LockGraphPage/Page`, into a Swift file as they are.
///
/// Resources would be copied beside the command, or be made arrays of numbers that the compiler
/// takes long for; the command is one file that can be moved.
@main
struct EmbedPage: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let folder = context.package.directoryURL.appending(path: "Sources/LockGraphPage/Page")
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil
    ).sorted { $0.path < $1.path }
    let embedded = context.pluginWorkDirectoryURL.appending(path: "EmbeddedPage.swift")
    return [
      .buildCommand(
        displayName: "Embedding the page",
        executable: URL(filePath: "/bin/sh"),
        arguments: [folder.appending(path: "embed").path, folder.path, embedded.path],
        inputFiles: files,
        outputFiles: [embedded])
    ]
  }
}
