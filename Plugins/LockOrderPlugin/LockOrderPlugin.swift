import Foundation
import PackagePlugin

/// `swift package lock-order [ARGUMENTS]`: runs `lockdep-check` where the package is, as a gate
/// unless another of its commands is named first.
@main
struct LockOrderPlugin: CommandPlugin {
  private static let commands: Set<String> = [
    "analyze", "gate", "render", "stats", "convert", "merge", "diff", "policy", "explain", "help",
    "--help", "-h", "--version",
  ]

  func performCommand(context: PluginContext, arguments: [String]) throws {
    let process = Process()
    process.executableURL = try context.tool(named: "lockdep-check").url
    process.currentDirectoryURL = context.package.directoryURL
    let isCommand = arguments.first.map(Self.commands.contains) ?? false
    process.arguments = isCommand ? arguments : ["gate"] + arguments
    try process.run()
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      // The command has said why.
      Diagnostics.error("lockdep-check ended with status \(process.terminationStatus)")
      return
    }
  }
}
