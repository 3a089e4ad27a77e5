import Foundation
import TestSupport
import Testing

/// Archives as their own programs write them.
enum Archive: String, CaseIterable {
  case gzip, xz, zstd

  var ending: String { self == .gzip ? "gz" : self == .xz ? "xz" : "zst" }

  func bytes(of content: [UInt8]) throws -> [UInt8] {
    let result = try ProcessRunner(rawValue, ["-c"], input: content).run()
    try #require(result.status == .exited(0))
    return result.output
  }
}

@Suite("Compressed inputs")
struct CompressedInputTests {
  /// Long enough that no pipe holds it, and not so regular that it compresses to nothing.
  private static let longTrace: [UInt8] = {
    var generator = SeededGenerator(seed: 1)
    var text = ""
    for number in 0..<16_000 {
      let lock = "lock-\(UInt64.random(in: 0..<5000, using: &generator))"
      text +=
        "T\(number % 7) acquire \(lock) at=\(UInt32.random(in: 0...(.max), using: &generator))\n"
      text += "T\(number % 7) release \(lock)\n"
    }
    return Array((text + Traces.feasible).utf8)
  }()

  private func report(_ result: ProcessResult, _ name: String) -> String {
    result.text.replacing(name, with: "INPUT")
  }

  @Test(
    "An archive is read like what is in it, from a file and through a pipe",
    arguments: Archive.allCases)
  func waysIn(_ archive: Archive) throws {
    let folder = try TemporaryFolder()
    for content in [Array(Traces.feasible.utf8), Self.longTrace] {
      let plain = try folder.write(content, to: "plain")
      let file = try folder.write(archive.bytes(of: content), to: "archive.\(archive.ending)")
      let expected = report(
        try lockdepCheck("analyze", "--predict", "never", "--format", "json", plain), plain)
      #expect(expected.contains(#""findings": 1"#))
      for (script, name) in [
        (#""$check" analyze --predict never --format json "$1""#, file),
        (#""$check" analyze --predict never --format json < "$1""#, "<stdin>"),
        (#"cat "$1" | "$check" analyze --predict never --format json"#, "<stdin>"),
        (
          #"(head -c 1 "$1"; sleep 0.1; tail -c +2 "$1") | "$check" analyze --predict never --format json"#,
          "<stdin>"
        ),
        (
          #"mkfifo fifo; cat "$1" > fifo & "$check" analyze --predict never --format json fifo; rm fifo"#,
          "fifo"
        ),
      ] {
        let result = try shell(script, file, directory: folder.path)
        #expect(result.status == .exited(0))
        #expect(result.messages.isEmpty)
        #expect(report(result, name) == expected)
      }
    }
  }

  @Test("Several archives in one are read on end")
  func members() throws {
    let folder = try TemporaryFolder()
    for archive in Archive.allCases {
      let parts = try [Traces.oneOrder, Traces.otherOrder].map {
        try archive.bytes(of: Array($0.utf8))
      }
      let file = try folder.write(parts[0] + parts[1], to: "two.\(archive.ending)")
      #expect(try lockdepCheck("gate", file).status == .exited(1))
    }
  }

  @Test("A capture of the kernel that overran is read as if it were not compressed")
  func overrun() throws {
    var trace = KernelTrace(hasHeader: false)
    trace.add(line: "# tracer: nop")
    trace.add(line: "# entries-in-buffer/entries-written: 6/600   #P:4")
    // The second of two CPUs, of four that the header counts, comes late.
    for number in 0..<3000 {
      trace.nest("00000000d62be93c lock_\(number % 50)", "00000000d62be93d other", cpu: 0)
    }
    trace.nest("00000000d62be939 a", "00000000d62be93a b", task: "two-2", cpu: 1)
    trace.nest("00000000d62be939 a", "00000000d62be93a b", cpu: 0)
    let folder = try TemporaryFolder()
    let plain = try folder.write(trace.text, to: "capture")
    let expected = try lockdepCheck("analyze", "--predict", "never", "--format", "json", plain)
    #expect(expected.messages.contains("12000 events before the last CPU's first one"))
    for archive in Archive.allCases {
      let file = try folder.write(
        archive.bytes(of: Array(trace.text.utf8)), to: "capture.\(archive.ending)")
      let result = try lockdepCheck("analyze", "--format", "json", file)
      #expect(report(result, file) == report(expected, plain))
      #expect(
        try shell(#""$check" analyze --predict never --format json < "$1""#, file).text.contains(
          "12000"))
    }
  }

  @Test("An archive that ends early is an error, and a warning with --keep-going")
  func truncated() throws {
    let folder = try TemporaryFolder()
    for archive in Archive.allCases {
      let whole = try archive.bytes(of: Self.longTrace)
      let file = try folder.write(Array(whole.prefix(whole.count / 2)), to: "cut")
      for script in [#""$check" gate $2 "$1""#, #"cat "$1" | "$check" gate $2"#] {
        let refused = try shell(script, file)
        #expect(refused.status == .exited(2))
        #expect(refused.output.isEmpty)
        #expect(refused.messageLines.count == 2)
        #expect(refused.messageLines[0].contains(": error: cannot be decompressed: \(archive)"))
        #expect(refused.messageLines[1] == "    expected a complete \(archive) archive")
        let kept = try shell(script, file, "--keep-going")
        #expect(kept.status == .exited(0))
        #expect(kept.messages.contains(": warning: cannot be decompressed to its end: \(archive)"))
        #expect(kept.text.contains(" events, 7 threads"))
      }
    }
  }

  @Test("Damage in the middle is what is reported, not the text that comes of it")
  func damaged() throws {
    let folder = try TemporaryFolder()
    for archive in Archive.allCases {
      var bytes = try archive.bytes(of: Self.longTrace)
      for index in 0..<64 { bytes[bytes.count / 2 + index] ^= 0x5A }
      let file = try folder.write(bytes, to: "damaged")
      for script in [#""$check" analyze "$1""#, #"cat "$1" | "$check" analyze"#] {
        let result = try shell(script, file)
        #expect(result.status == .exited(2))
        #expect(result.output.isEmpty)
        #expect(result.messageLines[0].contains("error: cannot be decompressed: \(archive)"))
      }
    }
  }

  @Test("What only begins like an archive is refused")
  func impostor() throws {
    let marks: [[UInt8]] = [
      [0x1F, 0x8B], [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], [0x28, 0xB5, 0x2F, 0xFD],
    ]
    for mark in marks {
      for rest in [[], [UInt8](repeating: 0x41, count: 3 << 20)] {
        let result = try lockdepCheck(arguments: ["analyze"], input: mark + rest)
        #expect(result.status == .exited(2))
        #expect(result.output.isEmpty)
        #expect(result.messages.hasPrefix("<stdin>: error: cannot be decompressed: "))
      }
    }
  }

  @Test("What follows a gzip archive is a warning")
  func trailingGarbage() throws {
    let bytes = try Archive.gzip.bytes(of: Array(Traces.feasible.utf8)) + Array("garbage".utf8)
    let result = try lockdepCheck(arguments: ["gate"], input: bytes)
    #expect(result.status == .exited(1))
    #expect(result.messages.contains("<stdin>: warning: gzip: "))
    #expect(result.messages.contains("trailing garbage"))
  }

  @Test("A bad line in an archive is located in its text")
  func badLine() throws {
    let folder = try TemporaryFolder()
    for archive in Archive.allCases {
      let content = Array("T1 acquire A\nT1 juggle A\n".utf8) + Self.longTrace
      let file = try folder.write(archive.bytes(of: content), to: "bad")
      let result = try lockdepCheck("analyze", file)
      #expect(result.status == .exited(2))
      #expect(result.messages.hasPrefix("\(file):2:4: error: unknown verb 'juggle'"))
    }
  }

  @Test("A bad line ends the run though the rest of the archive is still to come")
  func endsEarly() throws {
    let folder = try TemporaryFolder()
    for archive in Archive.allCases {
      // More than any of the programs wants to have before it begins.
      let bytes = try archive.bytes(
        of: Array("T1 juggle A\n".utf8) + Self.longTrace + Self.longTrace)
      let file = try folder.write(bytes, to: "archive")
      let result = try shell(
        #"rm -f fifo; mkfifo fifo; (cat "$1"; exec sleep 100) > fifo & "$check" analyze fifo; kill $!"#,
        file, directory: folder.path)
      #expect(result.messages.hasPrefix("fifo:1:4: error: unknown verb 'juggle'"))
    }
  }

  @Test("A missing program is named, with what to install")
  func missingProgram() throws {
    let folder = try TemporaryFolder()
    for (archive, package) in [
      (Archive.gzip, "the package gzip"), (.xz, "the package xz-utils"),
      (.zstd, "the package zstd"),
    ] {
      let bytes = try archive.bytes(of: Array(Traces.feasible.utf8))
      let file = try folder.write(bytes, to: "trace")
      let result = try lockdepCheck("analyze", file, environment: ["PATH": folder.path])
      #expect(result.status == .exited(2))
      #expect(result.output.isEmpty)
      #expect(result.messageLines.count == 2)
      #expect(
        result.messageLines[0]
          == "\(file): error: is compressed, and the program \(archive) was not found")
      #expect(
        result.messageLines[1].hasPrefix("    expected \(archive) in PATH: install \(package)"))
    }
  }

