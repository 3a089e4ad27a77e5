import CLockGraph
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The report and the graph of the running program. A process that was forked writes its own, if it
/// has found something that its parent had not.
///
/// Thread-safe; what is written is made while nobody else writes, so that what is written last is
/// the newest.
final class ProgramOutputs: @unchecked Sendable {
  private let configuration: LockValidator.Configuration
  private let folder: String
  /// Those of the process that began, from which others may be forked.
  private let originals: Outputs
  private var outputs: Outputs
  /// The process of the thread that writes; 0 if none does. What a parent had is not a child's.
  private let writer = Atomic<Int32>(0)
  /// The process for which all is written.
  private let ended = Atomic<Int32>(0)
  /// How much a process knew when it was forked; under the validator's lock.
  private var inherited: (process: Int32, learned: Int)?

  private struct Outputs {
    var process: Int32
    var report: ProgramOutput?
    var graph: ProgramOutput?
    /// What is no file gets one report.
    var isReported = false
    /// There was something to report.
    var hasNews = false
  }

  init(_ configuration: LockValidator.Configuration) {
    self.configuration = configuration
    folder = Self.currentFolder()
    originals = Self.outputs(configuration, folder)
    outputs = originals
  }

  /// The file in which events are recorded, begun.
  ///
  /// - Parameter begin: writes what it begins with.
  static func trace(
    _ template: String, _ begin: (OutputSink, OutputStamp) -> Void
  ) -> (output: ProgramOutput, sink: OutputSink)? {
    var output = ProgramOutput(template, in: currentFolder(), of: "t")
    let stamp = output.stamp
    let sink = output.open { sink throws(OutputSink.Failure) in
      begin(sink, stamp)
      if let failure = sink.failure { throw failure }
    }
    return sink.map { (output, $0) }
  }

  private static func outputs(
    _ configuration: LockValidator.Configuration, _ folder: String,
    forkedFrom parent: Outputs? = nil
  ) -> Outputs {
    Outputs(
      process: getpid(),
      report: configuration.reportPath.map {
        ProgramOutput($0, in: folder, of: "r", forkedFrom: parent?.report)
      },
      graph: configuration.graphPath.map {
        ProgramOutput($0, in: folder, of: "g", forkedFrom: parent?.graph)
      })
  }

  /// Whether the process was forked and has not told what it knew then. Under the validator's lock.
  var isForked: Bool {
    guard configuration.graphPath != nil else { return false }
    let process = getpid()
    return process != originals.process && inherited?.process != process
  }

  /// Tells how much a process knew when it was forked. Under the validator's lock.
  func inherit(_ learnedCount: Int) { inherited = (getpid(), learnedCount) }

  /// Writes the report, if there is to be one: a file anew each time, anything else once.
  ///
  /// - Parameters:
  ///   - afterNews: something was found.
  ///   - isLast: the program ends.
  func writeReport(
    afterNews: Bool, isLast: Bool, _ analysis: () -> Analysis
  ) {
    guard configuration.reportPath != nil else { return }
    exclusively { outputs in
      if afterNews { outputs.hasNews = true }
      guard outputs.process == originals.process || outputs.hasNews, !outputs.isReported,
        var output = outputs.report
      else { return }
      if !output.destination.isFile {
        guard isLast else { return }
        outputs.isReported = true
      }
      let process = output.stamp.reported
      output.write { JSONReport(analysis(), process: process).write($0) }
      outputs.report = output
    }
  }

  /// Writes the orders that were seen, if there is a place for them.
  ///
  /// - Parameter graph: what is known now.
  func writeGraph(_ graph: () -> ProgramGraph?) {
    guard configuration.graphPath != nil else { return }
    exclusively { outputs in
      guard var output = outputs.graph, let graph = graph() else { return }
      if let inherited, inherited.process == outputs.process,
        inherited.learned == graph.learnedCount
      {
        return
      }
      let content = graph.content(of: output.stamp)
      output.write {
        var writer = GraphFileWriter(content, write: $0)
        _ = writer.run()
      }
      outputs.graph = output
    }
  }

  /// Nothing is written any more: the process ends, and what it began to write would stay behind.
  func end() {
    exclusively { _ in ended.store(getpid(), ordering: .sequentiallyConsistent) }
  }

  /// Waits until nobody else writes, but not for ever.
  private func exclusively(_ body: (inout Outputs) -> Void) {
    let process = getpid()
    let deadline = lg_now() + 5_000_000_000
    while true {
      guard ended.load(ordering: .sequentiallyConsistent) != process else { return }
      let other = writer.load(ordering: .relaxed)
      if other != process,
        writer.compareExchange(
          expected: other, desired: process, ordering: .acquiringAndReleasing
        ).exchanged
      {
        break
      }
      guard lg_now() < deadline else { return }
      lg_sleep(1_000_000)
    }
    if outputs.process != process {
      outputs = Self.outputs(configuration, folder, forkedFrom: originals)
    }
    body(&outputs)
    writer.store(0, ordering: .releasing)
  }

  private static func currentFolder() -> String {
    guard let folder = getcwd(nil, 0) else { return "." }
    defer { free(folder) }
    return String(cString: folder)
  }
}

/// The second and third line of a trace that a program writes itself, for people and for other
/// processes; a graph file has them too. Readers pass comments over.
enum TraceHeading {
  static func text(_ stamp: OutputStamp) -> String {
    var name = OutputBuffer()
    var text = ProgramName.text
    text.withUTF8 { TextEventEncoder.write(name: UnsafeRawBufferPointer($0), to: &name) }
    let program = String(decoding: name.content(from: 0, to: name.position), as: UTF8.self)
    return "# process \(stamp.process) \(program)\n# run \(stamp.text)\n"
  }
}
