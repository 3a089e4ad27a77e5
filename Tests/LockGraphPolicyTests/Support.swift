import LockGraphEngine
import TestSupport

@testable import LockGraphPolicy

/// A policy of a text.
func policy(_ text: String) throws(TraceError) -> Policy {
  try Policy(bytes: Array(text.utf8), name: "p.yml")
}

/// What is wrong with a policy, `nil` if nothing is.
func policyFailure(of bytes: [UInt8]) -> TraceError? {
  do throws(TraceError) {
    _ = try Policy(bytes: bytes, name: "p.yml")
    return nil
  } catch {
    return error
  }
}

/// A trace in which each pair's second class is taken under its first one.
func nestings(_ pairs: [(String, String)]) -> String {
  pairs.map { held, wanted in
    let (outer, inner) = (quoted(held), quoted(wanted))
    let name = pairs.isEmpty ? "" : "\(held)>\(wanted)"
    return """
      T acquire \(quoted("1" + name)) class=\(outer)
      T acquire \(quoted("2" + name)) class=\(inner)
      T release \(quoted("2" + name))
      T release \(quoted("1" + name))

      """
  }.joined()
}

/// A word of the text format.
func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": result += "\\" + String(scalar)
    case _ where scalar.value < 0x20 || scalar.value == 0x7F:
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}

extension Policy {
  /// The violations of its orders in a trace, as `held>wanted`.
  func violations(in trace: String) throws -> [String] {
    var analysis = try analyze(trace)
    _ = try addViolations(to: &analysis)
    return analysis.findings(.declaredOrder).map { "\($0.edges[0].from)>\($0.edges[0].to)" }
  }
}
