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

/// Runs a shell script in which `$check` is the built command.
func shell(
  _ script: String, _ arguments: String..., directory: String? = nil
) throws -> ProcessResult {
  let check = try BuiltProducts.executable("lockdep-check")
  return try ProcessRunner(
    "/bin/sh", ["-c", "check=\(quoted(check)); \(script)", "sh"] + arguments, directory: directory
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
