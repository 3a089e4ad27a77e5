import Foundation
import TestSupport
import Testing

@testable import LockGraphHang

#if canImport(Glibc)
  import Glibc
#endif

@Suite("What languages' own tools tell", .serialized)
struct RuntimeTests {
  /// Two threads as JDK 17 tells of them, one as 21 does, and what is none of the program's.
  private static let dump = """
    2387:
    Full thread dump OpenJDK 64-Bit Server VM (17.0.15+6 interpreted mode, sharing):

    "writer "one"" #12 prio=5 os_prio=0 cpu=1.5ms elapsed=3.0s tid=0x00007f nid=0x98e waiting on condition  [0x00007f]
       java.lang.Thread.State: TIMED_WAITING (parking)
    \tat jdk.internal.misc.Unsafe.park(java.base@17.0.15/Native Method)
    \t- parking to wait for  <0x000000069ec199c0> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)
    \tat Mixed.take(Mixed.java:24)
    \t- locked <0x000000069ec19858> (a java.lang.Object)
    \t- locked <0x000000069ec19858> (a java.lang.Object)

       Locked ownable synchronizers:
    \t- None

    "auditor" #13 [2450] prio=5 os_prio=0 cpu=1.5ms elapsed=3.0s tid=0x00007f nid=2450 waiting for monitor entry  [0x00007f]
       java.lang.Thread.State: BLOCKED (on object monitor)
    \tat Mixed.audit(Mixed.java:40)
    \t- waiting to lock <0x000000069ec19858> (a java.lang.Object)

       Locked ownable synchronizers:
    \t- <0x000000069ec199c0> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)

    "consumer" #14 prio=5 tid=0x00007f nid=0x14 in Object.wait()  [0x00007f]
       java.lang.Thread.State: WAITING (on object monitor)
    \tat java.lang.Object.wait(java.base@17.0.15/Native Method)
    \t- waiting on <0x0000000000000abc> (a bank.Queue)
    \tat bank.Queue.take(Queue.java:3)
    \t- locked <0x0000000000000abc> (a bank.Queue)

    "virtual" #15 virtual
    "VM Thread" os_prio=0 cpu=46ms elapsed=3s tid=0x00007f nid=0x968 runnable

    JNI global refs: 15, weak refs: 0

    Found one Java-level deadlock:
    =============================
    "writer "one"":
    """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)

  @Test("A dump of Java's threads")
  func java() throws {
    let threads = RuntimeThread.java(Self.dump)
    #expect(threads.map(\.number) == [0x98E, 2450, 0x14, 0x968])
    let lock = RuntimeLock(
      address: 0x6_9EC1_99C0, type: "java.util.concurrent.locks.ReentrantLock$NonfairSync",
      isMonitor: false)
    let monitor = RuntimeLock(
      address: 0x6_9EC1_9858, type: "java.lang.Object", isMonitor: true)
    try #require(threads.count == 4)
    let (writer, auditor, consumer, machine) = (threads[0], threads[1], threads[2], threads[3])
    #expect(writer.name == "writer \"one\"")
    #expect(writer.isTimed && !writer.waitsForSignal && !writer.isOfMachine)
    #expect(writer.waitsFor == lock)
    #expect(writer.holds == [monitor])
    #expect(writer.frames.last == "Mixed.take(Mixed.java:24)")
    #expect(auditor.waitsFor == monitor && !auditor.isTimed)
    #expect(auditor.holds == [lock])
    // What it waits on it has let go of.
    #expect(consumer.waitsForSignal && consumer.holds.isEmpty)
    #expect(consumer.waitsFor?.name == "Queue@abc")
    #expect(machine.isOfMachine)
  }

  @Test("Dumps that are cut or damaged are read as far as they can be")
  func damagedDumps() {
    let text = Self.dump.joined(separator: "\n")
    for count in stride(from: 0, to: text.utf8.count, by: 7) {
      let cut = String(decoding: text.utf8.prefix(count), as: UTF8.self)
      _ = RuntimeThread.java(cut.split(separator: "\n").map(String.init))
    }
    for line in ["\"", "\"a\" nid=", "\"a\" nid=0x", "\"a\" nid=-1", "\"a\" nid=0"] {
      #expect(RuntimeThread.java([line]) == [])
    }
    let odd = RuntimeThread.java([
      "\"a\" nid=1", "- locked <0x", "- locked <0xg> (a", "- locked <0x1> )(a ",
    ])
    #expect(odd.map(\.holds) == [[]])
  }

  @Test("A dump of Python's threads")
  func python() {
    let threads = RuntimeThread.python([
      "Process 17: python3 app.py", "Python v3.11.7 (/usr/bin/python3.11)", "",
      "Thread 17 (idle): \"MainThread\"", "    wait (threading.py:320)", "    <module> (app.py:9)",
      "Thread 18 (active)", "    work (app.py:3)", "Thread x (idle)",
    ])
    #expect(threads.map(\.number) == [17, 18])
    #expect(threads.map(\.name) == ["MainThread", ""])
    #expect(threads.first?.frames == ["wait (threading.py:320)", "<module> (app.py:9)"])
    #expect(RuntimeThread.python([]) == [])
  }

  @Test("Of Java's own functions that one is told that the program called")
  func stack() {
    let frames = [
      "jdk.internal.misc.Unsafe.park(java.base@17.0.15/Native Method)",
      "java.util.concurrent.locks.ReentrantLock.lock(java.base@17.0.15/ReentrantLock.java:322)",
      "Mixed.take(Mixed.java:24)", "Mixed$$Lambda$1/0x00007f.run(Unknown Source)",
      "java.lang.Thread.run(java.base@17.0.15/Thread.java:840)",
    ].map { name in
      StackFrame(
        programCounter: 0, stackPointer: 0, registers: Registers(), isCaller: true,
        isGuessed: false, function: name, module: "")
    }
    #expect(
      ToldStack(frames).frames.map { ToldStack.shortName($0.text) } == [
        "java.util.concurrent.locks.ReentrantLock.lock(ReentrantLock.java:322)",
        "Mixed.take(Mixed.java:24)",
      ])
  }

  private static var hasJava: Bool {
    ["javac", "jcmd", "cc"].allSatisfy { tool in
      (try? ProcessRunner("/bin/sh", ["-c", "command -v \(tool)"]).run().status) == .exited(0)
    }
  }

  /// Compiles and starts the program of Java, and waits until its threads do.
  private static func start(_ way: String, in folder: TemporaryFolder) throws -> RunningProcess {
    let sources = "\(BuiltProducts.packageRoot)/Tests/LockGraphHangTests/Programs"
    let script = """
      set -e
      cd \(folder.file("."))
      home=$(dirname $(dirname $(readlink -f $(command -v javac))))
      javac -d . \(sources)/Mixed.java
      cc -shared -fPIC -g -pthread -I$home/include -I$home/include/linux \(sources)/mixed.c -o libmixed.so
      exec java -Xint -XX:TieredStopAtLevel=1 -cp . Mixed \(way)
      """
    let process = try ProcessRunner("/bin/sh", ["-c", script]).start()
    try #require(process.waits(for: "ready", within: .seconds(60)), "it did not begin")
    usleep(1_500_000)
    return process
  }

  @Test(
    "Circles of Java's locks, and of Java's and C's", .enabled(if: TestTier.isAll),
    .needs("a JDK", hasJava), arguments: [false, true])
  func circle(isMixed: Bool) throws {
    let folder = try TemporaryFolder()
    let process = try Self.start(
      isMixed ? "native \(folder.file("libmixed.so"))" : "java", in: folder)
    defer { process.send(SIGKILL) }
    let examiner = HangExaminer([try LiveProcess(process.identifier)])
    var report = examiner.examine()
    #expect(!report.graph.isDeadlocked)
    examiner.askRuntimes(&report)
    #expect(report.circleNames.map(Set.init) == [["transaction-writer", "night-auditor"]])
    #expect(
      report.kinds(of: report.graph.circles[0]).contains(
        isMixed ? .mutex(MutexTraits()) : .runtimeLock))
    #expect(report.kinds(of: report.graph.circles[0]).contains(.monitor))
    let text = HangText(report, width: 400, showsStacks: true).text
    #expect(text.contains("waits for the monitor Object@"))
    #expect(text.contains("of the Java virtual machine itself are left out"))
    // The tool's own words would say it again.
    #expect(!text.contains("Java-level deadlock"))
    #expect(text.contains("Mixed.take(Mixed.java:"))
    if isMixed { #expect(text.contains("Java_Mixed_lock")) }
    #expect(report.exitStatus == 1)
    // What pictures and other formats are made of agrees.
    let analysis = try HangTrace(report).analysis(named: "java")
    #expect(analysis.findings.count == 1)
  }

  private static var hasGo: Bool {
    (try? ProcessRunner("go", ["version"]).run().status) == .exited(0)
  }

  @Test(
    "A Go program's own threads are left out, and its goroutines named as not seen",
    .enabled(if: TestTier.isAll), .needs("go", hasGo))
  func go() throws {
    let folder = try TemporaryFolder()
    let script = """
      set -e
      cd \(folder.file("."))
      export GO111MODULE=off GOCACHE=\(folder.file("cache")) GOFLAGS=
      go build -o bank \(BuiltProducts.packageRoot)/Tests/LockGraphHangTests/Programs/hung.go
      exec ./bank
      """
    let process = try ProcessRunner("/bin/sh", ["-c", script]).start()
    defer { process.send(SIGKILL) }
    try #require(process.waits(for: "ready", within: .seconds(120)), "it did not begin")
    let report = HangExaminer([try LiveProcess(process.identifier)]).examine()
    #expect(report.processes.map(\.runtimes) == [[.go]])
    #expect(!report.graph.isDeadlocked)
    #expect(report.exitStatus == 0)
    // The runtime's idle threads wait for work, and for no lock of the program.
    let waiting = report.threads.filter { $0.wait != nil }
    #expect(!waiting.isEmpty)
    #expect(waiting.allSatisfy { $0.isOfMachine })
    let text = HangText(report, width: 400, showsStacks: true).text
    #expect(!text.contains("Who else waits"))
    #expect(text.contains("of Go's runtime itself"))
    #expect(text.contains("kill -QUIT \(process.identifier)"))
    #expect(
      text.hasSuffix(
        "No deadlock was found among its threads; goroutines were not looked at.\n"))
  }
}

extension HangReport {
  fileprivate func kinds(of circle: [Int]) -> [WaitKind] {
    circle.compactMap { threads[$0].wait?.kind }
  }
}
