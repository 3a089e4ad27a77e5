import ArgumentParser
import LockGraphEngine
import LockGraphPolicy

/// Reading a policy for a command.
enum PolicyFile {
  static let defaultName = ".lockgraph.yml"
  private static let noPolicy = "none"

  /// - Returns: `nil` if none is to be used.
  static func load(_ name: String?, findsPolicy: Bool) throws -> Policy? {
    if let name {
      guard name != noPolicy else { return nil }
      return try reporting { () throws(TraceError) in try Policy(contentsOf: name) }
    }
    guard findsPolicy, OutputFile.exists(defaultName) else { return nil }
    Terminal.note("note: uses the policy \(defaultName)")
    return try reporting { () throws(TraceError) in try Policy(contentsOf: defaultName) }
  }

  /// Tells what is wrong with a file, and ends with status 2.
  static func reporting<Value>(_ read: () throws(TraceError) -> Value) throws -> Value {
    do throws(TraceError) {
      return try read()
    } catch {
      Terminal.message(error.description)
      throw ExitCode(2)
    }
  }
}
