import Foundation

/// The parts of the JSON report that tests look at, read by a reader that is not the project's own.
struct Report: Decodable {
  struct Input: Decodable {
    struct BadLine: Decodable {
      var line: Int
      var column: Int
      var message: String
      var text: String?
      var expected: String?
    }
    var name: String
    var format: String
    var events: Int
    var skipped: Int
    var firstSkipped: BadLine?
    var warnings: [String]?
  }
  struct Finding: Decodable {
    struct Edge: Decodable {
      struct Witness: Decodable {
        var thread: String
        var input: String
        var line: Int
      }
      var from: String
      var to: String
      var kinds: [String]
      var witnesses: [Witness]
    }
    var fingerprint: String
    var rule: String
    var severity: String
    var confidence: String?
    var recoverable: Bool?
    var title: String
    var classes: [String]
    var edges: [Edge]
  }
  struct Summary: Decodable {
    var events: Int
    var classes: Int
    var findings: Int
    var omittedFindings: Int
  }
  var schema: String
  var inputs: [Input]
  var summary: Summary
  var findings: [Finding]

  init(_ bytes: [UInt8]) throws {
    self = try JSONDecoder().decode(Report.self, from: Data(bytes))
  }
}
