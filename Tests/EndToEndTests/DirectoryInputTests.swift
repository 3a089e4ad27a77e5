import Foundation
import TestSupport
import Testing

@Suite("Directories as inputs")
struct DirectoryInputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  private func write(_ content: String, to path: String) throws -> String {
    try write(Array(content.utf8), to: path)
  }

  @discardableResult
  private func write(_ content: [UInt8], to path: String) throws -> String {
    let parent = (folder.file(path) as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    return try folder.write(content, to: path)
  }

  private func report(_ arguments: String...) throws -> Report {
    let result = try lockdepCheck(
      arguments: ["analyze", "--format", "json"] + arguments, directory: folder.path)
    #expect(result.status == .exited(0))
    return try Report(result.output)
  }

  @Test("Every trace in it is read, in the order of the paths' bytes")
  func order() throws {
    let orders = [Traces.oneOrder, Traces.otherOrder]
    for (number, path) in ["b/2", "b.trace", "a/z/x.trace", "Z", "a/y", "é"].enumerated() {
      try write(orders[number % 2], to: "runs/" + path)
    }
    let expected = ["Z", "a/y", "a/z/x.trace", "b.trace", "b/2", "é"]
    #expect(try report("runs").inputs.map(\.name) == expected.map { "runs/" + $0 })
    #expect(try report("runs/").inputs.map(\.name) == expected.map { "runs/" + $0 })
    #expect(try report("runs").findings.map(\.classes) == [["A", "B"]])
    #expect(try lockdepCheck("gate", folder.path).status == .exited(1))
  }

  @Test("Other files are left out and counted, hidden ones in silence")
  func others() throws {
    try write(Traces.clean, to: "runs/good")
    try write(Traces.feasible, to: "runs/.hidden.trace")
    try write(Traces.feasible, to: "runs/.git/old.trace")
    let alone = try lockdepCheck("gate", "runs", directory: folder.path)
    #expect(alone.status == .exited(0))
    #expect(alone.messageLines == ["gate: passed"])

    try write("# Runs\n\nYou read it here.\nThese are traces of last night.\n", to: "runs/README")
    try write("", to: "runs/empty")
    try write([0x7F, 0x45, 0x4C, 0x46, 0, 0, 1], to: "runs/program")
    try write("name: runs\n", to: "runs/.hidden.yml")
    try write("{\n  \"schema\": 1\n}\n", to: "runs/report.json")
    try write("{\"schema\": 1}\n", to: "runs/short.json")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("runs/nowhere"), withDestinationPath: "gone")
    let result = try shell(#"mkfifo runs/fifo; "$check" gate runs"#, directory: folder.path)
    #expect(result.status == .exited(0))
    #expect(
      result.messageLines == ["runs: note: skipped 7 files that are no trace", "gate: passed"])
    #expect(try report("runs").inputs.map(\.name) == ["runs/good"])
  }

  @Test("A trace is known by what is in it, whatever its name")
  func recognition() throws {
    try write("# lockgraph-trace 1\n# nothing yet\n", to: "runs/a")
    try write("\u{FEFF}# note\n\n[1.5] T1 acquire A\r\n", to: "runs/b.txt")
    try FileManager.default.copyItem(
      atPath: "\(Samples.folder)/abba-mutex.ftrace", toPath: folder.file("runs/c.log"))
    try write(Archive.xz.bytes(of: Array(Traces.clean.utf8)), to: "runs/d")
    try write(Archive.zstd.bytes(of: Array("prose, packed\n".utf8)), to: "runs/e")
    try write(#"{"lock": "A", "event": "acquire", "thread": "T"}"# + "\n", to: "runs/f")
    try write("{\"lockgraph-trace\":1}\n", to: "runs/g")
    try write("T1|acq(L)|1\n", to: "runs/h")
    let inputs = try report("runs").inputs
    #expect(inputs.map(\.name) == ["a", "b.txt", "c.log", "d", "f", "g", "h"].map { "runs/" + $0 })
    #expect(
      inputs.map(\.format) == ["text", "text", "ftrace", "text", "jsonl", "jsonl", "std"])
  }

  @Test("A bad line is located in its file")
  func badLine() throws {
    try write(Traces.clean, to: "runs/a")
    try write(Traces.clean + "T1 juggle A\n", to: "runs/deep/b")
    for script in [#""$check" analyze runs"#, #""$check" gate runs/a runs/"#] {
      let result = try shell(script, directory: folder.path)
      #expect(result.status == .exited(2))
      #expect(result.output.isEmpty)
      #expect(result.messages.hasPrefix("runs/deep/b:3:4: error: unknown verb 'juggle'"))
    }
  }

  @Test("What is called a trace, or cannot be unpacked, is not left out")
  func notLeftOut() throws {
    try write(Traces.clean, to: "runs/a")
    for (name, content) in [
      ("b.trace", Array("garbage in\n".utf8)), ("b.trace.gz", Array("garbage in\n".utf8)),
      ("b.trace.4711", Array("garbage in\n".utf8)), ("b.trace.4711.2", Array("garbage in\n".utf8)),
      ("b.ftrace", Array("garbage in\n".utf8)), ("b", [0x1F, 0x8B, 0x08]),
    ] {
      let file = try write(content, to: "runs/" + name)
      let result = try lockdepCheck("gate", "runs", directory: folder.path)
      #expect(result.status == .exited(2))
      #expect(result.messages.hasPrefix("runs/\(name):"))
      try FileManager.default.removeItem(atPath: file)
    }
  }

  @Test("A file that is named is read, trace or not")
  func namedFile() throws {
    let file = try write("no trace at all\n", to: "runs/notes")
    #expect(try lockdepCheck("analyze", file).status == .exited(2))
  }

  @Test("--input-format is that of every file in it")
  func format() throws {
    try write(Traces.clean, to: "runs/a")
    try write("not an event\n", to: "runs/b")
    #expect(try report("runs").inputs.count == 1)
    let result = try lockdepCheck(
      "analyze", "--input-format", "text", "runs", directory: folder.path)
    #expect(result.status == .exited(2))
    #expect(result.messages.hasPrefix("runs/b:1:5: error: unknown verb 'an'"))
  }

  @Test("Links are followed, and what they lead to twice is read once")
  func links() throws {
    try write(Traces.clean, to: "runs/a/1")
    try write(Traces.clean, to: "elsewhere/2")
    for (link, target) in [
      ("runs/a/up", ".."), ("runs/a/self", "self"), ("runs/other", "../elsewhere"),
      ("runs/same", "a/1"), ("elsewhere/back", "../runs"),
    ] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.file(link), withDestinationPath: target)
    }
    #expect(try report("runs").inputs.map(\.name) == ["runs/a/1", "runs/other/2"])
  }

  @Test("A directory without a trace is an error that says so")
  func noTrace() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("none"), withIntermediateDirectories: true)
    try write("prose\n", to: "notes/README")
    try write("prose\n", to: "more/README")
    try write("prose\n", to: "more/LICENSE")
    for (name, ending) in [
      ("none", ""), ("notes", "; the one file in it is none"),
      ("more", "; the 2 files in it are none"),
    ] {
      let result = try lockdepCheck("gate", name, directory: folder.path)
      #expect(result.status == .exited(2))
      #expect(result.output.isEmpty)
      #expect(result.messageLines.count == 2)
      #expect(
        result.messageLines[0] == "\(name): error: is a directory without traces" + ending)
    }
  }

  @Test("An output that is a trace of the directory is refused")
  func overwriting() throws {
    let file = try write(Traces.feasible, to: "runs/a.trace")
    for arguments in [
      ["analyze", folder.path, "-o", file], ["gate", folder.path, "--svg", file],
      ["render", folder.path, "--format", "svg", "-o", file],
    ] {
      let result = try lockdepCheck(arguments: arguments)
      #expect(result.status == .exited(64))
      #expect(result.messages.contains("is named twice"))
    }
    #expect(try folder.text(of: "runs/a.trace") == Traces.feasible)
  }
}
