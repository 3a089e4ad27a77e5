import TestSupport
import Testing

@testable import LockGraphHang

@Suite("What threads wait for", .serialized, .needs("cc", HungProgram.isCompilable))
struct WaitTests {
  @Test(
    "Two mutexes of each kind in two orders",
    arguments: [
      ("normal", MutexTraits()),
      ("recursive", MutexTraits(repeats: .recursive)),
      ("errorcheck", MutexTraits(repeats: .errorChecking)),
      ("adaptive", MutexTraits(repeats: .adaptive)),
      ("robust", MutexTraits(isRobust: true)),
      ("shared", MutexTraits()),
      ("inheriting", MutexTraits(isInheriting: true)),
      ("robust-inheriting", MutexTraits(isRobust: true, isInheriting: true)),
      ("timed", MutexTraits()),
    ])
  func mutexes(way: String, traits: MutexTraits) throws {
    let program = try HungProgram(way)
    let report = try examine(program.identifier)
    #expect(report.circleNames == [["main", "audit"]])
    #expect(try report.blockers(of: "main") == ["audit"])
    #expect(try report.blockers(of: "audit") == ["main"])
    #expect(try report.blockers(of: "behind") == ["main"])
    #expect(try report.lock(of: "main") == "index_lock")
    #expect(try report.lock(of: "audit") == "accounts")
    for name in ["main", "audit", "behind"] {
      let wait = try #require(try report.thread(name).wait)
      #expect(wait.kind == .mutex(traits))
      #expect(wait.isTimed == (way == "timed"))
    }
    #expect(report.graph.behind.map(report.shortName) == ["behind"])
    #expect(report.exitStatus == 1)
  }

  @Test("The same without names, frame pointers and debugging information")
  func stripped() throws {
    for build in [HungProgram.Build.optimized, .stripped] {
      for way in ["normal", "robust", "inheriting", "timed", "writers", "join"] {
        let program = try HungProgram(way, build: build)
        let report = try examine(program.identifier)
        #expect(report.graph.circles.map(\.count) == [2], "\(way) \(build)")
      }
    }
  }

  @Test("Programs that the C library is a part of", .needs("libc.a", Self.hasStaticLibrary))
  func staticPrograms() throws {
    // The words of locks alone tell.
    for way in TestTier.isAll ? ["writers", "normal", "robust", "c11", "join"] : ["writers"] {
      let report = try hang(way, build: .staticGlibc)
      #expect(report.graph.circles.map(\.count) == [2], "\(way)")
    }
    // Without an index the descriptions of frames are read all.
    for way in TestTier.isAll ? ["read-twice", "upgrade-two", "writers"] : ["read-twice"] {
      let report = try hang(way, build: .staticNamed)
      #expect(report.graph.circles.map(\.count) == [2], "\(way)")
    }
    guard TestTier.isAll else { return }
    for way in ["lost", "barrier", "semaphore", "condition", "word"] {
      #expect(try hang(way, build: .staticGlibc).exitStatus == 0, "\(way)")
    }
    let lost = try hang("lost", build: .staticNamed)
    #expect(try lost.thread("main").wait?.kind == .condition)
    #expect(try lost.lock(of: "main") == "changed")
  }

  private static var hasStaticLibrary: Bool {
    (try? HungProgram.program(.staticGlibc)) != nil
  }

  @Test("A mutex that the thread has itself")
  func itself() throws {
    let report = try hang("self")
    #expect(report.circleNames == [["main"]])
  }

  @Test("Writers of read-write locks are known")
  func writers() throws {
    let report = try hang("writers")
    #expect(report.circleNames == [["main", "writer"]])
    #expect(try report.thread("main").wait?.kind == .read)
    #expect(try report.thread("writer").wait?.kind == .write)
    #expect(try report.lock(of: "writer") == "journal")
  }

  @Test(
    "A reader that asks to write waits for itself",
    arguments: ["upgrade", "upgrade-beside", "upgrade-in-call"], HungProgram.Build.ofC)
  func upgrade(way: String, build: HungProgram.Build) throws {
    let report = try hang(way, build: build)
    #expect(report.circleNames == [["upgrade"]])
    #expect(try report.thread("upgrade").wait?.detail == "held for reading by one thread")
    #expect(try report.blockers(of: "upgrade") == ["upgrade likely"])
    #expect(report.exitStatus == 1)
  }

