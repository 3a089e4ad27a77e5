import ArgumentParser
import LockGraphEngine
import LockGraphPolicy

/// Reading a policy for a command.
enum PolicyFile {
  static let defaultName = PolicySearch.names[0]
  private static let noPolicy = "none"

  /// - Returns: `nil` if none is to be used.
  static func load(_ name: String?, findsPolicy: Bool) throws -> Policy? {
    if let name {
      guard name != noPolicy else { return nil }
      return try reporting { () throws(TraceError) in try Policy(contentsOf: name) }
    }
    guard findsPolicy else { return nil }
    guard let found = try reporting({ () throws(TraceError) in try PolicySearch.find() }) else {
      let folders = PolicySearch.folders().map { $0.isEmpty ? "." : String($0.dropLast()) }
      Terminal.detail(
        "no policy: neither \(PolicySearch.names.joined(separator: " nor ")) is in "
          + folders.joined(separator: ", "))
      return nil
    }
    Terminal.note("note: uses the policy \(found)")
    return try reporting { () throws(TraceError) in try Policy(contentsOf: found) }
  }

  /// The file that is used, named or found, so that nothing is put in its place.
  static func path(_ name: String?) -> String {
    name ?? (try? PolicySearch.find()) ?? defaultName
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
