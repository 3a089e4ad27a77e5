import Foundation
import TestSupport
import Testing

@Suite("convert")
struct ConvertTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What findings are, without names of inputs and numbers of lines.
  private func findings(_ file: String) throws -> [String] {
    try Report(lockdepCheck("analyze", "--format", "json", file).output).findings.map { finding in
      let edges = finding.edges.map { "\($0.from) -> \($0.to) \($0.kinds)" }
      return "\(finding.fingerprint) \(finding.rule) \(finding.confidence ?? "") "
        + "\(finding.recoverable == true) \(finding.classes) \(edges)"
    }
  }

  /// What another validator found out, which is no trace.
  private static let graphFormats = ["lockdep", "lockdep-chains", "kernel-log"]

  @Test("What is no event cannot be converted, and is counted")
  func facts() throws {
    let samples = Samples.all.filter { Self.graphFormats.contains($0.format) }
    #expect(samples.count >= 2)
    for sample in samples {
      let result = try lockdepCheck("convert", sample.path)
      #expect(result.status == .exited(0))
      #expect(result.text == "# lockgraph-trace 1\n")
      #expect(result.messageLines.count == (sample.format == "kernel-log" ? 2 : 1))
      #expect(result.messageLines.allSatisfy { $0.hasPrefix("\(sample.path): warning: ") })
      #expect(result.messages.contains(#/ \d+ facts? that (is no event|are no events) left out: /#))
    }
  }

  @Test(
    "A sample has the same findings when it is converted",
    arguments: Samples.all.filter { !graphFormats.contains($0.format) })
  func samples(_ sample: Sample) throws {
    let converted = folder.file("converted.trace")
    let result = try lockdepCheck("convert", sample.path, "-o", converted)
    #expect(result.status == .exited(0))
    #expect(result.output.isEmpty)
    #expect(result.messages.isEmpty || sample.format == "std")
    #expect(try findings(converted) == findings(sample.path))
    // And is as it is when it is converted again, also by way of JSON Lines.
    for script in [
      #""$check" convert "$1""#, #""$check" convert --to jsonl "$1" | "$check" convert"#,
    ] {
      #expect(try shell(script, converted).output == folder.bytes(of: "converted.trace"))
    }
  }

  @Test("The encoding is what --to says, else what the output's name says, else text")
  func encodings() throws {
    let text = "# lockgraph-trace 1\nT1 acquire A\n"
    let json = """
      {"lockgraph-trace":1}
      {"thread":"T1","event":"acquire","lock":"A"}

      """
    for (arguments, name, expected) in [
      ([], nil, text), (["--to", "text"], nil, text), (["--to", "jsonl"], nil, json),
      ([], "a.trace", text), ([], "a.jsonl", json), ([], "a.JSONL", json), ([], "jsonl", text),
      ([], "a.txt", text), (["--to", "text"], "b.jsonl", text), (["--to", "jsonl"], "b", json),
    ] as [([String], String?, String)] {
      let output = name.map { ["-o", folder.file($0)] } ?? []
      let converted = try lockdepCheck(
        arguments: ["convert"] + arguments + output, input: Array("T1  acquire  A\n\n# x\n".utf8))
      #expect(converted.status == .exited(0))
      #expect(try name.map { try folder.text(of: $0) } ?? converted.text == expected)
    }
    #expect(try lockdepCheck("convert", "-o", "-", input: "T1 acquire A\n").text == text)
  }

  @Test("Archives and directories are inputs, and several become one")
  func inputs() throws {
    let names = ["a.trace", "b.gz"]
    _ = try folder.write(Traces.oneOrder, to: names[0])
    _ = try folder.write(Archive.gzip.bytes(of: Array(Traces.otherOrder.utf8)), to: names[1])
    let expected = """
      # lockgraph-trace 1
      T1 acquire A
      T1 acquire B
      T1 release B
      T1 release A
      T2 acquire 2:B class=B
      T2 acquire 2:A class=A
      T2 release 2:A
      T2 release 2:B

      """
    let result = try lockdepCheck("convert", ".", directory: folder.path)
    #expect(result.status == .exited(0))
    #expect(result.text == expected)
    #expect(result.messageLines.count == 1)
    #expect(result.messages.hasPrefix("./b.gz: warning: 2 locks have names that are taken"))
    let piped = try shell(#"cat b.gz | "$check" convert a.trace -"#, directory: folder.path)
    #expect(piped.text == expected)
    #expect(piped.messageLines.count == 1)
    #expect(
      piped.messages.hasPrefix("<stdin>: warning: 2 locks have names that are taken or empty"))
    #expect(piped.messages.hasSuffix("(the first at line 1)\n"))
  }

  @Test("A mistake leaves no output behind, and what was there")
  func badInput() throws {
    let input = try folder.write(Traces.clean + "T1 juggle A\n", to: "in.trace")
    _ = try folder.write("precious\n", to: "out.jsonl")
    for output in [["-o", folder.file("out.jsonl")], ["-o", folder.file("new.trace")], []] {
      let result = try lockdepCheck(arguments: ["convert", input] + output)
      #expect(result.status == .exited(2))
      #expect(result.output.isEmpty)
      #expect(result.messages.hasPrefix("\(input):3:4: error: unknown verb 'juggle'"))
    }
    #expect(try folder.text(of: "out.jsonl") == "precious\n")
    #expect(try folder.contents == ["in.trace", "out.jsonl"])
    let kept = try lockdepCheck("convert", "--keep-going", input)
    #expect(kept.status == .exited(0))
    #expect(kept.text == "# lockgraph-trace 1\n" + Traces.clean)
    #expect(kept.messageLines == ["\(input): warning: skipped 1 bad line at line 3"])
  }

  @Test("What is too long to be held is written as it comes", .timeLimit(.minutes(2)))
  func streaming() throws {
    let place = String(repeating: "x", count: 200)
    let result = try shell(
      #"""
      mkfifo fifo; "$check" convert fifo -o out.trace & check=$!
      exec 3>fifo; yes "$1" | head -n 400000 >&3; grep VmHWM /proc/$check/status
      for file in /proc/$check/fd/*; do
        case $(readlink $file) in "$PWD"/[#.]*) stat -L -c %b $file ;; esac
      done
      exec 3>&-; wait $check; wc -l < out.trace
      """#, "T1 sleep at=\(place)", directory: folder.path)
    let lines = result.text.split(separator: "\n").map(String.init)
    try #require(lines.count == 3)
    #expect(lines[2] == "400001")
    let memory = try #require(Int(lines[0].filter(\.isNumber)))
    #expect(memory < 70_000, "kilobytes for an output of 86 megabytes")
    let written = try #require(Int(lines[1]))
    #expect(written > 100_000, "blocks of half a kilobyte")
    #expect(try folder.contents == ["fifo", "out.trace"])
  }

  @Test("An interrupted conversion leaves nothing behind", arguments: [SIGINT, SIGTERM, SIGHUP])
  func interrupted(_ number: Int32) throws {
    let process = try ProcessRunner(
      BuiltProducts.executable("lockdep-check"), ["convert", "-", "-o", folder.file("out.trace")]
    ).start()
    process.write(Array(Traces.feasible.utf8))
    #expect(process.waitForUnfinishedFiles(in: folder.path))
    #expect(try !folder.contents.contains("out.trace"))
    process.send(number)
    let result = try process.finish(writing: nil)
    #expect(result.status == (number == SIGINT ? .exited(130) : .signaled(number)))
    #expect(try folder.contents == [])
  }

  @Test("A reader that goes away ends it by SIGPIPE")
  func closedPipe() throws {
    let result = try shell(
      #"yes "T1 sleep" | head -n 2000000 | ("$check" convert; echo $? >&2) | head -n 1"#)
    #expect(result.text == "# lockgraph-trace 1\n")
    #expect(result.messageLines == ["\(128 + SIGPIPE)"])
  }

  @Test(
    "A full disk is one clear line",
    .needs("/dev/full", FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDisk() throws {
    let sample = "\(Samples.folder)/abba.trace"
    for (script, name) in [
      (#""$check" convert "$1" -o /dev/full"#, "/dev/full"),
      (#""$check" convert "$1" > /dev/full"#, "standard output"),
      (#"yes "T1 sleep" | head -n 2000000 | "$check" convert > /dev/full"#, "standard output"),
    ] {
      let result = try shell(script, sample)
      #expect(result.status == .exited(2))
      #expect(
        result.messageLines == ["\(name): error: cannot be written: No space left on device"])
    }
  }

  @Test("A symbolic link stays one, and a device and a FIFO are written into")
  func targets() throws {
    let target = try folder.write("old\n", to: "target.trace")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.trace"), withDestinationPath: target)
    #expect(
      try lockdepCheck("convert", "-o", folder.file("link.trace"), input: Traces.clean).status
        == .exited(0))
    let expected = "# lockgraph-trace 1\n" + Traces.clean
    #expect(try folder.text(of: "target.trace") == expected)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link.trace"))
        == target)
    #expect(
      try lockdepCheck("convert", "-o", "/dev/null", input: Traces.clean).status == .exited(0))
    let piped = try shell(
      #"mkfifo out; "$check" convert target.trace -o out & cat out; wait"#, directory: folder.path)
    #expect(piped.text == expected)
    let missing = try lockdepCheck(
      "convert", "-o", folder.file("none/out.trace"), input: Traces.clean)
    #expect(missing.status == .exited(2))
    #expect(missing.messages.hasSuffix("cannot be written: No such file or directory\n"))
  }

  @Test("An output that is an input is refused, and so is one that would not be compressed")
  func refused() throws {
    let file = try folder.write(Traces.feasible, to: "a.trace")
    for arguments in [[file, "-o", file], [folder.path, "-o", file]] {
      let result = try lockdepCheck(arguments: ["convert"] + arguments)
      #expect(result.status == .exited(64))
      #expect(result.messages.contains("is named twice, as input and output"))
    }
    #expect(try folder.text(of: "a.trace") == Traces.feasible)
    let packed = try lockdepCheck("convert", file, "-o", folder.file("b.trace.gz"))
    #expect(packed.status == .exited(64))
    #expect(packed.messages.contains("would not be compressed"))
    #expect(
      try lockdepCheck("convert", file, "--to", "xml").messages.contains("'text' and 'jsonl'"))
    #expect(try folder.contents == ["a.trace"])
  }
}
