import Foundation
import LockGraph
import LockGraphTesting
import TestSupport
import Testing
import XCTest

/// The tests that `EndToEndTests` runs, in a process of their own; they are there to fail.
enum Victims {
  static let variable = "LOCKGRAPH_TESTING_VICTIMS"
  static let areWanted = ProcessInfo.processInfo.environment[variable] != nil

  @Suite(.serialized, .enabled(if: areWanted))
  struct TraitVictims {
    @Test(.lockOrder) func inverts() { TwoLocks("victim").takeBothWays() }

    @Test(.lockOrder) func configures() {
      LockValidator.configuration.capturesStacks = false
      TwoLocks("victim.configured").takeBothWays()
    }

    @Test(.lockOrder(failOn: .error)) func warns() { TwoLocks("victim.warned").takeBothWays() }

    @Test func isNotWatched() { TwoLocks("victim.unwatched").takeBothWays() }
  }
}

final class ObserverVictim: XCTestCase {
  override class func setUp() {
    if Victims.areWanted { LockOrderTestObserver.install() }
  }

  func testInverts() throws {
    try XCTSkipUnless(Victims.areWanted)
    TwoLocks("victim").takeBothWays()
  }

  func testPasses() throws {
    try XCTSkipUnless(Victims.areWanted)
    TwoLocks("victim.passing").takeForward()
  }
}

// Elsewhere tests are a bundle, which does not run by itself.
#if os(Linux)
  extension LockGraphTestingSuite {
    @Suite("End to end")
    struct EndToEndTests {
      private func run(_ arguments: String...) throws -> ProcessResult {
        var environment = ProcessInfo.processInfo.environment
        environment[Victims.variable] = "1"
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return try ProcessRunner(program, arguments, environment: environment).run()
      }

      private let place = "TwoLocks.swift:\(TwoLocks.backwardLine):"

      @Test("The trait fails the run, shows the acquisition and attaches the orders")
      func trait() throws {
        let folder = try TemporaryFolder()
        let result = try run(
          "--testing-library", "swift-testing", "--filter", "TraitVictims.inverts",
          "--attachments-path", folder.path)
        let text = result.text + result.messages
        #expect(result.status == .exited(1))
        #expect(text.contains("recorded an issue at \(place)"))
        #expect(try folder.contents == ["lock-order.trace"])
        let analysis = try analyze(inputs: [folder.bytes(of: "lock-order.trace")])
        #expect(analysis.findings.map(\.rule) == [.lockOrderInversion])
        #expect(!text.contains("LockGraph: "), "printed although it was recorded")
      }

      @Test("A new configuration does not end the look at a test")
      func configured() throws {
        let result = try run(
          "--testing-library", "swift-testing", "--filter", "TraitVictims.configures")
        #expect(result.status == .exited(1))
        #expect((result.text + result.messages).contains("recorded an issue at \(place)"))
      }

      @Test("A warning does not fail the run")
      func warning() throws {
        let result = try run(
          "--testing-library", "swift-testing", "--filter", "TraitVictims.warns")
        #expect(result.status == .exited(0))
        #expect((result.text + result.messages).contains("recorded a warning at \(place)"))
      }

      @Test("Without the trait a finding is printed and fails nothing")
      func untouched() throws {
        let result = try run(
          "--testing-library", "swift-testing", "--filter", "TraitVictims.isNotWatched")
        #expect(result.status == .exited(0))
        #expect(result.messages.contains("LockGraph: "))
      }

      @Test("After a test with the trait findings are printed again, once")
      func printedAgain() throws {
        let result = try run("--testing-library", "swift-testing", "--filter", "TraitVictims")
        let printed = result.messages.split(separator: "\n").filter { $0.hasPrefix("LockGraph: ") }
        #expect(printed.count == 1)
      }

      @Test("The observer fails the run of XCTest and shows the acquisition")
      func observer() throws {
        let result = try run("--testing-library", "xctest", "LockGraphTestingTests.ObserverVictim")
        let text = result.text + result.messages
        #expect(result.status == .exited(1))
        #expect(text.contains("TwoLocks.swift:\(TwoLocks.backwardLine): error: "))
        #expect(text.contains("Executed 2 tests, with 1 failure"))
      }
    }
  }
#endif
