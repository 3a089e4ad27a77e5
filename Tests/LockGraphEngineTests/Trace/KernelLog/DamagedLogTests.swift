import LockGraphEngine
import TestSupport
import Testing

/// Logs that end anywhere, and logs with damage.
@Suite struct DamagedLogTests {
  @Test(arguments: KernelLogFile.all)
  func `A log that ends anywhere is read`(_ file: KernelLogFile) throws {
    let lines = try file.text.split(separator: "\n", omittingEmptySubsequences: false)
    let whole = try analyze(file.text)
    let known = Set(whole.findings.flatMap(\.classes))
    for count in TestTier.positions(0...lines.count, share: 8) {
      let text = lines.prefix(count).joined(separator: "\n")
      for log in [text, text + "\n", String(text.dropLast(9))] {
        let analysis = try analyze(log, keepGoing: true, format: .kernelLog)
        for finding in analysis.findings where finding.title.contains("cut off") {
          // What is missing is not made up: a lock without a name is called by its place or number.
          #expect(
            finding.classes.allSatisfy { name in
              let isUnnamed = ["mutex taken in ", "unnamed mutex "].contains(where: name.hasPrefix)
              let word = isUnnamed ? String(name.split(separator: " ").last!) : name
              return known.contains(name) || log.contains(word)
            })
        }
        _ = TextReport(analysis)
        _ = JSONReport(analysis)
      }
    }
  }

  @Test(arguments: KernelLogFile.all)
  func `A log that begins anywhere is read`(_ file: KernelLogFile) throws {
    let lines = try file.text.split(separator: "\n", omittingEmptySubsequences: false)
    for count in TestTier.positions(0...lines.count, share: 8) {
      let log = lines.dropFirst(count).joined(separator: "\n")
      _ = TextReport(try analyze(log, keepGoing: true, format: .kernelLog))
    }
  }

  @Test func `A damaged log is read`() throws {
    let texts = try KernelLogFile.all.map { Array(try $0.text.utf8) }
    withSeeds(0..<150) { generator in
      var bytes = texts.randomElement(using: &generator)!
      if Bool.random(using: &generator) { bytes += texts.randomElement(using: &generator)! }
      let damaged = mutated(bytes, using: &generator)
      #expect(throws: Never.self, "\(TestContext.description)") {
        let analysis = try analyze(inputs: [damaged], keepGoing: true, format: .kernelLog)
        _ = JSONReport(analysis)
        _ = TextReport(analysis)
      }
    }
  }

  @Test func `Noise in any carrier is read`() {
    let words = [
      "WARNING: ", "INFO: task a:1 blocked for more than 1 seconds.", "&amp;lt;", "%5B", "=3D=3D",
      "#012", "\\x0a", "<br>", "\u{1B}[", "^[[", "[   10.000000] ", "[   T1]", "4,1,2,-;", "> ",
      "BUG: spinlock recursion on CPU#0, a/1", "1 lock held by a/1:", "#0: ", "(a){+.+.}, at: ",
      "lock order reversal:", "1st 0x1 a (a) @ f:1", "Dumping ftrace buffer:", "lock_acquire: 1 a",
      "Potential Deadlock Detected!", "Mutex M0 (a 0x1)", "=", "{\"msg\": \"", "\n", "\n", "\r",
      " ",
      "Showing all locks held in the system:", "-> #1 (a){+.+.}:", "Call Trace:", "f+0x1/0x2",
    ]
    withSeeds(0..<150) { generator in
      let text = (0..<Int.random(in: 1...60, using: &generator)).map { _ in
        words.randomElement(using: &generator)!
      }.joined()
      #expect(throws: Never.self, "\(TestContext.description)") {
        _ = TextReport(try analyze(text, keepGoing: true, format: .kernelLog))
      }
    }
  }

  @Test func `Memory and time do not grow with the length of reports that never end`() throws {
    let callers = (0..<2000).map {
      "[   10.000000][ T\($0)] WARNING: suspicious RCU usage\n[   10.000000][ T\($0)] a.c:\($0) bad\n"
    }
    let analysis = try analyze(callers.joined())
    #expect(analysis.findings.count == 1)
    #expect(analysis.findings[0].occurrences == 2000)
  }
}
