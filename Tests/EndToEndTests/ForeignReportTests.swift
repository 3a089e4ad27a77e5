import Foundation
import TestSupport
import Testing

/// What other tools print, given to the command as people give it.
@Suite("Reports of other tools")
struct ForeignReportTests {
  private static func path(_ name: String) -> String {
    BuiltProducts.packageRoot + "/Tests/ForeignReports/" + name
  }

  private static func text(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }

  @Test(
    "A gate fails on a deadlock that another tool shows, from a file and from a pipe",
    arguments: ["real-jvm.txt", "real-debugger.txt", "real-tsan.txt", "real-go.txt", "innodb.txt"])
  func gate(_ name: String) throws {
    #expect(try lockdepCheck("gate", Self.path(name)).status == .exited(1))
    let piped = try lockdepCheck("gate", input: try Self.text(name))
    #expect(piped.status == .exited(1))
  }

  @Test("Reports merge with each other and with traces")
  func merge() throws {
    let folder = try TemporaryFolder()
    let trace = try folder.write(Traces.feasible, to: "a.trace")
    let graph = folder.file("all.graph")
    let inputs = ["real-tsan.txt", "real-helgrind.txt", "real-postgresql.txt", "jvm.txt"]
    let merged = try lockdepCheck(
      arguments: ["merge"] + inputs.map(Self.path) + [trace, "-o", graph])
    #expect(merged.status == .exited(0), "\(merged.messages)")
    let analysis = try lockdepCheck("analyze", graph)
    for name in ["com.example.Account", "account", "ledger"] {
      #expect(analysis.text.contains(name), "\(name)")
    }
  }

  @Test(
    "What becomes a trace says that it is not all of a run", arguments: ["jvm.txt", "real-jvm.txt"])
  func convert(_ name: String) throws {
    for encoding in ["text", "jsonl"] {
      let trace = try lockdepCheck("convert", "--to", encoding, Self.path(name))
      let judged = try lockdepCheck("analyze", "--predict", "always", input: trace.text)
      let original = try lockdepCheck("analyze", Self.path(name))
      for word in ["observed", "predicted", "excluded"] {
        #expect(judged.text.contains(word) == original.text.contains(word), "\(judged.text)")
      }
      #expect(trace.text.split(separator: "\n")[1].contains("lost"))
    }
  }

  @Test("What is in no known format is refused, and says what to do")
  func unknown() throws {
    for (text, word) in [
      ("# a comment\n\n", "is in no format that is known"),
      ("hello\nworld\n", "is in no format that is known"),
      ("#0  0x00007f00 in __lll_lock_wait () from libc.so.6\n", "thread apply all bt"),
    ] {
      for command in ["analyze", "gate"] {
        let result = try lockdepCheck(command, input: text)
        #expect(result.status == .exited(2))
        #expect(result.messages.contains(word), "\(result.messages)")
      }
    }
  }

  @Test("A format that is forced on something else is refused")
  func forced() throws {
    for format in ["jvm", "tsan", "kernel-log", "postgresql", "text"] {
      let result = try lockdepCheck(
        "gate", "--input-format", format, input: "WARNING: something else\n")
      #expect(result.status == .exited(2), "\(format)")
      #expect(result.messages.contains("error: "), "\(result.messages)")
    }
  }

  @Test("A directory of logs takes the reports in it")
  func directory() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("logs"), withIntermediateDirectories: true)
    _ = try folder.write(try Self.text("real-tsan.txt"), to: "logs/test.log")
    _ = try folder.write("nothing of interest\n", to: "logs/other.log")
    let result = try lockdepCheck("gate", folder.file("logs"))
    #expect(result.status == .exited(1))
    #expect(result.messages.contains("skipped 1 file"))
  }
}