  @Test(
    "A writer that waits for another reader does not wait for itself",
    arguments: ["writer-after-reading", "either", "writer-waits"], HungProgram.Build.ofC)
  func otherReader(way: String, build: HungProgram.Build) throws {
    let report = try hang(way, build: build)
    #expect(try report.thread("writer").wait?.kind == .write)
    #expect(try report.thread("writer").wait?.readers == 1)
    #expect(!report.graph.isDeadlocked)
    #expect(report.exitStatus == 0)
  }

  @Test("A reader behind a writer that waits for the reader")
  func readerBehindWriter() throws {
    let report = try hang("reader-behind-writer")
    #expect(report.circleNames == [["main", "writer"]])
  }

  @Test(
    "A reader that asks again behind a writer, while others go on", arguments: HungProgram.Build.ofC
  )
  func readsTwice(build: HungProgram.Build) throws {
    let report = try hang("read-twice", build: build)
    #expect(report.circleNames == [["reader", "writer"]])
    // The lock says that a writer comes first.
    #expect(try report.blockers(of: "reader") == ["writer"])
    #expect(try report.blockers(of: "writer") == ["reader likely"])
    let reader = try #require(report.threads.firstIndex { $0.name == "reader" })
    #expect(report.sentence(about: reader).contains(", behind writer/"))
    // Nobody has it for writing.
    #expect(report.threads.allSatisfy { $0.holds.isEmpty })
    #expect(report.exitStatus == 1)
  }

  @Test("Two readers that both ask to write", arguments: HungProgram.Build.ofC)
  func upgradesTwice(build: HungProgram.Build) throws {
    let report = try hang("upgrade-two", build: build)
    #expect(report.circleNames == [["upgrade", "upgrade"]])
    #expect(report.threads.compactMap { $0.wait?.readers } == [2, 2])
    #expect(report.exitStatus == 1)
  }

  @Test("A condition names its mutex, and who waits on it holds another", arguments: [false, true])
  func condition(isTimed: Bool) throws {
    let report = try hang(isTimed ? "timed-condition" : "condition")
    let consumer = try report.thread("consumer")
    let wait = try #require(consumer.wait)
    #expect(wait.kind == .condition)
    #expect(wait.owner == .anybody)
    #expect(wait.isTimed == isTimed)
    #expect(report.name(wait.lock, of: 0) == "changed")
    #expect(report.name(try #require(wait.mutex), of: 0) == "accounts")
    #expect(consumer.holds.map { report.name($0.lock, of: 0) } == ["index_lock"])
    #expect(try report.blockers(of: "main") == ["consumer"])
    #expect(report.exitStatus == 0)
  }

  @Test("A semaphore has no owner, and a lost wake-up is no deadlock")
  func semaphore() throws {
    let report = try hang("semaphore")
    #expect(try report.thread("slots").wait?.kind == .semaphore)
    #expect(try report.lock(of: "slots") == "slots")
    #expect(try report.blockers(of: "main") == ["slots"])
    #expect(report.isIdle)
    #expect(report.exitStatus == 0)
    let lost = try hang("lost")
    #expect(try lost.thread("main").wait?.kind == .condition)
    #expect(lost.isIdle)
    #expect(lost.exitStatus == 0)
  }

  @Test("A barrier tells how many have come")
  func barrier() throws {
    let report = try hang("barrier")
    #expect(try report.thread("main").wait?.kind == .barrier)
    #expect(try report.thread("main").wait?.detail == "2 of 3 have come")
    #expect(try report.lock(of: "rendezvous") == "rendezvous")
    #expect(report.exitStatus == 0)
  }

  @Test("A thread that is joined by the holder of the lock that it waits for")
  func join() throws {
    let report = try hang("join")
    #expect(report.circleNames == [["main", "behind"]])
    #expect(try report.thread("main").wait?.kind == .join)
    let circle = try hang("join-circle")
    #expect(circle.circleNames == [["main", "joiner"]])
  }

  @Test("One-time initializations that need each other")
  func once() throws {
    for build in HungProgram.Build.ofC {
      let report = try hang("once", build: build)
      #expect(report.circleNames == [["main", "initializer"]], "\(build)")
      #expect(try report.thread("main").wait?.kind == .once)
      #expect(try report.blockers(of: "main") == ["initializer likely"])
    }
  }

