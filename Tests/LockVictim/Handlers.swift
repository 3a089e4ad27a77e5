import Foundation
import LockGraph

@_silgen_name("fork") private func forkProcess() -> Int32

/// Handlers of findings that use the program's locks.
enum Handlers {
  private static let log = ValidatedLock(name: "Log")
  private static let tail = ValidatedLock(name: "Tail")

  /// Makes a finding about two locks, with the log held by who makes it.
  private static func invert(_ name: String) {
    let (one, other) = (ValidatedLock(name: "\(name).one"), ValidatedLock(name: "\(name).other"))
    one.withLock { other.withLock {} }
    log.withLock { other.withLock { one.withLock {} } }
  }

  private static func sayWhenHandled() {
    say("handled \(LockValidator.waitForHandler(atMost: .seconds(60)))")
  }

  private static func logFindings() {
    LockValidator.setHandler { report in
      log.withLock { say("\(report.thread) \(report.finding.classes.joined(separator: " "))") }
    }
  }

  /// A handler that logs under a lock which the thread holds that causes the finding.
  static func logging(_ count: Int) {
    logFindings()
    for number in 0..<count { invert("Pair \(number)") }
    sayWhenHandled()
  }

  /// The program ends while the handler still has much to do.
  static func slow() {
    LockValidator.setHandler { report in
      usleep(200_000)
      say("handled \(report.finding.classes[0])")
    }
    for number in 0..<3 { invert("Pair \(number)") }
  }

  /// The program ends with the lock that the handler waits for.
  static func stuck() {
    logFindings()
    invert { log.lock() }
    say("waited \(LockValidator.waitForHandler(atMost: .seconds(60)))")
  }

  /// The handler waits for a lock for a while.
  static func waiting(milliseconds: UInt32) {
    logFindings()
    invert { log.lock() }
    usleep(milliseconds * 1000)
    log.unlock()
    sayWhenHandled()
  }

  /// Makes a finding, and does something just before.
  private static func invert(after body: () -> Void) {
    let (one, other) = (ValidatedLock(name: "Left"), ValidatedLock(name: "Right"))
    one.withLock { other.withLock {} }
    body()
    other.withLock { one.withLock {} }
  }

  /// The child has a handler's thread of its own.
  static func fork() {
    logFindings()
    invert("Parent")
    LockValidator.waitForHandler(atMost: .seconds(60))
    for number in 0..<5 {
      let child = forkProcess()
      if child == 0 {
        invert("Child \(number)")
        exit(7)
      }
      var status: Int32 = 0
      waitpid(child, &status, 0)
      say("child \(status >> 8 & 0xFF)")
    }
  }

  /// A handler that takes locks in both orders itself, and lets another thread do so.
  static func causing() {
    LockValidator.setHandler { report in
      say("handled \(report.finding.classes.joined(separator: " "))")
      log.withLock { tail.withLock {} }
      tail.withLock { log.withLock {} }
      Threads.run("elsewhere") { invert("Elsewhere") }
    }
    invert("First")
    // Twice: what the handler causes is found before it returns.
    LockValidator.waitForHandler(atMost: .seconds(60))
    LockValidator.waitForHandler(atMost: .seconds(60))
    say("found \(LockValidator.findings.count)")
  }

  /// A handler that ends the program.
  static func ending() {
    LockValidator.setHandler { report in
      say("handled \(report.finding.classes[0])")
      exit(5)
    }
    invert { log.lock() }
    sleep(20)
  }

  /// There can be no thread for the handler: no memory for its stack is left.
  static func withoutThread() {
    logFindings()
    let pages = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
      .split(separator: " ").first.flatMap { Int($0) }
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    limit.rlim_cur = rlim_t((pages ?? 0) * 4096 + (6 << 20))
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    invert("Pair")
    sayWhenHandled()
  }
}
