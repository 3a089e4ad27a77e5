import ArgumentParser
import LockGraphEngine
import LockGraphRecording

/// The command of `record` and `run`, looked at before it starts: what cannot be recorded is told
/// at once.
struct RecordedProgram {
  /// Statuses as `env`, `nice` and shells have them.
  private static let cannotRun: Int32 = 126
  private static let notFound: Int32 = 127
  private static let cannotRecord: Int32 = 2

  /// How it is called.
  let name: String
  private let count: Int
  private let file: CommandFile
  private let environment: [CommandText]
  let place: RecordingPlace

  /// Finds the command and the library, and makes room for the traces; ends with status 126 or 127
  /// if the command cannot be started, and 2 if it cannot be recorded.
  ///
  /// - Parameters:
  ///   - place: where the traces go.
  ///   - keepsOthers: whether traces that are there stay.
  ///   - limits: how long its locks may be held and waited for, if it validates them itself and was
  ///     not told otherwise.
  init(
    _ command: [String], _ settings: RecorderSettings, place: RecordingPlace, keepsOthers: Bool,
    limits: String? = nil
  ) throws {
    name = command[0]
    count = command.count
    self.place = place
    let shown = name.withVisibleControls
    let path = Terminal.environment("PATH")
    do throws(CommandFile.Failure) {
      file = try CommandFile(named: name, path: path)
    } catch {
      throw Self.report(error, shown)
    }
    let recordability = Recordability(of: file, path: path)
    let program = recordability.program.withVisibleControls
    if let obstacle = recordability.obstacle {
      Terminal.message("\(program): error: \(obstacle.text)\n    \(obstacle.help)")
      throw ExitCode(Self.cannotRecord)
    }
    if recordability.isOfRust {
      Terminal.note(
        "\(program): note: is written in Rust, whose std::sync locks are no calls that can be seen")
    }
    let library: RecorderLibrary
    do throws(RecorderLibrary.Failure) {
      library = try RecorderLibrary.forThisCommand(built: pathOfBuiltRecorder)
    } catch {
      Terminal.message("error: \(error.text.withVisibleControls)")
      throw ExitCode(Self.cannotRecord)
    }
    if settings.audits, !library.hasAuditLibrary {
      Terminal.message(
        "\(library.auditPath.withVisibleControls): error: is not there, and --audit needs it")
      throw ExitCode(Self.cannotRecord)
    }
    do throws(RecordingPlace.Failure) {
      try place.prepare(keepsOthers: keepsOthers)
    } catch {
      Terminal.message(
        "\(error.path.withVisibleControls): error: traces cannot be written: \(error.text)")
      throw ExitCode(Self.cannotRecord)
    }
    var variables = CommandText.environment
    if let limits, variables.value(of: "LOCKGRAPH_LIMITS") == nil {
      variables.append(CommandText("LOCKGRAPH_LIMITS=\(limits)"))
    }
    environment = settings.environment(
      variables, library: library, place: place,
      sanitizer: recordability.sanitizer)
  }

  /// Starts it; ends with status 126 if that fails.
  func start() throws -> SupervisedCommand {
    do throws(CommandFile.Failure) {
      return try SupervisedCommand(
        file, arguments: CommandText.lastArguments(count), environment: environment,
        signals: LockdepCheck.inheritedSignals)
    } catch {
      throw Self.report(error, name.withVisibleControls)
    }
  }

  private static func report(_ failure: CommandFile.Failure, _ name: String) -> ExitCode {
    switch failure {
    case .missing:
      Terminal.message("\(name): error: there is no such command")
      return ExitCode(notFound)
    case .unusable(let reason):
      Terminal.message("\(name): error: cannot be run: \(reason)")
      return ExitCode(cannotRun)
    }
  }
}
