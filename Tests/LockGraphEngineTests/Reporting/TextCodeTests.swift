import TestSupport
import Testing

@testable import LockGraphEngine

/// Lines of the source in the text report.
@Suite struct TextCodeTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = try folder.write(
      "void f(void) {\n\tif (x) {\n\t\tlock(a);\n\t\tlock(\"\u{1B}[31m\u{202E}b\");\n\t}\n}\n",
      to: "bank.c")
  }

  private func report(_ trace: String, width: Int = 80) throws -> String {
    var settings = ReportSettings()
    settings.sources = folder.path
    return try TextReport(analyze(trace), settings: settings, width: width).text
  }

  private static let trace = """
    t acquire a at=bank.c:3
    t acquire b stack="f (bank.c:4);main (main.c:10)"
    t release b
    t release a
    u acquire b at=bank.c:4
    u acquire a at=/etc/passwd:1

    """

  @Test func `The line is marked, its neighbours are there, and each place is shown once`() throws {
    let report = try report(Self.trace)
    #expect(report.contains("            2 | if (x) {\n          > 3 |     lock(a);\n"))
    #expect(report.ranges(of: "> 4 |").count == 1)
    #expect(report.contains(#"lock("\u{1b}[31m\u{202e}b");"#))
    #expect(try !TextReport(analyze(Self.trace)).text.contains("lock("))
  }

  @Test func `Nothing is read from outside of the folder, which is said once`() throws {
    let report = try report(Self.trace)
    #expect(!report.contains("root:"))
    #expect(report.contains("No code is shown of /etc/passwd (not below the source root).\n"))
    let several = try self.report(
      (0..<9).map { "t\($0) acquire q\($0) at=no/\($0 % 6).c:1\nt\($0) exit\n" }.joined())
    let said = several.split(separator: "\n").drop { !$0.hasPrefix("No code") }.prefix(2)
    #expect(
      said.joined().split(separator: " ").joined(separator: " ").hasSuffix(
        "no/3.c (not there) and 2 more files."))
  }

  @Test(arguments: [40, 80])
  func `Lines of code are cut at the width, and a line that is not there is not shown`(
    width: Int
  ) throws {
    _ = try folder.write("x\n" + String(repeating: "y", count: 300) + "\n", to: "wide.c")
    let report = try report("t acquire a at=wide.c:2\nt exit at=wide.c:7\n", width: width)
    #expect(report.split(separator: "\n").allSatisfy { $0.count <= width })
    #expect(report.contains("> 2 | yyy") && report.contains("y…\n"))
    #expect(!report.contains("> 7"))
  }

  @Test func `Of a function that takes locks for many the callers are shown as well`() throws {
    _ = try folder.write("take(l);\n\npay() {\n  take(a);\n  take(b);\n}\n", to: "w.c")
    let report = try report(
      """
      t acquire a at=w.c:1:5 stack="take (w.c:1:5);pay (w.c:4:3)"
      t acquire b at=w.c:1:5 stack="take (w.c:1:5);pay (w.c:5:3)"
      t release b
      t release a
      u acquire b
      u acquire a

      """)
    // Blank neighbours are left out.
    #expect(report.contains("          > 1 | take(l);\n      and asked for b at w.c:1:5"))
    #expect(
      report.contains(
        "          w.c:5:\n            4 |   take(a);\n          > 5 |   take(b);\n            6 | }\n"
      )
    )
  }
}