  @Test("Neither descriptors nor children are left behind")
  func leftovers() throws {
    let folder = try TemporaryFolder()
    for archive in Archive.allCases {
      let good = try archive.bytes(of: Array(Traces.feasible.utf8))
      _ = try folder.write(good, to: "good.\(archive.ending)")
    }
    // What this process has open itself must not count.
    let open = (0..<16).map { _ in dup(0) }
    defer { for number in open { close(number) } }
    let many = #"set --; for i in 1 2 3 4 5 6 7 8 9 10; do set -- "$@" good.*; done; "#
    let result = try shell(
      "ulimit -n 16; " + many + #""$check" analyze "$@""#, directory: folder.path)
    #expect(result.status == .exited(0))
    #expect(result.messages.isEmpty)

    let hasTasks = FileManager.default.fileExists(atPath: "/proc/self/task")
    guard TestTier.has(hasTasks, "/proc") else { return }
    // While the last input does not come, those before it are done with.
    let children = try shell(
      "mkfifo fifo; " + many
        + #"""
        "$check" analyze "$@" fifo > report & check=$!
        exec 3>fifo; sleep 0.2; cat /proc/$check/task/$check/children; exec 3>&-; wait $check
        """#, directory: folder.path)
    #expect(children.status == .exited(0))
    #expect(children.text == "")
  }
}
