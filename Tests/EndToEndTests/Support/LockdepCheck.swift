import Foundation
import TestSupport

/// Runs the built command as a user would.
func lockdepCheck(
  _ arguments: String..., input: String = "", environment: [String: String]? = nil,
  directory: String? = nil
) throws -> ProcessResult {
  try lockdepCheck(
    arguments: arguments, input: Array(input.utf8), environment: environment, directory: directory)
}

func lockdepCheck(
  arguments: [String], input: [UInt8] = [], environment: [String: String]? = nil,
  directory: String? = nil
) throws -> ProcessResult {
  try ProcessRunner(
    BuiltProducts.executable("lockdep-check"), arguments, input: input, environment: environment,
    directory: directory
  ).run()
}

/// Runs a shell script in which `$check` is the built command, and `$victim` the program of
/// scenarios.
func shell(
  _ script: String, _ arguments: String..., directory: String? = nil
) throws -> ProcessResult {
  let check = try quoted(BuiltProducts.executable("lockdep-check"))
  let victim = try quoted(BuiltProducts.executable("LockVictim"))
  return try ProcessRunner(
    "/bin/sh", ["-c", "check=\(check); victim=\(victim); \(script)", "sh"] + arguments,
    environment: victimEnvironment, directory: directory
  ).run()
}

private func quoted(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
    + "'"
}

extension ProcessResult {
  /// The lines of standard error.
  var messageLines: [String] {
    messages.split(separator: "\n").map(String.init)
  }
}
