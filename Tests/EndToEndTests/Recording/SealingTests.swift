#if os(Linux)
  import Foundation
  import TestSupport
  import Testing

  @Suite("Sealed recordings", .needs("a compiler for C", RecordedPrograms.hasCompiler))
  struct SealingTests {
    private let folder: TemporaryFolder
    private let trace: String

    init() throws {
      folder = try TemporaryFolder()
      trace = folder.file("trace.lgt")
    }

    /// Records a program, and kills that and the recorder's command with it.
    private func recordAndKill() throws {
      let running = try ProcessRunner(
        BuiltProducts.executable("lockdep-check"),
        ["record", "-o", trace, "--", RecordedPrograms.scenarios.get(), "sleep"]
      ).start()
      #expect(running.waits(for: "ready", within: .seconds(120)))
      let children = try String(
        contentsOfFile: "/proc/\(running.identifier)/task/\(running.identifier)/children",
        encoding: .utf8
      ).split(separator: " ").compactMap { pid_t($0) }
      let early = try lockdepCheck("seal", trace)
      #expect(early.status == .exited(2))
      #expect(early.messages.contains("is of a process that still runs"))
      running.send(SIGKILL)
      for child in children { kill(child, SIGKILL) }
      _ = try running.finish()
      // The kernel may not be done with it.
      for child in children {
        for _ in 0..<6000 where FileManager.default.fileExists(atPath: "/proc/\(child)/exe") {
          usleep(10_000)
        }
      }
    }

    @Test("A killed program's recording is sealed afterwards, with the same events")
    func killed() throws {
      try recordAndKill()
      let before = try lockdepCheck("convert", trace)
      #expect(before.text.contains("stack=scenarios+0x"))
      let sealed = try lockdepCheck("seal", trace)
      #expect(sealed.status == .exited(0), "\(sealed.messages)")
      let after = try lockdepCheck("convert", trace)
      #expect(after.text.contains("main acquire a write kind=mutex at="))
      #expect(after.text.contains("/scenarios.c:"))
      func verbs(_ text: String) -> [Substring] {
        text.split(separator: "\n").map { $0.split(separator: " ")[1] }
      }
      #expect(verbs(before.text) == verbs(after.text))
      // Once more changes nothing.
      let bytes = try folder.bytes(of: "trace.lgt")
      #expect(try lockdepCheck("seal", trace).status == .exited(0))
      #expect(try folder.bytes(of: "trace.lgt") == bytes)
    }

    @Test("A sealer that stops anywhere leaves a recording that can be read")
    func interruptedSealing() throws {
      try recordAndKill()
      let before = try folder.bytes(of: "trace.lgt")
      _ = try lockdepCheck("seal", trace)
      let after = try folder.bytes(of: "trace.lgt")
      let verdict = try lockdepCheck("convert", trace).text.split(separator: "\n").count
      // What is written first is behind everything else; each part of it alone, then the header.
      for length in stride(from: before.count, through: after.count, by: 512) {
        let part = folder.file("part.lgt")
        var bytes = before
        if length > before.count { bytes += after[before.count..<length] }
        _ = try folder.write(bytes, to: "part.lgt")
        let read = try lockdepCheck("convert", part)
        #expect(read.status == .exited(0), "\(length): \(read.messages)")
        #expect(read.text.split(separator: "\n").count == verdict)
      }
    }

    @Test("What is no recording is refused")
    func noRecording() throws {
      let file = try folder.write("text", to: "text.lgt")
      let result = try lockdepCheck("seal", file)
      #expect(result.status == .exited(2))
      #expect(
        result.messages == """
          \(file): error: is no recording at byte 0
              expected the mark with which recordings begin

          """)
    }

    @Test("A recording through a pipe, or compressed, is the same")
    func streams() throws {
      let recorded = try lockdepCheck(
        "record", "-o", trace, "--", try RecordedPrograms.scenarios.get(), "abba")
      #expect(recorded.status == .exited(0))
      let text = try lockdepCheck("convert", trace).text
      let piped = try shell("$check convert - <\"$1\"; cat \"$1\" | $check convert -", trace)
      #expect(piped.text == text + text)
      let zipped = try shell("gzip -k \"$1\" && $check convert \"$1.gz\"", trace)
      #expect(zipped.text == text)
    }

    @Test("A text trace of a recording has the findings of the recording")
    func conversion() throws {
      _ = try lockdepCheck(
        "record", "-o", trace, "--", try RecordedPrograms.scenarios.get(), "abba")
      let text = folder.file("events.trace")
      #expect(try lockdepCheck("convert", trace, "-o", text).status == .exited(0))
      func fingerprints(_ path: String) throws -> [String] {
        try lockdepCheck("analyze", path).text
          .matches(of: /fingerprint ([0-9a-f]+)/).map { String($0.output.1) }
      }
      let found = try fingerprints(trace)
      #expect(!found.isEmpty)
      #expect(try fingerprints(text) == found)
    }
  }
#endif
