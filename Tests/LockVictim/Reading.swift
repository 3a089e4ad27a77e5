import Foundation
import LockGraph

/// Reads traces by several threads, in pieces and side by side, and says whether that shows.
enum Reading {
  static func run() {
    #if Validation
      let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("lock-victim-\(getpid())")
      try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let long = trace(lines: 8_000)
      let files = (1...12).map { number in
        let file = folder.appendingPathComponent("\(number).trace")
        try? Data(trace(lines: 200 * number)).write(to: file)
        return TraceSource.file(file.path)
      }
      let capture = capture(lines: 8_000)
      for sources in [
        [.bytes(long, name: "long.trace")], [.bytes(capture, name: "capture.txt")], files,
      ] {
        let told = [1, 2, 4].map { report(on: sources, jobs: $0) }
        say(told.allSatisfy { $0 == told[0] } ? "the same" : "different")
      }
    #else
      say("nothing to read with")
    #endif
  }

  #if Validation
    private static func trace(lines: Int) -> [UInt8] {
      var text = "# lockgraph-trace 1\n"
      for number in 0..<lines / 4 {
        let (thread, one) = ("T\(number % 5)", "m\(number % 61)")
        let other = "n\(number * 7 % 61 + 30)"
        text += "\(thread) acquire \(one) at=File.swift:\(number % 61)\n"
        text += "\(thread) acquire \(other)\n\(thread) release \(other)\n\(thread) release \(one)\n"
      }
      return Array(text.utf8)
    }

    private static func capture(lines: Int) -> [UInt8] {
      var text = "# tracer: nop\n#\n# entries-in-buffer/entries-written: 4/4   #P:2\n#\n"
      for number in 0..<lines / 4 {
        let head =
          "          task-\(number % 3)-6\(number % 3)       [000] ....1    16.\(100_000 + number): "
        let (one, other) = (
          "ffff888000001\(number % 61 + 100) a", "ffff888000002\(number * 7 % 61 + 100) b"
        )
        text += head + "lock_acquire: \(one)\n" + head + "lock_acquire: \(other)\n"
        text += head + "lock_release: \(other)\n" + head + "lock_release: \(one)\n"
      }
      return Array(text.utf8)
    }

    private static func report(on sources: [TraceSource], jobs: Int) -> [UInt8] {
      var options = TraceAnalyzer.Options()
      options.reading.jobs = jobs
      options.reading.pieceSize = 1 << 12
      do throws(TraceError) {
        var analyzer = TraceAnalyzer(options: options)
        analyzer.expect(sources)
        for source in sources { try analyzer.read(source) }
        var merger = GraphMerger(reading: options.reading)
        merger.expect(sources)
        for source in sources { try merger.read(source) }
        let graph = Collected()
        _ = merger.finish { graph.add($0) }
        return JSONReport(analyzer.finish()).bytes + graph.bytes
      } catch {
        return Array(error.description.utf8)
      }
    }

    private final class Collected {
      private(set) var bytes: [UInt8] = []
      func add(_ more: UnsafeRawBufferPointer) -> Bool {
        bytes += more
        return true
      }
    }
  #endif
}
