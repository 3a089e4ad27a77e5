import TestSupport
import Testing

@testable import LockGraphHang

@Suite("Stacks without stopping", .serialized, .needs("cc", HungProgram.isCompilable))
struct StackTests {
  @Test("A sleeping thread's functions, in order", arguments: [HungProgram.Build.plain, .optimized])
  func functions(build: HungProgram.Build) throws {
    let program = try HungProgram("normal", build: build)
    let report = try examine(program.identifier)
    let main = try report.thread("main").frames.compactMap(\.function)
    #expect(main.contains { $0.hasSuffix("pthread_mutex_lock") })
    let own = main.filter { ["take", "two_orders", "main"].contains($0) }
    // The compiler may put a function into its caller.
    #expect(own.last == "main")
    #expect(own == ["take", "two_orders", "main"].filter(own.contains))
    if build == .plain { #expect(own == ["take", "two_orders", "main"]) }
    let audit = try report.thread("audit").frames.compactMap(\.function)
    #expect(audit.contains("take_index_then_accounts"))
  }

  @Test("The reader of frame tables agrees with the debugger", .needs("gdb", Self.hasDebugger))
  func agreement() throws {
    for way in ["normal", "condition", "join", "once", "inheriting", "held", "stream"] {
      let program = try HungProgram(way, build: .optimized)
      let report = try examine(program.identifier)
      let result = try ProcessRunner(
        "gdb",
        ["-batch", "-nx", "-p", "\(program.identifier)", "-ex", "thread apply all bt 20"]
      ).run()
      var counters: [Int32: [UInt64]] = [:]
      var current: Int32 = 0
      for line in result.text.split(separator: "\n") {
        if line.hasPrefix("Thread "), let at = line.range(of: "LWP ") {
          current = Int32(line[at.upperBound...].prefix { $0.isNumber }) ?? 0
        }
        // Frames of functions that were inlined have no address of their own.
        guard line.hasPrefix("#"), let at = line.range(of: "0x") else { continue }
        let digits = line[at.upperBound...].prefix { $0.isHexDigit }
        guard line[line.startIndex..<at.lowerBound].allSatisfy({ $0 == " " || $0 == "#" || $0.isNumber })
        else { continue }
        counters[current, default: []].append(UInt64(digits, radix: 16) ?? 0)
      }
      for thread in report.threads {
        let expected = try #require(counters[thread.identifier], "\(way)")
        let own = thread.frames.map(\.programCounter)
        // The debugger leaves out the innermost address where a line begins there, and what lies
        // below `main`; it adds functions that left their frame to the next by a jump.
        let last = thread.frames.firstIndex { $0.function == "main" } ?? own.count - 1
        let checked = own[1...last]
        #expect(
          Array(checked) == expected.filter(checked.contains),
          "\(way): \(thread.name): \(thread.frames.map(\.text))")
      }
    }
  }

  static var hasDebugger: Bool {
    (try? ProcessRunner("gdb", ["--version"]).run().status) == .exited(0)
  }
}
