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

  @Test("Threads that come and go while they are looked at are no owners that are gone")
  func comingAndGoing() throws {
    let program = try HungProgram("churn", isBusy: true)
    for pause in TestTier.seeds(0..<100) {
      let report = try examine(program.identifier, pause: .milliseconds(pause % 5))
      #expect(!report.graph.isDeadlocked, "\(report.sentences)")
      #expect(report.exitStatus == 0)
    }
  }

  @Test("Whether a thread has run is told alike by both counts of the kernel")
  func counts() throws {
    let hung = try HungProgram("normal")
    let busy = try HungProgram("ping", isBusy: true)
    for countsRuns in [true, false] {
      func report(_ program: HungProgram) throws -> HangReport {
        let process = try LiveProcess(program.identifier)
        process.countsRuns = countsRuns
        var options = HangExaminer.Options()
        options.pause = .milliseconds(30)
        return HangExaminer([process], options: options).examine()
      }
      #expect(try report(hung).circleNames == [["main", "audit"]])
      #expect(try report(busy).threads.allSatisfy { !$0.isSteady })
    }
    #expect(LiveProcess.kernelCountsRuns)
  }

  @Test("Who waits again and again has not waited all the time")
  func moving() throws {
    let program = try HungProgram("ping", isBusy: true)
    var waits = 0
    for _ in 0..<20 {
      let report = try examine(program.identifier, pause: .milliseconds(60))
      for thread in report.threads where thread.wait != nil {
        waits += 1
        #expect(!thread.isSteady)
      }
    }
    #expect(waits > 0)
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
