import Foundation
import TestSupport
import Testing

/// Runs a scenario of LockVictim, with nothing of the environment that is about locks but what is
/// given.
func victim(
  _ arguments: String..., environment: [String: String] = [:], timeout: Duration = .seconds(60)
) throws -> ProcessResult {
  try lockVictim(arguments, environment: environment, timeout: timeout)
}

/// The same in a folder.
func lockVictim(
  _ arguments: [String], environment: [String: String] = [:], directory: String? = nil,
  timeout: Duration = .seconds(60)
) throws -> ProcessResult {
  var runner = try ProcessRunner(
    BuiltProducts.executable("LockVictim"), arguments, directory: directory)
  runner.environment = victimEnvironment.merging(environment) { $1 }
  runner.timeout = timeout
  return try runner.run()
}

/// Variables in which nothing is set that the library looks at.
var victimEnvironment: [String: String] {
  var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("LOCKGRAPH") }
  // The runtime's own report of a crash takes seconds.
  variables["SWIFT_BACKTRACE"] = "enable=no"
  return variables
}

/// Fingerprint, rule and confidence of the findings of a report.
func findingKeys(_ json: Data) throws -> Set<[String]> {
  let report = try #require(
    try JSONSerialization.jsonObject(with: json) as? [String: Any])
  let findings = try #require(report["findings"] as? [[String: Any]])
  return Set(
    findings.map {
      [$0["fingerprint"], $0["rule"], $0["confidence"]].map { $0 as? String ?? "" }
    })
}

/// The fingerprints of the findings in a report whose confidence has a reason that begins so.
func fingerprints(in json: Data, becauseOf reason: String) throws -> Set<String> {
  let report = try #require(
    try JSONSerialization.jsonObject(with: json) as? [String: Any])
  let findings = try #require(report["findings"] as? [[String: Any]])
  return Set(
    findings.filter { ($0["confidenceReason"] as? String ?? "").hasPrefix(reason) }
      .compactMap { $0["fingerprint"] as? String })
}
