import Foundation
import TestSupport
import Testing

@Suite("Outputs")
struct OutputTests {
  @Test("-o writes what standard output would show, and nothing else")
  func outputFile() throws {
    let folder = try TemporaryFolder()
    for format in ["text", "json"] {
      let shown = try lockdepCheck("analyze", "--format", format, input: Traces.feasible)
      let written = try lockdepCheck(
        "analyze", "--format", format, "-o", folder.file(format), input: Traces.feasible)
      #expect(written.output.isEmpty)
      #expect(try folder.bytes(of: format) == shown.output)
    }
    #expect(try folder.contents == ["json", "text"])
  }

  @Test("An existing file is replaced when the run succeeds and kept when it fails")
  func existingFile() throws {
    let folder = try TemporaryFolder()
    let output = try folder.write("precious\n", to: "report.txt")
    let picture = try folder.write("<precious/>\n", to: "graph.svg")
    let bad = try lockdepCheck(
      "analyze", "-o", output, "--svg", picture, input: "T1 acquire A\nT1 juggle A\n")
    #expect(bad.status == .exited(2))
    #expect(try folder.text(of: "report.txt") == "precious\n")
    #expect(try folder.text(of: "graph.svg") == "<precious/>\n")

    #expect(
      try lockdepCheck("gate", "-o", output, "--svg", picture, input: Traces.feasible).status
        == .exited(1))
    #expect(try folder.text(of: "report.txt").contains("A and B are taken in both orders"))
    #expect(try folder.text(of: "graph.svg").contains("<svg"))
    #expect(try folder.contents == ["graph.svg", "report.txt"])
  }

  @Test("What is meant for a stream that is closed goes into no file", arguments: [1, 2])
  func closedStreams(_ number: Int) throws {
    let folder = try TemporaryFolder()
    let trace = try folder.write(Traces.feasible + "T1 juggle A\n", to: "x.trace")
    let result = try shell(
      #"""
      "$check" analyze --keep-going "$1" --report json="$2/a.json" --report json="$2/b.json" \#(number)>&-
      echo $?
      """#, trace, folder.path)
    if number == 1 {
      #expect(result.text == "2\n")
      #expect(
        result.messageLines.last
          == "standard output: error: cannot be written: Bad file descriptor")
      #expect(try folder.contents == ["x.trace"])
    } else {
      #expect(result.text.hasSuffix("\n0\n"))
      #expect(try Report(folder.bytes(of: "a.json")).findings.count == 1)
      #expect(try folder.bytes(of: "a.json") == folder.bytes(of: "b.json"))
    }
  }

  @Test("Standard output by another name is not replaced by what else goes there")
  func namedStandardOutput() throws {
    let folder = try TemporaryFolder()
    let trace = try folder.write(Traces.feasible, to: "x.trace")
    _ = try shell(
      #""$check" analyze "$1" --report github=/dev/stdout > "$2""#, trace, folder.file("out"))
    let shown = try lockdepCheck("analyze", trace)
    let annotations = try lockdepCheck("analyze", trace, "--format", "github")
    #expect(try folder.bytes(of: "out") == annotations.output + shown.output)
  }

  @Test("A file that is written again keeps its rights")
  func rights() throws {
    let folder = try TemporaryFolder()
    let output = try folder.write("old\n", to: "report.txt")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: output)
    _ = try shell(#"umask 077; "$check" analyze -o "$1" < /dev/null"#, output)
    let attributes = try FileManager.default.attributesOfItem(atPath: output)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    #expect(try folder.text(of: "report.txt") != "old\n")
  }

  @Test("A file that grows beyond its limit is one clear line and not there")
  func limitedFile() throws {
    let folder = try TemporaryFolder()
    let trace = try folder.write(Traces.feasible, to: "x.trace")
    let result = try shell(
      #"ulimit -f 1; "$check" analyze "$1" --report json="$2/a.json"; echo $?"#, trace, folder.path)
    #expect(result.text == "2\n")
    #expect(
      result.messageLines == [
        "\(folder.file("a.json")): error: cannot be written: File too large"
      ])
    #expect(try folder.contents == ["x.trace"])
  }

  @Test(
    "A run that is interrupted while it writes leaves nothing behind",
    arguments: [SIGINT, SIGTERM, SIGQUIT])
  func interrupted(_ number: Int32) throws {
    let (folder, inputs) = (try TemporaryFolder(), try TemporaryFolder())
    var trace = ""
    for number in 0..<2000 {
      for (one, other) in [("a", "b"), ("b", "a")] {
        trace += "T\(one) acquire \(one)\(number)\nT\(one) acquire \(other)\(number)\n"
        trace += "T\(one) release \(other)\(number)\nT\(one) release \(one)\(number)\n"
      }
    }
    let reports = (1...9).flatMap { ["--report", "json=\(folder.file("\($0).json"))"] }
    let process = try ProcessRunner(
      BuiltProducts.executable("lockdep-check"),
      [
        "gate", "--max-findings", "5000", inputs.write(trace, to: "many.trace"), "-o",
        folder.file("report.txt"),
      ] + reports
    ).start()
    #expect(process.waitForUnfinishedFiles(in: folder.path))
    // One is complete by then, and another is being written, unless the machine is slow.
    let deadline = ContinuousClock.now + .seconds(30)
    while process.unfinishedFiles(in: folder.path).count < 2, ContinuousClock.now < deadline {
      usleep(1000)
    }
    process.send(number)
    let result = try process.finish(writing: nil)
    #expect(result.status == (number == SIGINT ? .exited(130) : .signaled(number)))
    #expect(try folder.contents == [])
  }

  @Test("A symbolic link stays one and its target is written")
  func symbolicLink() throws {
    let folder = try TemporaryFolder()
    let target = try folder.write("old\n", to: "target.txt")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.txt"), withDestinationPath: target)
    #expect(
      try lockdepCheck("analyze", "-o", folder.file("link.txt"), input: Traces.clean).status
        == .exited(0))
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link.txt")) == target)
    #expect(try folder.text(of: "target.txt").hasPrefix("No violation found."))
  }

  @Test("Report, SVG and DOT come from one run")
  func pictures() throws {
    let folder = try TemporaryFolder()
    let result = try lockdepCheck(
      "gate", "--svg", folder.file("g.svg"), "--dot", folder.file("g.dot"), input: Traces.feasible)
    #expect(result.status == .exited(1))
    #expect(result.text.contains("A and B are taken in both orders"))
    #expect(try folder.text(of: "g.svg").contains("<svg"))
    #expect(try folder.text(of: "g.dot").contains("digraph"))
    #expect(try folder.contents == ["g.dot", "g.svg"])
  }

  @Test(
    "render takes the format from the extension",
    arguments: [("svg", "<"), ("dot", "digraph"), ("png", "\u{89}PNG"), ("pdf", "%PDF")])
  func render(_ ending: String, _ beginning: String) throws {
    let folder = try TemporaryFolder()
    let result = try lockdepCheck(
      "render", "-o", folder.file("graph.\(ending)"), input: Traces.feasible)
    #expect(result.status == .exited(0))
    #expect(result.output.isEmpty)
    #expect(result.messages.isEmpty)
    let bytes = try folder.bytes(of: "graph.\(ending)")
    #expect(bytes.starts(with: beginning.unicodeScalars.map { UInt8($0.value) }))
    let upper = try lockdepCheck(
      "render", "-o", folder.file("UPPER.\(ending.uppercased())"), input: Traces.feasible)
    #expect(upper.status == .exited(0))
  }

  @Test("render draws SVG on standard output, and another format if told")
  func renderToStandardOutput() throws {
    #expect(try lockdepCheck("render", input: Traces.feasible).text.contains("<svg"))
    #expect(
      try lockdepCheck("render", "--format", "dot", input: Traces.feasible).text
        .contains("digraph"))
    let folder = try TemporaryFolder()
    let odd = folder.file("graph.txt")
    #expect(
      try lockdepCheck("render", "--format", "dot", "-o", odd, input: Traces.feasible).status
        == .exited(0))
  }

  @Test("A folder that is not there or cannot be written is 2 and named")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    for option in ["-o", "--svg", "--dot"] {
      let path = folder.file("missing/out.svg")
      let result = try lockdepCheck("analyze", option, path, input: Traces.feasible)
      #expect(result.status == .exited(2))
      #expect(
        result.messageLines == ["\(path): error: cannot be written: No such file or directory"])
    }
    let result = try lockdepCheck("analyze", "-o", folder.path, input: Traces.feasible)
    #expect(result.status == .exited(2))
    #expect(result.messageLines.count == 1)
    #expect(result.messages.hasPrefix("\(folder.path): error: cannot be "))
    #expect(try folder.contents == [])
    let siblings = try FileManager.default.contentsOfDirectory(
      atPath: URL(fileURLWithPath: folder.path).deletingLastPathComponent().path)
    let name = URL(fileURLWithPath: folder.path).lastPathComponent
    #expect(siblings.filter { $0.hasPrefix(name) } == [name])
  }

  @Test(
    "A full disk is 2 and one clear line",
    .needs("/dev/full", FileManager.default.fileExists(atPath: "/dev/full")),
    arguments: [
      (#""$check" analyze "$1" -o /dev/full"#, "/dev/full"),
      (#""$check" analyze "$1" > /dev/full"#, "standard output"),
      (#""$check" render "$1" > /dev/full"#, "standard output"),
      (#""$check" analyze "$1" --svg /dev/full"#, "/dev/full"),
      (#""$check" explain held-at-exit > /dev/full"#, "standard output"),
    ])
  func fullDisk(_ script: String, _ name: String) throws {
    let result = try shell(script, "\(Samples.folder)/abba.trace")
    #expect(result.status == .exited(2))
    #expect(
      result.messageLines == ["\(name): error: cannot be written: No space left on device"])
  }

  @Test("Where nobody reads on, the command ends by SIGPIPE without a word, and leaves nothing")
  func closedPipe() throws {
    let folder = try TemporaryFolder()
    for arguments in [
      ["analyze", "-"], ["render", "-"], ["gate", "-", "--format", "json"],
      ["gate", "-", "--report", "sarif=\(folder.file("out.sarif"))"],
    ] {
      let process = try ProcessRunner(
        BuiltProducts.executable("lockdep-check"), arguments
      ).start()
      process.closeOutput()
      let result = try process.finish(writing: Array(Traces.feasible.utf8))
      #expect(result.status == .signaled(SIGPIPE))
      #expect(result.messages.isEmpty)
    }
    #expect(try folder.contents == [])
    // Whoever ignores the signal reads what went wrong.
    let ignored = try shell(
      #"trap '' PIPE; { sleep 0.3; "$check" analyze "$1"; echo $? >&2; } | true"#,
      "\(Samples.folder)/forgotten-signal.trace")
    #expect(
      ignored.messageLines == ["standard output: error: cannot be written: Broken pipe", "2"])
    let input = try lockdepCheck("analyze", folder.file("none"))
    #expect(input.status == .exited(2))
  }

  @Test("A closed standard output is one clear line and no crash")
  func closedOutput() throws {
    let result = try shell(#""$check" analyze "$1" >&-"#, "\(Samples.folder)/abba.trace")
    #expect(result.status == .exited(2))
    #expect(
      result.messageLines == ["standard output: error: cannot be written: Bad file descriptor"])
  }

  @Test("A device stays a device")
  func device() throws {
    for arguments in [
      ["analyze", "-o", "/dev/null"], ["analyze", "--svg", "/dev/null"],
      ["render", "-o", "/dev/null"],
    ] {
      let result = try lockdepCheck(arguments: arguments, input: Array(Traces.feasible.utf8))
      #expect(result.status == .exited(0))
      #expect(result.messages.isEmpty)
    }
    let attributes = try FileManager.default.attributesOfItem(atPath: "/dev/null")
    #expect(attributes[.type] as? FileAttributeType == .typeCharacterSpecial)
  }

  @Test("-o - is standard output, and a FIFO is written into")
  func dashAndPipe() throws {
    let shown = try lockdepCheck("analyze", input: Traces.feasible)
    #expect(try lockdepCheck("analyze", "-o", "-", input: Traces.feasible).output == shown.output)
    let folder = try TemporaryFolder()
    let file = try folder.write(Traces.feasible, to: "a.trace")
    let result = try shell(
      #"mkfifo out; "$check" analyze - -o out < "$1" & cat out; wait"#, file,
      directory: folder.path)
    #expect(result.output == shown.output)
  }
}
