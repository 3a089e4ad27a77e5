import ArgumentParser
import LockGraphEngine
import LockGraphRecording

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs the command under the recorder, with its threads kept at the places of a circle or as it
/// is, until it ends, a circle closes, or nothing moves.
struct ConfirmationRuns {
  private static let interval = Duration.milliseconds(20)
  /// What looking at the traces of many processes may take of a core.
  private static let share = 10
  /// Threads that have waited so long, with nothing that keeps them, wait for ever.
  private static let hang = Duration.seconds(10)

  let command: [String]
  /// How long threads are kept in a run.
  let patience: Duration
  let timeout: Duration?

  /// How a run ended.
  enum Ending: Equatable {
    case ended(CommandEnd)
    case closed
    case hung
    case timedOut
  }

  /// Runs it once; ends with status 2 if it cannot be started or recorded.
  ///
  /// - Parameter steering: `nil` does not keep threads; a circle that closes by itself is seen.
  func run(_ steering: Steering?, pause: Duration) throws -> ConfirmationRun {
    guard let folder = TemporaryFolder.make(named: "lockgraph-confirm") else {
      Terminal.message(
        "error: there is no room for a trace: \(TemporaryFolder.parent) cannot be written")
      throw ExitCode(2)
    }
    let run = ConfirmationRun(folder)
    do {
      var settings = RecorderSettings()
      settings.validatedTrace = run.validatedPattern
      let text = steering?.text ?? SteeredTry.watchingText
      try OutputFile.write(Array(text.utf8), to: run.steeringFile)
      settings.steering =
        steering == nil
        ? .watching(with: run.steeringFile)
        : SteeredTry(path: run.steeringFile, pause: pause, patience: patience)
      let program = try RecordedProgram(command, settings, place: run.place, keepsOthers: true)
      let running = try program.start()
      run.ending = wait(for: running, run)
      run.finish(running.identifier)
      // Ctrl-C is meant for all of it.
      if run.ending == .ended(.signaled(SIGINT)) { throw CancelledRun() }
    } catch {
      run.remove()
      if error is CancelledRun { throw ExitCode(130) }
      throw error is ExitCode ? ExitCode(2) : error
    }
    return run
  }

  private struct CancelledRun: Error {}

  private func wait(for command: SupervisedCommand, _ run: ConfirmationRun) -> Ending {
    let start = ContinuousClock.now
    var nextLook = start
    let watch = RecordingWatch(run.place, reading: ReadingOptions())
    while true {
      if let end = command.wait(for: Self.interval) { return .ended(end) }
      let now = ContinuousClock.now
      guard now >= nextLook else { continue }
      var ending: Ending?
      if run.hasCircle {
        ending = .closed
      } else if !watch.hangs(after: Self.hang + patience).isEmpty {
        ending = .hung
      } else if let timeout, now - start >= timeout {
        ending = .timedOut
      }
      nextLook = .now + (.now - now) * Self.share
      guard let ending else { continue }
      var tree = ProcessTree()
      tree.add(command.identifier)
      tree.send(.killing)
      _ = command.waitForEnd()
      return ending
    }
  }
}

/// One run, with the traces that it has left.
final class ConfirmationRun {
  private static let steeringName = "steering"
  private static let validatedName = "validated."
  private let folder: String
  let place: RecordingPlace
  fileprivate(set) var ending = ConfirmationRuns.Ending.timedOut
  private(set) var traces: [String] = []
  private(set) var courses: [SteeredCourse] = []
  private var isSealed = false

  fileprivate init(_ folder: String) {
    self.folder = folder
    place = RecordingPlace(folder)
  }

  var steeringFile: String { "\(folder)/\(Self.steeringName)" }

  /// Where validated locks record.
  fileprivate var validatedPattern: String { "\(folder)/\(Self.validatedName)%p.trace" }

  /// Those of programs with validated locks.
  private(set) var validatedTraces: [String] = []

  private static func courses(in place: RecordingPlace) -> [SteeredCourse] {
    place.traces().compactMap { try? RecordingHeader(contentsOf: $0).steered }
  }

  /// A circle has closed, as far as is to be seen now.
  fileprivate var hasCircle: Bool {
    Self.courses(in: place).contains { $0.circle > 0 }
      || OutputFile.exists(steeringFile + SteeredTry.closedEnding)
  }

  fileprivate func finish(_ identifier: Int32) {
    place.nameOwnTrace(of: identifier)
    traces = place.traces()
    validatedTraces = TemporaryFolder.files(in: folder, beginning: Self.validatedName)
      .map { "\(folder)/\($0)" }
    courses = Self.courses(in: place)
  }

  /// The analysis of the deadlocks that happened; `nil` if none did.
  func deadlocks() throws -> Analysis? {
    if case .ended = ending, !hasCircle { return nil }
    var analysis = try analysis(prediction: PredictionOptions(mode: .never))
    analysis.findings.removeAll { $0.rule != .deadlock || $0.confidence != .observed }
    return analysis.findings.isEmpty ? nil : analysis
  }

  /// The code of the places of the run, behind its analysis, which names them.
  func addCode(to code: inout SteeringCode) {
    for name in traces {
      if let recording = try? Recording(contentsOf: name) { code.add(recording) }
    }
  }

  /// The steering with what this run, in which no circle closed, tells of its places.
  func learning(_ steering: Steering) -> Steering {
    guard steering.hasCode, !traces.isEmpty,
      let analysis = try? analysis(prediction: PredictionOptions(mode: .never))
    else { return steering }
    var code = SteeringCode()
    addCode(to: &code)
    return steering.learning(from: analysis.findings, code)
  }

  /// What the recordings of the run tell; ends with status 2 if there are none.
  func analysis(prediction: PredictionOptions) throws -> Analysis {
    guard !traces.isEmpty else {
      Terminal.message("error: nothing of the command was recorded")
      throw ExitCode(2)
    }
    if !isSealed {
      let sum = RecordedTraces.seal(traces)
      for failure in sum.failures { Terminal.message(failure.description) }
      isSealed = true
    }
    var options = TraceAnalyzer.Options()
    options.reading.namesProcesses = true
    options.prediction = prediction
    var analyzer = TraceAnalyzer(options: options)
    var isAny = false
    for name in traces + validatedTraces {
      // One of a process that was ended while it made its file is nothing to the others.
      do throws(TraceError) {
        try analyzer.read(.file(name))
        isAny = true
      } catch {
        Terminal.message(error.description)
      }
    }
    guard isAny else { throw ExitCode(2) }
    return analyzer.finish()
  }

  func remove() {
    TemporaryFolder.remove(place)
    TemporaryFolder.remove(
      folder,
      files: [Self.steeringName, Self.steeringName + SteeredTry.closedEnding]
        + TemporaryFolder.files(in: folder, beginning: Self.validatedName))
  }
}
