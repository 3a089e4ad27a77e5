import TestSupport
import Testing

@testable import LockGraphHang

@Suite("Programs that are busy", .serialized, .needs("cc", HungProgram.isCompilable))
struct HealthyTests {
  @Test("A healthy program is never called deadlocked")
  func healthy() throws {
    let program = try HungProgram("busy", isBusy: true)
    for pause in TestTier.seeds(0..<100) {
      // The shorter the time between the looks, the more is taken for standing still.
      let report = try examine(program.identifier, pause: .milliseconds(pause % 20))
      #expect(!report.graph.isDeadlocked, "\(report.sentences)")
      #expect(report.exitStatus == 0)
    }
  }

  @Test("Memory that goes while it is read does not hide a deadlock")
  func unmapping() throws {
    let program = try HungProgram("unmapping", isBusy: true)
    var circles = 0
    for _ in 0..<30 {
      let report = try examine(program.identifier, pause: .milliseconds(10))
      if report.circleNames == [["main", "audit"]] { circles += 1 }
    }
    #expect(circles >= 29)
  }

  @Test("Held mutexes are found, and no others")
  func held() throws {
    let program = try HungProgram("condition")
    let process = try LiveProcess(program.identifier)
    let threads = process.threads()
    var search = HeldMutexes(process, threads: Set(threads.map(\.ownIdentifier)))
    let found = search.find()
    #expect(found.values.map(\.count).reduce(0, +) == 1)
    #expect(!search.isIncomplete)
  }

  @Test("A process that ends while it is looked at is no crash")
  func ending() throws {
    for _ in 0..<20 {
      let program = try HungProgram("busy", isBusy: true)
      let process = try LiveProcess(program.identifier)
      program.process.send(9)
      let report = HangExaminer([process]).examine()
      #expect(!report.graph.isDeadlocked)
    }
  }
}

extension HangReport {
  var sentences: String { threads.indices.map { sentence(about: $0) }.joined(separator: "\n") }
}
