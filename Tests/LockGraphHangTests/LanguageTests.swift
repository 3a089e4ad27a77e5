import TestSupport
import Testing

@testable import LockGraphHang

@Suite("Locks of other languages and libraries", .serialized)
struct LanguageTests {
  @Test("C++", .needs("c++", HungProgram.Build.cPlusPlus.isPossible))
  func cPlusPlus() throws {
    let mutexes = try hang("mutexes", build: .cPlusPlus)
    #expect(mutexes.graph.circles.map(\.count) == [2])
    // A member of an element of an array.
    #expect(try mutexes.lock(of: "main") == "ledger")
    #expect(mutexes.locks.contains("accounts[2].mutex"))

    let variable = try hang("static", build: .cPlusPlus)
    #expect(variable.graph.circles.map(\.count) == [2])
    #expect(variable.kinds.contains(.staticGuard))
    #expect(variable.exitStatus == 1)

    let once = try hang("call-once", build: .cPlusPlus)
    #expect(once.graph.circles.map(\.count) == [2])
    #expect(once.kinds.contains(.once))

    let reader = try hang("reader", build: .cPlusPlus)
    #expect(try reader.thread("main").wait?.kind == .write)
    // The lock object on the reader's stack has the address.
    #expect(try reader.thread("main").blockers.map(\.certainty) == [.possible])
    #expect(reader.exitStatus == 0)

    let upgrade = try hang("upgrade", build: .cPlusPlus)
    #expect(upgrade.circleNames == [["main"]])

    let future = try hang("future", build: .cPlusPlus)
    #expect(future.kinds == [.future])
    #expect(future.isIdle)
    #expect(future.exitStatus == 0)

    // The library's function tells, whatever the compiler puts into one.
    #expect(try hang("future", build: .strippedCPlusPlus).kinds == [.future])
  }

  @Test(
    "What C++ waits for that has no owner", .needs("c++", HungProgram.Build.cPlusPlus.isPossible))
  func signalledCPlusPlus() throws {
    let kinds: [(way: String, kind: WaitKind)] =
      [("latch", .latch), ("barrier", .barrier)]
      + (TestTier.isAll
        ? [
          ("semaphore", .semaphore), ("atomic", .atomic), ("condition", .condition),
          ("any-condition", .condition),
        ] : [])
    for (way, kind) in kinds {
      let report = try hang(way, build: .cPlusPlus)
      #expect(report.kinds == [kind], "\(way)")
      #expect(report.isIdle, "\(way)")
      #expect(report.exitStatus == 0, "\(way)")
      let stripped = try hang(way, build: .strippedCPlusPlus)
      #expect(stripped.isIdle && stripped.exitStatus == 0, "\(way)")
    }
  }

  @Test(
    "Deadlocks of C++, with names and without",
    .needs("c++", HungProgram.Build.cPlusPlus.isPossible),
    arguments: TestTier.isAll ? ["async", "shared-writers", "recursive", "join"] : ["async"],
    [HungProgram.Build.cPlusPlus, .strippedCPlusPlus])
  func deadlocksOfCPlusPlus(way: String, build: HungProgram.Build) throws {
    let report = try hang(way, build: build)
    #expect(report.graph.circles.map(\.count) == [2])
    #expect(report.exitStatus == 1)
  }

  @Test("Swift", .needs("swiftc", HungProgram.Build.swift.isPossible))
  func swift() throws {
    let mutex = try hang("mutex", build: .swift)
    #expect(mutex.graph.circles.map(\.count) == [2])
    #expect(try mutex.thread("main").wait?.kind == .swiftMutex)

    let queues = try hang("queues", build: .swift)
    #expect(queues.graph.circles.map(\.count) == [2])
    #expect(queues.kinds == [.queue, .queue])
    #expect(Set(queues.threads.compactMap { $0.wait?.label }) == ["bank.accounts", "bank.ledger"])

    let semaphore = try hang("semaphore", build: .swift)
    #expect(try semaphore.thread("main").wait?.label == "bank.accounts")
    #expect(semaphore.kinds.contains(.queueSemaphore))
    #expect(try semaphore.thread("main").blockers.count == 1)
    #expect(semaphore.exitStatus == 0)

    #expect(try hang("group", build: .swift).kinds == [.queueGroup])

    // A thread initializes one table and waits for the other, whose initializer waits for itself.
    let globals = try hang("globals", build: .swift)
    #expect(globals.kinds.contains(.swiftOnce))
    #expect(globals.graph.circles.map(\.count) == [1])
    #expect(globals.graph.behind.count == 1)
  }

