import Foundation
import LockGraph
import LockGraphTesting
import TestSupport
import Testing
import XCTest

// Elsewhere tests are a bundle, which does not run by itself.
#if os(Linux)
  extension LockGraphTestingSuite {
    @Suite("End to end")
    struct EndToEndTests {
      private func run(_ arguments: String...) throws -> ProcessResult {
        try runner(arguments).run()
      }

      private func runner(_ arguments: [String]) throws -> ProcessRunner {
        var environment = ProcessInfo.processInfo.environment
        environment[Victims.variable] = "1"
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return ProcessRunner(program, arguments, environment: environment)
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
        #expect(try folder.contents == ["lock-order.graph"])
        let analysis = try analyze(inputs: [folder.bytes(of: "lock-order.graph")])
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

      /// Runs victims that do not end, until they have said something.
      private func runHanging(_ arguments: String..., until texts: [String]) throws -> ProcessResult
      {
        let process = try runner(arguments).start()
        let hasSaid = texts.allSatisfy { process.waits(for: $0, within: .seconds(120)) }
        // What follows in the same breath.
        usleep(500_000)
        process.send(SIGKILL)
        let result = try process.finish()
        #expect(hasSaid, "\(result.text + result.messages)")
        #expect(result.status == .signaled(SIGKILL))
        return result
      }

      @Test("A deadlock in a test that never ends is printed as it happens")
      func deadlock() throws {
        let result = try runHanging(
          "--testing-library", "swift-testing", "--filter", "HangingVictims.deadlocks",
          until: ["[deadlock, observed]", "LockGraphTestingTests/Victims.swift:"])
        #expect(result.messages.components(separatedBy: "[deadlock, observed]").count == 2)
        #expect(result.messages.contains("LockGraphTestingTests/Victims.swift:"))
      }

      @Test("So it is in a test of XCTest")
      func deadlockInXCTest() throws {
        let result = try runHanging(
          "--testing-library", "xctest", "LockGraphTestingTests.HangingObserverVictim",
          until: ["[deadlock, observed]", "LockGraphTestingTests/Victims.swift:"])
        #expect(result.messages.contains("LockGraphTestingTests/Victims.swift:"))
      }

      @Test("A test that holds all threads of tasks fails at its bound, with who waits for what")
      func starving() throws {
        let result = try runHanging(
          "--testing-library", "swift-testing", "--filter", "HangingVictims.starves",
          until: ["recorded an issue", "LockGraph: starves() has not ended"])
        let text = result.text + result.messages
        #expect(text.contains("Test starves() recorded an issue at Victims.swift:"))
        #expect(text.contains("starves() has not ended after 1.0 seconds"))
        #expect(text.contains(" s for LockGraphTesting.starving at LockGraphTestingTests/Victims"))
        #expect(result.messages.contains("LockGraph: starves() has not ended after 1.0 seconds"))
      }

      @Test("A wait that can be interrupted ends at the bound, and the run goes on")
      func interruptible() throws {
        let result = try run(
          "--testing-library", "swift-testing", "--filter", "HangingVictims.(recovers|follows)")
        let text = result.text + result.messages
        #expect(result.status == .exited(1))
        #expect(text.contains("Test recovers() failed"))
        #expect(text.contains("Test follows() passed"))
        #expect(text.contains("2 tests"))
      }

      @Test("What would end the process is printed before, though a test is watched")
      func aborting() throws {
        var runner = try runner([
          "--testing-library", "swift-testing", "--filter", "TraitVictims.inverts",
        ])
        runner.environment?["LOCKGRAPH"] = "abort"
        runner.environment?["SWIFT_BACKTRACE"] = "enable=no"
        let result = try runner.run()
        #expect(result.status == .signaled(SIGABRT))
        #expect(result.messages.contains("LockGraph: "))
        #expect(result.messages.contains("LockGraphTesting.victim.first"))
      }

      @Test("A bug in a test without the trait is a warning and in the summary, and fails no other")
      func unattributed() throws {
        let result = try run(
          "--testing-library", "swift-testing", "--filter", "ParallelVictims.(guilty|innocent)")
        let text = result.text + result.messages
        #expect(result.status == .exited(0))
        #expect(text.contains("Test innocent() passed"))
        // In the test that makes it; of what is detached nobody knows which one that is.
        let warning = "Test guilty() recorded a warning at \(place)"
        #expect(text.components(separatedBy: warning).count == 2)
        #expect(!text.contains("«unknown»"))
        let summary = result.messages.components(
          separatedBy: "LockGraph: 2 findings belong to no test that is watched\n")
        #expect(summary.count == 2)
        for name in ["guilty", "guilty.detached"] {
          #expect(summary.last?.contains("LockGraphTesting.victim.\(name).first and") == true)
        }
        #expect(summary.last?.contains("TwoLocks.swift:\(TwoLocks.backwardLine):") == true)
      }

      @Test("Of tests that run at once each has what it did, however much was put off")
      func many() throws {
        var runner = try runner([
          "--testing-library", "swift-testing", "--filter", "ManyVictims",
        ])
        runner.timeout = .seconds(300)
        let result = try runner.run()
        #expect(result.status == .exited(1))
        let text = result.text + result.messages
        for name in ["left", "right"] {
          let issues = text.components(separatedBy: "Test \(name)() recorded an issue at ")
            .dropFirst()
          // The text of an issue goes on to the next one of any test.
          let titles = issues.map { $0.split(separator: "\n").dropFirst().first ?? "" }
          #expect(titles.count == ManyVictims.count)
          #expect(titles.filter { !$0.contains("LockGraphTesting.victim.\(name).") } == [])
        }
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
