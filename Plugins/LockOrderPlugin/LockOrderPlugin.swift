import Foundation
import PackagePlugin

/// `swift package lock-order [ARGUMENTS]`: runs `lockdep-check` where the package is, as a gate
/// unless another of its commands is named first.
@main
struct LockOrderPlugin: CommandPlugin {
  private static let commands: Set<String> = [
    "run", "record", "confirm", "seal", "hang", "analyze", "gate", "render", "stats", "convert",
    "merge", "diff", "what-if", "policy", "explain", "help", "--help", "-h", "--version",
  ]

  func performCommand(context: PluginContext, arguments: [String]) throws {
    guard let command = try? context.tool(named: "lockdep-check") else {
      throw PluginFailure(
        description: """
          this package asks for LockGraph without its command; in Package.swift: \
          .package(…, traits: ["Validation", "Command"])
          """)
    }
    let process = Process()
    process.executableURL = command.url
    process.currentDirectoryURL = context.package.directoryURL
    let isCommand = arguments.first.map(Self.commands.contains) ?? false
    process.arguments =
      isCommand ? try testing(arguments, context) : ["gate"] + arguments
    try process.run()
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      // The command has said why.
      Diagnostics.error("lockdep-check ended with status \(process.terminationStatus)")
      return
    }
  }

  /// `run -- swift test ARGUMENTS` with the tests' own program in the place of `swift test`, which
  /// would wait for the build that this command is a part of. The tests are built first.
  private func testing(_ arguments: [String], _ context: PluginContext) throws -> [String] {
    guard ["run", "record"].contains(arguments.first),
      let separator = arguments.firstIndex(of: "--"),
      arguments[(separator + 1)...].starts(with: ["swift", "test"])
    else { return arguments }
    let build = try packageManager.build(
      .all(includingTests: true), parameters: .init(configuration: .debug))
    guard build.succeeded else {
      throw PluginFailure(description: "the tests could not be built:\n\(build.logText)")
    }
    let bundle = context.package.directoryURL.appending(
      path: ".build/debug/\(context.package.displayName)PackageTests.xctest"
    ).path
    guard FileManager.default.isExecutableFile(atPath: bundle) else {
      throw PluginFailure(description: "there are no tests at \(bundle)")
    }
    let testing = arguments[(separator + 3)...]
    // Tests of both libraries; XCTest takes no options of the other, which ends with 69 where it
    // has no tests.
    let swiftTesting = """
      status=0
      "$0" --testing-library swift-testing "$@" || status=$?
      if [ "$status" -eq 69 ]; then status=0; fi
      exit "$status"
      """
    let script = testing.isEmpty ? "\"$0\" || exit\n\(swiftTesting)" : swiftTesting
    return Array(arguments[...separator]) + ["sh", "-c", script, bundle] + testing
  }
}

/// What cannot be done, and why.
private struct PluginFailure: Error, CustomStringConvertible {
  var description: String
}