  @Test("Swift's mutex without owners", .needs("cc", HungProgram.isCompilable))
  func ownerlessSwift() throws {
    let report = try hang("words")
    #expect(report.kinds == [.swiftMutex, .swiftMutex])
    #expect(report.locks == ["second_word", "first_word"])
    #expect(report.graph.stuck.count == 2)
    #expect(report.exitStatus == 1)
    // Without the function's name it is what looks like a lock, of which nothing is concluded.
    let stripped = try hang("words", build: .stripped)
    #expect(stripped.kinds == [.twoStateLock, .twoStateLock])
    #expect(stripped.exitStatus == 0)
    // The name alone makes no lock.
    let others = try hang("other-words")
    #expect(others.kinds == [.word, .word])
    #expect(others.exitStatus == 0)
  }

  @Test("Rust", .needs("rustc", HungProgram.Build.rust.isPossible))
  func rust() throws {
    let mutexes = try hang("mutexes", build: .rust)
    #expect(mutexes.kinds == [.rustMutex, .rustMutex])
    #expect(mutexes.graph.stuck.count == 2)
    #expect(mutexes.exitStatus == 1)
    let itself = try hang("itself", build: .rust)
    #expect(itself.graph.stuck.map(itself.shortName) == ["main"])
    #expect(try itself.lock(of: "main").hasSuffix("LEDGER"))
    let reader = try hang("reader", build: .rust)
    #expect(reader.kinds == [.rustWrite])
    #expect(reader.exitStatus == 0)
    #expect(try hang("condition", build: .rust).kinds == [.rustCondition])
    #expect(try hang("park", build: .rust).kinds == [.park])
  }

  @Test("musl", .needs("musl-gcc", HungProgram.Build.musl.isPossible))
  func musl() throws {
    for build in [HungProgram.Build.musl, .staticMusl] {
      for way in ["recursive", "errorcheck", "robust"] {
        let report = try hang(way, build: build)
        #expect(report.circleNames == [["main", "audit"]], "\(way) \(build)")
      }
      // Such a mutex does not name its owner.
      let normal = try hang("normal", build: build)
      #expect(normal.graph.stuck.count == 3, "\(build)")
      #expect(normal.kinds.allSatisfy { $0 == .mutex(MutexTraits()) }, "\(build)")
      let join = try hang("join", build: build)
      #expect(try join.blockers(of: "main") == ["behind"], "\(build)")
      #expect(join.graph.stuck.map(join.shortName) == ["behind"], "\(build)")
    }
    #expect(try hang("writers", build: .musl).kinds == [.read, .write])
    #expect(try hang("upgrade", build: .musl).graph.stuck.count == 1)
    #expect(try hang("semaphore", build: .musl).kinds.contains(.semaphore))
    #expect(try hang("condition", build: .musl).kinds.contains(.condition))
    // Nothing is concluded from what is not known.
    for way in ["condition", "semaphore", "lost", "barrier"] {
      for build in [HungProgram.Build.musl, .staticMusl] {
        #expect(try hang(way, build: build).exitStatus == 0, "\(way) \(build)")
      }
    }
  }
}

extension HangReport {
  /// What threads wait for, in their order.
  var kinds: [WaitKind] { threads.compactMap { $0.wait?.kind } }

  /// The names of the locks that threads wait for.
  var locks: [String] {
    threads.compactMap { thread in thread.wait.map { name($0.lock, of: thread.process) } }
  }
}