  @Test("A thread that spins is seen once it is stopped")
  func spin() throws {
    let program = try HungProgram("spin")
    let report = try examine(program.identifier)
    #expect(try report.thread("main").wait == nil)
    var options = HangExaminer.Options()
    options.pause = .milliseconds(30)
    options.stopsRunning = true
    let stopped = HangExaminer([try LiveProcess(program.identifier)], options: options).examine()
    #expect(try stopped.thread("main").wait?.kind == .spin)
    #expect(try stopped.lock(of: "main") == "spin")
    // It runs on.
    #expect(try examine(program.identifier).thread("main").wait == nil)
  }

  @Test("C11's mutexes are those of threads")
  func plain() throws {
    let report = try hang("c11")
    #expect(report.circleNames == [["main", "c11"]])
    #expect(try report.lock(of: "main") == "plain")
  }

  @Test("The lock of a stream names its owner")
  func stream() throws {
    let report = try hang("stream")
    #expect(report.circleNames == [["main", "printer"]])
    #expect(try report.thread("printer").wait?.kind == .stream)
  }

  @Test("An owner that has ended")
  func gone() throws {
    let report = try hang("gone")
    #expect(try report.blockers(of: "main") == ["gone"])
    #expect(report.graph.orphans.map(report.shortName) == ["main"])
    #expect(report.exitStatus == 1)
  }

  @Test("Who holds a lock and sleeps elsewhere is what the wait goes back to")
  func held() throws {
    let report = try hang("held")
    #expect(try report.blockers(of: "main") == ["holder"])
    #expect(report.graph.roots.map(report.shortName) == ["holder"])
    let holder = try report.thread("holder")
    #expect(holder.holds.map { report.name($0.lock, of: 0) } == ["accounts"])
    guard case .sleeps(in: "pause") = holder.state else {
      Issue.record("\(holder.state)")
      return
    }
    #expect(report.exitStatus == 0)
  }

  @Test("Robust mutexes that a thread holds are known by its own list")
  func robustHeld() throws {
    let program = try HungProgram("robust-held")
    let report = try examine(program.identifier)
    // Nobody waits for the first, and memory is searched for neither.
    let holder = try report.thread("holder")
    #expect(holder.holds.map { report.name($0.lock, of: 0) } == ["index_lock", "accounts"])
    #expect(holder.holds.allSatisfy { $0.kind == .mutex(MutexTraits(isRobust: true)) })
    // What a thread is about to take is in its list, and not held.
    let main = try report.thread("main")
    let process = try LiveProcess(program.identifier)
    let wanted = try #require(main.wait).lock
    #expect(process.robustLocks(of: main.identifier) == [wanted])
    #expect(main.holds.isEmpty)
    #expect(process.robustLocks(of: 1 << 30).isEmpty)
    #expect(report.exitStatus == 0)
  }

  @Test("A robust mutex that was taken over from an owner that ended")
  func takenOver() throws {
    let report = try hang("robust-taken-over")
    #expect(report.circleNames == [["main", "behind"]])
    #expect(try report.blockers(of: "behind") == ["main"])
    let wait = try #require(try report.thread("behind").wait)
    #expect(wait.kind == .mutex(MutexTraits(isRobust: true)))
    #expect(wait.detail == "taken over from an owner that ended, and not made consistent")
    #expect(try report.thread("main").holds.map { report.name($0.lock, of: 0) } == ["accounts"])
    #expect(report.exitStatus == 1)
  }

  @Test("A word of no library's lock is not called one")
  func word() throws {
    let report = try hang("word")
    #expect(try report.thread("main").wait?.kind == .twoStateLock)
    #expect(report.exitStatus == 0)
  }

  @Test("A process whose first thread has ended")
  func firstEnded() throws {
    let report = try hang("first-ended")
    #expect(report.graph.circles.map(\.count) == [2])
    #expect(report.threads.count { $0.isAlive } == 2)
  }

  @Test("Two processes that share locks")
  func processes() throws {
    let program = try HungProgram("processes")
    let children = try #require(
      SystemFile.read("/proc/\(program.identifier)/task/\(program.identifier)/children").text)
    let child = try #require(Int32(children.split(separator: " ").first ?? ""))
    let both = try examine(program.identifier, child)
    #expect(both.graph.circles.map(\.count) == [2])
    #expect(both.exitStatus == 1)
    let one = try examine(program.identifier)
    #expect(try one.blockers(of: "main") == ["outside"])
    #expect(one.exitStatus == 0)
    #expect(!one.isIdle)
  }
}

extension Result where Success == [UInt8] {
  fileprivate var text: String? { (try? get()).map { String(decoding: $0, as: UTF8.self) } }
}
