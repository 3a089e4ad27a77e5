import Foundation
import TestSupport
import Testing

@testable import LockGraphHang

#if canImport(Glibc)
  import Glibc
#endif

@Suite("lockdep-check hang", .serialized, .needs("cc", HungProgram.isCompilable))
struct CommandTests {
  private func command(_ arguments: String...) throws -> ProcessResult {
    try ProcessRunner(BuiltProducts.executable("lockdep-check"), ["hang"] + arguments).run()
  }

  @Test("The report for people")
  func text() throws {
    let program = try HungProgram("normal")
    let result = try command("\(program.identifier)")
    #expect(result.status == .exited(1))
    #expect(result.messages == "")
    let text = result.text.replacing(/\/[0-9]+/, with: "/N")
    #expect(text.hasPrefix("#1 deadlock: main/N and audit/N wait for each other\n\n"))
    #expect(text.contains("  main/N waits for the mutex index_lock, which audit/N holds\n"))
    #expect(text.contains("Behind them\n\n  behind/N waits for the mutex accounts, which main/N"))
    #expect(text.contains("3 threads, 3 wait for locks"))
    for line in text.split(separator: "\n") { #expect(line.count <= 80) }
  }

  @Test("Every kind of report", .needs("jsonschema", Self.hasSchemas))
  func formats() throws {
    let folder = try TemporaryFolder()
    var documents: [String] = []
    for way in [
      "normal", "condition", "gone", "upgrade", "once", "held", "timed", "barrier",
      "reader-behind-writer",
    ] {
      let program = try HungProgram(way)
      let path = folder.file("\(way).json")
      let result = try command(
        "\(program.identifier)", "--format", "json", "-o", path, "--report",
        "sarif=\(folder.file("\(way).sarif"))", "--report", "markdown=\(folder.file("\(way).md"))",
        "--dot", folder.file("\(way).dot"))
      let isDeadlocked = [
        "normal", "gone", "upgrade", "once", "timed", "reader-behind-writer",
      ].contains(way)
      #expect(result.status == .exited(isDeadlocked ? 1 : 0), "\(way): \(result.messages)")
      documents.append(path)
      let hasFinding = try folder.text(of: "\(way).sarif").contains("\"ruleId\": \"deadlock\"")
      #expect(hasFinding == isDeadlocked, "\(way)")
    }
    #expect(try Self.schemaViolations(in: documents) == [])
  }

  @Test("Hundreds of threads are told alike, whether their files can stay open or not")
  func many() throws {
    let program = try HungProgram("many")
    let result = try command("\(program.identifier)", "--stacks", "never")
    #expect(result.text.contains("500 threads, 499 wait"), "\(result.messages)")
    #expect(result.status == .exited(0))
    let limited = try ProcessRunner(
      "/bin/sh",
      [
        "-c", "ulimit -n 290; exec \"$0\" hang \"$@\"", BuiltProducts.executable("lockdep-check"),
        "\(program.identifier)", "--stacks", "never",
      ]
    ).run()
    #expect(limited.text == result.text)
  }

  @Test("Processes that cannot be looked at")
  func refusals() throws {
    let none = try command("4194303")
    #expect(none.status == .exited(2))
    #expect(none.messages == "4194303: error: there is no such process\n")
    let thread = try HungProgram("normal")
    let other = try #require(
      FileManager.default.contentsOfDirectory(atPath: "/proc/\(thread.identifier)/task")
        .first { $0 != "\(thread.identifier)" })
    let result = try command(other)
    #expect(result.status == .exited(2))
    #expect(
      result.messages
        == "\(other): error: this is a thread of process \(thread.identifier); expected a process; "
        + "ask for \(thread.identifier)\n")
    #expect(
      try command("hung").messages
        == "hung: error: there is no such file; expected a core file, or the number of a process, "
        + "which pgrep tells by its name\n")
    // What can be looked at is, and what cannot makes the status.
    let some = try command("\(thread.identifier)", "4194303")
    #expect(some.status == .exited(1))
    #expect(some.text.contains("wait for each other"))
    #expect(try command("0").status == .exited(64))
    #expect(try command("1", "core").status == .exited(64))
    #expect(try command("1", "--exe", "x").status == .exited(64))
    #expect(try command("core", "--watch").status == .exited(64))
  }

  @Test("Another user's process", .needs("root and setpriv", Self.canBeOthers))
  func anotherUser() throws {
    let folder = try TemporaryFolder()
    chmod(folder.path, 0o755)
    let copy = folder.file("lockdep-check")
    try FileManager.default.copyItem(
      atPath: BuiltProducts.executable("lockdep-check"), toPath: copy)
    let program = try HungProgram("normal")
    let result = try ProcessRunner(
      "setpriv",
      ["--reuid=65534", "--regid=65534", "--clear-groups", copy, "hang", "\(program.identifier)"]
    ).run()
    #expect(result.status == .exited(2))
    #expect(
      result.messages.hasSuffix(
        "it is user root's, and you are nobody; run the command with sudo: "
          + "sudo lockdep-check hang \(program.identifier)\n"))
    #expect(result.text == "")
  }

  @Test("A process in a namespace of its own", .needs("root and unshare", Self.canUnshare))
  func namespace() throws {
    let shell = try ProcessRunner(
      "unshare",
      ["--pid", "--fork", "--kill-child", "--mount-proc", HungProgram.program(.plain), "normal"]
    ).start()
    try #require(shell.waits(for: "ready", within: .seconds(120)))
    let path = "/proc/\(shell.identifier)/task/\(shell.identifier)/children"
    let children = try String(contentsOfFile: path, encoding: .utf8)
    let identifier = try #require(Int32(children.split(separator: " ").first ?? ""))
    HungProgram.waitUntilSettled(identifier)
    let report = try examine(identifier)
    #expect(report.graph.circles.map(\.count) == [2])
    // Locks name what the threads are called inside.
    #expect(report.threads[0].ownIdentifier == 1)
    #expect(report.threads[0].identifier == identifier)
    #expect(try command("\(identifier)").status == .exited(1))
  }

  @Test("It watches until something hangs, and until the process has ended")
  func watch() throws {
    let hanging = try HungProgram("normal")
    #expect(try command("\(hanging.identifier)", "--watch").status == .exited(1))
    let busy = try HungProgram("busy", isBusy: true)
    let watcher = try ProcessRunner(
      BuiltProducts.executable("lockdep-check"), ["hang", "\(busy.identifier)", "--watch"]
    ).start()
    usleep(1_500_000)
    busy.process.send(SIGKILL)
    _ = try? busy.process.finish()
    let result = try watcher.finish()
    #expect(result.status == .exited(0))
    #expect(result.messages.contains("nothing hung; the processes have ended"))
  }

  private static let canBeOthers: Bool =
    geteuid() == 0 && (try? ProcessRunner("setpriv", ["--version"]).run().status) == .exited(0)

  private static let canUnshare: Bool =
    geteuid() == 0
    && (try? ProcessRunner("unshare", ["--pid", "--fork", "true"]).run().status) == .exited(0)

  private static let hasSchemas: Bool =
    ["python3", "/usr/bin/python3"].contains {
      (try? ProcessRunner($0, ["-c", "import jsonschema"]).run().status) == .exited(0)
    }

  private static func schemaViolations(in documents: [String]) throws -> [String] {
    let script = """
      import json, sys
      from jsonschema.validators import validator_for
      schema = json.load(open(sys.argv[1]))
      Validator = validator_for(schema, default=None)
      Validator.check_schema(schema)
      for path in sys.argv[2:]:
          for error in Validator(schema).iter_errors(json.load(open(path))):
              print(path, error.json_path, error.message[:200])
      """
    let schema = "\(BuiltProducts.packageRoot)/Schemas/lockgraph-hang-1.schema.json"
    for python in ["python3", "/usr/bin/python3"] {
      let result = try ProcessRunner(python, ["-c", script, schema] + documents).run()
      if result.status == .exited(0) {
        return result.text.split(separator: "\n").map(String.init)
      }
    }
    throw ProcessFailure(description: "no python3 has jsonschema")
  }
}
