import Foundation
import Testing

/// Expects bytes to be those of a file in `Tests/Snapshots`, and says where they differ. With
/// `LOCKGRAPH_RECORD_SNAPSHOTS` in the environment the file is written instead.
public func expectSnapshot(
  _ bytes: [UInt8], _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let path = "\(BuiltProducts.packageRoot)/Tests/Snapshots/\(name)"
  if ProcessInfo.processInfo.environment["LOCKGRAPH_RECORD_SNAPSHOTS"] != nil {
    try FileManager.default.createDirectory(
      at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return
  }
  let expected = try String(contentsOfFile: path, encoding: .utf8)
    .split(separator: "\n", omittingEmptySubsequences: false)
  let lines = String(decoding: bytes, as: UTF8.self)
    .split(separator: "\n", omittingEmptySubsequences: false)
  guard
    let number = (0..<max(lines.count, expected.count)).first(where: { number in
      number >= lines.count || number >= expected.count || lines[number] != expected[number]
    })
  else { return }
  let got = number < lines.count ? "\(lines[number])" : "the end"
  let wanted = number < expected.count ? "\(expected[number])" : "the end"
  Issue.record(
    "\(name):\(number + 1): expected \(wanted), got \(got)", sourceLocation: sourceLocation)
}
