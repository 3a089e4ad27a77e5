import Foundation
import Synchronization
import TestSupport
import Testing

@testable import LockGraphHang

#if canImport(Glibc)
  import Glibc
#endif

/// The programs of `Programs`, which hang in a way that is asked for.
final class HungProgram {
  private static let built = Mutex<[String: Result<String, ProcessFailure>]>([:])
  private static let folder = try? TemporaryFolder()

  let process: RunningProcess
  var identifier: Int32 { process.identifier }

  /// How it is compiled, and of what.
  enum Build: String, CaseIterable {
    case plain = "cc -g -O0 -pthread hung.c"
    case optimized = "cc -g -O2 -pthread hung.c"
    /// Without names of its own, and without frame pointers.
    case stripped = "cc -O2 -s -fomit-frame-pointer -pthread hung.c"
    /// The same with the usual library, and with names and lines.
    case staticGlibc = "cc -static -O2 -s -pthread hung.c"
    case staticNamed = "cc -static -g -O0 -pthread hung.c"
    case cPlusPlus = "c++ -std=c++20 -g -O0 -pthread hung.cpp"
    case strippedCPlusPlus = "c++ -std=c++20 -O2 -s -pthread hung.cpp"
    case swift = "swiftc -O hung.swift"
    case rust = "rustc -O hung.rs"
    case musl = "musl-gcc -O1 hung.c"
    /// The C library is part of the program, which has no names.
    case staticMusl = "musl-gcc -static -O1 -s hung.c"

    /// Those of C with the usual library.
    static let ofC: [Build] = [.plain, .optimized, .stripped]

    /// Whether the machine can compile it.
    var isPossible: Bool {
      let compiler = String(rawValue.prefix { $0 != " " })
      return (try? ProcessRunner(compiler, ["--version"]).run().status) == .exited(0)
    }
  }

  /// Starts it and waits until it hangs.
  init(_ way: String, build: Build = .plain, isBusy: Bool = false) throws {
    process = try ProcessRunner(try Self.program(build), [way]).start()
    try #require(process.waits(for: "ready", within: .seconds(120)), "\(way) did not begin")
    guard !isBusy else { return }
    Self.waitUntilSettled(process.identifier)
  }

  deinit { process.send(SIGKILL) }

  /// Where the compiled program is; it is compiled once.
  static func program(_ build: Build) throws -> String {
    try built.withLock { built in
      if let known = built[build.rawValue] { return try known.get() }
      let result = Result { () throws(ProcessFailure) in try compile(build) }
      built[build.rawValue] = result
      return try result.get()
    }
  }

  private static func compile(_ build: Build) throws(ProcessFailure) -> String {
    guard let folder else { throw ProcessFailure(description: "no folder for programs") }
    var words = build.rawValue.split(separator: " ").map(String.init)
    let source =
      "\(BuiltProducts.packageRoot)/Tests/LockGraphHangTests/Programs/\(words.removeLast())"
    let compiler = words.removeFirst()
    let program = folder.file("hung-\(build)")
    do {
      var runner = ProcessRunner(compiler, words + ["-o", program, source])
      runner.timeout = .seconds(300)
      let result = try runner.run()
      guard result.status == .exited(0) else {
        throw ProcessFailure(description: "\(compiler): \(result.messages)")
      }
      return program
    } catch {
      throw error as? ProcessFailure ?? ProcessFailure(description: "\(error)")
    }
  }

  /// Waits until all threads sleep in the same calls for a while, or spin.
  static func waitUntilSettled(_ identifier: Int32) {
    var last: [String] = []
    var same = 0
    for _ in 0..<2000 {
      let folder = "/proc/\(identifier)/task"
      let tasks = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      let states = tasks.sorted().map { task in
        (try? String(contentsOfFile: "\(folder)/\(task)/syscall", encoding: .utf8))
          ?? ""
      }
      same = states == last ? same + 1 : 0
      last = states
      // Who spins cannot be told from who waits for a processor: it is given more time.
      let isRunning = states.contains { $0.hasPrefix("running") }
      if same >= (isRunning ? 50 : 10) { return }
      usleep(20000)
    }
  }

  /// What a process has started and not waited for yet.
  static func children(of process: String) throws -> [Int32] {
    try String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
      .split(separator: " ").compactMap { Int32($0) }
  }

  static let isCompilable = Build.plain.isPossible
}

/// Looks at a program as the command does, but for a shorter time.
func examine(_ identifiers: Int32..., pause: Duration = .milliseconds(30)) throws -> HangReport {
  var options = HangExaminer.Options()
  options.pause = pause
  return HangExaminer(try identifiers.map { try LiveProcess($0) }, options: options).examine()
}

/// Starts the program and looks at it.
func hang(_ way: String, build: HungProgram.Build = .plain) throws -> HangReport {
  let program = try HungProgram(way, build: build)
  return try withExtendedLifetime(program) { try examine(program.identifier) }
}

extension HangReport {
  /// The thread of a name; the first one is called `main`.
  func thread(_ name: String) throws -> HungThread {
    let index = threads.indices.first { index in
      self.name(of: index).split(separator: "/").first.map(String.init) == name
    }
    return threads[try #require(index, "there is no thread \(name)")]
  }

  /// Names without numbers of the threads in each circle.
  var circleNames: [[String]] {
    graph.circles.map { $0.map(shortName) }
  }

  func shortName(_ index: Int) -> String {
    String(name(of: index).split(separator: "/")[0])
  }

  /// Whom a thread waits for, by name, and how sure that is.
  func blockers(of name: String) throws -> [String] {
    try thread(name).blockers.map { blocker in
      let certainty = blocker.certainty == .certain ? "" : " \(blocker.certainty)"
      return switch blocker.who {
      case .thread(let index): shortName(index) + certainty
      case .gone: "gone" + certainty
      case .outside: "outside" + certainty
      }
    }
  }

  /// The name of the lock that a thread waits for.
  func lock(of name: String) throws -> String {
    let thread = try thread(name)
    let wait = try #require(thread.wait, "\(name) waits for nothing")
    return self.name(wait.lock, of: thread.process)
  }
}
