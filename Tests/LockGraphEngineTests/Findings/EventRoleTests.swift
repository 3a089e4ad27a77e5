import Foundation
import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct EventRoleTests {
  /// These are in JSON reports and graph files that others read.
  @Test func `Roles are written as they always were`() {
    #expect(
      EventRole.allCases.map(\.rawValue) == [
        "acquire", "release", "held", "nested", "nest", "exit", "ended", "return", "destroy",
        "init",
        "assert", "pin", "unpin", "wait", "sleep", "leave", "enable", "used-in", "enabled",
        "unmasked", "count", "rcu", "warn", "request", "join", "resume",
      ])
  }

  @Test func `The schema of reports lists every role`() throws {
    struct Schema: Decodable {
      struct Definitions: Decodable { var event: Event }
      struct Event: Decodable { var properties: Properties }
      struct Properties: Decodable { var role: Role }
      struct Role: Decodable { var `enum`: [String] }
      enum CodingKeys: String, CodingKey { case definitions = "$defs" }
      var definitions: Definitions
    }
    let file = "\(BuiltProducts.packageRoot)/Schemas/lockgraph-report-1.schema.json"
    let schema = try JSONDecoder().decode(
      Schema.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
    #expect(schema.definitions.event.properties.role.enum == EventRole.allCases.map(\.rawValue))
  }

  @Test(arguments: [
    ("T1 acquire A\nT1 pin A\nT1 acquire B\nT1 wait c lock=A\n", [EventRole.wait, .pin]),
    ("T1 acquire A\nT1 pin A\nT1 release A\n", [.release, .pin]),
    ("T1 acquire A\nT1 unpin A\n", [.unpin]),
    ("T1 assert A held\n", [.assert]),
    ("T1 acquire S kind=spin\nT1 sleep\n", [.sleep, .held]),
    ("T1 leave softirq\n", [.leave]),
    ("T1 enable softirq\n", [.enable]),
    ("T1 enter softirq\nT1 exit\n", [.exit]),
    ("T1 acquire A\nT2 init A\n", [.initialize, .held]),
    ("T1 acquire A\nT2 destroy A\n", [.destroy, .held]),
    ("T1 acquire A\nT1 exit\nT2 request A\n", [.ended]),
  ])
  func `An event that is wrong by itself has the role of its verb`(
    _ text: String, _ roles: [EventRole]
  ) throws {
    #expect(try analyze(text).findings.contains { $0.events.map(\.role) == roles })
  }
}
