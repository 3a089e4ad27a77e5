import Foundation
import LockGraph
import TestSupport
import Testing

/// Programs that link the library, run as users run them.
@Suite("Running programs")
struct RunningProgramTests {
  @Test("An inversion is reported once, with both sides, and the program goes on")
  func report() throws {
    let result = try victim("inversion")
    #expect(result.status == .exited(0))
    #expect(result.text == "done\n")
    #expect(result.messages.hasPrefix("LockGraph: LockVictim, process "))
    #expect(result.messages.contains("error: Account and Ledger are taken in both orders"))
    #expect(result.messages.contains("[lock-order-inversion, feasible]"))
    #expect(result.messages.contains("LockVictim/Inversions.swift:10:"))
    #expect(result.messages.components(separatedBy: "fingerprint").count == 2)
    // Both stacks, by the names of functions.
    #expect(result.messages.contains("LockVictim.Inversions.run()"))
    #expect(!result.messages.contains("LockGraph.LockRuntime"))
  }

  @Test("Of a thousand orders that are fine the evidence is there when one closes a circle")
  func manyOrders() throws {
    let result = try victim("many-orders", "300")
    #expect(result.status == .exited(0))
    #expect(result.text == "before 0\nwithin 2\ndone\n")
    let report = try #require(
      result.messages.components(separatedBy: "\nLockGraph: ").first {
        $0.contains("Row 2 and Row 4 are taken in both orders")
      })
    #expect(report.contains("[lock-order-inversion, feasible]"))
    #expect(report.contains("also: LockVictim-2"))
    #expect(report.contains("main took Row 2 (L3) at LockVictim/Inversions.swift:"))
    #expect(report.contains("LockVictim.Inversions.manyOrders(_:)"))
  }

  @Test(
    "LOCKGRAPH says what becomes of the program",
    arguments: [
      ("off", ProcessResult.Status.exited(0)), ("report", .exited(0)),
      ("abort", .signaled(SIGABRT)),
      ("trap", .signaled(SIGTRAP)),
    ])
  func response(_ word: String, _ status: ProcessResult.Status) throws {
    let result = try victim("inversion", environment: ["LOCKGRAPH": word])
    #expect(result.status == status)
    #expect(result.messages.isEmpty == (word == "off"))
    #expect(result.text.isEmpty == (word == "abort" || word == "trap"))
  }

  @Test("A trap stops the program whatever handles the signal")
  func trapped() throws {
    let result = try victim(
      "inversion", environment: ["LOCKGRAPH": "trap", "SWIFT_BACKTRACE": "enable=yes"])
    #expect(result.status == .signaled(SIGTRAP))
    #expect(result.text.isEmpty)
  }

  @Test("Two locks in both orders that levels of their class hide are told as the program runs")
  func hiddenLevels() throws {
    let result = try victim("hidden-levels", environment: ["LOCKGRAPH": "abort"])
    #expect(result.status == .signaled(SIGABRT))
    #expect(result.messages.contains("are taken in both orders, which their"))
  }

  @Test("Where more nestings of instances are shown than are kept, that is said once")
  func nestingBound() throws {
    let result = try victim("nesting", "many")
    #expect(result.status == .exited(0))
    #expect(result.messages.components(separatedBy: "65536 nestings").count == 2)
  }

  @Test("Locks lock without validation too", arguments: ["off", "report"])
  func unvalidated(_ word: String) throws {
    let result = try victim("stress", environment: ["LOCKGRAPH": word])
    #expect(result.status == .exited(0))
    #expect(result.text.hasPrefix("1600 1600 1600 1600 1600\nfindings 0\n"))
  }

  @Test("What the environment says wrongly is said, and ignored")
  func wrongEnvironment() throws {
    let result = try victim(
      "inversion",
      environment: [
        "LOCKGRAPH": "loud", "LOCKGRAPH_WATCHDOG": "soon", "LOCKGRAPH_STACKS": "maybe",
        "LOCKGRAPH_LIMITS": "hold=50", "LOCKGRAPH_TRACE": "/nowhere/at/all",
      ])
    #expect(result.status == .exited(0))
    for expected in [
      "LOCKGRAPH='loud' is ignored: expected off, report, abort or trap",
      "LOCKGRAPH_WATCHDOG='soon' is ignored: expected a number of seconds above 0",
      "LOCKGRAPH_LIMITS='hold=50' is ignored: expected limits, as hold=50ms or A* hold=5ms; wait=1s",
      "LOCKGRAPH_STACKS='maybe' is ignored: expected on or off",
      "/nowhere/at/all: cannot be written: No such file or directory",
    ] {
      #expect(result.messages.contains("LockGraph: " + expected))
    }
    #expect(result.messages.contains("Account and Ledger"))
  }

  @Test(
    "A deadlock is reported as it happens, with what each thread holds and wants",
    arguments: [
      ("deadlock", "wait for each other"),
      ("self-deadlock", "waits for Alone, which it holds itself"),
      ("mixed-deadlock", "3 threads wait for each other in a circle"),
      ("spin-deadlock", "wait for each other"), ("reader-deadlock", "wait for each other"),
      ("queue-circle", "wait for each other"),
      ("ended-owner", "waits for Orphan, and LockVictim-2, which held it, has ended"),
    ])
  func deadlock(_ scenario: String, _ title: String) throws {
    // It ends once it has said so, and hangs otherwise.
    let result = try victim(scenario, "exit")
    #expect(result.status == .exited(3))
    #expect(result.messages.contains(title), "\(result.messages)")
    #expect(result.messages.contains("[deadlock, observed]"))
  }

  @Test(
    "A deadlock ends the program as configured within a second",
    arguments: ["abort", "trap"])
  func deadlockEnds(_ word: String) throws {
    let start = ContinuousClock.now
    let result = try victim("self-deadlock", environment: ["LOCKGRAPH": word])
    #expect(result.status == .signaled(word == "abort" ? SIGABRT : SIGTRAP))
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  @Test("sync on a queue from the queue is reported before it hangs or traps")
  func nestedSync() throws {
    let result = try victim("nested-sync")
    #expect(result.status != .exited(0))
    #expect(result.messages.contains("main waits for work, which it holds itself"))
  }

  @Test(
    "Locks refuse to be used in signal handlers, with the place",
    arguments: ["signal-handler", "signal-handler-waits"])
  func signalHandler(_ scenario: String) throws {
    let result = try victim(scenario)
    #expect(result.status == .signaled(SIGABRT))
    #expect(
      result.messages.contains(
        "LockGraph: a lock is taken in a signal handler at LockVictim/Signals.swift:19, where"))
  }

  @Test("The child of a fork goes on, validates, and ends")
  func fork() throws {
    let result = try victim("fork")
    #expect(result.status == .exited(0))
    #expect(result.text.components(separatedBy: "child 7\n").count == 21)
  }

  @Test("A handler may use and make locks, and allocate")
  func handler() throws {
    let result = try victim("allocation")
    #expect(result.status == .exited(0))
    #expect(result.text == "handled lock-order-inversion, 1 in all\ncount 1\ndone\n")
  }

  /// To look up the names of functions takes seconds on a busy machine, and at the end of a program
  /// its handler has 5 of them.
  private let withoutStacks = ["LOCKGRAPH_STACKS": "off"]

  @Test("A handler logs under the lock that the thread holds which causes the finding, in order")
  func handlerLogs() throws {
    let result = try victim("handler-logs", "3", environment: withoutStacks)
    #expect(result.status == .exited(0))
    let lines = (0..<3).map { "main Pair \($0).one Pair \($0).other\n" }.joined()
    #expect(result.text == lines + "handled true\ndone\n")
    #expect(result.messages == "")
  }

  @Test(
    "What a handler cannot take because the ending thread holds its lock goes to standard error",
    arguments: ["abort", "trap", "report"])
  func handlerStuck(_ word: String) throws {
    let environment = withoutStacks.merging(["LOCKGRAPH": word]) { $1 }
    func run() throws -> (ProcessResult, isQuick: Bool) {
      let start = ContinuousClock.now
      let result = try victim("handler-stuck", environment: environment)
      return (result, ContinuousClock.now - start < .seconds(4))
    }
    // It is not waited for. A busy machine may take as long as that, but not each time.
    var (result, isQuick) = try run()
    for _ in 0..<4 where !isQuick { (result, isQuick) = try run() }
    #expect(isQuick)
    switch word {
    case "abort": #expect(result.status == .signaled(SIGABRT))
    case "trap": #expect(result.status == .signaled(SIGTRAP))
    default:
      #expect(result.status == .exited(0))
      #expect(result.text == "waited false\ndone\n")
    }
    #expect(result.messages.components(separatedBy: "fingerprint").count == 2)
    #expect(result.messages.contains("Left and Right are taken in both orders"))
  }

  @Test("At the end of the program a handler takes what was found")
  func handlerSlow() throws {
    let result = try victim("handler-slow", environment: withoutStacks)
    #expect(result.status == .exited(0))
    let handled = (0..<3).map { "handled Pair \($0).one\n" }.joined()
    #expect(result.text == "done\n" + handled)
    #expect(result.messages == "")
  }

  @Test("The watchdog tells that a handler waits for a lock")
  func handlerWaits() throws {
    var result = try victim("handler-waits", "800", environment: ["LOCKGRAPH_WATCHDOG": "0.2"])
    // The watchdog may come late on a busy machine.
    for milliseconds in [5000, 30000] where !result.messages.hasPrefix("LockGraph: ") {
      result = try victim(
        "handler-waits", "\(milliseconds)", environment: ["LOCKGRAPH_WATCHDOG": "0.2"])
    }
    #expect(result.status == .exited(0))
    #expect(result.messages.hasPrefix("LockGraph: lockgraph-"))
    #expect(result.messages.contains(" s for Log at LockVictim/Handlers.swift:"))
    #expect(result.messages.contains("held by main, which took it at LockVictim/Handlers.swift:"))
    #expect(result.text == "main Left Right\nhandled true\ndone\n")
  }

  @Test("The child of a fork hands its findings over by a thread of its own")
  func handlerForks() throws {
    let result = try victim("handler-forks", environment: withoutStacks)
    #expect(result.status == .exited(0))
    let children = (0..<5).map { "main Child \($0).one Child \($0).other\nchild 7\n" }.joined()
    #expect(result.text == "main Parent.one Parent.other\n" + children + "done\n")
  }

  @Test("What a handler does is not validated, what it starts is, and comes after")
  func handlerCauses() throws {
    let result = try victim("handler-causes", environment: withoutStacks)
    #expect(result.status == .exited(0))
    #expect(
      result.text == """
        handled First.one First.other
        handled Elsewhere.one Elsewhere.other
        found 2
        done

        """)
  }

  @Test("A handler may end the program")
  func handlerEnds() throws {
    let result = try victim("handler-ends")
    #expect(result.status == .exited(5))
    #expect(result.text == "handled Left\n")
    #expect(result.messages == "")
  }

  #if os(Linux)
    @Test("Where no thread can be had for a handler, findings are printed")
    func handlerWithoutThread() throws {
      let result = try victim("handler-without-thread", environment: withoutStacks)
      #expect(result.status == .exited(0))
      #expect(result.text == "handled true\ndone\n")
      #expect(result.messages.contains("Pair.one and Pair.other are taken in both orders"))
    }
  #endif

  @Test("A long wait is reported with its owner and its stack")
  func longWait() throws {
    let result = try victim("long-wait", environment: ["LOCKGRAPH_WATCHDOG": "0.2"])
    #expect(result.status == .exited(0))
    #expect(result.messages.contains("for Slow at LockVictim/Deadlocks.swift:"))
    #expect(result.messages.contains("held by LockVictim-"))
    // The calls begin with the program's own and end with its first.
    let calls = result.messages.split(separator: "\n").filter { $0.hasPrefix("    ") }
    #expect(calls.first?.hasPrefix("    static LockVictim.Deadlocks.longWait() (") == true)
    #expect(calls.first?.contains(/Tests\/LockVictim\/Deadlocks\.swift:[0-9]+\)/) == true)
    #expect(calls.last?.contains(/^    main \(.*Tests\/LockVictim\/main\.swift:[0-9]+\)/) == true)
  }

  @Test("What helps is said in Swift, and locks without a name by their variables")
  func swiftWords() throws {
    let alone = try victim("self-deadlock", "exit")
    #expect(alone.messages.contains("make it a RecursiveMutex."))
    #expect(!alone.messages.contains("kind="))
    let folder = BuiltProducts.packageRoot
    let unnamed = try lockVictim(["unnamed"], environment: [:], directory: folder).messages
    #expect(unnamed.contains("mailLock (LockVictim/Inversions.swift:"))
    #expect(unnamed.contains("(queueLock, L2)"))
    // Without the source the place is all there is, and the finding is the same.
    let elsewhere = try lockVictim(["unnamed"], directory: "/").messages
    #expect(!elsewhere.contains("mailLock"))
    func fingerprint(_ text: String) -> Substring? {
      text.firstMatch(of: /fingerprint ([0-9a-f]+)/)?.output.1
    }
    #expect(fingerprint(unnamed) != nil)
    #expect(fingerprint(unnamed) == fingerprint(elsewhere))
  }

  @Test(
    "A killable wait ends by a request to terminate, and by no other signal",
    arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT])
  func killable(_ number: Int32) throws {
    let result = try victim("killable", "\(number)")
    #expect(result.status == .exited(0))
    #expect(
      result.text
        == "waiting\nthe wait for the lock was ended by a request to terminate, signal \(number)\n")
  }

  @Test("Report, graph and trace are files that lockdep-check takes")
  func files() throws {
    let folder = try TemporaryFolder()
    let (report, graph, trace) = (
      "\(folder.path)/report.json", "\(folder.path)/graph", "\(folder.path)/trace"
    )
    let result = try victim(
      "misuse",
      environment: [
        "LOCKGRAPH_REPORT": report, "LOCKGRAPH_GRAPH": graph, "LOCKGRAPH_TRACE": trace,
      ])
    #expect(result.status == .exited(0))
    let text = try String(contentsOfFile: report, encoding: .utf8)
    #expect(text.contains(#""schema": "lockgraph-report/1""#))
    #expect(text.contains("reference-count-misused"))
    let gate = try lockdepCheck("gate", trace)
    #expect(gate.status == .exited(1))
    #expect(gate.text.contains("Misused"))
    #expect(try lockdepCheck("analyze", graph).status == .exited(0))
  }

  @Test("A recorded trace is there up to the moment at which the program was killed")
  func killedWhileRecording() throws {
    let folder = try TemporaryFolder()
    let trace = "\(folder.path)/trace"
    let killed = try victim("deadlock", "kill", environment: ["LOCKGRAPH_TRACE": trace])
    #expect(killed.status == .signaled(SIGKILL))
    let result = try lockdepCheck("analyze", "--predict", "never", trace)
    #expect(result.status == .exited(0))
    #expect(result.messages.isEmpty)
    #expect(result.text.contains("[deadlock, observed]"))
  }

  /// Random threads with random locks; the seeds that are even run their threads at the same time.
  @Test(
    "What is found as a program runs is what is found in its trace, and in its graph",
    arguments: TestTier.seeds(UInt64(1)..<41))
  func sameFindings(_ seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let (report, graph, trace) = (
      "\(folder.path)/report.json", "\(folder.path)/graph", "\(folder.path)/trace"
    )
    let result = try victim(
      "random", "\(seed)",
      environment: [
        "LOCKGRAPH_REPORT": report, "LOCKGRAPH_GRAPH": graph, "LOCKGRAPH_TRACE": trace,
      ])
    #expect(result.status == .exited(0))
    let online = try findingKeys(Data(contentsOf: URL(fileURLWithPath: report)))
    let analyzed = try Data(
      lockdepCheck("analyze", "--predict", "never", "--format", "json", trace).output)
    let recorded = try findingKeys(analyzed)
    // A trace shows whether anybody writes a lock. A running program does not see every
    // acquisition, so that it cannot tell, and grades higher.
    let withoutWriter = try fingerprints(in: analyzed, becauseOf: "it needs a writer of")
    func graded(_ keys: Set<[String]>) -> Set<[String]> {
      Set(keys.map { withoutWriter.contains($0[0]) ? Array($0.prefix(2)) : $0 })
    }
    // Whether a circle is seen that a time-out ends at once depends on the moment at which it is
    // looked at.
    let isLasting: ([String]) -> Bool = { $0[1] != "deadlock" }
    #expect(
      graded(online.filter(isLasting)) == graded(recorded.filter(isLasting)), "seed \(seed)")
    if seed % 2 == 1 { #expect(graded(online) == graded(recorded), "seed \(seed)") }
    // All of them were reported while the program ran.
    for finding in online {
      #expect(result.messages.contains("fingerprint \(finding[0])"), "seed \(seed)")
    }
    let graphed = try findingKeys(Data(lockdepCheck("analyze", "--format", "json", graph).output))
    #expect(graphed == online, "seed \(seed)")
  }
}
